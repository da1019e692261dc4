#include "harness/pattern/regex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void matches_anywhere_in_the_bytes(void **state)
{
    (void)state;
    struct pattern_error error;
    assert_int_equal(regex_match(V("^a.c$"), V("abc"), &error), 1);
    assert_int_equal(regex_match(V("b"), V("abc"), &error), 1);
    assert_int_equal(regex_match(V("^b"), V("abc"), &error), 0);
    assert_int_equal(regex_match(V("x\\0y"), V("x\0y"), &error), 1);
    assert_int_equal(regex_match(V("^$"), (struct view){0}, &error), 1);
    assert_int_equal(regex_match(V("^.$"), V("\xff"), &error), 1);
    regex_cache_drop();
}

static void says_what_is_wrong_with_an_expression(void **state)
{
    (void)state;
    struct pattern_error error;
    assert_int_equal(regex_match(V("a(b"), V("ab"), &error), -1);
    assert_string_equal(error.sentence,
                        "the regular expression is wrong: missing closing parenthesis");
    assert_int_equal(error.offset, 3);
    assert_false(regex_check(V("[z-a]"), &error));
    assert_true(regex_check(V("[a-z]"), &error));
    regex_cache_drop();
}

static void gives_up_what_would_run_for_minutes(void **state)
{
    (void)state;
    struct pattern_error error;
    char subject[2000];
    memset(subject, 'a', sizeof subject);
    subject[sizeof subject - 1] = '!';
    struct view bytes = {subject, sizeof subject};
    assert_int_equal(regex_match(V("^(a+)+$"), bytes, &error), -1);
    assert_true(view_starts(view_of(error.sentence), V("the regular expression was given up: ")));
    regex_cache_drop();
}

static void keeps_no_more_than_its_limit(void **state)
{
    (void)state;
    struct pattern_error error;
    uint64_t before = mem_live();
    uint64_t at_limit = 0;
    for (unsigned i = 0; i < 1000; i++) {
        char expression[32];
        int len = snprintf(expression, sizeof expression, "^x%04u$", i);
        struct view view = {expression, (size_t)len};
        assert_int_equal(regex_match(view, (struct view){expression + 1, 5}, &error), 1);
        assert_int_equal(regex_match(V("always"), V("always used"), &error), 1);
        if (i == 200)
            at_limit = mem_live();
    }
    assert_int_equal(mem_live(), at_limit);
    regex_cache_drop();
    assert_int_equal(mem_live(), before);
}

static void tells_when_there_is_no_memory(void **state)
{
    (void)state;
    struct pattern_error error;
    uint64_t before = mem_live();
    for (uint64_t nth = 1; nth < 20; nth++) {
        mem_fail_at(nth, false);
        int matched = regex_match(V("^a(b|c)*$"), V("abcb"), &error);
        mem_fail_at(0, false);
        assert_true(matched == 1 || matched == -1);
        assert_int_equal(regex_match(V("^a(b|c)*$"), V("abcb"), &error), 1);
        regex_cache_drop();
        assert_int_equal(mem_live(), before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_anywhere_in_the_bytes),
        cmocka_unit_test(says_what_is_wrong_with_an_expression),
        cmocka_unit_test(gives_up_what_would_run_for_minutes),
        cmocka_unit_test(keeps_no_more_than_its_limit),
        cmocka_unit_test(tells_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
