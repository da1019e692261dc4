#include "reports/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static void slug(struct view file, struct view name, char *room, size_t room_len)
{
    char id[600];
    int len = snprintf(id, sizeof id, "%.*s: %.*s", VIEW_ARG(file), VIEW_ARG(name));
    struct report_case one = {
        .file = file, .name = name, .id = {id, (size_t)len}
    };
    struct view out = report_slug(&one, room, room_len);
    assert_ptr_equal(out.ptr, room);
    assert_int_equal(out.len, strlen(room));
    for (size_t i = 0; i < out.len; i++)
        assert_non_null(strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", room[i]));
}

static void a_plain_name_is_its_own_slug(void **state)
{
    char room[128];
    (void)state;
    slug(V("basic.lua"), V("a call is set up"), room, sizeof room);
    assert_string_equal(room, "basic_a-call-is-set-up");
    slug(V("scenarios/rfc3261.lua"), V("timer a"), room, sizeof room);
    assert_string_equal(room, "scenarios-rfc3261_timer-a");
}

static void names_that_look_alike_stay_apart(void **state)
{
    static const char *const names[] = {"a b",        "a-b",        "A b", "a  b",     "a b ",
                                        " a b",       "a/b",        "a.b", "a b[udp]", "a b[tcp]",
                                        "\xc3\xa4 b", "\xc3\xb6 b", ""};
    enum { COUNT = sizeof names / sizeof *names };
    char rooms[COUNT][128];
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        slug(V("x.lua"), view_of(names[i]), rooms[i], sizeof rooms[i]);
        for (size_t n = 0; n < i; n++)
            assert_string_not_equal(rooms[i], rooms[n]);
    }
}

static void a_long_name_is_cut_and_still_its_own(void **state)
{
    char name[400], first[64], second[64];
    (void)state;
    memset(name, 'x', sizeof name);
    slug(V("a.lua"), (struct view){name, 400}, first, sizeof first);
    slug(V("a.lua"), (struct view){name, 399}, second, sizeof second);
    assert_string_not_equal(first, second);
    slug(V("../../etc/passwd"), V("../.."), first, sizeof first);
    slug(V(""), V("\0\n"), first, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_name_is_its_own_slug),
        cmocka_unit_test(names_that_look_alike_stay_apart),
        cmocka_unit_test(a_long_name_is_cut_and_still_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
