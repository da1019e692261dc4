#include "reports/html/page.h"
#include "reports/html/section.h"
#include "reports/text.h"
#include "reports/xml.h"

/* What the run tells of the RFCs: section by section, each requirement with its level. */

static bool same_section(const struct report_requirement *a, const struct report_requirement *b)
{
    return view_equal(a->rfc, b->rfc) && view_equal(a->section, b->section);
}

static int requirement_compare(const struct report_requirement *a,
                               const struct report_requirement *b)
{
    int order = section_compare(a->rfc, b->rfc);
    order = order != 0 ? order : section_compare(a->section, b->section);
    return order != 0 ? order : view_compare(a->id, b->id);
}

/* By insertion, of pointers: there are some hundred. */
static const struct report_requirement **requirements_sorted(const struct report_run *run)
{
    const struct report_requirement **all = mem_zalloc((run->requirement_count + 1) * sizeof *all);
    for (size_t i = 0; all != NULL && i < run->requirement_count; i++) {
        size_t at = i;
        while (at > 0 && requirement_compare(all[at - 1], &run->requirements[i]) > 0) {
            all[at] = all[at - 1];
            at--;
        }
        all[at] = &run->requirements[i];
    }
    return all;
}

void section_key(const struct report_requirement *one, struct buf *out)
{
    struct view rfc = view_starts(one->rfc, V("RFC ")) ? view_skip(one->rfc, 4) : one->rfc;
    buf_add(out, rfc);
    buf_add_char(out, '-');
    buf_add(out, view_head(one->section, view_find_char(one->section, ',')));
}

static void requirement_write(struct buf *out, const struct report_requirement *one)
{
    struct verdict_look look = verdict_look(one->verdict);
    buf_printf(out,
               "<li><span class=\"%s\"><span aria-hidden=\"true\">%s</span>"
               "<span class=\"hidden\">%s</span></span> ",
               look.style, look.sign, one->verdict == VERDICT_SKIP ? "not applicable" : look.word);
    html_element(out, "b", NULL, one->id);
    buf_add(out, V(" "));
    html_element(out, "span", "level", one->level);
    buf_add(out, V(" "));
    html_text(out, one->text);
    if (one->verdict != VERDICT_PASS && one->reason.len > 0) {
        buf_add(out, V(" "));
        html_element(out, "span", "why", one->reason);
    }
    buf_add(out, V("</li>\n"));
}

/* One row: the section, how much of it passed, and its requirements. */
static size_t section_write(struct buf *out, const struct report_requirement *const *all,
                            size_t from, size_t count)
{
    size_t to = from, passed = 0, applicable = 0, failed = 0;
    for (; to < count && same_section(all[to], all[from]); to++) {
        passed += all[to]->verdict == VERDICT_PASS;
        applicable += all[to]->verdict != VERDICT_SKIP;
        failed += all[to]->verdict == VERDICT_FAIL || all[to]->verdict == VERDICT_ERROR;
    }
    struct buf key = {0};
    section_key(all[from], &key);
    buf_add(out, V("<tr><th scope=\"row\""));
    xml_attribute(out, "data-rfc", buf_view(&key));
    text_part_end(out, &key);
    buf_add_char(out, '>');
    html_text(out, all[from]->rfc);
    if (all[from]->section.len > 0) {
        buf_add(out, V(" §"));
        html_text(out, all[from]->section);
    }
    if (applicable == 0)
        buf_add(out, V("</th><td class=\"skip\">not applicable"));
    else
        buf_printf(out, "</th><td class=\"%s\">%zu of %zu",
                   failed > 0            ? "fail"
                   : passed < applicable ? "unsure"
                                         : "pass",
                   passed, applicable);
    buf_add(out, V("</td><td><ul>\n"));
    for (size_t i = from; i < to; i++)
        requirement_write(out, all[i]);
    buf_add(out, V("</ul></td></tr>\n"));
    return to;
}

static void number_write(struct buf *out, const char *word, size_t passed, size_t applicable)
{
    if (applicable > 0)
        buf_printf(out, "<li><b>%zu of %zu</b> %s</li>\n", passed, applicable, word);
}

/* Three numbers and not one: what is a duty, what is advice, what says nothing of this device. */
void score_write(const struct page *page)
{
    const struct report_score *score = &page->run->score;
    struct buf *out = page->out;
    if (page->run->requirement_count == 0)
        return;
    buf_add(out, V("<ul class=\"score\" aria-label=\"Conformance\">\n"));
    number_write(out, "MUST", score->must_passed, score->must_applicable);
    number_write(out, "SHOULD", score->should_passed, score->should_applicable);
    if (score->not_applicable > 0)
        buf_printf(out, "<li><b>%u</b> not applicable</li>\n", (unsigned)score->not_applicable);
    buf_add(out, V("</ul>\n"));
}

void conformance_write(const struct page *page)
{
    const struct report_run *run = page->run;
    struct buf *out = page->out;
    if (run->requirement_count == 0)
        return;
    const struct report_requirement **all = requirements_sorted(run);
    if (all == NULL) {
        out->failed = out->failed == ERR_OK ? ERR_MEMORY : out->failed;
        return;
    }
    buf_add(out, V("<details class=\"conformance\"><summary>Conformance by section</summary>\n"
                   "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Section</th>"
                   "<th scope=\"col\">Passed</th><th scope=\"col\">Requirements</th></tr></thead>"
                   "<tbody>\n"));
    for (size_t i = 0; i < run->requirement_count;)
        i = section_write(out, all, i, run->requirement_count);
    buf_add(out, V("</tbody></table></div></details>\n"));
    mem_free(all);
}
