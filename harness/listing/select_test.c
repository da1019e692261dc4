#include "harness/listing/select.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { COUNT = 6 };

static struct listed all[COUNT];
static struct suite_file files[2];
static struct suite_file *file_list[2] = {&files[0], &files[1]};
static struct discovery discovery = {.files = file_list, .file_count = 2};
static struct listing listing;
static struct options options;
static struct buf complaint;

static int setup(void **state)
{
    static const struct {
        const char *id, *tags;
        uint32_t file, line;
    } rows[COUNT] = {
        {"a: one",   "uas",       0, 3 },
        {"a: two",   "uas timer", 0, 10},
        {"a: three", "",          0, 10},
        {"a: four",  "tls",       0, 20},
        {"b: one",   "uas",       1, 5 },
        {"b: two",   "timer",     1, 9 },
    };

    (void)state;
    files[0] = files[1] = (struct suite_file){0};
    for (size_t i = 0; i < COUNT; i++) {
        all[i] = (struct listed){.id = view_of(rows[i].id),
                                 .tags = view_of(rows[i].tags),
                                 .file = rows[i].file,
                                 .line = rows[i].line};
        assert_int_equal(pointers_add(&listing.scenarios, &all[i]), ERR_OK);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    listing_deinit(&listing);
    options_deinit(&options);
    options = (struct options){0};
    buf_deinit(&complaint);
    return 0;
}

static void assert_chosen(const char *ids)
{
    struct buf text = {0};

    assert_int_equal(select_scenarios(&options, &discovery, &listing, &complaint), ERR_OK);
    for (size_t i = 0; i < listing.scenarios.count; i++) {
        buf_add(&text, ((struct listed *)listing.scenarios.items[i])->id);
        buf_add_char(&text, ';');
    }
    buf_add_char(&text, '\0');
    assert_string_equal(text.ptr, ids);
    buf_deinit(&text);
}

static void without_a_word_all_are_meant(void **state)
{
    (void)state;
    assert_chosen("a: one;a: two;a: three;a: four;b: one;b: two;");
}

static void a_line_means_what_begins_at_or_before_it(void **state)
{
    struct suite_file more = {.line = 4};

    (void)state;
    files[0].line = 19;
    files[0].more = &more;
    files[1].line = 1;
    assert_chosen("a: one;a: two;a: three;b: one;");
}

static void a_line_is_looked_for_before_tags_are(void **state)
{
    (void)state;
    files[0].line = 21;
    files[1].line = 9;
    assert_int_equal(strings_add(&options.tags, "uas"), ERR_OK);
    assert_chosen("");
}

static void all_tag_options_have_to_hold(void **state)
{
    (void)state;
    assert_int_equal(strings_add(&options.tags, "uas | timer"), ERR_OK);
    assert_int_equal(strings_add(&options.tags, "!tls & timer"), ERR_OK);
    assert_chosen("a: two;b: two;");
}

static void names_are_matched_as_regular_expressions(void **state)
{
    (void)state;
    options.grep = "^a: (one|two|four)$";
    options.grep_invert = "tw.";
    assert_chosen("a: one;a: four;");
}

static void an_unknown_tag_is_an_error_even_if_nothing_would_match(void **state)
{
    (void)state;
    options.grep = "^b: two";
    assert_int_equal(strings_add(&options.tags, "timer | tsl"), ERR_OK);
    assert_int_equal(select_scenarios(&options, &discovery, &listing, &complaint), ERR_SYNTAX);
    assert_true(view_equal(buf_view(&complaint),
                           V("--tag: no scenario has the tag 'tsl'; did you mean 'tls'?")));
}

static void a_wrong_expression_is_an_error_even_without_scenarios(void **state)
{
    (void)state;
    listing.scenarios.count = 0;
    options.grep_invert = "(";
    assert_int_equal(select_scenarios(&options, &discovery, &listing, &complaint), ERR_SYNTAX);
    assert_true(view_starts(buf_view(&complaint), V("--grep-invert '(': ")));
}

static void shards_are_disjoint_and_complete_and_do_not_move(void **state)
{
    size_t chosen = 0;

    (void)state;
    for (uint32_t i = 1; i <= 3; i++) {
        listing.scenarios.count = 0;
        for (size_t k = 0; k < COUNT; k++)
            assert_int_equal(pointers_add(&listing.scenarios, &all[k]), ERR_OK);
        options.shard_index = i;
        options.shard_count = 3;
        assert_int_equal(select_scenarios(&options, &discovery, &listing, &complaint), ERR_OK);
        assert_int_equal(listing.scenarios.count, COUNT); /* each has its place in the whole */
        chosen += COUNT - listing.elsewhere;
    }
    assert_int_equal(chosen, COUNT);
    /* The same in every version and on every machine: a changed hash would move them all. */
    assert_int_equal(select_shard(V("a: one"), 5), 1);
    assert_int_equal(select_shard(V("a: two"), 5), 5);
    assert_int_equal(select_shard(V("b: one"), 5), 1);
}

static void memory_that_runs_out_leaves_the_listing_as_it_was(void **state)
{
    enum err err = ERR_MEMORY;

    (void)state;
    assert_int_equal(strings_add(&options.tags, "timer"), ERR_OK);
    for (uint64_t nth = 1; err != ERR_OK; nth++) {
        mem_fail_at(nth, true);
        err = select_scenarios(&options, &discovery, &listing, &complaint);
        mem_fail_at(0, false);
        assert_int_equal(listing.scenarios.count, err == ERR_OK ? 2 : COUNT);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_word_all_are_meant),
        TEST(a_line_means_what_begins_at_or_before_it),
        TEST(a_line_is_looked_for_before_tags_are),
        TEST(all_tag_options_have_to_hold),
        TEST(names_are_matched_as_regular_expressions),
        TEST(an_unknown_tag_is_an_error_even_if_nothing_would_match),
        TEST(a_wrong_expression_is_an_error_even_without_scenarios),
        TEST(shards_are_disjoint_and_complete_and_do_not_move),
        TEST(memory_that_runs_out_leaves_the_listing_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
