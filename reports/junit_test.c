#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static char folder[200], path[300];

static const char *xsd_folder(void)
{
    const char *given = getenv("SIPWRIGHT_XSD");
    return given == NULL ? "../shared/reference/junit-xsd" : given;
}

/* Skips, saying so, without xmllint or the public schemas. */
static void needs_schemas(bool public)
{
    char command[300];
    struct buf out = {0};
    if (!program_found("xmllint")) {
        print_message("skipped: xmllint is not installed\n");
        skip();
    }
    snprintf(command, sizeof command, "test -d '%s'", xsd_folder());
    if (public && program_run(command, &out) != 0) {
        print_message("skipped: %s is not there; SIPWRIGHT_XSD names it\n", xsd_folder());
        skip();
    }
}

static void validates(const char *file, const char *schema)
{
    char command[900];
    struct buf out = {0};
    snprintf(command, sizeof command, "xmllint --noout --schema '%s' '%s' 2>&1", schema, file);
    if (program_run(command, &out) != 0)
        fail_msg("%.*s", (int)out.len, out.ptr);
    buf_deinit(&out);
}

static void validates_public(const char *file, const char *schema)
{
    char full[300];
    snprintf(full, sizeof full, "%s/%s", xsd_folder(), schema);
    validates(file, full);
}

static const char *written(const struct report_run *run, enum junit_dialect dialect,
                           const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(report_junit_write(run, dialect, path), ERR_OK);
    return path;
}

static void golden_file(const char *name, const char *file)
{
    struct buf got = {0};
    file_read(file, &got);
    golden_check(name, buf_view(&got));
    buf_deinit(&got);
}

static void dialects_are_as_in_the_golden_files(void **state)
{
    struct run_fixture *fixture = *state;
    golden_file("default.xml", written(&fixture->run, JUNIT_DEFAULT, "default.xml"));
    golden_file("ant.xml", written(&fixture->run, JUNIT_ANT, "ant.xml"));
    golden_file("strict.xml", written(&fixture->run, JUNIT_STRICT, "strict.xml"));
    written(&fixture->run, JUNIT_STRICT, "strict");
    snprintf(path, sizeof path, "%s/strict/TEST-scenarios.tls.xml", folder);
    golden_file("TEST-scenarios.tls.xml", path);
}

static void the_default_dialect_keeps_to_its_schema(void **state)
{
    struct run_fixture *fixture = *state;
    needs_schemas(false);
    validates(written(&fixture->run, JUNIT_DEFAULT, "default.xml"), "reports/junit.xsd");
}

static void the_ant_dialect_keeps_to_windyroads_schema(void **state)
{
    struct run_fixture *fixture = *state;
    needs_schemas(true);
    validates_public(written(&fixture->run, JUNIT_ANT, "ant.xml"), "windyroad-JUnit.xsd");
}

static void one_strict_file_keeps_to_the_schema_of_jenkins(void **state)
{
    struct run_fixture *fixture = *state;
    needs_schemas(true);
    validates_public(written(&fixture->run, JUNIT_STRICT, "strict.xml"),
                     "jenkins-xunit-junit-10.xsd");
}

static void strict_files_keep_to_both_schemas(void **state)
{
    struct run_fixture *fixture = *state;
    char list[300];
    struct buf files = {0};
    needs_schemas(true);
    written(&fixture->run, JUNIT_STRICT, "strict");
    snprintf(list, sizeof list, "ls '%s'/strict/TEST-*.xml", folder);
    assert_int_equal(program_run(list, &files), 0);
    struct view rest = buf_view(&files);
    size_t count = 0;
    for (size_t end; (end = view_find_char(rest, '\n')) < rest.len; count++) {
        snprintf(path, sizeof path, "%.*s", VIEW_ARG(view_head(rest, end)));
        validates_public(path, "jenkins-xunit-junit-10.xsd");
        validates_public(path, "surefire-test-report.xsd");
        rest = view_skip(rest, end + 1);
    }
    assert_int_equal(count, 8); /* one for each file of scenarios */
    buf_deinit(&files);
}

