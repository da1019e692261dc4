/* Heights: event by event in order of time, each as high as what is around it allows. */
#include "reports/html/place.h"

#include "reports/html/page.h"
#include "reports/text.h"

enum {
    FOLD_US = 200 * 1000, /* a longer silence is folded */
    FOLD_HEIGHT = 24,
    ROW_HEIGHT = 32,
    LABEL_HEIGHT = 19,
    SLOPE_LEAST = 17,
    PARALLEL = 22,
    NAMES_EVERY = 26 /* rows between two repetitions of the parties' names */
};

struct layout_item *place_item(struct cursor *cursor, enum layout_kind kind)
{
    struct layout *layout = cursor->layout;
    struct layout_item *items =
        mem_room(layout->items, sizeof *items, layout->item_count, &layout->item_size, 32);
    if (items == NULL)
        return NULL;
    layout->items = items;
    struct layout_item *item = &layout->items[layout->item_count++];
    *item = (struct layout_item){.kind = kind, .y1 = cursor->y, .y2 = cursor->y};
    return item;
}

/* A band over all lanes. */
static enum err band_add(struct cursor *cursor, enum layout_kind kind, uint64_t idle_us,
                         size_t count)
{
    cursor->y = larger(cursor->y + 8, cursor->words_end);
    struct layout_item *item = place_item(cursor, kind);
    if (item == NULL)
        return ERR_MEMORY;
    item->y2 = item->y1 + FOLD_HEIGHT;
    item->idle_us = idle_us;
    item->count = count;
    cursor->y = item->y2 + 4;
    cursor->floor = item->y2;
    cursor->pills = 0;
    return ERR_OK;
}

/* Steps of a logarithm: a millisecond shows, a hundred of them do not fill the page. */
static int stretch_of(uint64_t idle_us)
{
    int height = 3;
    for (uint64_t rest = idle_us / 500; rest > 0; rest /= 4)
        height += 2;
    return height;
}

static enum err time_pass(struct cursor *cursor, uint64_t time_us)
{
    uint64_t idle_us = time_us > cursor->time_us ? time_us - cursor->time_us : 0;
    cursor->time_us += idle_us;
    if (idle_us >= FOLD_US && cursor->begun)
        return band_add(cursor, LAYOUT_FOLD, idle_us, 0);
    cursor->y += idle_us > 0 && cursor->begun ? stretch_of(idle_us) : 0;
    return ERR_OK;
}

/* What copy a row is stands behind its label where both fit; else it is a note like the others. */
static void notes_count(struct layout *layout, size_t index)
{
    const struct ladder_row *row = &layout->ladder->rows[index];
    struct layout_row *out = &layout->rows[index];
    struct buf copy = {0}, lines = {0};
    if (row->copy > 0)
        row_copy_words(row, &copy);
    size_t columns = text_columns(row->label) + (copy.len * LAYOUT_NOTE_LETTER) / LAYOUT_LETTER + 1;
    out->copy_in_label = row->copy > 0 && columns <= layout_columns(layout, row, LAYOUT_LETTER);
    row_note_lines(layout->ladder, index, !out->copy_in_label, &lines);
    struct view rest = buf_view(&lines);
    for (out->notes = 0; rest.len > 0; out->notes++)
        text_line_take(&rest);
    buf_deinit(&copy);
    buf_deinit(&lines);
}

/* The tidy-up begins with a line, and a long ladder has its names again. */
static enum err sent_bands(struct cursor *cursor, const struct ladder_row *row)
{
    struct layout *layout = cursor->layout;
    enum err err = ERR_OK;
    if (!cursor->late && !row->ghost && ladder_row_late(layout->ladder, row)) {
        cursor->late = true;
        err = band_add(cursor, LAYOUT_LATE, 0, 0);
    }
    if (err == ERR_OK && ++cursor->since_names > NAMES_EVERY) {
        cursor->since_names = 0;
        err = band_add(cursor, LAYOUT_NAMES, 0, 0);
    }
    return err;
}

static enum err sent_place(struct cursor *cursor, size_t index)
{
    struct layout *layout = cursor->layout;
    const struct ladder_row *row = &layout->ladder->rows[index];
    struct layout_row *place = &layout->rows[index];
    enum err err = sent_bands(cursor, row);
    notes_count(layout, index);
    int words = LABEL_HEIGHT + LAYOUT_NOTE * (int)place->notes;
    int y = larger(larger(cursor->y, cursor->next_sent), cursor->floor + words);
    y = larger(y, cursor->last_time + words);
    bool falls = ladder_row_stopped(row) || row->again;
    place->y1 = y;
    place->y2 = falls ? y + SLOPE_LEAST : y;
    cursor->y = place->y2;
    cursor->last_time = y;
    cursor->words_end = place->y2 + 4 + LAYOUT_NOTE * (int)place->notes;
    cursor->next_sent = y + ROW_HEIGHT + LAYOUT_NOTE * (int)place->notes;
    cursor->begun = true;
    cursor->pills = 0;
    return err;
}

