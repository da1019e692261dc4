#include "harness/run/rerun.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct suite_file file = {
    .path = {"deep/a.lua",          10},
      .shown = {"my suite/deep/a.lua", 19}
};
static struct suite_file *file_list[] = {&file};
static struct options options;
static struct discovery discovery = {.files = file_list, .file_count = 1};
static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    options_deinit(&options);
    options = (struct options){0};
    arena_deinit(&arena);
    discovery.configured = false;
    return 0;
}

static void assert_rerun(const struct listed *listed, const char *line)
{
    struct load_failure failure = {0};
    struct cases_setup setup = {.options = &options, .discovery = &discovery};
    struct run_case one = {.listed = listed, .failure = listed == NULL ? &failure : NULL};

    one.report.seed = 7;
    assert_int_equal(rerun_write(&setup, &one, &arena), ERR_OK);
    assert_string_equal(one.report.rerun.ptr, line);
}

static void a_shell_reads_a_word_as_it_was(void **state)
{
    static const struct {
        const char *word, *text;
    } rows[] = {
        {"a/b-c_d.lua:12", "a/b-c_d.lua:12"},
        {"a b",            "'a b'"         },
        {"it's",           "'it'\\''s'"    },
        {"$(rm x)",        "'$(rm x)'"     },
        {"",               "''"            },
        {"a\nb",           "'a\nb'"        },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf buf = {0};
        shell_add(&buf, view_of(rows[i].word));
        assert_true(view_equal(buf_view(&buf), view_of(rows[i].text)));
        buf_deinit(&buf);
    }
}

static void file_line_and_seed_are_enough_in_a_configured_suite(void **state)
{
    (void)state;
    discovery.configured = true;
    assert_rerun(&(struct listed){.line = 4}, "sipwright run 'my suite/deep/a.lua':4 --seed 7");
    assert_rerun(NULL, "sipwright run 'my suite/deep/a.lua' --seed 7");
}

static void what_changed_the_run_is_repeated(void **state)
{
    (void)state;
    discovery.root_shown = V("my suite");
    options.target = "sip:1@127.0.0.1";
    options.dns = "127.0.0.1:5353";
    options.unsafe = true;
    assert_int_equal(strings_add(&options.sets, "A=b c"), ERR_OK);
    assert_int_equal(strings_add(&options.secrets, "PHONE=1234"), ERR_OK);
    assert_int_equal(strings_add(&options.choices, "17=0"), ERR_OK);
    assert_rerun(&(struct listed){.line = 4},
                 "sipwright run 'my suite/deep/a.lua':4 --seed 7 --target sip:1@127.0.0.1 "
                 "--dns 127.0.0.1:5353 "
                 "--root 'my suite' --set 'A=b c' --secret PHONE=... --choice 17=0 --unsafe");
}

static void a_shared_line_is_told_apart_by_the_id(void **state)
{
    (void)state;
    discovery.configured = true;
    options.net = NET_REAL;
    assert_rerun(&(struct listed){.line = 4, .line_shared = true, .id = V("a.lua: (486)?")},
                 "sipwright run 'my suite/deep/a.lua':4 --seed 7 "
                 "--grep '^a\\.lua: \\(486\\)\\?$' --net real");
}

static void secrets_of_the_command_line_are_not_repeated(void **state)
{
    char *words[] = {"sipwright", "run", "--secret", "A=1", "--secret=B=2", "a b", "--set", "A=1"};
    struct buf buf = {0};

    (void)state;
    command_line_write(&buf, 8, words);
    assert_true(view_equal(buf_view(&buf),
                           V("sipwright run --secret A=... --secret=B=... 'a b' --set A=1")));
    buf_deinit(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_shell_reads_a_word_as_it_was, teardown),
        cmocka_unit_test_teardown(file_line_and_seed_are_enough_in_a_configured_suite, teardown),
        cmocka_unit_test_teardown(what_changed_the_run_is_repeated, teardown),
        cmocka_unit_test_teardown(a_shared_line_is_told_apart_by_the_id, teardown),
        cmocka_unit_test_teardown(secrets_of_the_command_line_are_not_repeated, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