/* The hostile case has every byte in its name, message, output, tags and paths. */
static void every_byte_stays_well_formed(void **state)
{
    struct run_fixture *fixture = *state;
    static const enum junit_dialect dialects[] = {JUNIT_DEFAULT, JUNIT_STRICT, JUNIT_ANT};
    for (size_t i = 0; i < 3; i++) {
        struct buf got = {0};
        written(&fixture->run, dialects[i], "bytes.xml");
        file_read(path, &got);
        for (size_t at = 0; at < got.len; at++) {
            unsigned char c = (unsigned char)got.ptr[at];
            assert_true((c >= 0x20 && c != 0x7f) || c == '\n');
        }
        assert_true(view_find(buf_view(&got), V("]]>")) == got.len);
        buf_deinit(&got);
    }
}

static void without_a_clock_nothing_tells_the_time(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = fixture->run;
    struct buf got = {0};
    run.started_s = 0;
    file_read(written(&run, JUNIT_DEFAULT, "clock.xml"), &got);
    assert_true(view_find(buf_view(&got), V("timestamp=")) == got.len);
    assert_true(view_find(buf_view(&got), V(" time=\"0.000\"")) < got.len);
    assert_true(view_find(buf_view(&got), V(" time=\"0.001\"")) == got.len);
    buf_deinit(&got);
}

static void without_a_clock_ants_schema_still_has_its_times(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = fixture->run;
    needs_schemas(true);
    run.started_s = 0;
    validates_public(written(&run, JUNIT_ANT, "clock.xml"), "windyroad-JUnit.xsd");
}

static void names_that_come_again_are_told_apart(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_case twins[] = {fixture->cases[RUN_CALL], fixture->cases[RUN_BUSY],
                                  fixture->cases[RUN_CALL]};
    struct report_run run = fixture->run;
    struct buf got = {0};
    run.cases = twins;
    run.case_count = 3;
    twins[1].file = twins[0].file;
    file_read(written(&run, JUNIT_DEFAULT, "twins.xml"), &got);
    assert_true(view_find(buf_view(&got), V("hangs up (2)\"")) < got.len);
    buf_deinit(&got);
    needs_schemas(false);
    validates(path, "reports/junit.xsd"); /* which wants names to be unique */
}

static void a_report_that_cannot_be_written_says_so(void **state)
{
    struct run_fixture *fixture = *state;
    assert_int_equal(report_junit_write(&fixture->run, JUNIT_DEFAULT, "/dev/full"), ERR_IO);
    snprintf(path, sizeof path, "%s/oom.xml", folder);
    uint64_t before = mem_count();
    assert_int_equal(report_junit_write(&fixture->run, JUNIT_DEFAULT, path), ERR_OK);
    uint64_t allocations = mem_count() - before;
    assert_int_equal(remove(path), 0);
    for (uint64_t nth = 1; nth <= allocations; nth++) {
        mem_fail_at(nth, false);
        enum err err = report_junit_write(&fixture->run, JUNIT_DEFAULT, path);
        mem_fail_at(0, false);
        assert_int_equal(err, ERR_MEMORY);
        assert_int_not_equal(remove(path), 0); /* it is not there */
    }
}

/* The tries before the last, each with its own reason; a schema for each dialect that has them. */
static void what_was_tried_before_is_told(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_case cases[3] = {fixture->cases[RUN_BUSY], fixture->cases[RUN_SCRIPT],
                                   fixture->cases[RUN_FLAKY]};
    struct report_run run = fixture->run;
    struct buf got = {0};
    static const char *const wanted[] = {
        "<rerunFailure message=\"no answer\" type=\"fail\"><stackTrace>no answer</stackTrace>",
        "<rerunFailure message=\"&lt;486&gt;\"",
        "<rerunError message=\"no answer\"",
        "<flakyFailure message=\"no answer\"",
        "<flakyFailure message=\"&lt;486&gt;\"",
    };
    needs_schemas(false);
    for (size_t i = 0; i < 3; i++) {
        cases[i].tries = 3;
        cases[i].tried = V("no answer\n<486>");
    }
    run.cases = cases;
    run.case_count = 3;
    file_read(written(&run, JUNIT_DEFAULT, "tries.xml"), &got);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_true(view_find(buf_view(&got), view_of(wanted[i])) < got.len);
    validates(path, "reports/junit.xsd");
    buf_deinit(&got);
    needs_schemas(true);
    validates_public(written(&run, JUNIT_STRICT, "strict.xml"), "jenkins-xunit-junit-10.xsd");
    validates_public(written(&run, JUNIT_ANT, "ant.xml"), "windyroad-JUnit.xsd");
    assert_int_equal(report_junit_write(&run, JUNIT_STRICT, folder), ERR_OK);
    static const char *const suites[] = {"busy", "script", "zeal"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/TEST-scenarios.%s.xml", folder, suites[i]);
        validates_public(path, "surefire-test-report.xsd");
    }
}

