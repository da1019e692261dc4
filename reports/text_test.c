#include "reports/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void writes(void (*write)(struct buf *out, struct view text), struct view text,
                   const char *want)
{
    struct buf out = {0};
    write(&out, text);
    buf_add_char(&out, '\0');
    assert_string_equal(out.ptr, want);
    buf_deinit(&out);
}

static void a_code_point_is_valid_or_one_byte(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        uint32_t point;
    } rows[] = {
        {"a",                1, 'a'         },
        {"\xc3\xbc",         2, 0xfc        },
        {"\xe2\x82\xac",     3, 0x20ac      },
        {"\xf0\x9f\x98\x80", 4, 0x1f600     },
        {"\xf4\x8f\xbf\xbf", 4, 0x10ffff    },
        {"\xc0\x80",         1, TEXT_INVALID}, /* overlong */
        {"\xe0\x80\x80",     1, TEXT_INVALID}, /* overlong */
        {"\xf0\x80\x80\x80", 1, TEXT_INVALID}, /* overlong */
        {"\xed\xa0\x80",     1, TEXT_INVALID}, /* a surrogate */
        {"\xf4\x90\x80\x80", 1, TEXT_INVALID}, /* beyond U+10FFFF */
        {"\xf8\x88\x80\x80", 1, TEXT_INVALID},
        {"\x80",             1, TEXT_INVALID},
        {"\xe2\x82",         1, TEXT_INVALID}, /* cut */
        {"\xe2\x28\xa1",     1, TEXT_INVALID},
        {"\xff",             1, TEXT_INVALID},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t point = 0;
        assert_int_equal(text_point(view_of(rows[i].bytes), &point), rows[i].len);
        assert_int_equal(point, rows[i].point);
        assert_int_equal(text_valid(view_of(rows[i].bytes)), rows[i].point != TEXT_INVALID);
    }
}

static void what_a_terminal_would_obey_is_escaped(void **state)
{
    (void)state;
    writes(text_add, V("a\033[2Jb\a\x7f"), "a\\x1b[2Jb\\x07\\x7f");
    writes(text_add, V("1\n2\r3\t4"), "1\\n2\\r3\\t4");
    writes(text_add, V("\xc2\x9b\xe2\x80\xae\xef\xbb\xbf\xf3\xa0\x80\x81"),
           "\\u{9b}\\u{202e}\\u{feff}\\u{e0001}");
    writes(text_add, V("\x9b\xff"), "\\x9b\\xff");
    writes(text_add,
           V("gr\xc3\xbc\xc3\x9f"
             "e \\ \"x\""),
           "gr\xc3\xbc\xc3\x9f"
           "e \\ \"x\"");
    writes(text_add, (struct view){"\0a", 2}, "\\x00a");
    writes(text_add, (struct view){0}, "");
}

static void lines_stay_lines(void **state)
{
    struct buf out = {0};
    (void)state;
    text_add_lines(&out, V("one\r\n\ntwo\033\nthree"), 2);
    buf_add_char(&out, '\0');
    assert_string_equal(out.ptr, "  one\n\n  two\\x1b\n  three\n");
    buf_deinit(&out);
}

static void text_is_cut_by_columns(void **state)
{
    static const struct {
        const char *text, *want;
        size_t columns, took;
    } rows[] = {
        {"abcdef",                   "abcdef",          6, 6},
        {"abcdef",                   "abcd…",         5, 5},
        {"abcdef",                   "…",             1, 1},
        {"abcdef",                   "",                0, 0},
        {"\xe4\xbd\xa0\xe5\xa5\xbd", "\xe4\xbd\xa0…", 3, 3}, /* wide: two columns each */
        {"a\xcc\x81",                "a\xcc\x81",       1, 1}, /* a mark takes none */
        {"a\033b",                   "a…",            4, 2}, /* an escape is not cut */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        assert_int_equal(text_add_cut(&out, view_of(rows[i].text), rows[i].columns), rows[i].took);
        assert_true(view_equal(buf_view(&out), view_of(rows[i].want)));
        assert_int_equal(text_columns(buf_view(&out)), rows[i].took);
        buf_deinit(&out);
    }
}

static void times_are_written(void **state)
{
    static const struct {
        uint64_t time_us;
        const char *three, *six, *people;
    } rows[] = {
        {0,         "0.000",   "0.000000",   "0 s"      },
        {999,       "0.000",   "0.000999",   "999 us"   },
        {12000,     "0.012",   "0.012000",   "12 ms"    },
        {2000000,   "2.000",   "2.000000",   "2.0 s"    },
        {3005000,   "3.005",   "3.005000",   "3.005 s"  },
        {31500000,  "31.500",  "31.500000",  "31.5 s"   },
        {185000000, "185.000", "185.000000", "3 min 5 s"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        text_add_seconds(&out, rows[i].time_us, 3);
        assert_true(view_equal(buf_view(&out), view_of(rows[i].three)));
        buf_clear(&out);
        text_add_seconds(&out, rows[i].time_us, 6);
        assert_true(view_equal(buf_view(&out), view_of(rows[i].six)));
        buf_clear(&out);
        text_add_duration(&out, rows[i].time_us);
        assert_true(view_equal(buf_view(&out), view_of(rows[i].people)));
        buf_deinit(&out);
    }
}

static void dates_are_those_of_the_calendar(void **state)
{
    static const struct {
        uint64_t since_1970_s;
        const char *want;
    } rows[] = {
        {0,          "1970-01-01T00:00:00"},
        {951782399,  "2000-02-28T23:59:59"},
        {951782400,  "2000-02-29T00:00:00"},
        {951868800,  "2000-03-01T00:00:00"},
        {1767225599, "2025-12-31T23:59:59"},
        {1767225600, "2026-01-01T00:00:00"},
        {4107542400, "2100-03-01T00:00:00"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        text_add_utc(&out, rows[i].since_1970_s);
        assert_true(view_equal(buf_view(&out), view_of(rows[i].want)));
        buf_deinit(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_point_is_valid_or_one_byte),
        cmocka_unit_test(what_a_terminal_would_obey_is_escaped),
        cmocka_unit_test(lines_stay_lines),
        cmocka_unit_test(text_is_cut_by_columns),
        cmocka_unit_test(times_are_written),
        cmocka_unit_test(dates_are_those_of_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
