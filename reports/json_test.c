#include "reports/json.h"

#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static char folder[200], path[300], again[300];

static void json_write(const struct report_run *run, const char *to, struct buf *out)
{
    assert_int_equal(report_json_write(run, to), ERR_OK);
    if (out != NULL)
        file_read(to, out);
}

static void lines_are_as_in_the_golden_file(void **state)
{
    struct run_fixture *fixture = *state;
    struct buf got = {0};
    json_write(&fixture->run, path, &got);
    golden_check("run.jsonl", buf_view(&got));
    buf_deinit(&got);
}

static void every_line_is_an_object_of_version_1(void **state)
{
    struct run_fixture *fixture = *state;
    struct buf got = {0};
    json_write(&fixture->run, path, &got);
    struct view rest = buf_view(&got);
    size_t count = 0;
    for (size_t end; (end = view_find_char(rest, '\n')) < rest.len; count++) {
        json_t *line = NULL;
        assert_int_equal(json_load(view_head(rest, end), &line), ERR_OK);
        assert_int_equal(json_integer_value(json_object_get(line, "v")), 1);
        assert_true(json_is_string(json_object_get(line, "type")));
        json_decref(line);
        rest = view_skip(rest, end + 1);
    }
    assert_int_equal(rest.len, 0);
    assert_true(count > 2 * RUN_CASES + 2);
    buf_deinit(&got);
}

static void bytes_come_back(struct view bytes)
{
    struct buf text = {0}, back = {0};
    json_t *value = NULL;
    buf_add_char(&text, '[');
    if (json_add_text(&text, bytes)) {
        buf_add_char(&text, ']');
        assert_int_equal(json_load(buf_view(&text), &value), ERR_OK);
        assert_true(view_equal(json_view(json_array_get(value, 0)), bytes));
    } else {
        json_add_base64(&text, bytes);
        struct view inner = view_skip(view_head(buf_view(&text), text.len - 1), 2);
        assert_true(json_base64_read(inner, &back));
        assert_true(view_equal(buf_view(&back), bytes));
    }
    json_decref(value);
    buf_deinit(&text);
    buf_deinit(&back);
}

static void any_bytes_come_back_as_they_were(void **state)
{
    char all[256];
    (void)state;
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (char)i;
    for (size_t len = 0; len <= sizeof all; len++)
        bytes_come_back((struct view){all, len});
    for (size_t len = 0; len < 5; len++)
        bytes_come_back((struct view){all + 200, len});
    bytes_come_back(V("\xf0\x9f\x98\x80 \xe2\x80\xae \xc2\x9b \\ \" \x7f"));
}

static void bad_base64_is_refused(void **state)
{
    static const char *const rows[] = {"A",    "AA",       "AAA",  "AA=A",
                                       "A===", "AA==AAAA", "AA A", "\xffzzz"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        assert_false(json_base64_read(view_of(rows[i]), &out));
        buf_deinit(&out);
    }
}

static void comes_back(const struct report_run *run)
{
    struct report_read *read = NULL;
    struct buf first = {0}, second = {0};
    size_t line = 0;
    json_write(run, path, &first);
    assert_int_equal(report_json_read(path, &read, &line), ERR_OK);
    assert_int_equal(report_read_run(read)->case_count, run->case_count);
    json_write(report_read_run(read), again, &second);
    assert_true(view_equal(buf_view(&first), buf_view(&second)));
    report_read_destroy(read);
    buf_deinit(&first);
    buf_deinit(&second);
}

static void what_was_written_comes_back_the_same(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = fixture->run;
    comes_back(&run);
    run.started_s = 0;
    run.interrupted = true;
    run.seed = UINT64_MAX;
    run.target = V("desk_phone");
    run.shard.index = 2;
    run.shard.count = 5;
    comes_back(&run);
    run = run_part(fixture, 0, 0);
    comes_back(&run);
}

