#include "reports/failure.h"
#include "reports/html/page.h"
#include "reports/standing.h"
#include "reports/text.h"
#include "reports/xml.h"

/* More lanes than fit on a phone, and than fit beside the messages: there one scrolls sideways. */
enum { LANES_NARROW = 2, LANES_WIDE = 5 };

static void sentence_write(const struct scene *scene)
{
    const struct report_case *one = scene->one;
    struct buf *out = scene->page->out;
    if (one->known.len > 0) {
        struct buf sentence = {0};
        buf_printf(&sentence, "%s: ", standing_words(one));
        buf_add(&sentence, one->known);
        html_element(out, "p", "standing", buf_view(&sentence));
        text_part_end(out, &sentence);
    }
    if (one->reason.len == 0 && !failure_is(one))
        return;
    buf_printf(out, "<p class=\"sentence %s\">", case_look(one).style);
    html_text(out, one->reason.len > 0 ? one->reason : V("no reason was given"));
    if (scene->ladder.detail.section.len > 0) {
        buf_add(out, V(" "));
        html_element(out, "span", "section", scene->ladder.detail.section);
    }
    buf_add(out, V("</p>\n"));
}

/* The row of the ladder that the verdict calls wrong: the nearest to what was expected. */
static void nearest_write(const struct scene *scene)
{
    const struct ladder *ladder = &scene->ladder;
    for (size_t i = 0; i < ladder->row_count; i++)
        if (ladder->rows[i].marked && scene->full)
            buf_printf(scene->page->out, " <a href=\"#m%zu-%zu\">message %zu</a>", scene->number,
                       i + 1, i + 1);
}

static void cell_write(struct buf *out, struct view text)
{
    buf_add(out, V("<td>"));
    if (text.len > 0)
        xml_text(out, text);
    else
        buf_add(out, V("–"));
}

static void value_row(const struct scene *scene, const struct detail *detail, bool first)
{
    struct buf *out = scene->page->out;
    buf_add(out, V("<tr><th scope=\"row\">"));
    if (detail->line > 0)
        buf_printf(out, "line %u", (unsigned)detail->line);
    if (detail->section.len > 0) {
        buf_add(out, V(" "));
        html_text(out, detail->section);
    }
    buf_add(out, V("</th>"));
    cell_write(out, detail->expected);
    buf_add(out, V("</td>"));
    cell_write(out, detail->actual);
    if (first)
        nearest_write(scene);
    buf_add(out, V("</td></tr>\n"));
}

/* Expectation by expectation; only where the sentence does not say it all. */
static void values_write(const struct scene *scene)
{
    const struct detail *detail = &scene->ladder.detail;
    if (failure_says_all(scene->one, detail) && detail->more_count == 0)
        return;
    buf_add(
        scene->page->out,
        V("<div class=\"scroll\"><table class=\"values\"><thead><tr><th scope=\"col\">Check</th>"
          "<th scope=\"col\">Expected</th><th scope=\"col\">Came</th></tr></thead><tbody>\n"));
    value_row(scene, detail, true);
    for (size_t i = 0; i < detail->more_count; i++) {
        struct detail more;
        detail_more(detail, i, &more);
        if (more.expected.len > 0 || more.actual.len > 0)
            value_row(scene, &more, false);
    }
    buf_add(scene->page->out, V("</tbody></table></div>\n"));
}

/* The part that is meant, marked; tabs stay tabs. */
static void line_text(struct buf *out, const struct detail *detail, struct view text, bool here)
{
    bool caret = here && detail->caret_column > 0 && detail->caret_column <= text.len;
    size_t before = caret ? detail->caret_column - 1 : text.len;
    size_t marked = !caret ? 0 : detail->caret_len == 0 ? 1 : detail->caret_len;
    xml_text(out, view_head(text, before));
    if (marked > 0) {
        buf_add(out, V("<mark>"));
        xml_text(out, view_head(view_skip(text, before), marked));
        buf_add(out, V("</mark>"));
        xml_text(out, view_skip(text, before + marked));
    }
}

