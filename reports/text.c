#include "reports/text.h"

#include <string.h>

static unsigned char byte_at(struct view text, size_t at)
{
    return at < text.len ? (unsigned char)text.ptr[at] : 0;
}

/* RFC 3629 §4: the shape of a sequence, then the least point that may have it. */
size_t text_point(struct view text, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = byte_at(text, 0);
    size_t len = first < 0x80       ? 1
                 : first >> 5 == 6  ? 2
                 : first >> 4 == 14 ? 3
                 : first >> 3 == 30 ? 4
                                    : 0;
    uint32_t point = len <= 1 ? first : first & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if (byte_at(text, i) >> 6 != 2)
            len = 0;
        point = point << 6 | (byte_at(text, i) & 0x3f);
    }
    bool surrogate = point >= 0xd800 && point <= 0xdfff;
    if (len == 0 || point < least[len] || point > 0x10ffff || surrogate) {
        *out = TEXT_INVALID;
        return 1;
    }
    *out = point;
    return len;
}

bool text_valid(struct view text)
{
    uint32_t point;
    while (text.len > 0) {
        text = view_skip(text, text_point(text, &point));
        if (point == TEXT_INVALID)
            return false;
    }
    return true;
}

bool text_unsafe(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x061c ||
           (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff || point == 0xfffe ||
           point == 0xffff || (point >= 0xe0000 && point <= 0xe007f) || point == TEXT_INVALID;
}

enum { ESCAPE_MOST = 16 };

/* How a point that is not printed as it is shows; the bytes are those of one point. */
static struct view escape(struct view bytes, uint32_t point, char *room)
{
    int len;
    if (point == '\n' || point == '\r' || point == '\t')
        len = snprintf(room, ESCAPE_MOST, "\\%c", point == '\n' ? 'n' : point == '\r' ? 'r' : 't');
    else if (point < 0x80 || point == TEXT_INVALID)
        len = snprintf(room, ESCAPE_MOST, "\\x%02x", byte_at(bytes, 0));
    else
        len = snprintf(room, ESCAPE_MOST, "\\u{%x}", (unsigned)point);
    return (struct view){room, (size_t)len};
}

/* Marks take no column, East Asian wide forms and pictures two: enough for ladders to line up. */
static size_t point_columns(uint32_t point)
{
    if ((point >= 0x0300 && point <= 0x036f) || (point >= 0xfe00 && point <= 0xfe0f))
        return 0;
    bool wide = (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
                (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
                (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60) ||
                (point >= 0x1f300 && point <= 0x1faff) || (point >= 0x20000 && point <= 0x3fffd);
    return wide ? 2 : 1;
}

/* The next point of the text as it shows: its bytes and its columns. */
struct shown {
    struct view bytes;
    size_t columns;
};

static struct shown shown_take(struct view *rest, char *room)
{
    uint32_t point;
    struct view bytes = view_head(*rest, text_point(*rest, &point));
    *rest = view_skip(*rest, bytes.len);
    if (!text_unsafe(point))
        return (struct shown){bytes, point_columns(point)};
    bytes = escape(bytes, point, room);
    return (struct shown){bytes, bytes.len};
}

size_t text_columns(struct view text)
{
    char room[ESCAPE_MOST];
    size_t columns = 0;
    while (text.len > 0)
        columns += shown_take(&text, room).columns;
    return columns;
}

void text_add(struct buf *out, struct view text)
{
    char room[ESCAPE_MOST];
    while (text.len > 0)
        buf_add(out, shown_take(&text, room).bytes);
}

size_t text_add_cut(struct buf *out, struct view text, size_t columns)
{
    char room[ESCAPE_MOST];
    size_t all = text_columns(text), took = 0;
    size_t most = all > columns && columns > 0 ? columns - 1 : columns; /* room for the "…" */
    while (text.len > 0) {
        struct shown next = shown_take(&text, room);
        if (took + next.columns > most)
            break;
        buf_add(out, next.bytes);
        took += next.columns;
    }
    if (all <= columns || columns == 0)
        return took;
    buf_add(out, V("…"));
    return took + 1;
}

struct view text_line_take(struct view *rest)
{
    size_t len = view_find_char(*rest, '\n');
    struct view line = view_head(*rest, len);
    *rest = view_skip(*rest, len + 1);
    return line;
}

void text_add_lines(struct buf *out, struct view text, size_t indent)
{
    while (text.len > 0) {
        struct view line = text_line_take(&text);
        if (view_ends(line, V("\r")))
            line.len--;
        text_spaces(out, line.len > 0 ? indent : 0);
        text_add(out, line);
        buf_add_char(out, '\n');
    }
}

void text_part_end(struct buf *out, struct buf *part)
{
    if (out->failed == ERR_OK)
        out->failed = part->failed;
    buf_deinit(part);
}

void text_fill(struct buf *out, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        buf_add(out, view_of(what));
}

void text_spaces(struct buf *out, size_t count)
{
    text_fill(out, count, " ");
}

void text_add_seconds(struct buf *out, uint64_t time_us, unsigned places)
{
    uint64_t unit = places >= 6 ? 1 : places >= 3 ? US_PER_MS : US_PER_S / 10;
    uint64_t value = time_us / unit, per_s = US_PER_S / unit;
    buf_printf(out, "%llu.%0*llu", (unsigned long long)(value / per_s),
               places >= 6   ? 6
               : places >= 3 ? 3
                             : 1,
               (unsigned long long)(value % per_s));
}

void text_add_duration(struct buf *out, uint64_t time_us)
{
    if (time_us == 0) {
        buf_add(out, V("0 s"));
    } else if (time_us < US_PER_MS) {
        buf_add_uint(out, time_us);
        buf_add(out, V(" us"));
    } else if (time_us < US_PER_S) {
        buf_add_uint(out, time_us / US_PER_MS);
        buf_add(out, V(" ms"));
    } else if (time_us < 100 * US_PER_S) {
        text_add_seconds(out, time_us, time_us % (US_PER_S / 10) == 0 ? 1 : 3);
        buf_add(out, V(" s"));
    } else {
        buf_add_uint(out, time_us / (60 * US_PER_S));
        buf_add(out, V(" min "));
        buf_add_uint(out, time_us / US_PER_S % 60);
        buf_add(out, V(" s"));
    }
}

void text_add_utc(struct buf *out, uint64_t since_1970_s)
{
    struct calendar_day day = calendar_day_of((int64_t)(since_1970_s / CALENDAR_DAY_S));
    unsigned rest = (unsigned)(since_1970_s % CALENDAR_DAY_S);
    buf_printf(out, "%04lld-%02d-%02dT%02u:%02u:%02u", (long long)day.year, day.month, day.day,
               rest / 3600, rest / 60 % 60, rest % 60);
}
