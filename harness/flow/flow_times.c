#include "harness/flow/ast.h"

static const struct {
    struct view name;
    uint64_t us;
} units[] = {
    {{"us", 2}, 1              },
    {{"ms", 2}, US_PER_MS      },
    {{"s", 1},  US_PER_S       },
    {{"m", 1},  60 * US_PER_S  },
    {{"h", 1},  3600 * US_PER_S},
};
enum { UNIT_COUNT = sizeof units / sizeof units[0] };
#define DURATION_MAX_US (UINT64_C(1000) * 3600 * US_PER_S)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits before and behind the point, in units of `us`; what is finer than a microsecond is
 * refused. */
static bool scaled(struct view whole, struct view part, uint64_t us, uint64_t *out)
{
    uint64_t number, total;
    if (!view_to_uint(whole, DURATION_MAX_US, &number) || number > DURATION_MAX_US / us)
        return false;
    total = number * us;
    for (size_t i = 0; i < part.len; i++) {
        if (us % 10 != 0 && part.ptr[i] != '0')
            return false;
        us /= 10;
        total += (uint64_t)(part.ptr[i] - '0') * us;
    }
    *out = total;
    return total <= DURATION_MAX_US;
}

static struct view digits_take(struct lex *lex)
{
    size_t begin = lex->at;
    while (is_digit(lex_peek(lex)))
        lex->at++;
    return view_head(view_skip(lex->text, begin), lex->at - begin);
}

/* A point that is not the first of "..". */
static bool point_take(struct lex *lex)
{
    if (view_starts(lex_rest(lex), V("..")))
        return false;
    return lex_take(lex, '.');
}

static uint64_t duration_parse(struct lex *lex)
{
    size_t begin = lex->at;
    uint64_t us = 0;
    struct view whole = digits_take(lex);
    struct view part = point_take(lex) ? digits_take(lex) : (struct view){0};
    struct view unit = lex_word(lex);
    struct view text = view_head(view_skip(lex->text, begin), lex->at - begin);
    if (view_equal(text, V("0")))
        return 0;
    for (size_t i = 0; i < UNIT_COUNT && whole.len != 0; i++)
        if (view_equal(unit, units[i].name) && scaled(whole, part, units[i].us, &us))
            return us;
    lex_fail(lex, begin, "'%.*s' is no time: write 500ms, 1.5s or 2m",
             VIEW_ARG(view_head(text.len == 0 ? lex_rest(lex) : text, 30)));
    return 0;
}

static bool range_take(struct lex *lex)
{
    lex_blanks(lex);
    if (!view_starts(lex_rest(lex), V("..")) || lex->failed != ERR_OK)
        return false;
    lex->at += 2;
    lex_blanks(lex);
    return true;
}

static bool tolerance_take(struct lex *lex)
{
    static const char *const signs[] = {"\xc2\xb1", "+/-", "+-"};
    lex_blanks(lex);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0] && lex->failed == ERR_OK; i++) {
        if (view_starts(lex_rest(lex), view_of(signs[i]))) {
            lex->at += strlen(signs[i]);
            lex_blanks(lex);
            return true;
        }
    }
    return false;
}

static void time_parse(struct lex *lex, struct flow_time *out)
{
    size_t begin = lex->at;
    out->high_us = NEVER;
    bool from_zero = range_take(lex);
    if (from_zero) {
        out->high_us = duration_parse(lex);
        return;
    }
    out->low_us = duration_parse(lex);
    if (range_take(lex)) {
        if (is_digit(lex_peek(lex)))
            out->high_us = duration_parse(lex);
        if (out->high_us < out->low_us)
            lex_fail(lex, begin, "this range ends before it begins");
        return;
    }
    out->high_us = out->low_us;
    out->exact = !tolerance_take(lex);
    if (!out->exact) {
        uint64_t tolerance_us = duration_parse(lex);
        out->high_us += tolerance_us;
        out->low_us = out->low_us > tolerance_us ? out->low_us - tolerance_us : 0;
    }
}

static size_t comma_count(struct view text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == ',';
    return count;
}

void flow_times_parse(struct lex *lex, struct flow_line *line)
{
    size_t most = comma_count(lex_rest(lex)) + 1, count = 0;
    struct flow_time *times = lex_alloc(lex, most, sizeof *times);
    if (times == NULL)
        return;
    if (line->times != NULL)
        lex_fail(lex, lex->at, "a line has its times once, behind one @");
    do {
        lex_blanks(lex);
        if (lex->failed == ERR_OK)
            time_parse(lex, &times[count++]);
        lex_blanks(lex);
    } while (lex_take(lex, ','));
    line->times = times;
    line->time_count = count;
}

struct view flow_time_text(uint64_t us, char *room, size_t room_len)
{
    bool seconds = us >= US_PER_S || us == 0;
    uint64_t unit_us = seconds ? US_PER_S : US_PER_MS;
    int digits = seconds ? 6 : 3;
    int len = snprintf(room, room_len, "%llu.%0*llu", (unsigned long long)(us / unit_us), digits,
                       (unsigned long long)(us % unit_us));
    while (len > 0 && room[len - 1] == '0')
        len--;
    len -= len > 0 && room[len - 1] == '.';
    snprintf(room + len, room_len - (size_t)len, " %s", seconds ? "s" : "ms");
    return view_of(room);
}
