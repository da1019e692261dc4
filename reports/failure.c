#include "reports/failure.h"

#include "reports/ladder.h"
#include "reports/standing.h"
#include "reports/text.h"

enum { WIDTH_USUAL = 100, ROWS_USUAL = 60, TRACEBACK_LINES = 12, TAB = 4 };

struct page {
    struct buf *out;
    const struct report_case *one;
    const struct detail *detail;
    const struct failure_options *options;
    size_t width;
};

void colour_add(struct buf *out, bool colour, const char *code, struct view text)
{
    if (colour)
        buf_printf(out, "\033[%sm", code);
    buf_add(out, text);
    if (colour)
        buf_add(out, V("\033[0m"));
}

bool failure_is(const struct report_case *one)
{
    return one->verdict != VERDICT_PASS && one->verdict != VERDICT_SKIP && !report_excused(one);
}

/* Left and right on one line where both fit, else on two. `taken`: columns that stand there
 * already. */
static void line_write(const struct page *page, size_t taken, struct view left, struct view right)
{
    size_t columns = taken + text_columns(left), needed = columns + 3 + text_columns(right);
    buf_add(page->out, left);
    if (right.len > 0 && needed <= page->width) {
        text_spaces(page->out, page->width - needed + 3);
        buf_add(page->out, right);
    } else if (right.len > 0) {
        buf_add(page->out, V("\n  "));
        buf_add(page->out, right);
    }
    buf_add_char(page->out, '\n');
}

static void place_add(struct buf *out, struct view file, uint32_t line)
{
    text_add(out, file);
    if (line != 0) {
        buf_add_char(out, ':');
        buf_add_uint(out, line);
    }
}

void failure_times_add(struct buf *out, const struct report_case *one, bool wall)
{
    if (wall) {
        buf_add(out, V("   "));
        text_add_duration(out, one->wall_us);
    }
    if (!view_equal(one->net, V("real"))) {
        buf_add(out, wall ? V(" (virtual ") : V("   virtual "));
        text_add_duration(out, one->virtual_us);
        buf_add(out, wall ? V(")") : V(""));
    }
}

struct failure_place failure_place(const struct report_case *one, const struct detail *detail)
{
    return detail->file.len > 0 ? (struct failure_place){detail->file, detail->line}
                                : (struct failure_place){one->file, one->line};
}

static void headline_write(const struct page *page)
{
    const struct failure_place place = failure_place(page->one, page->detail);
    struct buf left = {0}, right = {0};
    bool doubt = page->one->verdict == VERDICT_INCONCLUSIVE;
    if (page->one->verdict != VERDICT_FAIL) {
        buf_add(&left, view_of(verdict_text(page->one->verdict)));
        buf_add(&left, V(": "));
    }
    text_add(&left, report_name(page->one));
    place_add(&right, place.file, place.line);
    failure_times_add(&right, page->one, page->options->wall && page->one->wall_us != 0);
    colour_add(page->out, page->options->colour, doubt ? "33" : "31", doubt ? V("?") : V("✗"));
    buf_add_char(page->out, ' ');
    line_write(page, 2, buf_view(&left), buf_view(&right));
    text_part_end(page->out, &left);
    text_part_end(page->out, &right);
}

static void sentence_write(const struct page *page)
{
    struct buf left = {0}, right = {0};
    struct view sentence = page->one->reason;
    text_add(&left, sentence.len > 0 ? sentence : V("no reason was given"));
    text_add(&right, page->detail->section);
    text_spaces(page->out, 2);
    line_write(page, 2, buf_view(&left), buf_view(&right));
    text_part_end(page->out, &left);
    text_part_end(page->out, &right);
}

/* Why it gates, where something was known of it. */
static void standing_write(const struct page *page)
{
    const struct report_case *one = page->one;
    if (one->standing == STANDING_PLAIN || one->standing == STANDING_VANISHED)
        return;
    buf_printf(page->out, "  %-8s  %s", "gate", standing_words(one));
    if (one->known.len > 0) {
        buf_add(page->out, V(": "));
        text_add(page->out, one->known);
    }
    buf_add_char(page->out, '\n');
}

static bool within(struct view text, struct view what)
{
    return what.len == 0 || view_find(text, what) < text.len;
}

static void value_write(const struct page *page, const char *name, struct view value)
{
    bool one_line = view_find_char(value, '\n') == value.len;
    buf_printf(page->out, one_line ? "  %-8s  " : "  %s\n", name);
    if (one_line) {
        text_add(page->out, value);
        buf_add_char(page->out, '\n');
    } else {
        text_add_lines(page->out, value, 4);
    }
}

bool failure_says_all(const struct report_case *one, const struct detail *detail)
{
    return within(one->reason, detail->expected) && within(one->reason, detail->actual);
}

static void values_write(const struct page *page)
{
    struct view expected = page->detail->expected, actual = page->detail->actual;
    if (failure_says_all(page->one, page->detail))
        return;
    if (expected.ptr != NULL)
        value_write(page, "expected", expected);
    if (actual.ptr != NULL)
        value_write(page, "actual", actual);
}

/* A tab is four columns, so that the caret comes to stand under what it means. */
static size_t source_columns(struct view text)
{
    size_t columns = 0;
    while (text.len > 0) {
        size_t tab = view_find_char(text, '\t');
        columns += text_columns(view_head(text, tab)) + (tab < text.len ? TAB : 0);
        text = view_skip(text, tab + 1);
    }
    return columns;
}

