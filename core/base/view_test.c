#include "core/base/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct view none = {0};

static void equality_looks_at_every_byte(void **state)
{
    (void)state;
    char a[64], b[64];
    for (size_t len = 0; len < sizeof a; len++) {
        memset(a, 'x', sizeof a);
        memset(b, 'x', sizeof b);
        assert_true(view_equal((struct view){a, len}, (struct view){b, len}));
        assert_true(view_equal_nocase((struct view){a, len}, (struct view){b, len}));
        assert_false(view_equal((struct view){a, len}, (struct view){b, len + 1}));
        for (size_t at = 0; at < len; at++) {
            b[at] = 'X';
            assert_false(view_equal((struct view){a, len}, (struct view){b, len}));
            assert_true(view_equal_nocase((struct view){a, len}, (struct view){b, len}));
            b[at] = 'y';
            assert_false(view_equal_nocase((struct view){a, len}, (struct view){b, len}));
            b[at] = 'x';
        }
    }
    assert_true(view_equal(none, V("")));
    assert_true(view_equal_nocase(none, none));
}

/* Only letters have a case: '@' is not '`', nor is 0x0d the '-' that differs in that bit. */
static void case_is_a_matter_of_letters(void **state)
{
    (void)state;
    for (int x = 0; x < 256; x++) {
        for (int y = 0; y < 256; y++) {
            char a[] = "Call_ID", b[] = "cALL_id";
            a[4] = (char)x;
            b[4] = (char)y;
            bool letters = (x ^ y) == 0x20 && (x | 0x20) >= 'a' && (x | 0x20) <= 'z';
            bool equal = view_equal_nocase((struct view){a, 7}, (struct view){b, 7});
            assert_int_equal(equal, x == y || letters);
        }
    }
}

static void order_is_total(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "a", "aa", "ab", "b", "\xff"};
    for (int i = 0; i < 6; i++) {
        for (int k = 0; k < 6; k++) {
            int order = view_compare(view_of(texts[i]), view_of(texts[k]));
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
        }
    }
}

static void heads_and_skips_stay_inside(void **state)
{
    (void)state;
    struct view text = V("abc");
    assert_int_equal(view_head(text, 9).len, 3);
    assert_true(view_equal(view_head(text, 2), V("ab")));
    assert_true(view_equal(view_skip(text, 2), V("c")));
    assert_int_equal(view_skip(text, 9).len, 0);
    assert_ptr_equal(view_skip(text, 9).ptr, text.ptr + 3);
    assert_null(view_skip(none, 1).ptr);
    assert_true(view_starts(text, V("")) && view_ends(text, V("")));
    assert_true(view_starts(text, V("ab")) && !view_starts(text, V("abcd")));
    assert_true(view_ends(text, V("bc")) && !view_ends(text, V("xabc")));
    assert_true(view_starts_nocase(text, V("AB")) && !view_starts_nocase(text, V("AC")));
}

static void what_is_not_there_is_at_the_end(void **state)
{
    (void)state;
    assert_int_equal(view_find_char(V("abc"), 'c'), 2);
    assert_int_equal(view_find_char(V("abc"), 'd'), 3);
    assert_int_equal(view_find_char(none, 'd'), 0);
    assert_int_equal(view_find(V("aab"), V("ab")), 1);
    assert_int_equal(view_find(V("aab"), V("ba")), 3);
    assert_int_equal(view_find(V("aab"), V("aabc")), 3);
    assert_int_equal(view_find(V("aab"), V("")), 0);
    assert_int_equal(view_find((struct view){0}, V("")), 0);
}

static void trimming_takes_blanks_at_both_ends(void **state)
{
    (void)state;
    assert_true(view_equal(view_trim(V(" \t\r\na b\r\n ")), V("a b")));
    assert_int_equal(view_trim(V(" \r\n")).len, 0);
    assert_int_equal(view_trim(none).len, 0);
    assert_true(view_equal(view_trim(V("\x0b")), V("\x0b")));
}

static void numbers_are_digits_up_to_a_limit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t max, value;
        bool good;
    } rows[] = {
        {"0",                      0,          0,          true },
        {"1",                      0,          0,          false},
        {"255",                    255,        255,        true },
        {"256",                    255,        0,          false},
        {"9",                      5,          0,          false},
        {"0000000000000000000255", 255,        255,        true },
        {"4294967295",             UINT32_MAX, UINT32_MAX, true },
        {"4294967296",             UINT32_MAX, 0,          false},
        {"18446744073709551615",   UINT64_MAX, UINT64_MAX, true },
        {"18446744073709551616",   UINT64_MAX, 0,          false},
        {"99999999999999999999",   UINT64_MAX, 0,          false},
        {"",                       9,          0,          false},
        {"-1",                     9,          0,          false},
        {"+1",                     9,          0,          false},
        {" 1",                     9,          0,          false},
        {"1 ",                     9,          0,          false},
        {"0x1",                    9,          0,          false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t value = 42;
        assert_int_equal(view_to_uint(view_of(rows[i].text), rows[i].max, &value), rows[i].good);
        assert_true(value == (rows[i].good ? rows[i].value : 42));
    }
}

/* Fixed, for identities in traces hang on it. */
static void hashes_are_the_same_everywhere(void **state)
{
    (void)state;
    assert_true(view_hash(V("")) == UINT64_C(0xf52a15e9a9b5e89b));
    assert_true(view_hash(V("a")) == UINT64_C(0x2c0bdbf481420f8));
    assert_true(view_hash(V("Via")) == UINT64_C(0x6d8948711ead85fa));
    assert_true(view_hash(none) == view_hash(V("")));
}

static void hex_digits_are_read_up_to_the_most(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t max, value;
    } good[] = {
        {"0",                UINT64_MAX, 0         },
        {"fFffFfff",         UINT32_MAX, UINT32_MAX},
        {"0000000000000010", 16,         16        },
        {"ffffffffffffffff", UINT64_MAX, UINT64_MAX},
    };
    static const char *const bad[] = {"", "g", "-1", "0x1", "100000000", "1 "};
    uint64_t value = 7;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(view_to_hex(view_of(good[i].text), good[i].max, &value));
        assert_true(value == good[i].value);
    }
    value = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(view_to_hex(view_of(bad[i]), UINT32_MAX, &value));
    assert_false(view_to_hex(V("11"), 16, &value));
    assert_int_equal(value, 7);
}

static void numbers_are_written_in_decimal(void **state)
{
    (void)state;
    char room[UINT_TEXT_MAX];
    assert_true(view_equal(view_of_uint(0, room), V("0")));
    assert_true(view_equal(view_of_uint(5060, room), V("5060")));
    assert_true(view_equal(view_of_uint(UINT64_MAX, room), V("18446744073709551615")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equality_looks_at_every_byte),
        cmocka_unit_test(case_is_a_matter_of_letters),
        cmocka_unit_test(order_is_total),
        cmocka_unit_test(heads_and_skips_stay_inside),
        cmocka_unit_test(what_is_not_there_is_at_the_end),
        cmocka_unit_test(trimming_takes_blanks_at_both_ends),
        cmocka_unit_test(numbers_are_digits_up_to_a_limit),
        cmocka_unit_test(hashes_are_the_same_everywhere),
        cmocka_unit_test(hex_digits_are_read_up_to_the_most),
        cmocka_unit_test(numbers_are_written_in_decimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
