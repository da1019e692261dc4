#include "reports/html/coverage.h"
#include "reports/html/page.h"
#include "reports/xml.h"

/* One requirement: a line with what the runs say of it; below it the RFC's words, and by what it is
 * covered. */

static void sign_write(struct buf *out, const struct report_coverage *coverage, size_t index)
{
    bool is = report_cover_is(&coverage->rows[index]), idle = report_cover_idle(coverage, index);

    buf_printf(out,
               "<span class=\"sign %s\"><span aria-hidden=\"true\">%s</span>"
               "<span class=\"hidden\">%s</span></span>",
               idle ? "unsure"
               : is ? "pass"
                    : "skip",
               idle ? "?"
               : is ? "✓"
                    : "○",
               idle ? "covered, but always skipped"
               : is ? "covered"
                    : "not covered");
}

static void look_write(struct buf *out, struct verdict_look look, struct view name)
{
    buf_printf(out,
               "<span class=\"mark %s\"><span aria-hidden=\"true\">%s</span>"
               "<span class=\"hidden\">%s on</span> ",
               look.style, look.sign, look.word);
    html_text(out, name);
    buf_add(out, V("</span>"));
}

static void marks_write(struct buf *out, const struct report_coverage *coverage, size_t index)
{
    if (coverage->run_count == 0)
        return;
    buf_add(out, V("<span class=\"marks\">"));
    for (size_t i = 0; i < coverage->run_count; i++) {
        const struct report_cover_run *run = &coverage->runs[i];
        const struct report_cover_cell *cell = &run->cells[index];
        if (cell->there)
            look_write(out, verdict_look(cell->verdict), cover_run_name(run));
        else
            buf_add(out, V("<span class=\"mark\"></span>"));
    }
    buf_add(out, V("</span>"));
}

static void gist_write(struct buf *out, const struct report_cover_row *row)
{
    if (row->why.len == 0)
        return;
    buf_add(out, V("<span class=\"gist\">"));
    html_text(out, row->kind);
    buf_add(out, V(": "));
    html_text(out, row->why);
    buf_add(out, V("</span>"));
}

static void headline_write(struct buf *out, const struct report_coverage *coverage, size_t index)
{
    const struct report_cover_row *row = &coverage->rows[index];

    buf_add(out, V("<summary>"));
    sign_write(out, coverage, index);
    html_element(out, "b", NULL, row->id);
    html_element(out, "span", "text", row->text);
    html_element(out, "span", "level", row->level);
    marks_write(out, coverage, index);
    gist_write(out, row);
    buf_add(out, V("</summary>\n"));
}

static void reason_write(struct buf *out, const struct report_cover_row *row)
{
    if (row->why.len == 0)
        return;
    buf_add(out, V("<p class=\"missing\">"));
    html_element(out, "b", NULL, row->kind);
    buf_add_char(out, ' ');
    html_text(out, row->why);
    buf_add(out, V("</p>\n"));
}

static void quote_write(struct buf *out, const struct report_cover_row *row)
{
    buf_add(out, V("<figure>"));
    html_element(out, "blockquote", NULL, row->quote);
    buf_add(out, V("<figcaption>"));
    html_text(out, row->rfc);
    buf_add(out, V(" §"));
    html_text(out, row->section);
    buf_add(out, V("</figcaption></figure>\n"));
}

static const struct report_case *result_of(const struct report_cover_row *row, size_t run,
                                           struct view scenario)
{
    for (size_t i = 0; i < row->result_count; i++)
        if (row->results[i].run == run && view_equal(row->results[i].one.id, scenario))
            return &row->results[i].one;
    return NULL;
}

/* What a run says of one scenario; where it did not pass, why. */
static void result_write(struct buf *out, struct view name, const struct report_case *one)
{
    buf_add(out, V("<li>"));
    look_write(out, case_look(one), name);
    if (one->verdict != VERDICT_PASS && one->reason.len > 0) {
        buf_add_char(out, ' ');
        html_element(out, "span", "why", one->reason);
    }
    buf_add(out, V("</li>"));
}

