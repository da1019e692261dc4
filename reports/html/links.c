#include "reports/event.h"
#include "reports/html/link.h"
#include "reports/html/page.h"
#include "reports/text.h"
#include "reports/xml.h"

/* At the end of a case: how to repeat it, and where else it can be looked at. */

enum { CALLS_MOST = 3, CALL_ID_MOST = 200 };

static void link_begin(struct buf *out, const char *name)
{
    buf_printf(out, "<div><dt>%s</dt><dd>", name);
}

static void link_end(struct buf *out)
{
    buf_add(out, V("</dd></div>\n"));
}

static void command_write(struct buf *out, const char *name, struct view command)
{
    if (command.len == 0)
        return;
    link_begin(out, name);
    html_element(out, "code", "copy", command);
    link_end(out);
}

static void file_write(const struct page *page, const char *name, struct view file)
{
    struct buf link = {0};
    if (file.len == 0)
        return;
    html_link_add(&link, page->path, file);
    link_begin(page->out, name);
    buf_add(page->out, V("<a"));
    xml_attribute(page->out, "href", buf_view(&link));
    buf_add(page->out, V(">"));
    html_text(page->out, file);
    buf_add(page->out, V("</a>"));
    link_end(page->out);
    text_part_end(page->out, &link);
}

/* Not what would need quoting in Wireshark: such a call is found by eye. */
static bool quotable(struct view id)
{
    bool plain = id.len > 0 && id.len <= CALL_ID_MOST;
    for (size_t i = 0; i < id.len && plain; i++)
        plain = id.ptr[i] > ' ' && id.ptr[i] < 0x7f && id.ptr[i] != '"' && id.ptr[i] != '\\';
    return plain;
}

/* sip.Call-ID == "a" || sip.Call-ID == "b" */
static void filter_of(const struct scene *scene, struct buf *out)
{
    struct view seen[CALLS_MOST], rest = scene->one->events;
    size_t count = 0;
    for (struct trace_event event; count < CALLS_MOST && event_take(&rest, NULL, &event);) {
        bool known = event.kind != TRACE_MESSAGE || !quotable(event.u.wire.call_id);
        for (size_t i = 0; i < count && !known; i++)
            known = view_equal(seen[i], event.u.wire.call_id);
        if (known)
            continue;
        seen[count++] = event.u.wire.call_id;
        buf_printf(out, "%ssip.Call-ID == \"%.*s\"", count > 1 ? " || " : "",
                   VIEW_ARG(event.u.wire.call_id));
    }
}

void links_write(const struct scene *scene)
{
    const struct report_case *one = scene->one;
    struct buf *out = scene->page->out, filter = {0};
    size_t before = out->len;
    buf_add(out, V("<dl class=\"links\">\n"));
    size_t begun = out->len;
    command_write(out, "Repeat", one->rerun);
    file_write(scene->page, "Capture", one->pcap);
    if (one->pcap.len > 0)
        filter_of(scene, &filter);
    command_write(out, "Wireshark", buf_view(&filter));
    if (scene->ladder.row_count > 0)
        file_write(scene->page, "Events", scene->page->run->json);
    html_fact(out, "Covers", one->covers);
    html_fact(out, "Tags", one->tags);
    if (out->len > begun)
        buf_add(out, V("</dl>\n"));
    else
        out->len = before;
    text_part_end(out, &filter);
}
