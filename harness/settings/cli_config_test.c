/* `sipwright config`: where each value comes from. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void suite_make(void)
{
    test_folder_file(
        cli_folder(), "sipwright.lua",
        "return { targets = { phone = { uri = 'sip:1@127.0.0.1:5070', rate_limit = 5,\n"
        "  patience = '7s', accounts = { ['1001'] = { user = 'u', password = "
        "secret('WEB') } } } } }");
    test_folder_file(cli_folder(), "a.lua", "scenario('a', function() expect(1):equals(1) end)");
}

/* Of the line that begins so: its columns, one blank between two. */
static void line_is(const char *name, const char *rest)
{
    struct view out = buf_view(&cli_end()->out), key = view_of(name);

    while (out.len > 0) {
        struct view line = view_head(out, view_find_char(out, '\n'));
        char squeezed[400];
        size_t len = 0;
        out = view_skip(out, line.len + 1);
        if (!view_starts(line, key) || line.len == key.len || line.ptr[key.len] != ' ')
            continue;
        line = view_trim(view_skip(line, key.len));
        for (size_t i = 0; i < line.len && len < sizeof squeezed - 1; i++)
            if (line.ptr[i] != ' ' || (len > 0 && squeezed[len - 1] != ' '))
                squeezed[len++] = line.ptr[i];
        squeezed[len] = 0;
        assert_string_equal(squeezed, rest);
        return;
    }
    fail_msg("there is no line '%s'", name);
}

static void each_value_has_its_origin(void **state)
{
    static const char *const environment[] = {"SIPWRIGHT_SECRET_WEB=open-sesame", "NO_COLOR=1",
                                              NULL};
    const struct binary_start start = {.environment = environment};

    (void)state;
    suite_make();
    cli_run(&start, "config", cli_path("a.lua"), "--target", "phone", "--explain", "--seed", "7",
            "--wall-limit", "90s", "--net=real", "--fail-fast", "--secret", "PIN=4711", NULL);
    cli_code(0);
    line_is("seed", "7 --seed");
    line_is("net", "real --net");
    line_is("wall-limit", "90s --wall-limit");
    line_is("fail-fast", "yes --fail-fast");
    line_is("target", "phone --target");
    line_is("jobs", "1 --target: 1, a device takes one scenario at a time");
    line_is("retries", "- default");
    line_is("color", "- $NO_COLOR");
    line_is("secret", "PIN --secret");
    line_is("secret WEB", "given $SIPWRIGHT_SECRET_WEB");
    line_is("uri", "sip:1@127.0.0.1:5070 sipwright.lua: targets.phone");
    line_is("patience", "7s sipwright.lua: targets.phone");
    line_is("rate_limit", "5 requests a second sipwright.lua: targets.phone");
    line_is("tolerance", "20ms or 5 % default");
    line_is("accounts", "1001 sipwright.lua: targets.phone");
    cli_unsaid("open-sesame");
    cli_unsaid("4711");
}

/* As a run reads it: with --unsafe it may have what a run gives it. */
static void an_unsafe_configuration_is_read(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "sipwright.lua",
                     "return { targets = { phone = { uri = os.getenv('URI') } } }");
    test_folder_file(cli_folder(), "a.lua", "scenario('a', function() end)");
    static const char *const environment[] = {"URI=sip:1@127.0.0.1:5070", NULL};
    const struct binary_start start = {.environment = environment};
    cli_run(&start, "config", cli_path("a.lua"), "--target", "phone", "--unsafe", NULL);
    cli_code(0);
    line_is("uri", "sip:1@127.0.0.1:5070");
}

static void the_command_line_comes_before_the_environment(void **state)
{
    static const char *const colourless[] = {"NO_COLOR=1", NULL};
    static const char *const coloured[] = {"NO_COLOR=", "FORCE_COLOR=1", NULL};
    const struct binary_start off = {.environment = colourless}, on = {.environment = coloured};

    (void)state;
    test_folder_file(cli_folder(), "a.lua", "scenario('a', function() expect(1):equals(1) end)");
    cli_run(&off, "config", cli_path("a.lua"), "--explain", "--color", "always", NULL);
    line_is("color", "always --color");
    cli_run(&off, "config", cli_path("a.lua"), "--explain", "--color=auto", NULL);
    line_is("color", "auto $NO_COLOR");
    cli_run(&on, "config", cli_path("a.lua"), "--explain", NULL);
    line_is("color", "- $FORCE_COLOR");
}

static void a_long_time_is_shown_as_it_is(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.lua", "scenario('a', function() expect(1):equals(1) end)");
    CLI("config", cli_path("a.lua"), "--for", "300h", "--wall-limit", "1.25s");
    line_is("for", "1080000s");
    line_is("wall-limit", "1.25s");
}

static void a_target_says_how_many_scenarios_it_bears(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "sipwright.lua",
                     "return { targets = { phone = { uri = 'sip:1@127.0.0.1', jobs = 3 } } }");
    test_folder_file(cli_folder(), "a.lua", "scenario('a', function() end)");
    CLI("config", cli_path("a.lua"), "--target", "phone", "--explain");
    cli_code(0);
    line_is("jobs", "3 jobs of the target");
    CLI("config", cli_path("a.lua"), "--target", "phone", "--explain", "--jobs", "2");
    line_is("jobs", "2 --jobs");
    test_folder_file(cli_folder(), "sipwright.lua",
                     "return { targets = { phone = { uri = 'sip:1@127.0.0.1', jobs = 0 } } }");
    CLI("config", cli_path("a.lua"), "--target", "phone");
    cli_code(2);
    cli_said("targets.phone.jobs");
}

static void without_explain_there_are_values_only(void **state)
{
    (void)state;
    suite_make();
    CLI("config", cli_path("a.lua"), "--secret", "WEB=x", "--seed", "7");
    cli_code(0);
    line_is("seed", "7");
    line_is("net", "sim");
    cli_unsaid("--seed");
}

static void what_run_refuses_is_refused(void **state)
{
    (void)state;
    suite_make();
    CLI("config", cli_path("a.lua"));
    cli_code(2);
    cli_said("secret 'WEB' is not given");
    CLI("config", cli_path("a.lua"), "--secret", "WEB=x", "--target", "phne");
    cli_code(2);
    cli_said("did you mean 'phone'?");
    CLI("config", cli_path("a.lua"), "--secret", "WEB=x", "--target", "desk");
    cli_said("--target: there is no target 'desk'; there are phone");
    cli_code(2);
    CLI("config", "--sede", "7");
    cli_code(2);
    cli_said("did you mean '--seed'?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(each_value_has_its_origin),
        CLI_TEST(an_unsafe_configuration_is_read),
        CLI_TEST(the_command_line_comes_before_the_environment),
        CLI_TEST(a_long_time_is_shown_as_it_is),
        CLI_TEST(a_target_says_how_many_scenarios_it_bears),
        CLI_TEST(without_explain_there_are_values_only),
        CLI_TEST(what_run_refuses_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
