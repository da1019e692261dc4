#include "reports/html/page.h"

/* Requirements are named by what scenarios say they cover: "CTI-001" is of the area "CTI". */
struct covered {
    struct view name;
    size_t passed, failed, open; /* open: skipped, inconclusive, flaky */
};

struct coverage {
    struct covered *all;
    uint32_t count, size;
};

static struct view word_take(struct view *rest)
{
    *rest = view_trim(*rest);
    struct view word = view_head(*rest, view_find_char(*rest, ' '));
    *rest = view_skip(*rest, word.len);
    return word;
}

/* Where the name stands, or should. */
static size_t place_of(const struct coverage *coverage, struct view name)
{
    size_t low = 0, high = coverage->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (view_compare(coverage->all[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct covered *covered_get(struct coverage *coverage, struct view name)
{
    size_t at = place_of(coverage, name);
    if (at < coverage->count && view_equal(coverage->all[at].name, name))
        return &coverage->all[at];
    struct covered *all =
        mem_room(coverage->all, sizeof *all, coverage->count, &coverage->size, 64);
    if (all == NULL)
        return NULL;
    coverage->all = all;
    memmove(coverage->all + at + 1, coverage->all + at,
            (coverage->count - at) * sizeof *coverage->all);
    coverage->count++;
    coverage->all[at] = (struct covered){.name = name};
    return &coverage->all[at];
}

static enum err case_count(struct coverage *coverage, const struct report_case *one)
{
    struct view rest = one->covers;
    for (struct view name; (name = word_take(&rest)).len > 0;) {
        struct covered *covered = covered_get(coverage, name);
        if (covered == NULL)
            return ERR_MEMORY;
        bool passed = one->verdict == VERDICT_PASS && !one->flaky;
        bool failed = one->verdict == VERDICT_FAIL || one->verdict == VERDICT_ERROR;
        covered->passed += passed;
        covered->failed += failed;
        covered->open += !passed && !failed;
    }
    return ERR_OK;
}

static struct view area_of(struct view name)
{
    size_t end = name.len;
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == '-')
            end = i;
    return view_head(name, end);
}

static void requirement_write(struct buf *out, const struct covered *one)
{
    const char *style = one->failed > 0 ? "fail" : one->open > 0 ? "unsure" : "pass";
    const char *sign = one->failed > 0 ? "✗" : one->open > 0 ? "?" : "✓";
    const char *word = one->failed > 0 ? "failed" : one->open > 0 ? "open" : "passed";
    buf_printf(out, "<li class=\"%s\"><span aria-hidden=\"true\">%s</span> ", style, sign);
    html_text(out, one->name);
    buf_printf(out, "<span class=\"hidden\"> %s</span></li>", word);
}

static size_t area_write(struct buf *out, const struct coverage *coverage, size_t from)
{
    struct view area = area_of(coverage->all[from].name);
    size_t to = from, passed = 0;
    while (to < coverage->count && view_equal(area_of(coverage->all[to].name), area)) {
        passed += coverage->all[to].failed == 0 && coverage->all[to].open == 0;
        to++;
    }
    buf_add(out, V("<tr><th scope=\"row\">"));
    html_text(out, area);
    buf_printf(out, "</th><td>%zu of %zu</td><td><ul>", passed, to - from);
    for (size_t i = from; i < to; i++)
        requirement_write(out, &coverage->all[i]);
    buf_add(out, V("</ul></td></tr>\n"));
    return to;
}

static void table_write(struct buf *out, const struct coverage *coverage)
{
    size_t passed = 0;
    for (size_t i = 0; i < coverage->count; i++)
        passed += coverage->all[i].failed == 0 && coverage->all[i].open == 0;
    buf_printf(out,
               "<details class=\"conformance\"><summary>Conformance: %zu of %zu requirements "
               "passed</summary>\n<table><thead><tr><th scope=\"col\">Area</th>"
               "<th scope=\"col\">Passed</th><th scope=\"col\">Requirements</th></tr></thead>"
               "<tbody>\n",
               passed, (size_t)coverage->count);
    for (size_t i = 0; i < coverage->count;)
        i = area_write(out, coverage, i);
    buf_add(out, V("</tbody></table></details>\n"));
}

void conformance_write(const struct page *page)
{
    struct coverage coverage = {0};
    enum err err = ERR_OK;
    for (size_t i = 0; i < page->run->case_count && err == ERR_OK; i++)
        err = case_count(&coverage, &page->run->cases[i]);
    if (err != ERR_OK && page->out->failed == ERR_OK)
        page->out->failed = err;
    if (err == ERR_OK && coverage.count > 0)
        table_write(page->out, &coverage);
    mem_free(coverage.all);
}
