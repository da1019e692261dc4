#include "reports/html/page.h"
#include "reports/text.h"
#include "reports/xml.h"

/* The arrows of a ladder: first all their lines, then what stands at them, so that no line goes
 * through another one's words. */

enum { HEAD_LENGTH = 10, SHAFT_SHORT = 7, LOOP_WIDTH = 26, LOOP_HEIGHT = 14 };

static int isqrt(int64_t value)
{
    int64_t root = 0;
    for (int64_t bit = 1 << 20; bit > 0; bit >>= 1)
        if ((root + bit) * (root + bit) <= value)
            root += bit;
    return (int)root;
}

/* An arrow from its beginning to its end, and the direction in which it goes, in thousandths. */
struct line {
    int x1, y1, x2, y2;
    int length, along_x, along_y;
};

static struct line line_of(const struct layout *layout, size_t index)
{
    const struct ladder_row *row = &layout->ladder->rows[index];
    struct line line = {layout_lane(layout, row->from),
                        layout->rows[index].y1,
                        layout_lane(layout, row->to),
                        layout->rows[index].y2,
                        0,
                        0,
                        0};
    int64_t dx = line.x2 - line.x1, dy = line.y2 - line.y1;
    line.length = isqrt(dx * dx + dy * dy);
    line.along_x = line.length == 0 ? 0 : (int)(dx * 1000 / line.length);
    line.along_y = line.length == 0 ? 0 : (int)(dy * 1000 / line.length);
    return line;
}

/* tenths / 10, as short as it goes */
static void tenth_add(struct buf *out, int tenths)
{
    int size = tenths < 0 ? -tenths : tenths;
    buf_printf(out, "%s%d", tenths < 0 ? "-" : "", size / 10);
    if (size % 10 != 0)
        buf_printf(out, ".%d", size % 10);
}

/* The point at a distance along the line, and at one to its side, both in tenths. */
static void point_add(struct buf *out, const struct line *line, int along, int side)
{
    tenth_add(out, line->x1 * 10 + (along * line->along_x - side * line->along_y) / 1000);
    buf_add_char(out, ' ');
    tenth_add(out, line->y1 * 10 + (along * line->along_y + side * line->along_x) / 1000);
}

static const char *row_style(const struct scene *scene, const struct ladder_row *row)
{
    if (row->ghost)
        return "ghost";
    if (row->marked)
        return "bad";
    if (ladder_row_stopped(row))
        return row->copy > 0 ? "gone rtx" : "gone";
    if (ladder_row_late(&scene->ladder, row))
        return "after";
    if (row->broken_count > 0)
        return "broken";
    return row->copy > 0 || row->again ? "rtx" : "m";
}

/* Where the cross stands: at once when a hook took it, at the other's door when that refused it, a
 * little before it when the network lost it. */
static int cross_at(const struct ladder_row *row, int length)
{
    if (row->fate == FATE_SWALLOWED)
        return 12;
    return row->fate == FATE_REFUSED ? length - 8 : length - length / 5;
}

static bool answers(const struct ladder_row *row)
{
    return row->label.len > 0 && row->label.ptr[0] >= '0' && row->label.ptr[0] <= '9';
}

static void shaft_write(struct buf *out, const struct ladder_row *row, const struct line *line,
                        const char *dashes)
{
    bool stopped = ladder_row_stopped(row);
    int end = 10 * (stopped ? cross_at(row, line->length) : line->length - SHAFT_SHORT);
    buf_printf(out, "<path%s d=\"M%d %dL", dashes, line->x1, line->y1);
    point_add(out, line, end, 0);
    if (stopped) {
        buf_add(out, V("\"/><path class=\"x\" stroke=\"#cf4a40\" d=\"M"));
        point_add(out, line, end, 0);
        buf_add(out, V("m-5-5l10 10m0-10l-10 10\"/>"));
        return;
    }
    buf_printf(out, "\"/><path class=\"h\" d=\"M%d %dL", line->x2, line->y2);
    point_add(out, line, 10 * (line->length - HEAD_LENGTH), 45);
    buf_add_char(out, 'L');
    point_add(out, line, 10 * (line->length - HEAD_LENGTH), -45);
    buf_add(out, V("z\"/>"));
}

static void loop_write(struct buf *out, const struct line *line)
{
    buf_printf(out, "<path d=\"M%d %dh%dv%dh-18\"/><path class=\"h\" d=\"M%d %dl10-4.5v9z\"/>",
               line->x1, line->y1, LOOP_WIDTH, LOOP_HEIGHT, line->x1, line->y1 + LOOP_HEIGHT);
}

void shafts_write(const struct scene *scene)
{
    struct buf *out = scene->page->out;
    buf_add(
        out,
        V("<g class=\"shafts\" aria-hidden=\"true\" stroke=\"#7d8590\" stroke-width=\"1.5\">\n"));
    for (size_t i = 0; i < scene->ladder.row_count; i++) {
        const struct ladder_row *row = &scene->ladder.rows[i];
        const char *style = row_style(scene, row);
        bool red = row->ghost || row->marked;
        if (layout_hides(&scene->layout, i))
            continue;
        struct line line = line_of(&scene->layout, i);
        buf_printf(out, "<g class=\"%s\"%s>", style, red ? " stroke=\"#cf4a40\"" : "");
        if (row->from == row->to)
            loop_write(out, &line);
        else
            shaft_write(out, row, &line,
                        row->ghost     ? " stroke-dasharray=\"1.5 5\""
                        : answers(row) ? " stroke-dasharray=\"7 4\""
                                       : "");
        buf_add(out, V("</g>\n"));
    }
    buf_add(out, V("</g>\n"));
}

