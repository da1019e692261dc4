#include "harness/options/options.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { WORDS_MOST = 16 };

static struct options options;
static struct buf complaint;

/* The command line behind the program's name, its words apart by "|". */
static enum err parse(const char *line)
{
    static char room[512];
    char *words[WORDS_MOST] = {(char *)(uintptr_t) "sipwright"};
    int count = 1;

    options_deinit(&options);
    options = (struct options){0};
    buf_clear(&complaint);
    snprintf(room, sizeof room, "%s", line);
    for (char *at = room; *line != '\0' && at != NULL;) {
        words[count++] = at;
        at = strchr(at, '|');
        if (at != NULL)
            *at++ = '\0';
    }
    return options_parse(count, words, &options, &complaint);
}

static void assert_parsed(const char *line)
{
    enum err err = parse(line);

    assert_string_equal("", complaint.len == 0 ? "" : complaint.ptr);
    assert_int_equal(err, ERR_OK);
}

static void assert_refused(const char *line, const char *sentence)
{
    assert_int_equal(parse(line), ERR_SYNTAX);
    buf_add_char(&complaint, '\0');
    assert_string_equal(complaint.ptr, sentence);
}

static int teardown(void **state)
{
    (void)state;
    options_deinit(&options);
    buf_deinit(&complaint);
    return 0;
}

static void values_stand_in_the_same_word_or_in_the_next(void **state)
{
    (void)state;
    assert_parsed("run|--seed|7|--jobs=4|-x|-kbusy|a.lua|--set|A=1|--set=B=2=3|b.lua:12");
    assert_int_equal(options.command, COMMAND_RUN);
    assert_true(options.seed.given);
    assert_int_equal(options.seed.value, 7);
    assert_int_equal(options.jobs.value, 4);
    assert_true(options.fail_fast);
    assert_string_equal(options.grep, "busy");
    assert_int_equal(options.sets.count, 2);
    assert_string_equal(options.sets.items[1], "B=2=3");
    assert_int_equal(options.paths.count, 2);
    assert_string_equal(options.paths.items[1], "b.lua:12");
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    assert_parsed("run|--|--seed|-x");
    assert_int_equal(options.paths.count, 2);
    assert_false(options.seed.given);
}

static void words_of_a_set_are_numbered(void **state)
{
    (void)state;
    assert_parsed("run|--net|real|--junit|a.xml|--junit-dialect|ant|--color|never");
    assert_int_equal(options.net, NET_REAL);
    assert_int_equal(options.dialect, DIALECT_ANT);
    assert_int_equal(options.color, COLOR_NEVER);
    assert_true(options_real(&options));
    assert_parsed("run|--net|sim");
    assert_int_equal(options.net, NET_SIM);
    assert_false(options_real(&options));
}

static void a_target_means_the_real_network(void **state)
{
    (void)state;
    assert_parsed("run|--target|sip:100@127.0.0.1:5070");
    assert_true(options_real(&options));
}

static void json_of_run_is_a_file_and_of_list_a_switch(void **state)
{
    (void)state;
    assert_parsed("run|--json|a");
    assert_string_equal(options.json, "a");
    assert_false(options.as_json);
    assert_parsed("list|--json|a");
    assert_true(options.as_json);
    assert_string_equal(options.paths.items[0], "a");
}

static void a_shard_is_given_or_found(void **state)
{
    (void)state;
    assert_parsed("run|--shard|2/5");
    assert_int_equal(options.shard_index, 2);
    assert_int_equal(options.shard_count, 5);
    assert_false(options.shard_auto);
    assert_parsed("list|--shard|auto");
    assert_true(options.shard_auto);
}

static void help_is_asked_for_in_three_ways(void **state)
{
    (void)state;
    assert_parsed("--help");
    assert_int_equal(options.command, COMMAND_HELP);
    assert_parsed("help|run");
    assert_int_equal(options.topic, COMMAND_RUN);
    assert_parsed("help|language|call:ring");
    assert_string_equal(options.language, "call:ring");
    assert_parsed("list|-h");
    assert_int_equal(options.command, COMMAND_HELP);
    assert_int_equal(options.topic, COMMAND_LIST);
    assert_parsed("--version");
    assert_int_equal(options.command, COMMAND_VERSION);
}

