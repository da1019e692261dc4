#include "reports/html/page.h"

#include "core/base/trace_field.h"
#include "reports/text.h"
#include "reports/xml.h"

enum { BYTES_MOST = 128 << 10 };

/* Text as it is; each character that would not show, or that would be taken for a mark-up of ours,
 * stands by its name in <b>: "\r\n", "\x00", "\u{202e}". Line breaks outside of <b> are no bytes.
 * The script reads the bytes back out of it. */
static void mark_add(struct buf *out, struct view bytes)
{
    buf_add(out, V("<b>"));
    text_add(out, bytes);
    buf_add(out, V("</b>"));
    if (view_ends(bytes, V("\n")))
        buf_add_char(out, '\n');
}

static void bytes_add(struct buf *out, struct view rest)
{
    uint32_t point;
    size_t plain = 0;
    while (plain < rest.len) {
        size_t len = text_point(view_skip(rest, plain), &point);
        if (!text_unsafe(point)) {
            plain += len;
            continue;
        }
        xml_text(out, view_head(rest, plain));
        rest = view_skip(rest, plain);
        plain = 0;
        len = view_starts(rest, V("\r\n")) ? 2 : len;
        mark_add(out, view_head(rest, len));
        rest = view_skip(rest, len);
    }
    xml_text(out, rest);
}

void raw_write(struct buf *out, struct raw_id id, struct view bytes, size_t most)
{
    buf_printf(out, "<pre class=\"raw\" id=\"%c%zu-%zu\" tabindex=\"-1\">", id.kind, id.scene,
               id.number);
    bytes_add(out, view_head(bytes, most));
    buf_add(out, V("</pre>"));
    if (bytes.len > most)
        buf_printf(out, "<p class=\"left-out\">%zu more bytes are left out.</p>\n",
                   bytes.len - most);
}

/* In a word what the ladder shows. */
static void fate_write(struct buf *out, const struct ladder_row *row)
{
    if (row->copy > 0)
        buf_printf(out, " <span class=\"way\">rtx %u</span>", (unsigned)row->copy);
    if (row->again)
        buf_add(out, V(" <span class=\"way\">copied</span>"));
    if (ladder_row_stopped(row))
        buf_printf(out, " <span class=\"fail\">%s</span>", trace_fate_text(row->fate));
    if (row->broken_count > 0)
        html_element(out, "span", "unsure", row->broken);
}

static void summary_write(const struct scene *scene, size_t index)
{
    struct buf *out = scene->page->out, from = {0}, to = {0};
    const struct ladder_row *row = &scene->ladder.rows[index];
    ladder_lane_name(&scene->ladder, row->from, &from);
    ladder_lane_name(&scene->ladder, row->to, &to);
    buf_printf(out, "<summary><span class=\"no\">%zu</span> ", index + 1);
    html_element(out, "b", row->marked ? "bad" : NULL, row->label);
    buf_add(out, V(" <span class=\"way\">"));
    html_text(out, buf_view(&from));
    buf_add(out, V(" → "));
    html_text(out, buf_view(&to));
    buf_add(out, V("</span>"));
    fate_write(out, row);
    buf_add(out, V(" <span class=\"at\">"));
    html_seconds(out, &scene->ladder, row->time_us);
    buf_add(out, V("</span></summary>\n"));
    text_part_end(out, &from);
    text_part_end(out, &to);
}

/* The number by which sentences name it: that of the event. 0: there is none. */
static uint64_t number_of(const struct ladder *ladder, enum ladder_mark_kind kind, size_t row)
{
    for (size_t i = 0; i < ladder->mark_count; i++)
        if (ladder->marks[i].kind == kind && ladder->marks[i].row == row)
            return ladder->marks[i].seq;
    return 0;
}

/* How it went: over what, when it arrived, what befell it. */
static void course_write(const struct scene *scene, size_t index)
{
    struct buf *out = scene->page->out, note = {0};
    const struct ladder_row *row = &scene->ladder.rows[index];
    buf_add(out, V("<p class=\"course\">"));
    uint64_t arrived = number_of(&scene->ladder, MARK_ARRIVED, index);
    buf_printf(out, "%s, %zu bytes, message %llu of the trace", proto_text(row->proto),
               row->bytes.len, (unsigned long long)number_of(&scene->ladder, MARK_SENT, index));
    bool later = row->arrived_us != NEVER && row->arrived_us != row->time_us;
    buf_add(out, later || arrived != 0 ? V(", arrived") : V(""));
    if (later) {
        buf_add(out, V(" at "));
        html_seconds(out, &scene->ladder, row->arrived_us);
    }
    if (arrived != 0)
        buf_printf(out, " as message %llu", (unsigned long long)arrived);
    row_note(&scene->ladder, index, &note);
    if (note.len > 0)
        buf_add(out, V("; "));
    html_text(out, buf_view(&note));
    buf_printf(out, " <a class=\"back\" href=\"#l%zu-%zu\">back to the ladder</a></p>\n",
               scene->number, index + 1);
    text_part_end(out, &note);
}