/* What a screen reader says, and who points at it is shown: "2. 180 INVITE from bob to alice at
 * 0.001 s; rtx 1 of 6". */
static void spoken_write(const struct scene *scene, size_t index)
{
    const struct ladder *ladder = &scene->ladder;
    const struct ladder_row *row = &ladder->rows[index];
    struct buf text = {0}, note = {0};
    buf_printf(&text, "%zu. ", index + 1);
    text_add(&text, row->label);
    buf_add(&text, V(" from "));
    ladder_lane_name(ladder, row->from, &text);
    buf_add(&text, V(" to "));
    ladder_lane_name(ladder, row->to, &text);
    buf_add(&text, V(" at "));
    html_seconds(&text, ladder, row->time_us);
    buf_add(&text, V(" s"));
    row_note(ladder, index, &note);
    buf_add(&text, note.len > 0 ? V("; ") : V(""));
    buf_add(&text, buf_view(&note));
    html_element(scene->page->out, "title", NULL, buf_view(&text));
    text_part_end(scene->page->out, &text);
    text_part_end(scene->page->out, &note);
}

static void label_write(const struct scene *scene, size_t index)
{
    struct buf *out = scene->page->out, text = {0};
    const struct ladder_row *row = &scene->ladder.rows[index];
    const struct layout_row *place = &scene->layout.rows[index];
    text_add_cut(&text, row->label, layout_columns(&scene->layout, row, LAYOUT_LETTER));
    buf_printf(out, "<text class=\"label\" x=\"%d\" y=\"%d\">", place->x, place->label_y);
    xml_text(out, buf_view(&text));
    if (place->copy_in_label) {
        buf_clear(&text);
        row_copy_words(row, &text);
        buf_add(out, V("<tspan class=\"why\" dx=\"6\">"));
        xml_text(out, buf_view(&text));
        buf_add(out, V("</tspan>"));
    }
    buf_add(out, V("</text>"));
    text_part_end(out, &text);
}

static void notes_write(const struct scene *scene, size_t index)
{
    struct buf lines = {0};
    const struct layout_row *place = &scene->layout.rows[index];
    size_t columns = layout_columns(&scene->layout, &scene->ladder.rows[index], LAYOUT_NOTE_LETTER);
    row_note_lines(&scene->ladder, index, !place->copy_in_label, &lines);
    struct view rest = buf_view(&lines);
    for (int y = place->note_y; rest.len > 0; y += LAYOUT_NOTE)
        svg_text(scene->page->out, "why", place->x, y, text_line_take(&rest), columns);
    text_part_end(scene->page->out, &lines);
}

static void row_words(const struct scene *scene, size_t index)
{
    struct buf *out = scene->page->out;
    const struct ladder_row *row = &scene->ladder.rows[index];
    struct line line = line_of(&scene->layout, index);
    bool loop = row->from == row->to;
    buf_printf(out,
               "<path class=\"hit\" fill=\"none\" stroke=\"transparent\" "
               "stroke-width=\"20\" d=\"M%d %dL%d %d\"/>",
               line.x1, line.y1, loop ? line.x1 + LOOP_WIDTH : line.x2, line.y2);
    if (loop) {
        svg_text(out, "label self", line.x1 + LOOP_WIDTH + 6, line.y1 + 11, row->label,
                 layout_columns(&scene->layout, row, LAYOUT_LETTER));
    } else {
        label_write(scene, index);
        notes_write(scene, index);
    }
}

static bool linked(const struct scene *scene, const struct ladder_row *row)
{
    return scene->full && !row->ghost && row->bytes.ptr != NULL;
}

static void row_write(const struct scene *scene, size_t index)
{
    struct buf *out = scene->page->out;
    const struct ladder_row *row = &scene->ladder.rows[index];
    bool link = linked(scene, row);
    buf_add(out, V("<g role=\"listitem\">"));
    buf_printf(out, "<%s id=\"l%zu-%zu\" class=\"%s\"%s", link ? "a" : "g", scene->number,
               index + 1, row_style(scene, row), row->ghost ? " data-kind=\"absent\"" : "");
    if (link)
        buf_printf(out, " href=\"#m%zu-%zu\"", scene->number, index + 1);
    buf_add_char(out, '>');
    if (link || row->ghost)
        spoken_write(scene, index);
    row_words(scene, index);
    buf_printf(out, link ? "</a></g>\n" : "</g></g>\n");
}

void words_write(const struct scene *scene)
{
    buf_add(scene->page->out, V("<g role=\"list\">\n"));
    for (size_t i = 0; i < scene->ladder.row_count; i++)
        if (!layout_hides(&scene->layout, i))
            row_write(scene, i);
    buf_add(scene->page->out, V("</g>\n"));
}