static void what_is_wrong_gets_a_sentence_with_its_mend(void **state)
{
    /* clang-format off */
    static const struct {
        const char *line, *sentence;
    } rows[] = {
        {"",
         "give a command; 'sipwright help' lists them"},
        {"rnu",
         "there is no command 'rnu'; did you mean 'sipwright run'?"},
        {"frobnicate",
         "there is no command 'frobnicate'; 'sipwright help' lists them"},
        {"--seed|7",
         "give the command before its options: sipwright run --seed"},
        {"run|--sed|7",
         "there is no option '--sed'; did you mean '--seed'?"},
        {"run|--fail-fats",
         "there is no option '--fail-fats'; did you mean '--fail-fast'?"},
        {"run|--frobnicate",
         "there is no option '--frobnicate'; 'sipwright run --help' lists them"},
        {"run|-z",
         "there is no option '-z'; 'sipwright run --help' lists them"},
        {"list|--junit|a",
         "'--junit' is an option of 'run' and 'lint' and 'replay' and 'report' and 'demo', not of 'list'"},
        {"run|--seed",
         "'--seed' needs a value: --seed N"},
        {"run|--seed=",
         "'--seed' needs a value: --seed N"},
        {"run|--seed|-1",
         "'--seed -1': give a whole number from 0 on"},
        {"run|--jobs|0",
         "'--jobs 0': give a whole number from 1 on"},
        {"run|--fail-fast=yes",
         "'--fail-fast' takes no value"},
        {"run|--net|reel",
         "'--net reel': give one of sim|real"},
        {"run|--set|A",
         "'--set': give K=V, as in '--set NAME=7'"},
        {"run|--shard|0/3",
         "'--shard 0/3': give I/N with I from 1 to N, as in '--shard 2/5', or auto"},
        {"run|--shard|4/3",
         "'--shard 4/3': give I/N with I from 1 to N, as in '--shard 2/5', or auto"},
        {"run|--fail-fast|--max-failures|2",
         "'--fail-fast' and '--max-failures' cannot be together: the former is the latter with 1"},
        {"run|--repeat|3|--until-fail",
         "'--repeat' cannot be with '--until-fail': at most N times until one fails is '--repeat N "
         "--fail-fast'"},
        {"run|--for|soon",
         "'--for soon': give a duration, as in '20ms', '1.5s' or '2m'"},
        {"run|--wall-limit|1w",
         "'--wall-limit 1w': give a duration, as in '20ms', '1.5s' or '2m'"},
        {"run|--net|sim|--target|x",
         "'--net sim' and '--target' cannot be together: a device is on the real network"},
        {"run|--junit-dialect|ant",
         "'--junit-dialect' needs '--junit FILE'"},
        {"help|rum",
         "there is no command 'rum'; did you mean 'sipwright run'?"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_refused(rows[i].line, rows[i].sentence);
}

static void every_option_stands_in_the_help_of_its_command(void **state)
{
    struct buf help = {0};

    (void)state;
    options_help(&help, COMMAND_LIST);
    assert_true(view_find(buf_view(&help), V("--json ")) < help.len);
    assert_int_equal(view_find(buf_view(&help), V("--junit")), help.len);
    buf_clear(&help);
    options_help(&help, COMMAND_RUN);
    assert_true(view_find(buf_view(&help), V("--json FILE")) < help.len);
    assert_true(view_find(buf_view(&help), V("-j, --jobs N")) < help.len);
    buf_deinit(&help);
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    assert_parsed("run|a|b");
    for (uint64_t nth = 1; nth < 4; nth++) {
        mem_fail_at(nth, true);
        enum err err = parse("run|a|b|--set|A=1|--tag|x");
        mem_fail_at(0, false);
        assert_int_equal(err, ERR_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_in_the_same_word_or_in_the_next),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(words_of_a_set_are_numbered),
        cmocka_unit_test(a_target_means_the_real_network),
        cmocka_unit_test(json_of_run_is_a_file_and_of_list_a_switch),
        cmocka_unit_test(a_shard_is_given_or_found),
        cmocka_unit_test(help_is_asked_for_in_three_ways),
        cmocka_unit_test(what_is_wrong_gets_a_sentence_with_its_mend),
        cmocka_unit_test(every_option_stands_in_the_help_of_its_command),
        cmocka_unit_test(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