static void excerpt_write(struct buf *out, const struct detail *detail)
{
    if (detail->line_count == 0)
        return;
    buf_add(out, V("<pre class=\"source\">"));
    for (size_t i = 0; i < detail->line_count; i++) {
        const struct detail_line *line = &detail->lines[i];
        bool here = line->number == detail->line;
        buf_printf(out, "<span class=\"line%s\"><span class=\"number\">%u </span>",
                   here ? " here" : "", (unsigned)line->number);
        line_text(out, detail, line->text, here);
        buf_add(out, V("\n</span>"));
    }
    buf_add(out, V("</pre>\n"));
}

static void place_write(struct buf *out, const struct detail *detail)
{
    if (detail->file.len == 0)
        return;
    buf_add(out, V("<p class=\"where\">"));
    html_text(out, detail->file);
    if (detail->line > 0)
        buf_printf(out, ":%u", (unsigned)detail->line);
    buf_add(out, V("</p>\n"));
}

static void traceback_write(struct buf *out, const struct detail *detail)
{
    if (detail->traceback.len == 0)
        return;
    buf_add(out, V("<p class=\"label\">called from</p>\n<pre class=\"traceback\">"));
    xml_text(out, detail->traceback);
    buf_add(out, V("</pre>\n"));
}

static void more_write(const struct scene *scene)
{
    struct buf *out = scene->page->out;
    for (size_t i = 0; i < scene->ladder.detail.more_count; i++) {
        struct detail more;
        detail_more(&scene->ladder.detail, i, &more);
        buf_add(out, V("<p class=\"also\"><b>Also:</b> "));
        html_text(out, more.reason);
        buf_add(out, V("</p>\n"));
        place_write(out, &more);
        excerpt_write(out, &more);
    }
}

static void findings_write(const struct scene *scene)
{
    struct buf *out = scene->page->out;
    const struct ladder *ladder = &scene->ladder;
    if (ladder->finding_count == 0)
        return;
    buf_add(out, V("<p class=\"label\">What breaks a rule</p>\n<ul class=\"findings\">\n"));
    for (size_t i = 0; i < ladder->finding_count; i++) {
        const struct ladder_finding *finding = &ladder->findings[i];
        buf_add(out, V("<li>"));
        html_element(out, "b", NULL, finding->rule);
        buf_add(out, V(" "));
        html_text(out, finding->sentence);
        buf_add(out, V(" "));
        html_element(out, "span", "section", finding->section);
        if (finding->row != SIZE_MAX && scene->full)
            buf_printf(out, " <a href=\"#m%zu-%zu\">message %zu</a>", scene->number,
                       finding->row + 1, finding->row + 1);
        buf_add(out, V("</li>\n"));
    }
    buf_add(out, V("</ul>\n"));
}

/* What went wrong, and where: beside the ladder where there is room. */
static void cause_write(const struct scene *scene)
{
    struct buf *out = scene->page->out;
    const struct detail *detail = &scene->ladder.detail;
    size_t before = out->len;
    buf_add(out, V("<div class=\"cause\">\n"));
    size_t begun = out->len;
    values_write(scene);
    if (detail->line_count > 0)
        place_write(out, detail);
    excerpt_write(out, detail);
    traceback_write(out, detail);
    if (detail->hint.len > 0) {
        buf_add(out, V("<p class=\"hint\"><span class=\"label\">Hint</span> "));
        html_text(out, detail->hint);
        buf_add(out, V("</p>\n"));
    }
    more_write(scene);
    findings_write(scene);
    if (out->len > begun)
        buf_add(out, V("</div>\n"));
    else
        out->len = before;
}

static void talk_write(const struct scene *scene)
{
    struct buf *out = scene->page->out;
    size_t lanes = scene->ladder.lane_count;
    bool talk = scene->ladder.row_count > 0;
    if (talk)
        buf_printf(out, "<div class=\"talk%s\">\n",
                   lanes > LANES_WIDE     ? " wide many"
                   : lanes > LANES_NARROW ? " wide"
                                          : "");
    cause_write(scene);
    if (!talk)
        return;
    svg_write(scene);
    if (scene->full)
        messages_write(scene);
    else
        buf_add(out, V("<p class=\"left-out\">The messages are left out, to keep this page small: "
                       "run this scenario alone to see them.</p>\n"));
    buf_add(out, V("</div>\n"));
}

void scene_write(const struct scene *scene)
{
    sentence_write(scene);
    talk_write(scene);
    told_write(scene);
    links_write(scene);
}
