#include "reports/html/layout.h"

#include "reports/html/page.h"
#include "reports/text.h"

enum {
    FOLD_US = 200 * 1000, /* a longer silence is folded */
    FOLD_HEIGHT = 24,
    ROW_HEIGHT = 30,
    LABEL_HEIGHT = 17,
    SLOPE_LEAST = 17,
    PARALLEL = 22,
    SLOTS = 3,
    LOOK_BACK = 4000,
    NAMES_EVERY = 26, /* rows between two repetitions of the parties' names */
    GAP_MOST = 300,
    GAP_NOTES = 256,
    MARGIN_LEAST = 74,
    MARGIN_LEFT = 100,
    MARGIN_TIMES = 60, /* of it */
    TICK_ABOVE = 11
};

struct cursor {
    struct layout *layout;
    int y;
    int next_sent;                   /* no message leaves above it: labels need room */
    int words_end;                   /* the notes of the last message end here */
    int floor;                       /* what reaches over all lanes ends here */
    int last_time;                   /* height of the last time at the left */
    int last_arrived;                /* height of the last arrival */
    int pill_end[LADDER_LANES_MOST]; /* of the last note on a state, or a timer's name */
    uint64_t time_us;
    size_t since_names; /* rows */
    bool begun, late, cut;
    size_t pills; /* notes on states that were last, of one instant */
};

static int larger(int a, int b)
{
    return a > b ? a : b;
}

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
    cursor->y = larger(cursor->y + 8, cursor->words_end);
    struct layout_item *item = item_add(cursor, kind);
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

bool layout_hides(const struct layout *layout, size_t row)
{
    return row >= layout->head && row < layout->tail;
}

