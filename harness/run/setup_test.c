#include "harness/run/setup.h"
#include "harness/run/folder_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct test_folder folder;
static struct options options;
static struct setup made;
static struct buf complaint;

static int begin(void **state)
{
    (void)state;
    clearenv();
    test_folder_make(&folder);
    return strings_add(&options.paths, folder.path) == ERR_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    setup_deinit(&made);
    options_deinit(&options);
    options = (struct options){0};
    buf_deinit(&complaint);
    test_folder_remove(&folder);
    return 0;
}

static void the_command_lines_secrets_come_before_the_environments(void **state)
{
    (void)state;
    setenv("SIPWRIGHT_SECRET_PHONE", "from outside", 1);
    setenv("SIPWRIGHT_SECRET_", "nameless", 1);
    setenv("OTHER", "x", 1);
    assert_int_equal(strings_add(&options.secrets, "PHONE=1=2"), ERR_OK);
    assert_int_equal(setup_make(&options, &made, &complaint), ERR_OK);
    assert_int_equal(made.secret_count, 2);
    assert_true(view_equal(made.secrets[0].name, V("PHONE")));
    assert_true(view_equal(made.secrets[0].value, V("1=2")));
    assert_true(view_equal(made.secrets[1].value, V("from outside")));
}

static void a_name_server_has_its_usual_port(void **state)
{
    (void)state;
    options.net = NET_REAL;
    options.dns = "192.0.2.1";
    assert_int_equal(setup_make(&options, &made, &complaint), ERR_OK);
    char room[ADDR_TEXT_MAX];
    struct worker_setup worker = setup_worker(&made);
    assert_string_equal(addr_text(&worker.dns, room).ptr, "192.0.2.1:53");
}

static void choices_are_numbers(void **state)
{
    (void)state;
    assert_int_equal(strings_add(&options.choices, "17=0"), ERR_OK);
    assert_int_equal(strings_add(&options.choices, "0x00ff=3"), ERR_OK);
    assert_int_equal(setup_make(&options, &made, &complaint), ERR_OK);
    assert_int_equal(made.choice_count, 2);
    assert_int_equal(made.choices[0].id, 17);
    assert_int_equal(made.choices[0].value, 0);
    assert_int_equal(made.choices[1].id, 255);
    assert_int_equal(made.choices[1].value, 3);
    assert_true(made.choices[1].value < made.choices[1].bound);
}

static void what_is_no_choice_is_refused(void **state)
{
    static const char *const texts[] = {"x=1", "0x=1", "0xg=1",        "0x12345678901234567=1",
                                        "1=x", "1=",   "1=99999999999"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        options.choices.count = 0;
        assert_int_equal(strings_add(&options.choices, texts[i]), ERR_OK);
        assert_int_equal(setup_make(&options, &made, &complaint), ERR_SYNTAX);
        setup_deinit(&made);
    }
}

static void a_device_gets_one_worker_unless_told_otherwise(void **state)
{
    (void)state;
    options.target = "sip:1@127.0.0.1";
    assert_int_equal(setup_make(&options, &made, &complaint), ERR_OK);
    assert_int_equal(made.jobs, 1);
    setup_deinit(&made);
    options.jobs = (struct number){.given = true, .value = 3};
    assert_int_equal(setup_make(&options, &made, &complaint), ERR_OK);
    assert_int_equal(made.jobs, 3);
    setup_deinit(&made);
    options.jobs.value = 100000;
    assert_int_equal(setup_make(&options, &made, &complaint), ERR_SYNTAX);
}

static void memory_that_runs_out_is_told(void **state)
{
    enum err err = ERR_MEMORY;

    (void)state;
    test_folder_file(&folder, "a.lua", "");
    assert_int_equal(strings_add(&options.choices, "17=0"), ERR_OK);
    for (uint64_t nth = 1; err != ERR_OK; nth++) {
        assert_true(nth < 1000);
        setup_deinit(&made);
        buf_clear(&complaint);
        mem_fail_at(nth, true);
        err = setup_make(&options, &made, &complaint);
        mem_fail_at(0, false);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_command_lines_secrets_come_before_the_environments),
        TEST(a_name_server_has_its_usual_port),
        TEST(choices_are_numbers),
        TEST(what_is_no_choice_is_refused),
        TEST(a_device_gets_one_worker_unless_told_otherwise),
        TEST(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
