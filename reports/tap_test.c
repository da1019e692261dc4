#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static char folder[200], path[300];

static const char *written(const struct report_run *run)
{
    snprintf(path, sizeof path, "%s/run.tap", folder);
    assert_int_equal(report_tap_write(run, path), ERR_OK);
    return path;
}

/* What perl's own reader of TAP makes of it: counts, and nothing that it cannot read. The one of
 * Debian 12 knows version 13, of which nothing that we write is different. */
static void perl_reads(const char *file, const char *want)
{
    static const char program[] =
        "perl -MTAP::Parser -e 'local $/; my $t = <>; $t =~ s/version 14/version 13/; "
        "my $p = TAP::Parser->new({tap => $t}); my $y = 0; "
        "while (my $r = $p->next) { $y++ if $r->is_yaml && ref $r->data && $r->data->{message}; } "
        "printf q(%d %d %d %d %d %s), $p->tests_planned, scalar $p->passed, scalar $p->failed, "
        "scalar $p->skipped, $y, join(q(; ), $p->parse_errors)' ";
    char command[1000];
    struct buf out = {0};
    if (!program_found("perl")) {
        print_message("skipped: perl is not installed\n");
        skip();
    }
    snprintf(command, sizeof command, "%s '%s'", program, file);
    assert_int_equal(program_run(command, &out), 0);
    buf_add_char(&out, '\0');
    assert_string_equal(out.ptr, want);
    buf_deinit(&out);
}

static void what_is_written_is_the_golden_file(void **state)
{
    struct run_fixture *fixture = *state;
    struct buf got = {0};
    file_read(written(&fixture->run), &got);
    golden_check("run.tap", buf_view(&got));
    buf_deinit(&got);
}

static void another_reader_of_tap_sees_the_same_run(void **state)
{
    struct run_fixture *fixture = *state;
    perl_reads(written(&fixture->run), "10 4 6 1 6 ");
}

/* What is excused stops nobody, and is not passed either. */
static void what_is_known_is_to_do(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_case one = fixture->cases[RUN_BUSY];
    struct report_run run = fixture->run;
    struct buf got = {0};
    one.standing = STANDING_KNOWN;
    one.known = V("no 180 yet, #17");
    run.cases = &one;
    run.case_count = 1;
    file_read(written(&run), &got);
    assert_true(view_find(buf_view(&got), V(" # TODO known failure (no 180 yet, #17): ")) <
                got.len);
    assert_true(view_find(buf_view(&got), V("\nnot ok 1 - ")) < got.len);
    perl_reads(path, "1 1 0 0 1 ");
    buf_deinit(&got);
}

static void a_run_that_was_interrupted_bails_out(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = fixture->run;
    struct buf got = {0};
    run.interrupted = true;
    file_read(written(&run), &got);
    assert_true(view_ends(buf_view(&got), V("\nBail out! the run was interrupted\n")));
    buf_deinit(&got);
}

/* Every byte, wherever a text may stand: the lines stay lines, and no reader is led astray. */
static void no_byte_breaks_a_line(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_case one = fixture->cases[RUN_BUSY];
    struct report_run run = fixture->run;
    char bytes[256 + 32];
    struct buf got = {0};
    for (unsigned i = 0; i < 256; i++)
        bytes[i] = (char)i;
    memcpy(bytes + 256, "# SKIP \\# TODO\nok 2\n...\nok 3\n#\r", 32);
    one.id = one.name = one.reason = one.rerun = one.pcap = one.file =
        (struct view){bytes, sizeof bytes};
    run.cases = &one;
    run.case_count = 1;
    file_read(written(&run), &got);
    for (size_t i = 0; i < got.len; i++)
        assert_true((unsigned char)got.ptr[i] >= 0x20 || got.ptr[i] == '\n');
    perl_reads(path, "1 0 1 0 1 ");
    buf_deinit(&got);
}

static void no_memory_and_a_full_disk_are_said(void **state)
{
    struct run_fixture *fixture = *state;
    uint64_t before = mem_count();
    written(&fixture->run);
    uint64_t allocations = mem_count() - before;
    assert_int_equal(remove(path), 0);
    for (uint64_t nth = 1; nth <= allocations; nth += 7) {
        mem_fail_at(nth, false);
        enum err err = report_tap_write(&fixture->run, path);
        mem_fail_at(0, false);
        assert_int_equal(err, ERR_MEMORY);
        assert_int_not_equal(remove(path), 0); /* it is not there */
    }
    assert_int_equal(report_tap_write(&fixture->run, "/dev/full"), ERR_IO);
}

static int setup(void **state)
{
    scratch_make(folder, sizeof folder);
    *state = run_fixture_create();
    return 0;
}

static int teardown(void **state)
{
    run_fixture_destroy(*state);
    scratch_remove(folder);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_the_golden_file),
        TEST(another_reader_of_tap_sees_the_same_run),
        TEST(what_is_known_is_to_do),
        TEST(a_run_that_was_interrupted_bails_out),
        TEST(no_byte_breaks_a_line),
        TEST(no_memory_and_a_full_disk_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
