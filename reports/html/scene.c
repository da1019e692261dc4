#include "reports/failure.h"
#include "reports/html/link.h"
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
    buf_printf(out, "<p class=\"sentence %s\">", verdict_look(one).style);
    html_text(out, one->reason.len > 0 ? one->reason : V("no reason was given"));
    if (scene->ladder.detail.section.len > 0) {
        buf_add(out, V(" "));
        html_element(out, "span", "section", scene->ladder.detail.section);
    }
    buf_add(out, V("</p>\n"));
}

static bool within(struct view text, struct view what)
{
    return what.len == 0 || view_find(text, what) < text.len;
}

static void value_write(struct buf *out, const char *name, struct view value)
{
    if (value.ptr == NULL)
        return;
    buf_printf(out, "<div><dt>%s</dt><dd>", name);
    xml_text(out, value);
    buf_add(out, V("</dd></div>\n"));
}

/* Only what the sentence does not say already. */
static void values_write(const struct scene *scene)
{
    const struct detail *detail = &scene->ladder.detail;
    struct view reason = scene->one->reason;
    if (within(reason, detail->expected) && within(reason, detail->actual))
        return;
    buf_add(scene->page->out, V("<dl class=\"values\">\n"));
    value_write(scene->page->out, "expected", detail->expected);
    value_write(scene->page->out, "actual", detail->actual);
    buf_add(scene->page->out, V("</dl>\n"));
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
        buf_printf(out, "<span class=\"line%s\"><span class=\"number\">%u</span>",
                   here ? " here" : "", (unsigned)line->number);
        struct view text = line->text;
        while (text.len > 0 && (text.ptr[text.len - 1] == '\r' || text.ptr[text.len - 1] == '\n'))
            text.len--;
        line_text(out, detail, text, here);
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

static void files_write(const struct scene *scene)
{
    const struct report_case *one = scene->one;
    struct buf *out = scene->page->out, link = {0};
    if (one->rerun.len > 0) {
        buf_add(out, V("<p class=\"rerun\"><span class=\"label\">Repeat it</span> "
                       "<code class=\"copy\">"));
        html_text(out, one->rerun);
        buf_add(out, V("</code></p>\n"));
    }
    if (one->pcap.len > 0) {
        html_link_add(&link, scene->page->path, one->pcap);
        buf_add(out, V("<p class=\"files\"><span class=\"label\">Capture</span> <a"));
        xml_attribute(out, "href", buf_view(&link));
        buf_add(out, V(">"));
        html_text(out, one->pcap);
        buf_add(out, V("</a></p>\n"));
    }
    text_part_end(out, &link);
}

static void tags_write(const struct scene *scene)
{
    struct buf *out = scene->page->out;
    const struct report_case *one = scene->one;
    if (one->tags.len == 0 && one->covers.len == 0 && !one->flaky)
        return;
    buf_add(out, V("<p class=\"tags\">"));
    if (one->flaky)
        buf_printf(out, "<span>passed at try %u</span> ", (unsigned)one->tries);
    html_element(out, "span", NULL, one->covers);
    buf_add(out, V(" "));
    html_element(out, "span", NULL, one->tags);
    buf_add(out, V("</p>\n"));
}

static void talk_write(const struct scene *scene)
{
    struct buf *out = scene->page->out;
    if (scene->ladder.row_count == 0)
        return;
    size_t lanes = scene->ladder.lane_count;
    buf_printf(out, "<div class=\"talk%s\">\n",
               lanes > LANES_WIDE     ? " wide many"
               : lanes > LANES_NARROW ? " wide"
                                      : "");
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
    struct buf *out = scene->page->out;
    const struct detail *detail = &scene->ladder.detail;
    buf_printf(out, "<div class=\"body\" id=\"c%zu\">\n", scene->number);
    sentence_write(scene);
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
    talk_write(scene);
    files_write(scene);
    tags_write(scene);
    buf_add(out, V("</div>\n"));
}
