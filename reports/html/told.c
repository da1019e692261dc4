#include "reports/event.h"
#include "reports/html/page.h"
#include "reports/text.h"
#include "reports/xml.h"

/* What the scenario told while it ran: its steps, what it wrote into the log, each of its checks,
 * and what it attached. */

enum { LINES_MOST = 400, ATTACHMENT_MOST = 64 << 10 };

struct told {
    const struct scene *scene;
    size_t steps, checks, lines, attachments;
};

static bool told_is(const struct trace_event *event)
{
    bool begins = event->kind == TRACE_STEP && view_equal(event->u.note.text, V("begin"));
    return begins || event->kind == TRACE_LOG || event->kind == TRACE_EXPECT ||
           event->kind == TRACE_ATTACH;
}

static struct told told_count(const struct scene *scene)
{
    struct told told = {.scene = scene};
    struct view rest = scene->one->events;
    for (struct trace_event event; event_take(&rest, NULL, &event);) {
        told.steps += told_is(&event) && event.kind == TRACE_STEP;
        told.checks += event.kind == TRACE_EXPECT;
        told.lines += event.kind == TRACE_LOG;
        told.attachments += event.kind == TRACE_ATTACH;
    }
    return told;
}

static void count_add(struct buf *out, size_t count, const char *word)
{
    if (count == 0)
        return;
    buf_add(out, out->len == 0 ? V("") : V(", "));
    buf_printf(out, "%zu %s%s", count, word, count == 1 ? "" : "s");
}

static void check_write(struct buf *out, const struct trace_event *event)
{
    bool ok = event->u.expect.ok;
    buf_printf(out,
               "<span class=\"%s\"><span aria-hidden=\"true\">%s</span>"
               "<span class=\"hidden\">%s</span></span> ",
               ok ? "pass" : "fail", ok ? "✓" : "✗", ok ? "holds: " : "does not hold: ");
    html_text(out, event->u.expect.what);
    if (ok && !view_ends(event->u.expect.what, event->u.expect.actual)) {
        buf_add(out, V(" <span class=\"way\">"));
        html_text(out, event->u.expect.actual);
        buf_add(out, V("</span>"));
    }
}

static void what_write(struct buf *out, const struct trace_event *event)
{
    if (event->kind == TRACE_EXPECT)
        check_write(out, event);
    else if (event->kind == TRACE_STEP)
        html_element(out, "b", NULL, event->u.note.name);
    else if (event->kind == TRACE_LOG)
        html_text(out, event->u.note.text);
    else {
        buf_add(out, V("attached "));
        html_text(out, event->u.note.name);
    }
}

static void line_write(const struct told *told, const struct trace_event *event)
{
    struct buf *out = told->scene->page->out;
    buf_add(out, V("<tr><td class=\"at\">"));
    html_seconds(out, &told->scene->ladder, event->time_us);
    buf_add(out, V("</td><td class=\"at\">"));
    if (event->source.line != 0)
        buf_printf(out, ":%u", (unsigned)event->source.line);
    buf_add(out, V("</td><td>"));
    what_write(out, event);
    buf_add(out, V("</td></tr>\n"));
}

static void lines_write(const struct told *told)
{
    struct buf *out = told->scene->page->out;
    struct view rest = told->scene->one->events;
    size_t count = 0, all = told->steps + told->checks + told->lines + told->attachments;
    buf_add(out, V("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Time</th>"
                   "<th scope=\"col\">Line</th><th scope=\"col\">What</th></tr></thead><tbody>\n"));
    for (struct trace_event event; count < LINES_MOST && event_take(&rest, NULL, &event);)
        if (told_is(&event)) {
            line_write(told, &event);
            count++;
        }
    buf_add(out, V("</tbody></table></div>\n"));
    if (all > count)
        buf_printf(out, "<p class=\"left-out\">%zu more are left out.</p>\n", all - count);
}

/* As text, whatever its type says: nothing of it runs or is drawn. */
static void attachment_write(const struct told *told, const struct trace_event *event, size_t index)
{
    struct buf *out = told->scene->page->out;
    struct view bytes = event->u.note.text;
    buf_add(out, V("<details class=\"msg file\"><summary><b>"));
    html_text(out, event->u.note.name);
    buf_add(out, V("</b> <span class=\"way\">"));
    html_text(out, event->u.note.mime);
    buf_printf(out, ", %zu bytes</span></summary>\n<div class=\"pair\">", bytes.len);
    raw_write(out, (struct raw_id){'a', told->scene->number, index}, bytes, ATTACHMENT_MOST);
    buf_add(out, V("</div>\n</details>\n"));
}

static void attachments_write(const struct told *told)
{
    struct view rest = told->scene->one->events;
    size_t index = 0;
    for (struct trace_event event; event_take(&rest, NULL, &event);)
        if (event.kind == TRACE_ATTACH)
            attachment_write(told, &event, ++index);
}

void told_write(const struct scene *scene)
{
    struct buf *out = scene->page->out, counts = {0};
    struct told told = told_count(scene);
    count_add(&counts, told.steps, "step");
    count_add(&counts, told.checks, "check");
    count_add(&counts, told.lines, "line");
    count_add(&counts, told.attachments, "attachment");
    if (counts.len > 0 && scene->full) {
        buf_printf(out,
                   "<details class=\"told\"><summary>Log <span class=\"way\">%.*s</span>"
                   "</summary>\n",
                   VIEW_ARG(buf_view(&counts)));
        lines_write(&told);
        attachments_write(&told);
        buf_add(out, V("</details>\n"));
    }
    text_part_end(out, &counts);
}
