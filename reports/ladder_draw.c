#include "reports/ladder.h"

#include "reports/canvas.h"
#include "reports/text.h"

enum { GAP_LEAST = 14, GAP_USUAL = 29, GAP_MOST = 44, NOTES = 30, MARGIN = 4, WHY_MOST = 60 };

struct drawing {
    struct buf *out;
    const struct ladder *ladder;
    size_t gap, indent;
    unsigned places; /* of a second */
};

static size_t bar_column(const struct drawing *drawing, uint32_t lane)
{
    return MARGIN + lane * drawing->gap;
}

static void bars_put(const struct drawing *drawing, struct canvas *canvas)
{
    for (uint32_t i = 0; i < drawing->ladder->lane_count; i++)
        canvas_put(canvas, bar_column(drawing, i), V("|"));
}

static const char *shaft_of(const struct ladder_row *row)
{
    return row->ghost ? " " : row->marked || row->broken_count > 0 ? "=" : "-";
}

/* Columns between the two bars: [left, right). */
static void shaft_put(struct canvas *canvas, const struct ladder_row *row, size_t left,
                      size_t right)
{
    canvas_fill(canvas, left, right, shaft_of(row));
    for (size_t i = left + 1; row->ghost && i < right; i += 2)
        canvas_put(canvas, i, V("·"));
}

/* Where the cross stands, as seen from the sender: at once when a hook took it, at the other's door
 * when that refused it, a little before it when the network lost it. */
static size_t cross_distance(const struct ladder_row *row, size_t span)
{
    if (row->fate == FATE_SWALLOWED)
        return 0;
    return row->fate == FATE_REFUSED ? span - 1 : span - 1 - span / 6;
}

static void stopped_put(struct canvas *canvas, const struct ladder_row *row, size_t left,
                        size_t right)
{
    size_t span = right - left, distance = cross_distance(row, span);
    bool rightwards = row->from < row->to;
    size_t cross = rightwards ? left + distance : right - 1 - distance;
    size_t from = rightwards ? left : cross + 1, to = rightwards ? cross : right;
    if (row->fate == FATE_SWALLOWED) {
        canvas_label(canvas, row->label, left + 1, right - 1);
    } else {
        shaft_put(canvas, row, from, to);
        canvas_label(canvas, row->label, from, to);
    }
    canvas_put(canvas, cross, V("✗"));
}

static void arrow_put(const struct drawing *drawing, struct canvas *canvas,
                      const struct ladder_row *row)
{
    size_t from = bar_column(drawing, row->from), to = bar_column(drawing, row->to);
    size_t left = (from < to ? from : to) + 1, right = from < to ? to : from;
    if (from == to) {
        canvas_put(canvas, from + 1, V("@")); /* to itself */
        canvas_label(canvas, row->label, from + 2, from + drawing->gap - 1);
        return;
    }
    if (ladder_row_stopped(row)) {
        stopped_put(canvas, row, left, right);
        return;
    }
    shaft_put(canvas, row, left, right);
    canvas_label(canvas, row->label, left + 1, right - 1);
    if (from < to)
        canvas_put(canvas, right - 1, V(">"));
    else
        canvas_put(canvas, left, V("<"));
}

static void note_add(struct buf *notes, struct view text, struct view why)
{
    buf_add(notes, notes->len == 0 ? V("") : V("; "));
    buf_add(notes, text);
    if (why.len > 0) {
        buf_add(notes, V(": "));
        text_add_cut(notes, why, WHY_MOST);
    }
}

static void fate_note(const struct ladder_row *row, struct buf *notes)
{
    static const char *const texts[] = {
        [FATE_SWALLOWED] = "swallowed by a hook", [FATE_CHANGED] = "changed", [FATE_LOST] = "lost",
        [FATE_CORRUPTED] = "corrupted",           [FATE_REFUSED] = "refused",
    };
    bool gone = row->fate == FATE_LOST || row->fate == FATE_REFUSED;
    if (row->again)
        note_add(notes, V("copied by the network"), row->copied_why);
    else if (row->fate <= FATE_REFUSED && texts[row->fate] != NULL &&
             !(gone && row->arrived_us != NEVER)) /* it was a copy of it that was lost */
        note_add(notes, view_of(texts[row->fate]), row->why);
}

static void broken_note(const struct ladder_row *row, struct buf *notes)
{
    if (row->broken_count == 0)
        return;
    note_add(notes, V("breaks "), (struct view){0});
    text_add_cut(notes, row->broken, WHY_MOST);
    if (row->broken_count > 1)
        buf_printf(notes, " and %u more", row->broken_count - 1);
}

static void notes_write(const struct drawing *drawing, size_t index, struct buf *notes)
{
    const struct ladder *ladder = drawing->ladder;
    const struct ladder_row *row = &ladder->rows[index];
    struct view mark = ladder->detail.mark.len > 0 ? ladder->detail.mark : V("unexpected here");
    if (row->ghost)
        note_add(notes, V("expected, never came"), (struct view){0});
    if (row->marked && !view_equal(mark, row->broken)) { /* broken_note tells it */
        note_add(notes, V(""), (struct view){0});
        text_add_cut(notes, mark, WHY_MOST);
    }
    if (row->copy > 0) {
        note_add(notes, V("rtx "), (struct view){0});
        buf_add_uint(notes, row->copy);
    }
    broken_note(row, notes);
    fate_note(row, notes);
    if (ladder_row_overtaken(ladder, index)) {
        note_add(notes, V("arrives "), (struct view){0});
        text_add_seconds(notes, row->arrived_us, drawing->places);
    }
}