/* A ladder of what was read is that of what was written: the events came back too. */
static void events_come_back(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_read *read = NULL;
    size_t line;
    json_write(&fixture->run, path, NULL);
    assert_int_equal(report_json_read(path, &read, &line), ERR_OK);
    for (size_t i = 0; i < RUN_CASES; i++) {
        struct buf was = {0}, is = {0};
        report_ladder_write(&was, &fixture->cases[i], 100);
        report_ladder_write(&is, &report_read_run(read)->cases[i], 100);
        assert_true(view_equal(buf_view(&was), buf_view(&is)));
        assert_true(view_equal(fixture->cases[i].events, report_read_run(read)->cases[i].events));
        buf_deinit(&was);
        buf_deinit(&is);
    }
    report_read_destroy(read);
}

static void without_a_clock_nothing_depends_on_time_or_place(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = run_part(fixture, 0, 2), other = run;
    struct report_case cases[2] = {run.cases[0], run.cases[1]};
    struct buf first = {0}, second = {0};
    cases[0].wall_us = 777;
    cases[1].pcap = V("elsewhere/scenarios-busy_busy-callee-answers-486.pcap");
    other.cases = cases;
    other.wall_us = 4711;
    other.command_line = V("sipwright run elsewhere");
    run.started_s = other.started_s = 0;
    json_write(&run, path, &first);
    json_write(&other, again, &second);
    assert_true(view_equal(buf_view(&first), buf_view(&second)));
    assert_true(view_find(buf_view(&first), V("wall_us")) == first.len);
    buf_deinit(&first);
    buf_deinit(&second);
}

static enum err text_read(struct view text, size_t *line)
{
    struct report_read *read = NULL;
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
    enum err err = report_json_read(path, &read, line);
    report_read_destroy(read);
    return err;
}

#define LINE(members) "{\"v\":1," members "}\n"
#define RUN_LINE LINE("\"type\":\"run\",\"seed\":1")
#define CASE_LINE LINE("\"type\":\"case\",\"case\":1,\"id\":\"x\"")
#define RUN_WITH(members) LINE("\"type\":\"run\"," members)
#define EVENT_WITH(members) CASE_LINE LINE("\"type\":\"event\",\"case\":1," members)
#define VERDICT_WITH(members) CASE_LINE LINE("\"type\":\"verdict\",\"case\":1," members)

static void what_is_no_report_is_refused_with_its_line(void **state)
{
    static const struct {
        enum err err;
        size_t line;
        const char *text;
    } rows[] = {
        {ERR_SYNTAX,      0, ""                                                              },
        {ERR_SYNTAX,      2, "\n\n"                                                          },
        {ERR_OK,          2, RUN_LINE "{\"v\":1,\"ty"                                        },
        {ERR_OK,          2, RUN_LINE LINE("\"type\":\"later\"")                             },
        {ERR_SYNTAX,      1, "no json"                                                       },
        {ERR_SYNTAX,      2, RUN_LINE "[]"                                                   },
        {ERR_SYNTAX,      2, RUN_LINE "{\"type\":\"run\"}"                                   },
        {ERR_UNSUPPORTED, 2, RUN_LINE "{\"v\":2,\"type\":\"run\"}"                           },
        {ERR_SYNTAX,      1, RUN_WITH("\"seed\":-1")                                         },
        {ERR_SYNTAX,      1, RUN_WITH("\"seed\":\"99999999999999999999\"")                   },
        {ERR_SYNTAX,      1, RUN_WITH("\"net\":7")                                           },
        {ERR_SYNTAX,      1, RUN_WITH("\"net_base64\":\"A\"")                                },
        {ERR_SYNTAX,      1, LINE("\"type\":\"event\",\"case\":1,\"kind\":\"log\"")          },
        {ERR_SYNTAX,      2, CASE_LINE LINE("\"type\":\"event\",\"case\":2,\"kind\":\"log\"")},
        {ERR_SYNTAX,      2, EVENT_WITH("\"kind\":\"lag\"")                                  },
        {ERR_SYNTAX,      2, EVENT_WITH("\"kind\":\"message\",\"side\":\"up\"")              },
        {ERR_SYNTAX,      2, EVENT_WITH("\"kind\":\"message\",\"source\":\"x\"")             },
        {ERR_SYNTAX,      2, EVENT_WITH("\"kind\":\"log\",\"object\":\"1\"")                 },
        {ERR_SYNTAX,      2, EVENT_WITH("\"kind\":\"log\",\"line\":4294967296")              },
        {ERR_SYNTAX,      2, EVENT_WITH("\"kind\":\"finding\",\"evidence\":[\"a\"]")         },
        {ERR_SYNTAX,      2, VERDICT_WITH("\"verdict\":\"fine\"")                            },
        {ERR_SYNTAX,      2, VERDICT_WITH("\"verdict\":\"pass\",\"flaky\":1")                },
        {ERR_SYNTAX,      1, LINE("\"type\":\"end\",\"exit\":256")                           },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t line = 99;
        assert_int_equal(text_read(view_of(rows[i].text), &line), rows[i].err);
        assert_int_equal(line, rows[i].line);
    }
}

