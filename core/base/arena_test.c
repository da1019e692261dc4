#include "core/base/arena.h"

#include "core/base/alloc.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void pieces_are_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *pieces[200];
    for (size_t i = 0; i < 200; i++) {
        pieces[i] = arena_alloc(&arena, i);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        memset(pieces[i], (int)i, i);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t k = 0; k < i; k++)
            assert_int_equal((unsigned char)pieces[i][k], i);
    arena_deinit(&arena);
}

static void a_reset_arena_takes_no_new_memory(void **state)
{
    (void)state;
    struct arena arena = {0};
    uint64_t count = 0;
    for (int round = 0; round < 5; round++) {
        count = round == 1 ? mem_count() : count;
        for (size_t i = 0; i < 100; i++)
            assert_non_null(arena_zalloc(&arena, 100 + i));
        assert_non_null(arena_alloc(&arena, 100000));
        arena_reset(&arena);
    }
    assert_int_equal(mem_count(), count);
    arena_deinit(&arena);
    assert_int_equal(mem_live(), 0);
}

static void a_limit_is_kept(void **state)
{
    (void)state;
    struct arena arena = {.limit = 10000};
    size_t taken = 0;
    while (arena_alloc(&arena, 160) != NULL)
        taken += 160;
    assert_in_range(taken, 10000 - 2 * 1024, 10000);
    assert_true(arena.total <= arena.limit);
    arena_deinit(&arena);
    assert_int_equal(arena.limit, 10000);
    assert_non_null(arena_alloc(&arena, 160));
    arena_deinit(&arena);
}

static void absurd_sizes_are_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_alloc(&arena, SIZE_MAX - alignof(max_align_t)));
    assert_null(arena_copy(&arena, (struct view){"", SIZE_MAX}).ptr);
    arena_deinit(&arena);
}

static void copies_end_with_a_nul(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct view copy = arena_copy(&arena, V("abc")), empty = arena_copy(&arena, (struct view){0});
    assert_true(view_equal(copy, V("abc")));
    assert_int_equal(copy.ptr[3], '\0');
    assert_non_null(empty.ptr);
    assert_int_equal(empty.len, 0);
    arena_deinit(&arena);
}

static void what_was_reserved_is_what_is_taken(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 1; i < 300; i++) {
        char *room = arena_reserve(&arena, i * 8);
        assert_non_null(room);
        assert_ptr_equal(arena_alloc(&arena, i * 5), room);
    }
    assert_null(arena_reserve(&arena, SIZE_MAX));
    arena_deinit(&arena);
}

static void room_for_one_more_is_twice_as_much(void **state)
{
    (void)state;
    struct arena arena = {0};
    uint32_t size = 0, *items = NULL;
    for (uint32_t i = 0; i < 100; i++) {
        items = arena_room(&arena, items, sizeof *items, i, &size, 3);
        assert_non_null(items);
        items[i] = i;
    }
    assert_int_equal(size, 192);
    for (uint32_t i = 0; i < 100; i++)
        assert_int_equal(items[i], i);
    mem_fail_at(1, true);
    size = 100;
    assert_null(arena_room(&arena, items, 1000, 100, &size, 3));
    assert_int_equal(size, 100);
    mem_fail_at(0, false);
    arena_deinit(&arena);
}

static void a_failed_allocation_leaves_all_as_it_was(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *first = arena_alloc(&arena, 16);
    memcpy(first, "0123456789abcdef", 16);
    mem_fail_at(1, true);
    assert_null(arena_alloc(&arena, 100000));
    mem_fail_at(0, false);
    assert_memory_equal(first, "0123456789abcdef", 16);
    assert_non_null(arena_alloc(&arena, 100000));
    arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(room_for_one_more_is_twice_as_much),
        cmocka_unit_test(pieces_are_aligned_and_apart),
        cmocka_unit_test(a_reset_arena_takes_no_new_memory),
        cmocka_unit_test(a_limit_is_kept),
        cmocka_unit_test(absurd_sizes_are_refused),
        cmocka_unit_test(copies_end_with_a_nul),
        cmocka_unit_test(what_was_reserved_is_what_is_taken),
        cmocka_unit_test(a_failed_allocation_leaves_all_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
