#include "reports/github.h"
#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static struct github of(const struct report_run *run)
{
    return (struct github){.run = run, .prefix = V("tests/sip"), .bytes_most = GITHUB_SUMMARY_MOST};
}

static void what_is_written_is_the_golden_file(void **state)
{
    struct run_fixture *fixture = *state;
    struct github github = of(&fixture->run);
    struct buf summary = {0}, commands = {0};
    github_summary_write(&github, &summary);
    golden_check("summary.md", buf_view(&summary));
    github_annotations_write(&github, &commands);
    golden_check("annotations.txt", buf_view(&commands));
    buf_deinit(&summary);
    buf_deinit(&commands);
}

/* As the runner reads it: a line, a property's end, a value's escapes. */
static void a_command_cannot_be_broken_out_of(void **state)
{
    struct report_case one = {.id = V("a: b"),
                              .file = V("a:b,c%.lua"),
                              .name = V("x::error::,y\r\n::set-env name=A::B"),
                              .line = 3,
                              .verdict = VERDICT_FAIL,
                              .reason = V("50% of\n::add-mask::it")};
    struct report_run run = {.cases = &one, .case_count = 1};
    struct github github = of(&run);
    struct buf out = {0};
    (void)state;
    github_annotations_write(&github, &out);
    buf_add_char(&out, '\0');
    assert_string_equal(out.ptr, "::error file=tests/sip/a%3Ab%2Cc%25.lua,line=3,"
                                 "title=x%3A%3Aerror%3A%3A%2Cy\\r\\n%3A%3Aset-env name=A%3A%3AB::"
                                 "fail: 50%25 of%0A::add-mask::it\n");
    buf_deinit(&out);
}

enum { MANY = 6000 };

static struct report_case *many_make(const struct report_case *one)
{
    struct report_case *cases = mem_zalloc(MANY * sizeof *cases);
    for (size_t i = 0; i < MANY; i++)
        cases[i] = *one;
    return cases;
}

static void ten_are_annotated_and_the_others_counted(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_case *cases = many_make(&fixture->cases[RUN_BUSY]);
    struct report_run run = {.cases = cases, .case_count = 12};
    struct github github = of(&run);
    struct buf out = {0};
    github_annotations_write(&github, &out);
    assert_int_equal(times_in(buf_view(&out), V("::error ")), 10);
    assert_int_equal(times_in(buf_view(&out), V("::2 more failed; the summary names them\n")), 1);
    buf_deinit(&out);
    mem_free(cases);
}

static void a_long_summary_keeps_its_limit_and_tells_what_it_left_out(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_case *cases = many_make(&fixture->cases[RUN_COPIES]);
    struct report_run run = {.cases = cases, .case_count = MANY, .exit_code = 1};
    static const size_t limits[] = {4 << 10, 64 << 10, GITHUB_SUMMARY_MOST};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct github github = of(&run);
        struct buf out = {0};
        github.bytes_most = limits[i];
        github_summary_write(&github, &out);
        assert_true(out.len <= limits[i]);
        assert_true(out.len >= limits[i] / 2);
        assert_int_equal(times_in(buf_view(&out), V("scenarios are left out here")), 1);
        assert_int_equal(times_in(buf_view(&out), V("ladders are left out here")), 1);
        assert_int_equal(times_in(buf_view(&out), V("<details>")),
                         times_in(buf_view(&out), V("</details>")));
        buf_deinit(&out);
    }
    mem_free(cases);
}

/* Names are text and nothing but text: no link, no picture, no tag, no second column, no fence. */
static void markdown_in_a_name_is_not_obeyed(void **state)
{
    struct report_case one = {
        .id = V("x"),
        .file = V("a|b.lua"),
        .name =
            V("<img src=x> [a](http://b) `c` | **d** @e #1 \x1b[31m ```\n# f\n$g$ \xe2\x80\xae"),
        .verdict = VERDICT_FAIL,
        .reason = V("```\n</details><script>"),
        .rerun = V("run ``` it")};
    struct report_run run = {.cases = &one, .case_count = 1, .exit_code = 1};
    struct github github = of(&run);
    struct buf out = {0};
    (void)state;
    github_summary_write(&github, &out);
    struct view said = buf_view(&out);
    static const char *const never[] = {"<img",    "[a]",   "**d", "@e",    "#1 ",         "\x1b",
                                        "<script", "\n# f", "$g",  "http:", "\xe2\x80\xae"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert_int_equal(times_in(said, view_of(never[i])), 0);
    assert_int_equal(times_in(said, V("\n````sh\n")), 1);
    assert_int_equal(times_in(said, V("</details>")), 1);
    assert_true(view_find(said, V("a&#124;b.lua:0 | fail: ")) < said.len);
    buf_deinit(&out);
}

static void no_memory_is_said(void **state)
{
    struct run_fixture *fixture = *state;
    struct github github = of(&fixture->run);
    for (uint64_t nth = 1; nth <= 40; nth++) {
        struct buf out = {0}, commands = {0};
        mem_fail_at(nth, false);
        github_summary_write(&github, &out);
        mem_fail_at(0, false);
        assert_int_equal(out.failed, ERR_MEMORY);
        mem_fail_at(nth % 8 + 1, false);
        github_annotations_write(&github, &commands);
        mem_fail_at(0, false);
        assert_int_equal(commands.failed, ERR_MEMORY);
        buf_deinit(&out);
        buf_deinit(&commands);
    }
}

static int setup(void **state)
{
    *state = run_fixture_create();
    return 0;
}

static int teardown(void **state)
{
    run_fixture_destroy(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_the_golden_file),
        TEST(a_command_cannot_be_broken_out_of),
        TEST(ten_are_annotated_and_the_others_counted),
        TEST(a_long_summary_keeps_its_limit_and_tells_what_it_left_out),
        TEST(markdown_in_a_name_is_not_obeyed),
        TEST(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