static void scenario_write(struct buf *out, const struct report_coverage *coverage,
                           const struct report_cover_row *row,
                           const struct report_cover_scenario *scenario)
{
    size_t told = 0;

    buf_add(out, V("<li>"));
    html_text(out, scenario->name.len > 0 ? scenario->name : scenario->id);
    buf_add(out, V(" <span class=\"place\">"));
    html_text(out, scenario->file);
    buf_printf(out, ":%u</span>", (unsigned)scenario->line);
    for (size_t i = 0; i < coverage->run_count; i++) {
        const struct report_case *one = result_of(row, i, scenario->id);
        if (one == NULL)
            continue;
        buf_add(out, told++ == 0 ? V("<ul>") : V(""));
        result_write(out, cover_run_name(&coverage->runs[i]), one);
    }
    buf_add(out, told > 0 ? V("</ul></li>\n") : V("</li>\n"));
}

static void scenarios_write(struct buf *out, const struct report_coverage *coverage,
                            const struct report_cover_row *row)
{
    if (row->scenario_count == 0)
        return;
    buf_add(out, V("<div><dt>Scenarios</dt><dd><ul>\n"));
    for (size_t i = 0; i < row->scenario_count; i++)
        scenario_write(out, coverage, row, &row->scenarios[i]);
    buf_add(out, V("</ul></dd></div>\n"));
}

static void names_write(struct buf *out, const char *title, const struct view *names, size_t count)
{
    if (count == 0)
        return;
    buf_printf(out, "<div><dt>%s</dt><dd class=\"names\">", title);
    for (size_t i = 0; i < count; i++) {
        buf_add(out, i > 0 ? V(" ") : V(""));
        html_element(out, "code", NULL, names[i]);
    }
    buf_add(out, V("</dd></div>\n"));
}

static void fact_write(struct buf *out, const char *title, struct view text)
{
    if (text.len == 0)
        return;
    buf_printf(out, "<div><dt>%s</dt><dd>", title);
    html_text(out, text);
    buf_add(out, V("</dd></div>\n"));
}

static void body_write(struct buf *out, const struct report_coverage *coverage,
                       const struct report_cover_row *row)
{
    buf_add(out, V("<div class=\"inside\">\n"));
    if (row->quote.len > 0)
        quote_write(out, row);
    reason_write(out, row);
    buf_add(out, V("<dl>\n"));
    fact_write(out, "Shown by", row->stimulus);
    fact_write(out, "Expected", row->expected);
    fact_write(out, "Role", row->role);
    scenarios_write(out, coverage, row);
    names_write(out, "Rules, in each run", row->rules, row->rule_count);
    names_write(out, "Cited in", row->code, row->code_count);
    buf_add(out, V("</dl>\n</div>\n"));
}

/* For the filter: what the runs made of it, together. */
static bool any_failed(const struct report_coverage *coverage, size_t index)
{
    for (size_t i = 0; i < coverage->run_count; i++) {
        const struct report_cover_cell *cell = &coverage->runs[i].cells[index];
        if (cell->there && (cell->verdict == VERDICT_FAIL || cell->verdict == VERDICT_ERROR))
            return true;
    }
    return false;
}

void cover_row_write(struct buf *out, const struct report_coverage *coverage, size_t index)
{
    const struct report_cover_row *row = &coverage->rows[index];
    bool idle = report_cover_idle(coverage, index);

    buf_add(out, V("<details class=\"row\""));
    xml_attribute(out, "id", row->id);
    xml_attribute(out, "data-role", row->role);
    buf_printf(out, " data-level=\"%s\" data-cover=\"%s%s%s\">\n", row->group,
               idle                   ? "skipped"
               : report_cover_is(row) ? "covered"
                                      : "uncovered",
               report_cover_by_rule(row) ? " rule" : "",
               any_failed(coverage, index) ? " failed" : "");
    headline_write(out, coverage, index);
    body_write(out, coverage, row);
    buf_add(out, V("</details>\n"));
}
