#include "harness/listing/tags.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void an_expression_chooses_by_tags(void **state)
{
    static const struct {
        const char *expression, *tags;
        bool chosen;
    } rows[] = {
        {"uas",                           "uas timer",      true },
        {"uas",                           "uasx timer",     false},
        {"uas",                           "",               false},
        {"!uas",                          "",               true },
        {"!!uas",                         "uas",            true },
        {"uas & timer",                   "uas timer",      true },
        {"uas & timer",                   "uas",            false},
        {"uas|timer",                     "timer",          true },
        {"uas,timer",                     "timer",          true },
        {"uas & !tls & (timer | dialog)", "uas dialog",     true },
        {"uas & !tls & (timer | dialog)", "uas dialog tls", false},
        {"a | b & c",                     "a",              true },
        {"a | b & c",                     "b",              false},
        {"!(a | b)",                      "c",              true },
        {" a ",                           "a",              true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf complaint = {0};
        bool chosen = !rows[i].chosen;
        assert_int_equal(
            tags_match(view_of(rows[i].expression), view_of(rows[i].tags), &chosen, &complaint),
            ERR_OK);
        assert_int_equal(chosen, rows[i].chosen);
        assert_int_equal(complaint.len, 0);
    }
}

static void what_is_no_expression_is_complained_of(void **state)
{
    static const struct {
        const char *expression, *why;
    } rows[] = {
        {"",        "a tag is missing"                           },
        {"a &",     "a tag is missing"                           },
        {"(a",      "a ')' is missing"                           },
        {"a b",     "'&', '|' or '!' is missing between two tags"},
        {"a)",      "is missing between two"                     },
        {"!",       "a tag is missing"                           },
        {"()",      "a tag is missing"                           },
        {"a | | b", "a tag is missing"                           },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf complaint = {0};
        bool chosen;
        assert_int_equal(tags_match(view_of(rows[i].expression), V("a"), &chosen, &complaint),
                         ERR_SYNTAX);
        assert_true(view_find(buf_view(&complaint), view_of(rows[i].why)) < complaint.len);
        buf_deinit(&complaint);
    }
}

static void depth_has_a_bound(void **state)
{
    char deep[4000];
    struct buf complaint = {0};
    bool chosen;

    (void)state;
    memset(deep, '(', sizeof deep);
    assert_int_equal(tags_match((struct view){deep, sizeof deep}, V("a"), &chosen, &complaint),
                     ERR_SYNTAX);
    buf_deinit(&complaint);
}

static void count_word(void *ctx, struct view tag)
{
    struct buf *seen = ctx;

    buf_add(seen, tag);
    buf_add_char(seen, ';');
}

static void each_tag_is_walked_through(void **state)
{
    struct buf complaint = {0}, seen = {0};

    (void)state;
    assert_int_equal(tags_walk(V("a & !(b | c), a"), &seen, count_word, &complaint), ERR_OK);
    assert_true(view_equal(buf_view(&seen), V("a;b;c;a;")));
    buf_deinit(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_expression_chooses_by_tags),
        cmocka_unit_test(what_is_no_expression_is_complained_of),
        cmocka_unit_test(depth_has_a_bound),
        cmocka_unit_test(each_tag_is_walked_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
