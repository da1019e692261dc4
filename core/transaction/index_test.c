#include "core/base/alloc.h"
#include "core/transaction/index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { COUNT = 500 };

static bool is_in(const struct index *index, const struct index_entry *entry, uint64_t hash)
{
    struct index_entry *at = index_first(index, hash);
    while (at != NULL && at != entry)
        at = index_next(index, at);
    return at == entry;
}

/* Few homes for many entries, so that runs are long, meet, and go round the end. */
static uint64_t hash_of(size_t i)
{
    return (i % 7) * 0x9e3779b97f4a7c15u + i % 3;
}

static void what_was_added_is_found_until_it_is_removed(void **state)
{
    (void)state;
    static struct index_entry entries[COUNT];
    struct index index = {0};
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(index_add(&index, &entries[i], hash_of(i)), ERR_OK);
    for (size_t step = 0; step < COUNT; step++) {
        size_t gone = step * 211 % COUNT; /* each once: 211 and 500 have no common factor */
        index_remove(&index, &entries[gone]);
        assert_false(is_in(&index, &entries[gone], hash_of(gone)));
        for (size_t i = 0; i < COUNT; i += 17)
            assert_int_equal(is_in(&index, &entries[i], hash_of(i)), entries[i].listed);
    }
    assert_null(index.slots);
}

static void removing_what_is_not_in_it_does_nothing(void **state)
{
    (void)state;
    struct index_entry in = {0}, out = {0};
    struct index index = {0};
    assert_null(index_first(&index, 7));
    assert_int_equal(index_add(&index, &in, 7), ERR_OK);
    index_remove(&index, &out);
    assert_ptr_equal(index_first(&index, 7), &in);
    assert_null(index_first(&index, 8));
    index_remove(&index, &in);
    index_remove(&index, &in);
    assert_null(index_first(&index, 7));
}

static void without_memory_nothing_is_added(void **state)
{
    (void)state;
    struct index_entry entry = {0};
    struct index index = {0};
    mem_fail_at(1, false);
    assert_int_equal(index_add(&index, &entry, 7), ERR_MEMORY);
    mem_fail_at(0, false);
    assert_null(index_first(&index, 7));
    assert_int_equal(index_add(&index, &entry, 7), ERR_OK);
    index_remove(&index, &entry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_found_until_it_is_removed),
        cmocka_unit_test(removing_what_is_not_in_it_does_nothing),
        cmocka_unit_test(without_memory_nothing_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
