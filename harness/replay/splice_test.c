#include "harness/replay/splice.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char text[] = "<sip:bob@192.0.2.2:5060>;tag=b1";

static void assert_written(const struct splice *splice, const char *expected)
{
    struct buf out = {0};
    splice_write(splice, &out);
    if (!view_equal(buf_view(&out), view_of(expected)))
        fail_msg("'%.*s' and not '%s'", VIEW_ARG(buf_view(&out)), expected);
    buf_deinit(&out);
}

static struct view part(struct view all, const char *what)
{
    return view_head(view_skip(all, view_find(all, view_of(what))), strlen(what));
}

static void places_are_changed_in_any_order(void **state)
{
    struct splice splice = {.text = view_of(text)};
    (void)state;
    splice_put(&splice, part(splice.text, "b1"), V("other"));
    splice_put(&splice, part(splice.text, "192.0.2.2:5060"), V("[::1]:5070"));
    splice_put(&splice, part(splice.text, "bob"), V(""));
    assert_written(&splice, "<sip:@[::1]:5070>;tag=other");
}

static void what_lies_elsewhere_or_over_another_changes_nothing(void **state)
{
    struct splice splice = {.text = view_of(text)};
    (void)state;
    splice_put(&splice, V("bob"), V("carol"));
    splice_put(&splice, (struct view){0}, V("carol"));
    assert_written(&splice, text);
    splice_put(&splice, part(splice.text, "192.0.2.2:5060"), V("here"));
    splice_put(&splice, part(splice.text, "192.0.2.2"), V("there"));
    splice_put(&splice, part(splice.text, "bob@192"), V("nowhere"));
    assert_written(&splice, "<sip:bob@here>;tag=b1");
}

static void there_is_room_for_so_many_and_no_more(void **state)
{
    struct splice splice = {.text = V("0123456789012345678901234567890123456789")};
    (void)state;
    for (size_t i = 0; i < 40; i++)
        splice_put(&splice, view_head(view_skip(splice.text, i), 1), V("x"));
    assert_int_equal(splice.count, SPLICE_MOST);
    assert_written(&splice, "xxxxxxxxxxxxxxxxxxxxxxxx4567890123456789");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_changed_in_any_order),
        cmocka_unit_test(what_lies_elsewhere_or_over_another_changes_nothing),
        cmocka_unit_test(there_is_room_for_so_many_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
