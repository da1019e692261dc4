#include "reports/html/layout.h"

#include "reports/html/page.h"
#include "reports/text.h"

enum {
    FOLD_US = 200 * 1000, /* a longer silence is folded */
    FOLD_HEIGHT = 26,
    ROW_HEIGHT = 31,
    NOTE_HEIGHT = 13,
    SLOPE_LEAST = 18,
    PARALLEL = 26,
    SLOTS = 3,
    LOOK_BACK = 4000
};

struct cursor {
    struct layout *layout;
    int y;
    int next_sent;    /* no message leaves above it: labels need room */
    int last_arrived; /* height of the last arrival */
    uint64_t time_us;
    bool begun, late, cut;
    size_t pills; /* items that share the last height of notes */
};

static struct layout_item *item_add(struct cursor *cursor, enum layout_kind kind)
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
    cursor->y += 9;
    struct layout_item *item = item_add(cursor, kind);
    if (item == NULL)
        return ERR_MEMORY;
    item->y2 = item->y1 + FOLD_HEIGHT;
    item->idle_us = idle_us;
    item->count = count;
    cursor->y = item->y2 + 6;
    cursor->next_sent = cursor->y + 14;
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

bool layout_hides(const struct layout *layout, size_t row)
{
    return row >= layout->head && row < layout->tail;
}

static bool has_note(const struct ladder *ladder, size_t row)
{
    struct buf note = {0};
    row_note(ladder, row, &note);
    bool any = note.len > 0 || note.failed != ERR_OK;
    buf_deinit(&note);
    return any;
}

static enum err sent_place(struct cursor *cursor, size_t index)
{
    struct layout *layout = cursor->layout;
    const struct ladder_row *row = &layout->ladder->rows[index];
    enum err err = ERR_OK;
    if (!cursor->late && !row->ghost && ladder_row_late(layout->ladder, row)) {
        cursor->late = true;
        err = band_add(cursor, LAYOUT_LATE, 0, 0);
    }
    int y = cursor->y > cursor->next_sent ? cursor->y : cursor->next_sent;
    bool falls = ladder_row_stopped(row) || row->again;
    layout->rows[index] = (struct layout_row){y, falls ? y + SLOPE_LEAST : y};
    cursor->y = layout->rows[index].y2;
    cursor->next_sent = y + ROW_HEIGHT + (has_note(layout->ladder, index) ? NOTE_HEIGHT : 0);
    cursor->begun = true;
    cursor->pills = 0;
    return err;
}

static void arrived_place(struct cursor *cursor, size_t index)
{
    struct layout_row *row = &cursor->layout->rows[index];
    const struct ladder_row *told = &cursor->layout->ladder->rows[index];
    int least = told->arrived_us > told->time_us ? row->y1 + SLOPE_LEAST : row->y1;
    int y = cursor->y > least ? cursor->y : least;
    if (y < cursor->last_arrived + PARALLEL && row->y1 < cursor->last_arrived)
        y = cursor->last_arrived + PARALLEL;
    row->y2 = y;
    cursor->last_arrived = y;
    cursor->y = y + 3;
    cursor->pills = 0;
}

/* What a user of the stack sees of it; the states of transactions are the stack's own. */
static bool state_shown(const struct ladder_mark *mark)
{
    static const char *const shown[] = {"call", "registration", "subscription", "publication",
                                        "dialog"};
    bool any = false;
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        any = any || view_equal(mark->what, view_of(shown[i]));
    return any && mark->lane != LADDER_NO_LANE && !view_equal(mark->to, V("calling")) &&
           !view_equal(mark->to, mark->from);
}

/* Notes of one instant stand side by side, and of one lane only the last one does. */
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
    const struct ladder_mark *mark = &cursor->layout->ladder->marks[index];
    if (!state_shown(mark) || state_join(cursor, mark, index))
        return ERR_OK;
    struct layout_item *item = item_add(cursor, LAYOUT_STATE);
    if (item == NULL)
        return ERR_MEMORY;
    item->mark = index;
    item->y1 = cursor->pills > 0 ? item[-1].y1 : cursor->y + 7;
    item->y2 = item->y1 + LAYOUT_PILL;
    cursor->y = item->y2 + 5;
    cursor->next_sent = cursor->next_sent > cursor->y ? cursor->next_sent : cursor->y;
    cursor->begun = true;
    cursor->pills++;
    return ERR_OK;
}

