#include "reports/html/coverage.h"
#include "reports/html/page.h"
#include "reports/text.h"

/* Above the rows: how much is covered, what the runs made of it, and the RFCs. */

enum { BAR = 1000 };

struct totals {
    size_t covered, idle, left, by_rule; /* by_rule: of the covered ones */
};

static struct totals totals_of(const struct report_coverage *coverage)
{
    struct totals totals = {0};

    for (size_t i = 0; i < coverage->row_count; i++) {
        bool is = report_cover_is(&coverage->rows[i]), idle = report_cover_idle(coverage, i);
        totals.covered += is && !idle;
        totals.idle += idle;
        totals.left += !is;
        totals.by_rule += report_cover_by_rule(&coverage->rows[i]);
    }
    return totals;
}

static size_t bar_part(struct buf *out, const char *style, const char *fill, size_t at, size_t to)
{
    if (to > at)
        buf_printf(out, "<rect class=\"%s\" fill=\"%s\" x=\"%zu\" width=\"%zu\" height=\"8\"/>",
                   style, fill, at, to - at);
    return to;
}

static void bar_write(struct buf *out, const struct report_coverage *coverage,
                      const struct totals *totals)
{
    size_t all = coverage->row_count > 0 ? coverage->row_count : 1, at = 0;

    buf_add(out, V("<svg class=\"bar\" viewBox=\"0 0 1000 8\" preserveAspectRatio=\"none\" "
                   "aria-hidden=\"true\">"));
    at = bar_part(out, "pass", "#3a9a62", at, totals->covered * BAR / all);
    at = bar_part(out, "unsure", "#b58312", at, (totals->covered + totals->idle) * BAR / all);
    bar_part(out, "skip", "#8a929c", at, BAR);
    buf_add(out, V("</svg>\n"));
}

static void level_write(struct buf *out, const struct report_coverage *coverage, const char *group,
                        const char *word)
{
    struct cover_count count = {0};

    for (size_t i = 0; i < coverage->row_count; i++) {
        if (strcmp(coverage->rows[i].group, group) != 0)
            continue;
        count.all++;
        count.covered += report_cover_is(&coverage->rows[i]);
    }
    if (count.all > 0)
        buf_printf(out, "<li><b>%zu of %zu</b> %s</li>\n", count.covered, count.all, word);
}

static void tally_write(struct buf *out, const char *style, size_t count, const char *word)
{
    if (count > 0)
        buf_printf(out, "<li class=\"%s\"><b>%zu</b> %s</li>\n", style, count, word);
}

static void duty(struct buf *out, const char *word, uint32_t passed, uint32_t applicable)
{
    if (applicable > 0)
        buf_printf(out, "<span class=\"duty\">%u of %u %s</span>", (unsigned)passed,
                   (unsigned)applicable, word);
}

/* What a run passed of what it put to the test. */
static void passed_write(struct buf *out, const struct report_cover_run *run)
{
    buf_add(out, V("<div><dt>Passed: "));
    html_text(out, cover_run_name(run));
    buf_add(out, V("</dt><dd>"));
    duty(out, "MUST", run->score.must_passed, run->score.must_applicable);
    duty(out, "SHOULD", run->score.should_passed, run->score.should_applicable);
    buf_add(out, V("</dd></div>\n"));
}

static void facts_write(struct buf *out, const struct report_coverage *coverage)
{
    struct buf scenarios = {0};

    buf_add_uint(&scenarios, coverage->scenario_count);
    buf_add(out, V("<dl class=\"facts\">\n"));
    html_fact(out, "Scenarios", buf_view(&scenarios));
    html_fact(out, "Suite", coverage->suite);
    for (size_t i = 0; i < coverage->run_count; i++)
        passed_write(out, &coverage->runs[i]);
    html_fact(out, "sipwright", coverage->version);
    buf_add(out, V("</dl>\n"));
    text_part_end(out, &scenarios);
}

/* Of the rows of one RFC: how many the run passed, of those that it put to the test. */
static void cell_write(struct buf *out, const struct report_coverage *coverage, size_t run,
                       struct view rfc)
{
    size_t passed = 0, tested = 0, failed = 0;