static void broken_write(const struct scene *scene, size_t index)
{
    struct buf *out = scene->page->out;
    for (size_t i = 0; i < scene->ladder.finding_count; i++) {
        const struct ladder_finding *finding = &scene->ladder.findings[i];
        if (finding->row != index)
            continue;
        buf_add(out, V("<p class=\"finding\">"));
        html_element(out, "b", NULL, finding->rule);
        buf_add(out, V(" "));
        html_text(out, finding->sentence);
        buf_add(out, V(" "));
        html_element(out, "span", "section", finding->section);
        buf_add(out, V("</p>\n"));
    }
}

/* The first transmission of the same bytes, if this is a repetition; else the row itself. */
static size_t same_as(const struct ladder *ladder, size_t index)
{
    const struct ladder_row *row = &ladder->rows[index];
    for (size_t i = 0; i < index && row->copy_of != 0; i++)
        if (ladder->rows[i].seq == row->copy_of && view_equal(ladder->rows[i].bytes, row->bytes))
            return i;
    return index;
}

/* What a message was before, or became after, beside what was on the wire. */
static void version_write(const struct scene *scene, size_t index, char kind, const char *words,
                          struct view bytes)
{
    struct buf *out = scene->page->out;
    if (bytes.ptr == NULL)
        return;
    buf_printf(out, "<div class=\"version\"><p class=\"label\">%s</p>", words);
    raw_write(out, (struct raw_id){kind, scene->number, index + 1}, bytes, BYTES_MOST);
    buf_add(out, V("</div>\n"));
}

static bool changed_after(const struct ladder_row *row)
{
    return row->became.ptr != NULL && !view_equal(row->became, row->bytes);
}

static void versions_write(const struct scene *scene, size_t index)
{
    const struct ladder_row *row = &scene->ladder.rows[index];
    version_write(scene, index, 'w', "Before it was changed", row->was);
    version_write(scene, index, 'm', "On the wire", row->bytes);
    if (changed_after(row))
        version_write(scene, index, 'b', "As it arrived", row->became);
}

static void bytes_write(const struct scene *scene, size_t index)
{
    struct buf *out = scene->page->out;
    const struct ladder_row *row = &scene->ladder.rows[index];
    size_t same = same_as(&scene->ladder, index);
    if (row->was.ptr != NULL || changed_after(row)) {
        buf_add(out, V("<div class=\"pair versions\">\n"));
        versions_write(scene, index);
        buf_add(out, V("</div>\n"));
        return;
    }
    if (same != index) {
        buf_printf(out,
                   "<p id=\"m%zu-%zu\" tabindex=\"-1\">The same bytes as <a href=\"#m%zu-%zu\">"
                   "message %zu</a>.</p>\n",
                   scene->number, index + 1, scene->number, same + 1, same + 1);
        return;
    }
    buf_add(out, V("<div class=\"pair\">"));
    raw_write(out, (struct raw_id){'m', scene->number, index + 1}, row->bytes, BYTES_MOST);
    buf_add(out, V("</div>\n"));
}

void messages_write(const struct scene *scene)
{
    struct buf *out = scene->page->out;
    const struct ladder *ladder = &scene->ladder;
    buf_add(out, V("<div class=\"messages\">\n"));
    for (size_t i = 0; i < ladder->row_count; i++) {
        if (ladder->rows[i].ghost || ladder->rows[i].bytes.ptr == NULL ||
            layout_hides(&scene->layout, i))
            continue;
        buf_printf(out, "<details class=\"msg\"%s>", ladder->rows[i].marked ? " open" : "");
        summary_write(scene, i);
        course_write(scene, i);
        broken_write(scene, i);
        bytes_write(scene, i);
        buf_add(out, V("</details>\n"));
    }
    buf_add(out, V("</div>\n"));
}
