#include "harness/run/spool.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PIECE = 1 << 20, PIECES = 9 };

static char piece[PIECE];

static void piece_fill(int number)
{
    memset(piece, 'a' + number, sizeof piece);
}

static void pieces_add(struct spool *spool)
{
    for (int i = 0; i < PIECES; i++) {
        piece_fill(i);
        assert_int_equal(spool_add(spool, (struct view){piece, sizeof piece}), ERR_OK);
    }
}

static void assert_piece(struct spool *spool, int number)
{
    struct view view = spool_view(spool, (uint64_t)number * PIECE, PIECE);

    assert_int_equal(view.len, PIECE);
    piece_fill(number);
    assert_memory_equal(view.ptr, piece, PIECE);
}

static void little_stays_in_memory(void **state)
{
    struct spool spool = {0};

    (void)state;
    assert_int_equal(spool_view(&spool, 0, 0).len, 0); /* nothing of nothing */
    assert_int_equal(spool_add(&spool, V("one")), ERR_OK);
    assert_int_equal(spool_add(&spool, V("two")), ERR_OK);
    assert_true(view_equal(spool_view(&spool, 3, 3), V("two")));
    assert_int_equal(spool.fd, 0);
    spool_deinit(&spool);
}

static void much_goes_to_a_file_and_comes_back(void **state)
{
    struct spool spool = {0};

    (void)state;
    pieces_add(&spool);
    assert_int_not_equal(spool.fd, 0);
    assert_true(spool.pending.size <= 8 * PIECE);
    for (int i = PIECES - 1; i >= 0; i--)
        assert_piece(&spool, i);
    struct view across = spool_view(&spool, PIECE - 1, 2);
    assert_true(view_equal(across, V("ab")));
    spool_deinit(&spool);
}

static void what_is_settled_stays_where_it_is(void **state)
{
    struct spool spool = {0};

    (void)state;
    pieces_add(&spool);
    assert_int_equal(spool_settle(&spool), ERR_OK);
    struct view first = spool_view(&spool, 0, PIECE);
    assert_piece(&spool, PIECES - 1);
    assert_true(first.ptr == spool_view(&spool, 0, PIECE).ptr);
    spool_deinit(&spool);
}

static void an_end_is_cut_off_wherever_it_lies(void **state)
{
    struct spool spool = {0};

    (void)state;
    pieces_add(&spool);
    spool_cut(&spool, (uint64_t)PIECES * PIECE - 5);
    assert_int_equal(spool_add(&spool, V("tail")), ERR_OK);
    assert_true(view_equal(spool_view(&spool, (uint64_t)PIECES * PIECE - 6, 5), V("itail")));
    spool_cut(&spool, PIECE + 1);
    assert_int_equal(spool_add(&spool, V("x")), ERR_OK);
    assert_true(view_equal(spool_view(&spool, PIECE - 1, 3), V("abx")));
    assert_int_equal(spool.len, PIECE + 2);
    spool_deinit(&spool);
}

static void all_of_it_may_be_cut_off(void **state)
{
    struct spool spool = {0};

    (void)state;
    pieces_add(&spool);
    assert_piece(&spool, 0);
    spool_cut(&spool, 0);
    assert_int_equal(spool_settle(&spool), ERR_OK);
    assert_int_equal(spool_view(&spool, 0, 0).len, 0);
    spool_deinit(&spool);
}

static void memory_that_runs_out_loses_nothing_that_was_there(void **state)
{
    struct spool spool = {0};

    (void)state;
    assert_int_equal(spool_add(&spool, V("one")), ERR_OK);
    mem_fail_at(1, true);
    assert_int_equal(spool_add(&spool, (struct view){piece, sizeof piece}), ERR_MEMORY);
    mem_fail_at(0, false);
    assert_int_equal(spool_add(&spool, V("two")), ERR_OK);
    assert_true(view_equal(spool_view(&spool, 0, 6), V("onetwo")));
    spool_deinit(&spool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(little_stays_in_memory),
        cmocka_unit_test(much_goes_to_a_file_and_comes_back),
        cmocka_unit_test(what_is_settled_stays_where_it_is),
        cmocka_unit_test(an_end_is_cut_off_wherever_it_lies),
        cmocka_unit_test(all_of_it_may_be_cut_off),
        cmocka_unit_test(memory_that_runs_out_loses_nothing_that_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