    for (size_t i = 0; i < coverage->row_count; i++) {
        const struct report_cover_cell *cell = &coverage->runs[run].cells[i];
        if (!cell->there || cell->verdict == VERDICT_SKIP ||
            !view_equal(coverage->rows[i].rfc, rfc))
            continue;
        tested++;
        passed += cell->verdict == VERDICT_PASS;
        failed += cell->verdict == VERDICT_FAIL || cell->verdict == VERDICT_ERROR;
    }
    if (tested == 0)
        buf_add(out, V("<td class=\"skip\">–</td>"));
    else
        buf_printf(out, "<td class=\"%s\">%zu of %zu</td>",
                   failed > 0        ? "fail"
                   : passed < tested ? "unsure"
                                     : "pass",
                   passed, tested);
}

static void rfc_row(struct buf *out, const struct report_coverage *coverage, struct view rfc)
{
    struct cover_count count = {0};

    for (size_t i = 0; i < coverage->row_count; i++) {
        if (!view_equal(coverage->rows[i].rfc, rfc))
            continue;
        count.all++;
        count.covered += report_cover_is(&coverage->rows[i]);
    }
    buf_add(out, V("<tr><th scope=\"row\"><a href=\"#"));
    cover_anchor(out, rfc);
    buf_add(out, V("\">"));
    html_text(out, rfc);
    buf_add(out, V("</a> "));
    html_element(out, "span", "subject", coverage->subject(rfc));
    buf_printf(out, "</th><td>%zu of %zu</td>", count.covered, count.all);
    for (size_t i = 0; i < coverage->run_count; i++)
        cell_write(out, coverage, i, rfc);
    buf_add(out, V("</tr>\n"));
}

static void columns_write(struct buf *out, const struct report_coverage *coverage)
{
    buf_add(out, V("<thead><tr><th scope=\"col\">RFC</th><th scope=\"col\">Covered</th>"));
    for (size_t i = 0; i < coverage->run_count; i++) {
        buf_add(out, V("<th scope=\"col\">"));
        html_text(out, cover_run_name(&coverage->runs[i]));
        buf_add(out, V("</th>"));
    }
    buf_add(out, V("</tr></thead>\n"));
}

static void rfcs_write(struct buf *out, const struct report_coverage *coverage, const size_t *order)
{
    struct view last = {0};

    buf_add(out, V("<details class=\"rfcs\"><summary>By RFC"));
    buf_add(out, coverage->run_count > 0
                     ? V(", and what each run passed of what it put to the test")
                     : V(""));
    buf_add(out, V("</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                   "aria-label=\"By RFC\"><table>\n"));
    columns_write(out, coverage);
    buf_add(out, V("<tbody>\n"));
    for (size_t i = 0; i < coverage->row_count; i++) {
        struct view rfc = coverage->rows[order[i]].rfc;
        if (!view_equal(rfc, last))
            rfc_row(out, coverage, rfc);
        last = rfc;
    }
    buf_add(out, V("</tbody></table></div></details>\n"));
}

void cover_head_write(struct buf *out, const struct report_coverage *coverage, const size_t *order)
{
    struct totals totals = totals_of(coverage);

    buf_printf(out,
               "<header>\n<h1>%zu of %zu requirements are covered by a scenario or a rule</h1>\n",
               totals.covered + totals.idle, coverage->row_count);
    bar_write(out, coverage, &totals);
    buf_add(out, V("<ul class=\"tally\">\n"));
    tally_write(out, "pass", totals.covered, "covered");
    tally_write(out, "pass", totals.by_rule, "of these by a rule alone");
    tally_write(out, "unsure", totals.idle, "covered, but skipped in each of these runs");
    tally_write(out, "skip", totals.left, "not covered");
    buf_add(out, V("</ul>\n<ul class=\"score\" aria-label=\"Covered, by level\">\n"));
    level_write(out, coverage, "must", "MUST");
    level_write(out, coverage, "should", "SHOULD");
    level_write(out, coverage, "may", "MAY");
    buf_add(out, V("</ul>\n"));
    facts_write(out, coverage);
    rfcs_write(out, coverage, order);
    buf_add(out, V("</header>\n"));
}
