#include "harness/captured/lint_finding.h"
#include "harness/scene/json.h"
#include "reports/reports.h"

enum { COLUMNS_SHOWN = 110, COLUMNS_BEFORE = 70 };

static bool is_word(char c)
{
    struct view ends = V(" \t\r\n,;<>\"=:@?");
    return view_find_char(ends, c) == ends.len;
}

static struct view line_at(struct view all, size_t offset)
{
    size_t begin = offset;
    while (begin > 0 && all.ptr[begin - 1] != '\n')
        begin--;
    struct view line = view_skip(all, begin);
    line = view_head(line, view_find_char(line, '\n'));
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* The first header that the rule speaks of and the message has: "From" of "a response has the From
 * of its request". */
static struct view value_meant(const struct sip_msg *msg, struct view demand)
{
    while (demand.len > 0) {
        size_t len = view_find_char(demand, ' ');
        struct view word = view_head(demand, len);
        bool capital = len > 1 && word.ptr[0] >= 'A' && word.ptr[0] <= 'Z';
        enum sip_header_id id = capital ? sip_header_find(word) : SIP_HEADER_OTHER;
        const struct sip_line *line = id == SIP_HEADER_OTHER ? NULL : sip_msg_find(msg, id, 0);
        if (line != NULL)
            return line->value;
        if (view_equal(word, V("Request-URI")) && sip_msg_is_request(msg))
            return sip_msg_request_uri_text(msg);
        demand = view_skip(demand, len + 1);
    }
    return (struct view){0};
}

/* What is marked where the rule knows only the place: a word from there on, or one byte. */
static size_t word_len(struct view line, size_t column)
{
    size_t end = column;
    while (end < line.len && is_word(line.ptr[end]))
        end++;
    return end > column ? end - column : 1;
}

void lint_finding_of(const struct finding *finding, struct lint_finding *out)
{
    struct view all = blob_view(sip_msg_blob(finding->msg)), value = {0};
    size_t offset = finding->offset;
    if (offset == 0)
        value = value_meant(finding->msg, view_of(finding->rule->demand));
    if (value.len > 0)
        offset = (size_t)(value.ptr - all.ptr);
    offset = offset < all.len ? offset : all.len - 1;
    *out = (struct lint_finding){.rule = finding->rule,
                                 .frame = finding->seq,
                                 .other = finding->other,
                                 .time_us = finding->time_us,
                                 .offset = (uint32_t)offset,
                                 .address = finding->address,
                                 .sentence = finding->sentence,
                                 .call_id = finding->call_id,
                                 .line = line_at(all, offset),
                                 .bytes = sip_msg_blob(finding->msg)};
    if (offset == 0)
        return;
    out->column = (size_t)(all.ptr + offset - out->line.ptr);
    out->len = value.len > 0 ? value.len : word_len(out->line, out->column);
    if (out->column + out->len > out->line.len + 1)
        out->len = out->column < out->line.len ? out->line.len - out->column : 1;
}

/* What is told of a capture's secrets is their length. */
struct told {
    struct buf line, sentence;
};

/* The line comes first: what it says by name is known in the sentence. */
static void told_init(struct told *told, const struct lint_finding *finding)
{
    struct secrets met = {0};
    *told = (struct told){0};
    buf_add(&told->line, finding->line);
    secrets_black_out(&met, buf_view(&told->line));
    buf_add(&told->sentence, finding->sentence);
    secrets_black_out(&met, buf_view(&told->sentence));
}

static void told_deinit(struct told *told, struct buf *out)
{
    if (told->line.failed != ERR_OK || told->sentence.failed != ERR_OK)
        out->failed = ERR_MEMORY;
    buf_deinit(&told->line);
    buf_deinit(&told->sentence);
}

/* The line as it shows, a part of it where it is long, and carets under what is marked. */
static void line_text(struct buf *out, const struct lint_finding *finding, struct view line)
{
    size_t skipped = finding->column > COLUMNS_BEFORE ? finding->column - COLUMNS_BEFORE / 2 : 0;
    struct view shown = view_head(view_skip(line, skipped), COLUMNS_SHOWN);
    struct view before = view_head(shown, finding->column - skipped);
    struct view marked = view_head(view_skip(shown, before.len), finding->len);
    buf_add(out, skipped > 0 ? V("    | …") : V("    | "));
    text_add(out, shown);
    if (skipped + shown.len < line.len)
        buf_add(out, V("…"));
    buf_add_char(out, '\n');
    if (finding->len == 0)
        return;
    size_t columns = text_columns(marked);
    buf_add(out, V("    | "));
    text_fill(out, text_columns(before) + (skipped > 0), " ");
    text_fill(out, columns == 0 ? 1 : columns, "^");
    buf_add_char(out, '\n');
}

void lint_finding_text(struct buf *out, const char *path, const struct lint_finding *finding)
{
    const struct rule_row *rule = finding->rule;
    char address[ADDR_TEXT_MAX];
    struct told told;
    told_init(&told, finding);
    text_add(out, view_of(path));
    buf_printf(out, ":%llu: %s: %s: ", (unsigned long long)finding->frame, rule_level_text(rule),
               rule->demand);
    text_add(out, buf_view(&told.sentence));
    buf_printf(out, " [%s, %s; %.*s", rule->id, rule->section,
               VIEW_ARG(addr_text(&finding->address, address)));
    if (finding->other != 0)
        buf_printf(out, "; see %llu", (unsigned long long)finding->other);
    buf_add(out, V("]\n"));
    line_text(out, finding, buf_view(&told.line));
    told_deinit(&told, out);
}

void lint_finding_json(struct buf *out, const char *path, const struct lint_finding *finding)
{
    const struct rule_row *rule = finding->rule;
    char address[ADDR_TEXT_MAX];
    struct told told;
    told_init(&told, finding);
    buf_add_char(out, '{');
    json_number(out, "v", 1);
    json_text(out, "type", V("finding"));
    json_text(out, "file", view_of(path));
    json_number(out, "frame", finding->frame);
    if (finding->other != 0)
        json_number(out, "see", finding->other);
    json_text(out, "rule", view_of(rule->id));
    json_text(out, "section", view_of(rule->section));
    json_text(out, "level", view_of(rule_level_text(rule)));
    json_text(out, "demand", view_of(rule->demand));
    json_text(out, "sentence", buf_view(&told.sentence));
    json_text(out, "blamed", addr_text(&finding->address, address));
    json_text(out, "call_id", finding->call_id);
    json_text(out, "line", buf_view(&told.line));
    json_number(out, "offset", finding->offset);
    json_number(out, "length", finding->len);
    json_number(out, "time_us", finding->time_us);
    buf_add(out, V("}\n"));
    told_deinit(&told, out);
}