/* The first distance from the lane at which no other bar stands beside it. */
static unsigned slot_find(const struct layout *layout, uint32_t lane, int y1)
{
    unsigned slot = 0;
    for (size_t i = layout->item_count; i-- > 0;) {
        const struct layout_item *item = &layout->items[i];
        if (item->kind == LAYOUT_TIMER && layout->ladder->marks[item->mark].lane == lane &&
            item->y2 > y1 && item->slot == slot && slot < SLOTS - 1)
            slot++;
    }
    return slot;
}

static bool timer_same(const struct ladder_mark *a, const struct ladder_mark *b)
{
    return a->kind == MARK_TIMER && a->lane == b->lane && handle_equal(a->object, b->object) &&
           view_equal(a->what, b->what);
}

/* A timer that made something happen is a bar from its start. */
static enum err timer_place(struct cursor *cursor, size_t index)
{
    struct layout *layout = cursor->layout;
    const struct ladder_mark *marks = layout->ladder->marks, *mark = &marks[index];
    if (!mark->acted || mark->lane == LADDER_NO_LANE)
        return ERR_OK;
    for (size_t i = index; i-- > 0 && index - i < LOOK_BACK;) {
        if (!timer_same(&marks[i], mark) || marks[i].act != TIMER_SET)
            continue;
        unsigned slot = slot_find(layout, mark->lane, layout->marks[i]);
        struct layout_item *item = item_add(cursor, LAYOUT_TIMER);
        if (item == NULL)
            return ERR_MEMORY;
        item->y1 = layout->marks[i];
        item->slot = slot;
        item->mark = index;
        cursor->pills = 0;
        return ERR_OK;
    }
    return ERR_OK;
}

static bool mark_counts(const struct ladder_mark *mark)
{
    if (mark->kind == MARK_STATE)
        return state_shown(mark);
    return mark->kind != MARK_TIMER || (mark->acted && mark->lane != LADDER_NO_LANE);
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
    else if (err == ERR_OK)
        err = timer_place(cursor, index);
    layout->marks[index] = cursor->y;
    return err;
}

static int gap_choose(const struct ladder *ladder)
{
    size_t needed = ladder->lane_count > 2 ? 190 : 236;
    for (size_t i = 0; i < ladder->row_count; i++) {
        size_t columns = text_columns(ladder->rows[i].label) * 8 + 60;
        needed = columns > needed ? columns : needed;
    }
    return needed > 300 ? 300 : (int)needed;
}

int layout_lane(const struct layout *layout, uint32_t lane)
{
    return LAYOUT_LEFT_MARGIN + (int)lane * layout->gap;
}

enum err layout_init(struct layout *layout, const struct ladder *ladder, size_t most)
{
    size_t rows = ladder->row_count, head = rows > most ? most / 4 : rows;
    *layout = (struct layout){.ladder = ladder, .head = head, .tail = head};
    layout->tail = rows > most ? rows - (most - head) : head;
    layout->gap = gap_choose(ladder);
    layout->rows = mem_zalloc((rows + 1) * sizeof *layout->rows);
    layout->marks = mem_zalloc((ladder->mark_count + 1) * sizeof *layout->marks);
    enum err err = layout->rows == NULL || layout->marks == NULL ? ERR_MEMORY : ERR_OK;
    struct cursor cursor = {.layout = layout, .y = LAYOUT_TOP, .next_sent = LAYOUT_TOP + 12};
    for (size_t i = 0; i < ladder->mark_count && err == ERR_OK; i++)
        err = mark_place(&cursor, i);
    int last = (int)(ladder->lane_count == 0 ? 0 : ladder->lane_count - 1);
    layout->width = LAYOUT_LEFT_MARGIN + last * layout->gap + LAYOUT_RIGHT_MARGIN;
    layout->height = (cursor.y > cursor.next_sent ? cursor.y : cursor.next_sent) + 10;
    if (err != ERR_OK)
        layout_deinit(layout);
    return err;
}

void layout_deinit(struct layout *layout)
{
    mem_free(layout->rows);
    mem_free(layout->marks);
    mem_free(layout->items);
    *layout = (struct layout){0};
}
