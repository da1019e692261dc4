#include "reports/html/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* Two messages from the first to the second party, one after the other, each an instant under way.
 */
enum { ROWS = 2, MARKS = 2 * ROWS };

struct two {
    struct ladder ladder;
    struct ladder_row rows[ROWS];
    struct ladder_mark marks[MARKS];
    struct layout layout;
};

static void two_init(struct two *two, uint64_t begin_us)
{
    *two = (struct two){
        .ladder = {.lane_count = 2, .row_count = ROWS, .mark_count = MARKS}
    };
    for (uint32_t i = 0; i < ROWS; i++) {
        two->rows[i] = (struct ladder_row){.time_us = begin_us,
                                           .arrived_us = begin_us + 1000 + i,
                                           .to = 1,
                                           .seq = i + 1,
                                           .label = V("180 INVITE")};
        two->marks[i] = (struct ladder_mark){.kind = MARK_SENT, .time_us = begin_us, .row = i};
        two->marks[ROWS + i] =
            (struct ladder_mark){.kind = MARK_ARRIVED, .time_us = begin_us + 1000 + i, .row = i};
    }
    two->ladder.rows = two->rows;
    two->ladder.marks = two->marks;
    assert_int_equal(layout_init(&two->layout, &two->ladder, ROWS), ERR_OK);
}

static void a_label_stands_on_no_other_arrow(void **state)
{
    struct two two;
    (void)state;
    two_init(&two, 0);
    const struct layout_row *first = &two.layout.rows[0], *second = &two.layout.rows[1];
    int length = two.layout.gap, right = second->x + 40 - layout_lane(&two.layout, 0);
    int other = first->y1 + (first->y2 - first->y1) * right / length;
    assert_true(first->y2 > second->y1); /* they overlap in height */
    assert_true(second->label_y - 11 >= other);
    layout_deinit(&two.layout);
}

static void the_latest_time_has_room_at_the_left(void **state)
{
    static const struct {
        uint64_t time_us;
        int letters;
    } rows[] = {
        {1000,                   5 },
        {12612361,               9 },
        {UINT64_C(123456123456), 13}
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct two two;
        two_init(&two, rows[i].time_us);
        assert_true(two.layout.times >= rows[i].letters * 7);
        assert_true(layout_lane(&two.layout, 0) > two.layout.times);
        layout_deinit(&two.layout);
    }
}

/* Three timers that run at the same time, and a fourth for which no place is left. */
static void timers_stand_beside_each_other(void **state)
{
    enum { TIMERS = 4 };
    static const unsigned slots[TIMERS] = {0, 1, 2, 2};
    struct ladder_row row = {.time_us = 1, .arrived_us = 2, .to = 1, .seq = 1, .label = V("BYE")};
    struct ladder_mark marks[2 * TIMERS + 1] = {
        {.kind = MARK_SENT, .time_us = 1}
    };
    struct ladder ladder = {.lane_count = 2,
                            .rows = &row,
                            .row_count = 1,
                            .marks = marks,
                            .mark_count = 2 * TIMERS + 1};
    struct layout layout;
    size_t found = 0;
    (void)state;
    for (uint32_t i = 0; i < TIMERS; i++) {
        struct ladder_mark mark = {
            .kind = MARK_TIMER, .time_us = 1, .object = {i + 1, 1},
                    .what = V("A")
        };
        marks[1 + i] = mark;
        mark.time_us = 100000 + i;
        mark.act = TIMER_FIRED;
        mark.acted = true;
        marks[1 + TIMERS + i] = mark;
    }
    assert_int_equal(layout_init(&layout, &ladder, 1), ERR_OK);
    for (uint32_t i = 0; i < layout.item_count; i++)
        if (layout.items[i].kind == LAYOUT_TIMER)
            assert_int_equal(layout.items[i].slot, slots[found++]);
    assert_int_equal(found, TIMERS);
    layout_deinit(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_stands_on_no_other_arrow),
        cmocka_unit_test(the_latest_time_has_room_at_the_left),
        cmocka_unit_test(timers_stand_beside_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