static void source_add(struct buf *out, struct view text)
{
    while (text.len > 0) {
        size_t tab = view_find_char(text, '\t');
        text_add(out, view_head(text, tab));
        text_spaces(out, tab < text.len ? TAB : 0);
        text = view_skip(text, tab + 1);
    }
}

static void caret_write(const struct page *page, const struct detail *detail, struct view text,
                        int digits)
{
    if (detail->caret_column == 0 || detail->caret_column > text.len)
        return;
    struct view before = view_head(text, detail->caret_column - 1);
    struct view marked = view_head(view_skip(text, before.len), detail->caret_len);
    struct buf carets = {0};
    size_t columns = source_columns(marked);
    text_fill(&carets, columns == 0 ? 1 : columns, "^");
    buf_printf(page->out, "    %*s | ", digits, "");
    text_spaces(page->out, source_columns(before));
    colour_add(page->out, page->options->colour, "31", buf_view(&carets));
    buf_add_char(page->out, '\n');
    text_part_end(page->out, &carets);
}

static void excerpt_write(const struct page *page, const struct detail *detail)
{
    uint32_t largest = 0;
    for (size_t i = 0; i < detail->line_count; i++)
        largest = detail->lines[i].number > largest ? detail->lines[i].number : largest;
    int digits = 1;
    for (; largest >= 10; largest /= 10)
        digits++;
    for (size_t i = 0; i < detail->line_count; i++) {
        const struct detail_line *line = &detail->lines[i];
        bool here = line->number == detail->line;
        buf_printf(page->out, "  %s %*u |", here ? ">" : " ", digits, (unsigned)line->number);
        buf_add(page->out, line->text.len > 0 ? V(" ") : V(""));
        source_add(page->out, line->text);
        buf_add_char(page->out, '\n');
        if (here)
            caret_write(page, detail, line->text, digits);
    }
}

/* "a.lua:4: in local 'answered'": whether it is the line that the excerpt marks. */
static bool is_own_line(const struct detail *detail, struct view frame)
{
    uint64_t line = 0;
    if (!view_starts(frame, detail->file))
        return false;
    struct view rest = view_skip(frame, detail->file.len);
    if (!view_starts(rest, V(":")))
        return false;
    rest = view_skip(rest, 1);
    return view_to_uint(view_head(rest, view_find_char(rest, ':')), UINT32_MAX, &line) &&
           line == detail->line;
}

static void traceback_write(const struct page *page)
{
    struct view rest = page->detail->traceback, before = rest;
    while (rest.len > 0 && is_own_line(page->detail, view_trim(text_line_take(&rest))))
        before = rest;
    rest = before;
    if (rest.len == 0)
        return;
    buf_add(page->out, V("  called from\n"));
    for (size_t i = 0; rest.len > 0 && i < TRACEBACK_LINES; i++)
        text_add_lines(page->out, view_trim(text_line_take(&rest)), 4);
}

static void more_write(const struct page *page)
{
    for (size_t i = 0; i < page->detail->more_count; i++) {
        struct detail more;
        struct buf left = {0}, right = {0};
        detail_more(page->detail, i, &more);
        text_add(&left, more.reason);
        place_add(&right, more.file, more.line);
        buf_add(page->out, V("  also: "));
        line_write(page, 8, buf_view(&left), buf_view(&right));
        excerpt_write(page, &more);
        text_part_end(page->out, &left);
        text_part_end(page->out, &right);
    }
}

static void mend_write(const struct page *page)
{
    if (page->detail->hint.len > 0) {
        buf_add(page->out, V("  hint: "));
        text_add(page->out, page->detail->hint);
        buf_add_char(page->out, '\n');
    }
    if (page->one->rerun.len > 0) {
        buf_add(page->out, V("  rerun: "));
        text_add(page->out, page->one->rerun);
    }
    if (page->one->pcap.len > 0) {
        buf_add(page->out, page->one->rerun.len > 0 ? V("        trace: ") : V("  trace: "));
        text_add(page->out, page->one->pcap);
    }
    if (page->one->rerun.len + page->one->pcap.len > 0)
        buf_add_char(page->out, '\n');
}

static void ladder_write(const struct page *page, const struct ladder *ladder)
{
    size_t most = page->options->rows_most == 0 ? ROWS_USUAL : page->options->rows_most;
    ladder_draw(page->out, ladder, (unsigned)page->width, most, 2);
}

void failure_write(struct buf *out, const struct report_case *one,
                   const struct failure_options *options)
{
    struct ladder ladder;
    enum err err = ladder_init(&ladder, one);
    if (err != ERR_OK) {
        out->failed = out->failed == ERR_OK ? err : out->failed;
        return;
    }
    struct page page = {out, one, &ladder.detail, options,
                        options->width == 0 ? WIDTH_USUAL : options->width};
    if (!options->bare)
        headline_write(&page);
    sentence_write(&page);
    standing_write(&page);
    values_write(&page);
    excerpt_write(&page, page.detail);
    traceback_write(&page);
    more_write(&page);
    ladder_write(&page, &ladder);
    mend_write(&page);
    ladder_deinit(&ladder);
}
