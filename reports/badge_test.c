#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static char folder[200], path[300];

static int make(void **state)
{
    (void)state;
    scratch_make(folder, sizeof folder);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    scratch_remove(folder);
    return 0;
}

static void written(const struct report_run *run, const char *name, struct buf *out)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(report_badge_write(run, path), ERR_OK);
    buf_clear(out);
    file_read(path, out);
}

static void says(const struct report_run *run, const char *line)
{
    struct buf text = {0};
    written(run, "badge.json", &text);
    if (!view_equal(buf_view(&text), view_of(line)))
        fail_msg("%.*s", VIEW_ARG(buf_view(&text)));
    buf_deinit(&text);
}

#define ENDPOINT(message, colour)                                                                  \
    "{\"schemaVersion\":1,\"label\":\"sipwright\",\"message\":\"" message "\",\"color\":\"" colour \
    "\"}\n"

static void an_endpoint_has_the_score_and_the_colour_of_the_run(void **state)
{
    const struct report_case pass = {.verdict = VERDICT_PASS},
                             known = {.verdict = VERDICT_FAIL, .standing = STANDING_KNOWN};
    struct report_run run = {
        .cases = &pass, .case_count = 1, .score = {5, 5, 2, 2, 9}
    };
    (void)state;
    says(&run, ENDPOINT("MUST 5/5, SHOULD 2/2", "brightgreen"));
    run.exit_code = 1;
    says(&run, ENDPOINT("MUST 5/5, SHOULD 2/2", "red"));
    run.exit_code = 0;
    run.score.must_passed = 4;
    says(&run, ENDPOINT("MUST 4/5, SHOULD 2/2", "yellow"));
    run.interrupted = true;
    says(&run, ENDPOINT("interrupted, MUST 4/5, SHOULD 2/2", "red"));
    run = (struct report_run){.cases = &pass, .case_count = 1};
    says(&run, ENDPOINT("1/1 passed", "brightgreen"));
    run.cases = &known;
    says(&run, ENDPOINT("0/1 passed", "yellow"));
    run.case_count = 0;
    says(&run, ENDPOINT("0/0 passed", "yellow"));
}

static void a_picture_stands_alone(void **state)
{
    struct report_run run = {
        .exit_code = 1, .score = {4, 5, 0, 0, 0}
    };
    struct buf text = {0};
    (void)state;
    written(&run, "badge.svg", &text);
    assert_true(view_starts(buf_view(&text), V("<svg xmlns=\"http://www.w3.org/2000/svg\"")));
    assert_true(view_find(buf_view(&text), V(">MUST 4/5</text>")) < text.len);
    assert_true(view_find(buf_view(&text), V("href")) == text.len);
    if (program_found("xmllint")) {
        char command[400];
        snprintf(command, sizeof command, "xmllint --noout '%s' 2>&1", path);
        buf_clear(&text);
        assert_int_equal(program_run(command, &text), 0);
    }
    buf_deinit(&text);
}

static void one_that_cannot_be_written_is_an_error(void **state)
{
    struct report_run run = {0};
    (void)state;
    assert_int_not_equal(report_badge_write(&run, "/dev/null/badge.svg"), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_endpoint_has_the_score_and_the_colour_of_the_run),
        cmocka_unit_test(a_picture_stands_alone),
        cmocka_unit_test(one_that_cannot_be_written_is_an_error),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
