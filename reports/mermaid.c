#include "reports/ladder.h"
#include "reports/report.h"
#include "reports/text.h"

#include <string.h>

/* A name of a flow: [A-Za-z][A-Za-z0-9_]*; whoever has none is "other" to it. */
static bool name_valid(struct view name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '_')))
            return false;
    }
    return name.len > 0;
}

static struct view lane_name(const struct ladder *ladder, uint32_t lane)
{
    struct view name = ladder->lanes[lane].name;
    return name_valid(name) ? name : V("other");
}

static bool method_known(struct view method)
{
    static const char *const known[] = {"ACK",     "BYE",      "CANCEL",    "INFO",  "INVITE",
                                        "MESSAGE", "NOTIFY",   "OPTIONS",   "PRACK", "PUBLISH",
                                        "REFER",   "REGISTER", "SUBSCRIBE", "UPDATE"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (view_equal(method, view_of(known[i])))
            return true;
    return false;
}

/* Mermaid ends a line at ";" and "#"; what would be obeyed by a terminal is escaped as ever. */
static void escaped_add(struct buf *out, struct view text)
{
    for (size_t i = 0; i < text.len;) {
        uint32_t point;
        size_t len = text_point(view_skip(text, i), &point);
        if (point == ';')
            buf_add(out, V("#59;"));
        else if (point == '#')
            buf_add(out, V("#35;"));
        else
            text_add(out, view_head(view_skip(text, i), len));
        i += len;
    }
}

/* RFC 3261 §25.1: token. */
static bool is_token(struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr("-.!%*_+`'~", c) == NULL))
            return false;
    }
    return text.len > 0;
}

/* The method of a label, "INVITE" or "200 INVITE"; the status is 0 where there is none. */
static struct view label_split(struct view label, uint64_t *status)
{
    size_t blank = view_find_char(label, ' ');
    *status = 0;
    if (blank < label.len && view_to_uint(view_head(label, blank), 999, status))
        return view_skip(label, blank + 1);
    return label;
}

static bool label_is_pattern(struct view label)
{
    uint64_t status;
    return is_token(label_split(label, &status));
}

/* A method that is not registered stands in quotes. */
static void pattern_add(struct buf *out, struct view label)
{
    uint64_t status;
    struct view method = label_split(label, &status);
    bool known = method_known(method);
    if (status != 0) {
        buf_add_uint(out, status);
        buf_add_char(out, ' ');
    }
    buf_add(out, known ? V("") : V("\""));
    buf_add(out, method);
    buf_add(out, known ? V("") : V("\""));
}

static bool row_gone(const struct ladder_row *row)
{
    return (row->fate == FATE_LOST || row->fate == FATE_REFUSED) && row->arrived_us == NEVER;
}

/* The copies that follow row `at` without anything between, and had the same luck. */
static size_t copies_count(const struct ladder *ladder, size_t at)
{
    size_t count = 0;
    const struct ladder_row *first = &ladder->rows[at];
    for (size_t i = at + 1; i < ladder->row_count; i++, count++) {
        const struct ladder_row *row = &ladder->rows[i];
        if (row->copy_of != first->seq || row->ghost || row_gone(row) != row_gone(first))
            break;
    }
    return first->copy_of == 0 && first->seq != 0 ? count : 0;
}

static void time_add(struct buf *out, uint64_t time_us)
{
    struct buf text = {0};
    text_add_seconds(&text, time_us, time_us % US_PER_MS == 0 ? 3 : 6);
    while (text.len > 0 && text.ptr[text.len - 1] == '0')
        text.len--;
    if (text.len > 0 && text.ptr[text.len - 1] == '.')
        text.len--;
    buf_add(out, buf_view(&text));
    buf_add(out, time_us == 0 ? V("") : V("s"));
    text_part_end(out, &text);
}

static void copies_add(struct buf *out, const struct ladder *ladder, size_t at, size_t count)
{
    buf_printf(out, " x%zu @ 0", count + 1);
    for (size_t i = 1; i <= count; i++) {
        buf_add(out, V(", "));
        time_add(out, ladder->rows[at + i].time_us - ladder->rows[at].time_us);
    }
}

/* Why the row is no line of a flow; empty: it is one. */
static struct view row_comment(const struct ladder_row *row)
{
    if (row->again)
        return V("copied by the network: ");
    if (row->sip && row->fate == FATE_SWALLOWED)
        return V("swallowed by a hook: ");
    return row->sip && label_is_pattern(row->label) ? V("") : V("no SIP message: ");
}

static void row_add(struct buf *out, const struct ladder *ladder, size_t at, size_t copies)
{
    const struct ladder_row *row = &ladder->rows[at];
    struct view comment = row_comment(row);
    buf_add(out, comment.len > 0 ? V("    %% ") : V("    "));
    buf_add(out, comment);
    buf_add(out, lane_name(ladder, row->from));
    buf_add(out, row_gone(row) ? V("-x") : V("->>"));
    buf_add(out, lane_name(ladder, row->to));
    buf_add(out, V(": "));
    if (comment.len > 0)
        escaped_add(out, row->label);
    else
        pattern_add(out, row->label);
    if (copies > 0 && comment.len == 0)
        copies_add(out, ladder, at, copies);
    buf_add_char(out, '\n');
}

/* What never came is no line of the flow, and yet what a reader looks for: a note is drawn. */
static void ghost_add(struct buf *out, const struct ladder *ladder, const struct ladder_row *row)
{
    struct view from = lane_name(ladder, row->from), to = lane_name(ladder, row->to);
    buf_add(out, V("    Note over "));
    buf_add(out, from);
    if (!view_equal(from, to)) {
        buf_add_char(out, ',');
        buf_add(out, to);
    }
    buf_add(out, V(": expected, never came: "));
    escaped_add(out, row->label);
    buf_add_char(out, '\n');
}

static void participants_add(struct buf *out, const struct ladder *ladder)
{
    bool other = false;
    for (uint32_t i = 0; i < ladder->lane_count; i++) {
        struct view name = lane_name(ladder, i);
        bool nameless = view_equal(name, V("other"));
        if (!nameless || !other) {
            buf_add(out, V("    participant "));
            buf_add(out, name);
            buf_add_char(out, '\n');
        }
        other = other || nameless;
    }
}

void report_mermaid_write(struct buf *out, const struct report_case *one)
{
    struct ladder ladder;
    enum err err = ladder_init(&ladder, one);
    if (err != ERR_OK) {
        out->failed = out->failed == ERR_OK ? err : out->failed;
        return;
    }
    buf_add(out, V("sequenceDiagram\n"));
    participants_add(out, &ladder);
    for (size_t i = 0; i < ladder.row_count;) {
        size_t copies = copies_count(&ladder, i);
        if (ladder.rows[i].ghost)
            ghost_add(out, &ladder, &ladder.rows[i]);
        else
            row_add(out, &ladder, i, copies);
        i += copies + 1;
    }
    ladder_deinit(&ladder);
}