static void arrived_place(struct cursor *cursor, size_t index)
{
    struct layout_row *row = &cursor->layout->rows[index];
    const struct ladder_row *told = &cursor->layout->ladder->rows[index];
    int least = told->arrived_us > told->time_us ? row->y1 + SLOPE_LEAST : row->y1;
    int y = larger(cursor->y, least);
    if (y < cursor->last_arrived + PARALLEL && row->y1 < cursor->last_arrived)
        y = cursor->last_arrived + PARALLEL;
    row->y2 = y;
    cursor->last_arrived = y;
    cursor->y = y + 3;
    cursor->pills = 0;
}

/* Of notes of one instant on one lane only the last one stands. */
static bool state_join(struct cursor *cursor, const struct ladder_mark *mark, size_t index)
{
    struct layout *layout = cursor->layout;
    for (size_t i = layout->item_count - cursor->pills; i < layout->item_count; i++)
        if (layout->ladder->marks[layout->items[i].mark].lane == mark->lane) {
            layout->items[i].mark = index;
            return true;
        }
    return false;
}

static enum err state_place(struct cursor *cursor, size_t index)
{
    const struct layout *layout = cursor->layout;
    const struct ladder_mark *mark = &layout->ladder->marks[index];
    if (!layout_state_shown(mark) || state_join(cursor, mark, index))
        return ERR_OK;
    bool outer = mark->lane == 0 || mark->lane + 1 == layout->ladder->lane_count;
    int y = larger(outer ? cursor->y - 12 : cursor->y + 6, cursor->floor + 4);
    y = larger(y, cursor->pill_end[mark->lane] + 3);
    struct layout_item *item = place_item(cursor, LAYOUT_STATE);
    if (item == NULL)
        return ERR_MEMORY;
    item->mark = index;
    item->y1 = y;
    item->y2 = y + LAYOUT_PILL;
    cursor->pill_end[mark->lane] = item->y2;
    cursor->y = larger(cursor->y, outer ? y + 12 : item->y2 + 8);
    cursor->next_sent = larger(cursor->next_sent, cursor->y);
    cursor->begun = true;
    cursor->pills++;
    return ERR_OK;
}

static enum err step_place(struct cursor *cursor, size_t index)
{
    enum err err = band_add(cursor, LAYOUT_STEP, 0, 0);
    if (err == ERR_OK)
        cursor->layout->items[cursor->layout->item_count - 1].mark = index;
    cursor->begun = true;
    return err;
}

static bool mark_counts(const struct ladder_mark *mark)
{
    if (mark->kind == MARK_STATE)
        return layout_state_shown(mark);
    return mark->kind != MARK_TIMER || place_timer_shown(mark);
}

static enum err mark_place(struct cursor *cursor, size_t index)
{
    struct layout *layout = cursor->layout;
    const struct ladder_mark *mark = &layout->ladder->marks[index];
    bool row = mark->kind <= MARK_ARRIVED, hidden = row && layout_hides(layout, mark->row);
    enum err err = ERR_OK;
    layout->marks[index] = cursor->y;
    if (hidden && !cursor->cut)
        err = band_add(cursor, LAYOUT_LEFT, 0, layout->tail - layout->head);
    cursor->cut = row ? hidden : cursor->cut;
    if (cursor->cut || !mark_counts(mark) || err != ERR_OK) {
        cursor->time_us = cursor->cut ? mark->time_us : cursor->time_us;
        return err;
    }
    err = time_pass(cursor, mark->time_us);
    if (err == ERR_OK && mark->kind == MARK_SENT)
        err = sent_place(cursor, mark->row);
    else if (err == ERR_OK && mark->kind == MARK_ARRIVED)
        arrived_place(cursor, mark->row);
    else if (err == ERR_OK && mark->kind == MARK_STATE)
        err = state_place(cursor, index);
    else if (err == ERR_OK && mark->kind == MARK_STEP)
        err = step_place(cursor, index);
    else if (err == ERR_OK)
        err = place_timer(cursor, index);
    layout->marks[index] = cursor->y;
    return err;
}

enum err layout_place(struct layout *layout)
{
    struct cursor cursor = {.layout = layout, .y = LAYOUT_TOP, .floor = LAYOUT_TOP};
    enum err err = ERR_OK;
    for (size_t i = 0; i < layout->ladder->mark_count && err == ERR_OK; i++)
        err = mark_place(&cursor, i);
    layout->height = larger(cursor.y + 8, cursor.next_sent) + 6;
    return err;
}
