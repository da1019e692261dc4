#include "reports/html/page.h"
#include "reports/text.h"
#include "reports/xml.h"

enum {
    LETTER = 6,
    TIME_RIGHT = 57,
    TICK_AWAY = 21,
    HEAD_TOP = 8,
    HEAD_HEIGHT = 36,
    FOOT_ROWS = 18
};

static int isqrt(int value)
{
    int root = 0;
    for (int bit = 1 << 15; bit > 0; bit >>= 1)
        if ((int64_t)(root + bit) * (root + bit) <= value)
            root += bit;
    return root;
}

/* value / 1000, as a decimal */
static void milli_add(struct buf *out, int value)
{
    int size = value < 0 ? -value : value;
    buf_printf(out, "%s%d.%03d", value < 0 ? "-" : "", size / 1000, size % 1000);
}

static void text_at(struct buf *out, const char *style, int x, int y, struct view text,
                    size_t columns)
{
    struct buf fit = {0};
    text_add_cut(&fit, text, columns);
    buf_printf(out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", style, x, y);
    xml_text(out, buf_view(&fit));
    buf_add(out, V("</text>"));
    text_part_end(out, &fit);
}

/* Who it is, above and, where the ladder is long, below. */
static void name_write(const struct scene *scene, uint32_t lane, int y)
{
    struct buf *out = scene->page->out, name = {0}, address = {0};
    const struct ladder_lane *party = &scene->ladder.lanes[lane];
    int x = layout_lane(&scene->layout, lane), width = scene->layout.gap - 24;
    width = width > 132 ? 132 : width;
    ladder_lane_name(&scene->ladder, lane, &name);
    if (party->addr.family != 0 && party->name.len > 0)
        addr_write(&address, &party->addr);
    buf_printf(out,
               "<rect class=\"party\" fill=\"none\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
               "rx=\"6\"/>",
               x - width / 2, y, width, HEAD_HEIGHT);
    text_at(out, "who", x, y + (address.len > 0 ? 16 : 22), buf_view(&name),
            (size_t)(width - 8) / 8);
    if (address.len > 0)
        text_at(out, "address", x, y + 29, buf_view(&address), (size_t)(width - 8) / 6);
    text_part_end(out, &name);
    text_part_end(out, &address);
}

static void lane_line(const struct scene *scene, int x, int y1, int y2, bool folded)
{
    if (y2 > y1)
        buf_printf(scene->page->out, "<path class=\"lane%s\" d=\"M%d %dV%d\"/>",
                   folded ? " folded" : "", x, y1, y2);
}

/* A lane is dotted where time was folded. */
static void lane_write(const struct scene *scene, uint32_t lane, int bottom)
{
    const struct layout *layout = &scene->layout;
    int x = layout_lane(layout, lane), y = HEAD_TOP + HEAD_HEIGHT;
    for (size_t i = 0; i < layout->item_count; i++) {
        const struct layout_item *item = &layout->items[i];
        if (item->kind != LAYOUT_FOLD && item->kind != LAYOUT_LEFT)
            continue;
        lane_line(scene, x, y, item->y1, false);
        lane_line(scene, x, item->y1, item->y2, true);
        y = item->y2;
    }
    lane_line(scene, x, y, bottom, false);
}

static int middle_of(const struct layout *layout)
{
    return (LAYOUT_LEFT_MARGIN + layout->width - LAYOUT_RIGHT_MARGIN) / 2;
}

static void band_write(const struct scene *scene, const struct layout_item *item)
{
    const struct layout *layout = &scene->layout;
    struct buf text = {0}, *out = scene->page->out;
    bool late = item->kind == LAYOUT_LATE;
    if (item->kind == LAYOUT_LEFT) {
        buf_printf(&text, "⋯ %zu more messages ⋯", item->count);
    } else if (late) {
        buf_add(&text, V("failed here; the tidy-up follows"));
    } else {
        buf_add(&text, V("⋯ "));
        text_add_duration(&text, item->idle_us);
        buf_add(&text, V(" ⋯"));
    }
    if (late)
        buf_printf(out, "<path class=\"late\" d=\"M%d %dH%d\"/>", 8, item->y1 + 2,
                   layout->width - 8);
    text_at(out, late ? "band late" : "band", middle_of(layout), item->y1 + 17, buf_view(&text),
            60);
    text_part_end(out, &text);
}

static void state_write(const struct scene *scene, const struct layout_item *item)
{
    const struct layout *layout = &scene->layout;
    const struct ladder_mark *mark = &scene->ladder.marks[item->mark];
    struct buf text = {0}, *out = scene->page->out;
    text_add(&text, mark->what);
    buf_add_char(&text, ' ');
    text_add(&text, mark->to);
    int width = (int)text_columns(buf_view(&text)) * LETTER + 14;
    int x = layout_lane(layout, mark->lane), left = x - width / 2;
    left = left + width > layout->width - 2 ? layout->width - 2 - width : left;
    left = left < TIME_RIGHT + 6 ? TIME_RIGHT + 6 : left;
    buf_printf(out, "<g class=\"state\"><title>%llu.%06llu s: ",
               (unsigned long long)(mark->time_us / US_PER_S),
               (unsigned long long)(mark->time_us % US_PER_S));
    html_text(out, mark->from);
    buf_add(out, V(" → "));
    html_text(out, mark->to);
    buf_add(out, mark->why.len > 0 ? V(", ") : V(""));
    html_text(out, mark->why);
    buf_printf(
        out, "</title><rect fill=\"none\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\"/>",
        left, item->y1, width, LAYOUT_PILL);
    text_at(out, "note", left + width / 2, item->y1 + 12, buf_view(&text), 40);
    buf_add(out, V("</g>\n"));
    text_part_end(out, &text);
}

static void timer_write(const struct scene *scene, const struct layout_item *item)
{
    const struct ladder_mark *mark = &scene->ladder.marks[item->mark];
    struct buf *out = scene->page->out;
    int side = mark->lane == 0 ? -1 : 1;
    int lane = layout_lane(&scene->layout, mark->lane), x = lane + side * (5 + 6 * (int)item->slot);
    int y2 = item->y2 > item->y1 + 6 ? item->y2 : item->y1 + 6;
    buf_add(out, V("<g class=\"timer\"><title>Timer "));
    html_text(out, mark->what);
    buf_add(out, V(" fired at "));
    html_seconds(out, &scene->ladder, mark->time_us);
    buf_printf(out, " s</title><path d=\"M%d %dV%dm-3-3l3 3l3-3\"/>", x, item->y1 + 2, y2);
    text_at(out, side < 0 ? "tick before" : "tick", lane + side * TICK_AWAY, y2 - 1, mark->what, 7);
    buf_add(out, V("</g>\n"));
}

static const char *row_style(const struct scene *scene, const struct ladder_row *row)
{
    if (row->ghost)
        return "ghost";
    if (row->marked)
        return "bad";
    if (ladder_row_stopped(row))
        return "gone";
    if (ladder_row_late(&scene->ladder, row))
        return "after";
    if (row->broken_count > 0)
        return "broken";
    return row->copy > 0 || row->again ? "rtx" : "m";
}

/* Where the cross stands, as seen from the sender: at once when a hook took it, at the other's door
 * when that refused it, a little before it when the network lost it. */
static int cross_at(const struct ladder_row *row, int length)
{
    if (row->fate == FATE_SWALLOWED)
        return 12;
    return row->fate == FATE_REFUSED ? length - 8 : length - length / 5;
}

/* In a frame whose x axis lies along the arrow and whose origin is its left end. */
static void shaft_write(struct buf *out, const struct ladder_row *row, int length)
{
    bool rightwards = row->from < row->to;
    if (ladder_row_stopped(row)) {
        int at = cross_at(row, length), x = rightwards ? at : length - at;
        buf_printf(out, "<path d=\"M%d 0H%d\"/><path class=\"x\" d=\"M%d-5l10 10m0-10l-10 10\"/>",
                   rightwards ? 0 : length, x, x - 5);
        return;
    }
    buf_printf(out, rightwards ? "<path d=\"M0 0H%d\"/>" : "<path d=\"M%d 0H7\"/>",
               rightwards ? length - 7 : length);
    if (rightwards)
        buf_printf(out, "<path class=\"h\" d=\"M%d 0l-10-4.5v9z\"/>", length);
    else
        buf_add(out, V("<path class=\"h\" d=\"M0 0l10-4.5v9z\"/>"));
}

static void frame_open(struct buf *out, int dx, int dy, int x, int y)
{
    int length = isqrt(dx * dx + dy * dy);
    int cosine = dx * 1000 / length, sine = dy * 1000 / length;
    buf_add(out, V("<g transform=\"matrix("));
    milli_add(out, cosine);
    buf_add_char(out, ' ');
    milli_add(out, sine);
    buf_add_char(out, ' ');
    milli_add(out, -sine);
    buf_add_char(out, ' ');
    milli_add(out, cosine);
    buf_printf(out, " %d %d)\">", x, y);
}

static void loop_write(const struct scene *scene, size_t index, int x, int y)
{
    struct buf *out = scene->page->out;
    buf_printf(out,
               "<g transform=\"translate(%d %d)\"><path d=\"M0 0h26v14H8\"/><path class=\"h\" "
               "d=\"M0 14l10-4.5v9z\"/>",
               x, y);
    text_at(out, "self", 32, 11, scene->ladder.rows[index].label, 12);
    buf_add(out, V("</g>"));
}

static void arrow_write(const struct scene *scene, size_t index)
{
    const struct layout *layout = &scene->layout;
    const struct ladder_row *row = &scene->ladder.rows[index];
    struct buf *out = scene->page->out, note = {0};
    int x1 = layout_lane(layout, row->from), x2 = layout_lane(layout, row->to);
    int y1 = layout->rows[index].y1, y2 = layout->rows[index].y2;
    if (row->from == row->to) {
        loop_write(scene, index, x1, y1);
        return;
    }
    bool rightwards = x1 < x2;
    int dx = rightwards ? x2 - x1 : x1 - x2, dy = rightwards ? y2 - y1 : y1 - y2;
    int length = isqrt(dx * dx + dy * dy);
    size_t span = (size_t)(dx - 30);
    frame_open(out, dx, dy, rightwards ? x1 : x2, rightwards ? y1 : y2);
    buf_printf(out, "<rect class=\"hit\" fill=\"none\" y=\"-17\" width=\"%d\" height=\"24\"/>",
               length);
    shaft_write(out, row, length);
    text_at(out, "label", length / 2, -5, row->label, span / 7);
    row_note(&scene->ladder, index, &note);
    if (note.len > 0)
        text_at(out, "why", length / 2, 12, buf_view(&note), (span + 24) / 5);
    buf_add(out, V("</g>"));
    text_part_end(out, &note);
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

static bool linked(const struct scene *scene, const struct ladder_row *row)
{
    return scene->full && !row->ghost && row->bytes.ptr != NULL;
}

static void row_write(const struct scene *scene, size_t index)
{
    struct buf *out = scene->page->out;
    const struct ladder_row *row = &scene->ladder.rows[index];
    bool answer = row->label.len > 0 && row->label.ptr[0] >= '0' && row->label.ptr[0] <= '9';
    bool link = linked(scene, row);
    buf_printf(out, "<%s id=\"l%zu-%zu\" class=\"%s%s\"%s", link ? "a" : "g", scene->number,
               index + 1, row_style(scene, row), answer ? " answer" : "",
               row->ghost ? " data-kind=\"absent\"" : "");
    if (link)
        buf_printf(out, " href=\"#m%zu-%zu\"", scene->number, index + 1);
    buf_add_char(out, '>');
    if (link || row->ghost)
        spoken_write(scene, index);
    arrow_write(scene, index);
    buf_printf(out, link ? "</a>\n" : "</g>\n");
}

/* At the left, where it differs from the one above. */
static void times_write(const struct scene *scene)
{
    struct buf *out = scene->page->out, before = {0};
    for (size_t i = 0; i < scene->ladder.row_count; i++) {
        struct buf time = {0};
        html_seconds(&time, &scene->ladder, scene->ladder.rows[i].time_us);
        if (!layout_hides(&scene->layout, i) && !view_equal(buf_view(&time), buf_view(&before)))
            text_at(out, "time", TIME_RIGHT, scene->layout.rows[i].y1 + 4, buf_view(&time), 12);
        text_part_end(out, &before);
        before = time;
    }
    buf_add_char(out, '\n');
    text_part_end(out, &before);
}

/* What lies on top comes later. */
static void items_write(const struct scene *scene, enum layout_kind kind,
                        void (*write)(const struct scene *scene, const struct layout_item *item))
{
    const struct layout *layout = &scene->layout;
    for (size_t i = 0; i < layout->item_count; i++)
        if (layout->items[i].kind == kind)
            write(scene, &layout->items[i]);
}

void svg_write(const struct scene *scene)
{
    const struct layout *layout = &scene->layout;
    const struct ladder *ladder = &scene->ladder;
    struct buf *out = scene->page->out;
    bool foot = ladder->row_count > FOOT_ROWS;
    int bottom = layout->height, height = bottom + (foot ? HEAD_HEIGHT + 4 : 0);
    /* What scrolls has to be reached by keys, if not by a link in it. */
    buf_printf(out, "<div class=\"ladder\"%s>",
               scene->full ? "" : " tabindex=\"0\" role=\"group\" aria-label=\"Ladder\"");
    buf_printf(out,
               "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"group\" "
               "aria-label=\"Ladder of %zu messages\" fill=\"#6b7280\" stroke=\"#6b7280\" "
               "stroke-width=\".6\" font-family=\"sans-serif\" font-size=\"12\">\n",
               layout->width, height, layout->width, height, (size_t)ladder->row_count);
    for (uint32_t i = 0; i < ladder->lane_count; i++) {
        lane_write(scene, i, bottom);
        name_write(scene, i, HEAD_TOP);
        if (foot)
            name_write(scene, i, bottom);
    }
    times_write(scene);
    items_write(scene, LAYOUT_FOLD, band_write);
    items_write(scene, LAYOUT_LEFT, band_write);
    items_write(scene, LAYOUT_LATE, band_write);
    items_write(scene, LAYOUT_TIMER, timer_write);
    for (size_t i = 0; i < ladder->row_count; i++)
        if (!layout_hides(layout, i))
            row_write(scene, i);
    items_write(scene, LAYOUT_STATE, state_write);
    buf_add(out, V("</svg></div>\n"));
}