/* A line between what was under test and the tidy-up. */
static void divider_write(const struct drawing *drawing, size_t index)
{
    const struct ladder *ladder = drawing->ladder;
    bool after = ladder_row_late(ladder, &ladder->rows[index]);
    if (!after || (index > 0 && ladder_row_late(ladder, &ladder->rows[index - 1])))
        return;
    text_spaces(drawing->out, drawing->indent + MARGIN);
    buf_add(drawing->out, V("⋯ failed here; the tidy-up follows ⋯\n"));
}

static void row_write(const struct drawing *drawing, size_t index)
{
    const struct ladder_row *row = &drawing->ladder->rows[index];
    struct canvas canvas;
    struct buf notes = {0}, time = {0};
    divider_write(drawing, index);
    canvas_clear(&canvas);
    bars_put(drawing, &canvas);
    arrow_put(drawing, &canvas, row);
    text_spaces(drawing->out, drawing->indent);
    canvas_write(&canvas, drawing->out);
    notes.failed = canvas.failed;
    text_add_seconds(&time, row->time_us, drawing->places);
    text_spaces(drawing->out, time.len < drawing->places + 5 ? drawing->places + 5 - time.len : 1);
    buf_add(drawing->out, buf_view(&time));
    notes_write(drawing, index, &notes);
    if (notes.len > 0)
        buf_add(drawing->out, V("   "));
    buf_add(drawing->out, buf_view(&notes));
    buf_add_char(drawing->out, '\n');
    text_part_end(drawing->out, &time);
    text_part_end(drawing->out, &notes);
}

static void names_write(const struct drawing *drawing)
{
    struct canvas canvas;
    size_t free_from = 0;
    canvas_clear(&canvas);
    for (uint32_t i = 0; i < drawing->ladder->lane_count; i++) {
        struct buf name = {0}, fit = {0};
        ladder_lane_name(drawing->ladder, i, &name);
        size_t took = text_add_cut(&fit, buf_view(&name), drawing->gap - 2);
        size_t bar = bar_column(drawing, i);
        size_t at = bar > took / 2 ? bar - took / 2 : 0;
        at = at < free_from ? free_from : at;
        canvas_text(&canvas, at, buf_view(&fit));
        free_from = at + took + 1;
        text_part_end(drawing->out, &name);
        text_part_end(drawing->out, &fit);
    }
    text_spaces(drawing->out, drawing->indent);
    canvas_write(&canvas, drawing->out);
    buf_add_char(drawing->out, '\n');
}

static size_t gap_choose(const struct ladder *ladder, unsigned width, size_t indent)
{
    size_t wanted = ladder->lane_count > 2 ? GAP_USUAL - 5 : GAP_USUAL;
    size_t spans = ladder->lane_count > 1 ? ladder->lane_count - 1 : 1;
    size_t taken = indent + MARGIN + NOTES;
    size_t most = width > taken ? (width - taken) / spans : 0;
    most = most < GAP_LEAST ? GAP_LEAST : most > GAP_MOST ? GAP_MOST : most;
    for (size_t i = 0; i < ladder->row_count; i++) {
        size_t needed = text_columns(ladder->rows[i].label) + 8;
        wanted = needed > wanted ? needed : wanted;
    }
    return wanted > most ? most : wanted;
}

/* Milliseconds where that says all there is, else microseconds. */
static unsigned places_choose(const struct ladder *ladder)
{
    for (size_t i = 0; i < ladder->row_count && !ladder->real; i++)
        if (ladder->rows[i].time_us % US_PER_MS != 0)
            return 6;
    return 3;
}

void ladder_draw(struct buf *out, const struct ladder *ladder, unsigned width, size_t most,
                 size_t indent)
{
    struct drawing drawing = {out, ladder, gap_choose(ladder, width, indent), indent,
                              places_choose(ladder)};
    if (ladder->row_count == 0)
        return;
    size_t head = ladder->row_count > most ? most / 4 : ladder->row_count;
    size_t tail = ladder->row_count > most ? ladder->row_count - (most - head) : head;
    names_write(&drawing);
    for (size_t i = 0; i < head; i++)
        row_write(&drawing, i);
    if (tail > head) {
        text_spaces(out, indent + MARGIN);
        buf_printf(out, "⋯ %zu more ⋯\n", tail - head);
    }
    for (size_t i = tail; i < ladder->row_count; i++)
        row_write(&drawing, i);
}

enum { REPORT_ROWS_MOST = 400 };

void report_ladder_write(struct buf *out, const struct report_case *one, unsigned width)
{
    struct ladder ladder;
    enum err err = ladder_init(&ladder, one);
    if (err != ERR_OK) {
        out->failed = out->failed == ERR_OK ? err : out->failed;
        return;
    }
    ladder_draw(out, &ladder, width == 0 ? 100 : width, REPORT_ROWS_MOST, 0);
    ladder_deinit(&ladder);
}
