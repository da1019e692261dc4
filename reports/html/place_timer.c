#include "reports/html/place.h"

enum { SLOTS = 3, LOOK_BACK = 4000, TICK_ABOVE = 11 };

/* The first distance from the lane at which no other bar stands beside it. */
static unsigned slot_find(const struct layout *layout, uint32_t lane, int y1)
{
    bool taken[SLOTS] = {false};
    unsigned slot = 0;
    for (size_t i = 0; i < layout->item_count; i++) {
        const struct layout_item *item = &layout->items[i];
        if (item->kind == LAYOUT_TIMER && layout->ladder->marks[item->mark].lane == lane &&
            item->y2 > y1)
            taken[item->slot] = true;
    }
    while (slot < SLOTS - 1 && taken[slot])
        slot++;
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

bool place_timer_shown(const struct ladder_mark *mark)
{
    return mark->lane != LADDER_NO_LANE && (mark->acted || mark->act == TIMER_STOPPED);
}

enum err place_timer(struct cursor *cursor, size_t index)
{
    struct layout *layout = cursor->layout;
    const struct ladder_mark *marks = layout->ladder->marks, *mark = &marks[index];
    if (!place_timer_shown(mark))
        return ERR_OK;
    for (size_t i = index; i-- > 0 && index - i < LOOK_BACK;) {
        if (!timer_same(&marks[i], mark) || marks[i].act != TIMER_SET)
            continue;
        int start = timer_start(layout, i);
        unsigned slot = slot_find(layout, mark->lane, start);
        struct layout_item *item = place_item(cursor, LAYOUT_TIMER);
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