/* Never a false green: what breaks off is interrupted, and a case without its verdict an error. */
static void a_file_that_breaks_off_is_no_pass(void **state)
{
    struct report_read *read = NULL;
    size_t line;
    (void)state;
    assert_int_equal(text_read(V(RUN_LINE CASE_LINE), &line), ERR_OK);
    assert_int_equal(report_json_read(path, &read, &line), ERR_OK);
    assert_true(report_read_run(read)->interrupted);
    assert_int_equal(report_read_run(read)->cases[0].verdict, VERDICT_ERROR);
    report_read_destroy(read);
    snprintf(again, sizeof again, "%s/none", folder);
    assert_int_equal(report_json_read(again, &read, &line), ERR_ABSENT);
    assert_int_equal(line, 0);
}

static void no_memory_and_a_full_disk_are_said(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = run_part(fixture, RUN_BUSY, 1);
    uint64_t before = mem_count();
    json_write(&run, path, NULL);
    uint64_t allocations = mem_count() - before;
    assert_int_equal(remove(path), 0);
    for (uint64_t nth = 1; nth <= allocations; nth++) {
        mem_fail_at(nth, false);
        enum err err = report_json_write(&run, path);
        mem_fail_at(0, false);
        assert_int_equal(err, ERR_MEMORY);
        assert_int_not_equal(remove(path), 0); /* it is not there */
    }
    assert_int_equal(report_json_write(&run, "/dev/full"), ERR_IO);
}

static void no_memory_breaks_no_reading(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = run_part(fixture, RUN_BUSY, 1);
    struct report_read *read = NULL;
    size_t line;
    json_write(&run, path, NULL);
    uint64_t before = mem_count(), live = mem_live();
    assert_int_equal(report_json_read(path, &read, &line), ERR_OK);
    uint64_t allocations = mem_count() - before;
    report_read_destroy(read);
    for (uint64_t nth = 1; nth <= allocations; nth++) {
        mem_fail_at(nth, false);
        enum err err = report_json_read(path, &read, &line);
        mem_fail_at(0, false);
        assert_int_equal(err, ERR_MEMORY);
        assert_int_equal(mem_live(), live);
    }
}

int main(void)
{
    struct run_fixture *fixture = run_fixture_create();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(lines_are_as_in_the_golden_file, fixture),
        cmocka_unit_test_prestate(every_line_is_an_object_of_version_1, fixture),
        cmocka_unit_test(any_bytes_come_back_as_they_were),
        cmocka_unit_test(bad_base64_is_refused),
        cmocka_unit_test_prestate(what_was_written_comes_back_the_same, fixture),
        cmocka_unit_test_prestate(events_come_back, fixture),
        cmocka_unit_test_prestate(without_a_clock_nothing_depends_on_time_or_place, fixture),
        cmocka_unit_test(what_is_no_report_is_refused_with_its_line),
        cmocka_unit_test(a_file_that_breaks_off_is_no_pass),
        cmocka_unit_test_prestate(no_memory_and_a_full_disk_are_said, fixture),
        cmocka_unit_test_prestate(no_memory_breaks_no_reading, fixture),
    };
    scratch_make(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/run.jsonl", folder);
    snprintf(again, sizeof again, "%s/again.jsonl", folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    scratch_remove(folder);
    run_fixture_destroy(fixture);
    return failed;
}
