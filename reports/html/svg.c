#include "reports/html/page.h"
#include "reports/text.h"
#include "reports/xml.h"

enum { TICK_AWAY = 21, HEAD_TOP = 4, HEAD_HEIGHT = 36, FOOT_ROWS = 18 };

void svg_text(struct buf *out, const char *style, int x, int y, struct view text, size_t columns)
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
    svg_text(out, "who", x, y + (address.len > 0 ? 16 : 22), buf_view(&name),
             (size_t)(width - 8) / 8);
    if (address.len > 0)
        svg_text(out, "address", x, y + 29, buf_view(&address), (size_t)(width - 8) / 6);
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
    return (layout->left + layout->width - layout->right) / 2;
}

/* Folds, and what is left out. */
static void fold_write(const struct scene *scene, const struct layout_item *item)
{
    struct buf text = {0};
    buf_add(&text, V("⋯ "));
    if (item->kind == LAYOUT_LEFT)
        buf_printf(&text, "%zu more messages", item->count);
    else
        text_add_duration(&text, item->idle_us);
    buf_add(&text, V(" ⋯"));
    svg_text(scene->page->out, "band", middle_of(&scene->layout), item->y1 + 16, buf_view(&text),
             60);
    text_part_end(scene->page->out, &text);
}

static void line_write(const struct scene *scene, const struct layout_item *item, const char *style,
                       struct view words)
{
    struct buf *out = scene->page->out;
    int width = scene->layout.width;
    buf_printf(out, "<path class=\"%s\" d=\"M4 %dH%d\"/>", style, item->y1 + 3, width - 4);
    svg_text(out, style, 4, item->y1 + 17, words, (size_t)(width - 8) / LAYOUT_NOTE_LETTER);
    buf_add_char(out, '\n');
}

static void late_write(const struct scene *scene, const struct layout_item *item)
{
    line_write(scene, item, "late", V("failed here; the tidy-up follows"));
}

static void step_write(const struct scene *scene, const struct layout_item *item)
{
    line_write(scene, item, "step", scene->ladder.marks[item->mark].what);
}

static void names_write(const struct scene *scene, const struct layout_item *item)
{
    for (uint32_t i = 0; i < scene->ladder.lane_count; i++) {
        struct buf name = {0};
        ladder_lane_name(&scene->ladder, i, &name);
        svg_text(scene->page->out, "again", layout_lane(&scene->layout, i), item->y1 + 16,
                 buf_view(&name), (size_t)(scene->layout.gap - 10) / LAYOUT_LETTER);
        text_part_end(scene->page->out, &name);
    }
    buf_add_char(scene->page->out, '\n');
}

static void state_write(const struct scene *scene, const struct layout_item *item)
{
    const struct layout *layout = &scene->layout;
    const struct ladder_mark *mark = &scene->ladder.marks[item->mark];
    struct buf text = {0}, *out = scene->page->out;
    layout_pill_text(mark, &text);
    int width = layout_pill_width(mark), left = layout_pill_left(layout, mark->lane, width);
    buf_add(out, V("<g class=\"state\"><title>"));
    html_seconds(out, &scene->ladder, mark->time_us);
    buf_add(out, V(" s: "));
    html_text(out, mark->what);
    buf_add_char(out, ' ');
    html_text(out, mark->from);
    buf_add(out, V(" → "));
    html_text(out, mark->to);
    buf_add(out, mark->why.len > 0 ? V(", ") : V(""));
    html_text(out, mark->why);
    buf_printf(
        out, "</title><rect fill=\"none\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\"/>",
        left, item->y1, width, LAYOUT_PILL);
    svg_text(out, "note", left + width / 2, item->y1 + 12, buf_view(&text), 40);
    buf_add(out, V("</g>\n"));
    text_part_end(out, &text);
}

static void timer_write(const struct scene *scene, const struct layout_item *item)
{
    const struct ladder_mark *mark = &scene->ladder.marks[item->mark];
    struct buf *out = scene->page->out;
    int side = mark->lane == 0 && scene->ladder.lane_count > 1 ? -1 : 1;
    int lane = layout_lane(&scene->layout, mark->lane), x = lane + side * (5 + 6 * (int)item->slot);
    int y2 = item->y2 > item->y1 + 6 ? item->y2 : item->y1 + 6;
    bool stopped = mark->act == TIMER_STOPPED;
    buf_printf(out, "<g class=\"timer%s\"><title>Timer ", stopped ? " stopped" : "");
    html_text(out, mark->what);
    buf_add(out, stopped ? V(" was stopped at ") : V(" fired at "));
    html_seconds(out, &scene->ladder, mark->time_us);
    buf_printf(out, " s</title><path fill=\"none\" stroke=\"#9a6a12\" d=\"M%d %dV%d%s\"/>", x,
               item->y1 + 2, y2, stopped ? "m-3 0h6" : "m-3-3l3 3l3-3");
    if (!stopped)
        svg_text(out, side < 0 ? "tick before" : "tick", lane + side * TICK_AWAY, item->tick,
                 mark->what, 10);
    buf_add(out, V("</g>\n"));
}

/* At the left, where it differs from the one above. */
static void times_write(const struct scene *scene)
{
    struct buf *out = scene->page->out, before = {0};
    for (size_t i = 0; i < scene->ladder.row_count; i++) {
        struct buf time = {0};
        html_seconds(&time, &scene->ladder, scene->ladder.rows[i].time_us);
        if (!layout_hides(&scene->layout, i) && !view_equal(buf_view(&time), buf_view(&before)))
            svg_text(out, "time", scene->layout.times, scene->layout.rows[i].y1 + 4,
                     buf_view(&time), time.len);
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

/* What carries nothing but shape: it has its colour from the group where there is no style. */
static void frame_write(const struct scene *scene, int bottom, bool foot)
{
    struct buf *out = scene->page->out;
    buf_add(out, V("<g aria-hidden=\"true\" fill=\"none\" stroke=\"#7d8590\">\n"));
    for (uint32_t i = 0; i < scene->ladder.lane_count; i++)
        lane_write(scene, i, bottom);
    buf_add(out, V("</g>\n"));
    for (uint32_t i = 0; i < scene->ladder.lane_count; i++) {
        name_write(scene, i, HEAD_TOP);
        if (foot)
            name_write(scene, i, bottom);
    }
    buf_add_char(out, '\n');
    times_write(scene);
}

/* Colours are attributes besides, for where no style is let in; that of the page is stronger. */
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
               "aria-label=\"Ladder of %zu messages\" fill=\"#7d8590\" "
               "font-family=\"sans-serif\" font-size=\"12\" text-anchor=\"middle\">\n",
               layout->width, height, layout->width, height, (size_t)ladder->row_count);
    frame_write(scene, bottom, foot);
    items_write(scene, LAYOUT_TIMER, timer_write);
    items_write(scene, LAYOUT_FOLD, fold_write);
    items_write(scene, LAYOUT_LEFT, fold_write);
    items_write(scene, LAYOUT_LATE, late_write);
    items_write(scene, LAYOUT_STEP, step_write);
    items_write(scene, LAYOUT_NAMES, names_write);
    shafts_write(scene);
    words_write(scene);
    items_write(scene, LAYOUT_STATE, state_write);
    buf_add(out, V("</svg></div>\n"));
}