static struct view attached_to(struct buf *events, const char *name)
{
    struct trace_event event = {.kind = TRACE_ATTACH};
    event.u.note.name = view_of(name);
    event.u.note.mime = V("text/plain");
    event.u.note.text = V("what is \0 in it");
    trace_encode(events, &event);
    return buf_view(events);
}

static void attachment_is(const struct report_run *run, enum junit_dialect dialect,
                          const char *before, const char *where, const char *behind)
{
    struct buf got = {0};
    char line[PATH_MAX + 200];
    file_read(written(run, dialect, "attached.xml"), &got);
    snprintf(line, sizeof line, "%s%s%s", before, where, behind);
    if (view_find(buf_view(&got), view_of(line)) == got.len)
        fail_msg("%s\nis not in\n%.*s", line, (int)got.len, got.ptr);
    buf_deinit(&got);
}

/* Jenkins: absolute, on a line of its own. GitLab: below the project, the capture first. */
static void what_was_attached_is_linked(void **state)
{
    char capture[300], real[PATH_MAX];
    struct buf events = {0}, got = {0};
    struct report_case one = {.id = V("a: b"), .file = V("a.lua"), .name = V("b"), .tries = 1};
    struct report_run run = {.cases = &one, .case_count = 1, .started_s = 1};
    (void)state;
    assert_non_null(realpath(folder, real));
    snprintf(capture, sizeof capture, "%s/./a_b.pcap", folder);
    one.pcap = view_of(capture);
    attached_to(&events, "../my notes.txt");
    one.events = attached_to(&events, "");
    assert_int_equal(report_pcap_write(&one, capture), ERR_OK);
    assert_int_equal(report_attachments_write(&one), ERR_OK);
    snprintf(path, sizeof path, "%s/a_b.1--.-my-notes.txt", folder);
    file_read(path, &got);
    assert_true(view_equal(buf_view(&got), V("what is \0 in it")));
    attachment_is(&run, JUNIT_DEFAULT, "[[ATTACHMENT|", real, "/a_b.pcap]]\n");
    attachment_is(&run, JUNIT_STRICT, "\n[[ATTACHMENT|", real, "/a_b.1--.-my-notes.txt]]\n");
    attachment_is(&run, JUNIT_DEFAULT, "\n[[ATTACHMENT|", real, "/a_b.2-attachment]]\n");
    attachment_is(&run, JUNIT_DEFAULT, "<property name=\"attachment\" value=\"", folder,
                  "/./a_b.pcap\"/>");
    run.base = view_of(real);
    attachment_is(&run, JUNIT_DEFAULT, "[[ATTACHMENT|", "a_b.pcap", "]]\n[[ATTACHMENT|a_b.1-");
    run.base = V("/nowhere");
    attachment_is(&run, JUNIT_DEFAULT, "[[ATTACHMENT|", real, "/a_b.pcap]]\n");
    buf_deinit(&events);
    buf_deinit(&got);
}

int main(void)
{
    struct run_fixture *fixture = run_fixture_create();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(dialects_are_as_in_the_golden_files, fixture),
        cmocka_unit_test_prestate(the_default_dialect_keeps_to_its_schema, fixture),
        cmocka_unit_test_prestate(the_ant_dialect_keeps_to_windyroads_schema, fixture),
        cmocka_unit_test_prestate(one_strict_file_keeps_to_the_schema_of_jenkins, fixture),
        cmocka_unit_test_prestate(strict_files_keep_to_both_schemas, fixture),
        cmocka_unit_test_prestate(every_byte_stays_well_formed, fixture),
        cmocka_unit_test_prestate(without_a_clock_nothing_tells_the_time, fixture),
        cmocka_unit_test_prestate(without_a_clock_ants_schema_still_has_its_times, fixture),
        cmocka_unit_test_prestate(names_that_come_again_are_told_apart, fixture),
        cmocka_unit_test_prestate(a_report_that_cannot_be_written_says_so, fixture),
        cmocka_unit_test_prestate(what_was_tried_before_is_told, fixture),
        cmocka_unit_test(what_was_attached_is_linked),
    };
    scratch_make(folder, sizeof folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    scratch_remove(folder);
    run_fixture_destroy(fixture);
    return failed;
}