size_t layout_columns(const struct layout *layout, const struct ladder_row *row, int letter)
{
    int lanes = (int)(row->from > row->to ? row->from - row->to : row->to - row->from);
    int room = lanes == 0 ? 96 : lanes * layout->gap - 20;
    return (size_t)(room / letter);
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

void layout_pill_text(const struct ladder_mark *mark, struct buf *out)
{
    if (!view_equal(mark->what, V("call"))) {
        text_add(out, mark->what);
        buf_add_char(out, ' ');
    }
    text_add(out, mark->to);
}

int layout_pill_width(const struct ladder_mark *mark)
{
    struct buf text = {0};
    layout_pill_text(mark, &text);
    int width = (int)text_columns(buf_view(&text)) * LAYOUT_NOTE_LETTER + 12;
    buf_deinit(&text);
    return width;
}

int layout_pill_left(const struct layout *layout, uint32_t lane, int width)
{
    int x = layout_lane(layout, lane);
    if (lane == 0)
        return larger(x - 7 - width, 2);
    return lane + 1 == layout->ladder->lane_count ? x + 7 : x - width / 2;
}

static enum err state_place(struct cursor *cursor, size_t index)
{
    const struct layout *layout = cursor->layout;
    const struct ladder_mark *mark = &layout->ladder->marks[index];
    if (!state_shown(mark) || state_join(cursor, mark, index))
        return ERR_OK;
    bool outer = mark->lane == 0 || mark->lane + 1 == layout->ladder->lane_count;
    int y = larger(outer ? cursor->y - 12 : cursor->y + 6, cursor->floor + 4);
    y = larger(y, cursor->pill_end[mark->lane] + 3);
    struct layout_item *item = item_add(cursor, LAYOUT_STATE);
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

/* Timers are set before the message is sent that they watch over. */
static int timer_start(const struct layout *layout, size_t index)
{
    const struct ladder_mark *marks = layout->ladder->marks, *set = &marks[index];
    for (size_t i = index + 1; i < layout->ladder->mark_count; i++) {
        if (marks[i].time_us != set->time_us)
            break;
        if (marks[i].kind == MARK_SENT && layout->ladder->rows[marks[i].row].from == set->lane)
            return larger(layout->marks[index], layout->rows[marks[i].row].y1);
    }
    return layout->marks[index];
}

/* Timers that made something happen, and those that were stopped: what merely ran out said nothing
 * to anybody. */
static bool timer_shown(const struct ladder_mark *mark)
{
    return mark->lane != LADDER_NO_LANE && (mark->acted || mark->act == TIMER_STOPPED);
}

/* A bar from its start until it fired or was stopped. */
static enum err timer_place(struct cursor *cursor, size_t index)
{
    struct layout *layout = cursor->layout;
    const struct ladder_mark *marks = layout->ladder->marks, *mark = &marks[index];
    if (!timer_shown(mark))
        return ERR_OK;
    for (size_t i = index; i-- > 0 && index - i < LOOK_BACK;) {
        if (!timer_same(&marks[i], mark) || marks[i].act != TIMER_SET)
            continue;
        int start = timer_start(layout, i);
        unsigned slot = slot_find(layout, mark->lane, start);
        struct layout_item *item = item_add(cursor, LAYOUT_TIMER);
        if (item == NULL)
            return ERR_MEMORY;
        item->y1 = start;
        item->slot = slot;
        item->mark = index;
        cursor->pills = 0;
        if (mark->act == TIMER_STOPPED)
            return ERR_OK;
        item->tick = larger(item->y2, cursor->pill_end[mark->lane] + TICK_ABOVE);
        cursor->pill_end[mark->lane] = item->tick + 1;
        return ERR_OK;
    }
    return ERR_OK;
}

static bool mark_counts(const struct ladder_mark *mark)
{
    if (mark->kind == MARK_STATE)
        return state_shown(mark);
    return mark->kind != MARK_TIMER || timer_shown(mark);
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
        err = timer_place(cursor, index);
    layout->marks[index] = cursor->y;
    return err;
}

static int notes_width(const struct ladder *ladder, size_t index)
{
    struct buf lines = {0};
    size_t most = 0;
    row_note_lines(ladder, index, false, &lines);
    for (struct view rest = buf_view(&lines); rest.len > 0;) {
        size_t columns = text_columns(text_line_take(&rest));
        most = columns > most ? columns : most;
    }
    buf_deinit(&lines);
    return (int)(most < 100 ? most : 100) * LAYOUT_NOTE_LETTER;
}

/* Wide enough for labels, and between neighbours for notes too, within reason. */
static int gap_choose(const struct ladder *ladder)
{
    int needed = ladder->lane_count > 2 ? 176 : 216;
    for (size_t i = 0; i < ladder->row_count; i++) {
        size_t columns = text_columns(ladder->rows[i].label);
        int label = (int)(columns < 100 ? columns : 100) * LAYOUT_LETTER + 44;
        needed = larger(needed, label < GAP_MOST ? label : GAP_MOST);
        int note = ladder->lane_count > 2 ? 0 : notes_width(ladder, i) + 22;
        needed = larger(needed, note < GAP_NOTES ? note : GAP_NOTES);
    }
    return needed;
}

/* Room beside the outer lanes, for times, notes on states and messages to oneself. */
static void margins_choose(struct layout *layout)
{
    const struct ladder *ladder = layout->ladder;
    uint32_t last = (uint32_t)(ladder->lane_count == 0 ? 0 : ladder->lane_count - 1);
    layout->left = MARGIN_LEFT;
    layout->right = MARGIN_LEAST;
    for (size_t i = 0; i < ladder->mark_count; i++) {
        const struct ladder_mark *mark = &ladder->marks[i];
        if (mark->kind != MARK_STATE || !state_shown(mark))
            continue;
        int width = layout_pill_width(mark) + 10;
        if (mark->lane == 0)
            layout->left = larger(layout->left, MARGIN_TIMES + width);
        else if (mark->lane == last)
            layout->right = larger(layout->right, width);
    }
    for (size_t i = 0; i < ladder->row_count; i++)
        if (ladder->rows[i].from == ladder->rows[i].to && ladder->rows[i].to == last)
            layout->right = larger(layout->right, 140);
}

int layout_lane(const struct layout *layout, uint32_t lane)
{
    return layout->left + (int)lane * layout->gap;
}

enum err layout_init(struct layout *layout, const struct ladder *ladder, size_t most)
{
    size_t rows = ladder->row_count, head = rows > most ? most / 4 : rows;
    *layout = (struct layout){.ladder = ladder, .head = head, .tail = head};
    layout->tail = rows > most ? rows - (most - head) : head;
    layout->gap = gap_choose(ladder);
    margins_choose(layout);
    layout->rows = mem_zalloc((rows + 1) * sizeof *layout->rows);
    layout->marks = mem_zalloc((ladder->mark_count + 1) * sizeof *layout->marks);
    enum err err = layout->rows == NULL || layout->marks == NULL ? ERR_MEMORY : ERR_OK;
    struct cursor cursor = {.layout = layout, .y = LAYOUT_TOP, .floor = LAYOUT_TOP};
    for (size_t i = 0; i < ladder->mark_count && err == ERR_OK; i++)
        err = mark_place(&cursor, i);
    int last = (int)(ladder->lane_count == 0 ? 0 : ladder->lane_count - 1);
    layout->width = layout->left + last * layout->gap + layout->right;
    layout->height = larger(cursor.y + 8, cursor.next_sent) + 6;
    err = err == ERR_OK ? layout_words(layout) : err;
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
