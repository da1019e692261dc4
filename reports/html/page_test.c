#include "reports/html/asset.h"
#include "reports/html/page.h"
#include "reports/run_fixture.h"
#include "reports/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static char folder[200], path[300];

static void page_of(const struct report_run *run, struct buf *out)
{
    snprintf(path, sizeof path, "%s/out/report.html", folder);
    assert_int_equal(report_html_write(run, path), ERR_OK);
    file_read(path, out);
}

/* What differs from page to page: the body, without the script at its end. */
static struct view body_of(struct view page)
{
    size_t from = view_find(page, V("<body>\n")), to = view_find(page, asset_script.text);
    assert_true(from < to && to < page.len);
    return view_skip(view_head(page, to), from);
}

/* What every page has in common, as asset.h gives it: style, script, and the hashes of both. */
static void every_page_has_style_and_script_once(void **state)
{
    struct run_fixture *fixture = *state;
    struct buf page = {0}, policy = {0};
    page_of(&fixture->run, &page);
    struct view text = buf_view(&page);
    buf_printf(&policy, "style-src 'sha256-%.*s'; script-src 'sha256-%.*s';",
               VIEW_ARG(asset_style.hash), VIEW_ARG(asset_script.hash));
    assert_int_equal(times_in(text, buf_view(&policy)), 1);
    assert_int_equal(times_in(text, asset_style.text), 1);
    assert_int_equal(times_in(text, asset_script.text), 1);
    struct view head = view_head(text, view_find(text, asset_style.hash));
    golden_check("page.head", head);
    buf_deinit(&page);
    buf_deinit(&policy);
}

static void golden_page(const struct run_fixture *fixture, size_t index, const char *name)
{
    struct report_run run = run_part(fixture, index, 1);
    struct buf page = {0};
    page_of(&run, &page);
    golden_check(name, body_of(buf_view(&page)));
    buf_deinit(&page);
}

static void pages_are_as_in_the_golden_files(void **state)
{
    golden_page(*state, RUN_CALL, "call.html");
    golden_page(*state, RUN_BUSY, "busy.html");
    golden_page(*state, RUN_COPIES, "copies.html");
    golden_page(*state, RUN_CROSSED, "crossed.html");
    golden_page(*state, RUN_SCRIPT, "script.html");
}

static void nothing_hostile_reaches_the_page_as_it_is(void **state)
{
    struct run_fixture *fixture = *state;
    struct buf page = {0};
    page_of(&fixture->run, &page);
    struct view text = buf_view(&page);
    assert_int_equal(times_in(text, V("<script")), 1);
    assert_int_equal(times_in(text, V("<style")), 1);
    assert_int_equal(times_in(text, V(" style=")), 0);
    assert_true(text_valid(text));
    for (uint32_t point; text.len > 0;) {
        text = view_skip(text, text_point(text, &point));
        assert_true(point == '\n' || point == '\t' || !text_unsafe(point));
    }
    buf_deinit(&page);
}

static void failures_come_first_and_skips_with_their_reason(void **state)
{
    struct run_fixture *fixture = *state;
    struct buf page = {0};
    page_of(&fixture->run, &page);
    struct view text = buf_view(&page);
    size_t failed = view_find(text, V("<h2>Failed <span>4</span>"));
    size_t unsure = view_find(text, V("<h2>Inconclusive <span>1</span>"));
    size_t skipped = view_find(text, V("<h2>Skipped <span>1</span>"));
    size_t passed = view_find(text, V("<h2>Passed <span>3</span>"));
    assert_true(failed < unsure && unsure < skipped && skipped < passed && passed < text.len);
    assert_true(view_find(text, V("<p>target desk_phone does not claim &quot;tls&quot;</p>")) <
                text.len);
    buf_deinit(&page);
}

static void the_message_that_never_came_is_there(void **state)
{
    struct report_run run = run_part(*state, RUN_BUSY, 1);
    struct buf page = {0};
    page_of(&run, &page);
    assert_int_equal(times_in(buf_view(&page), V("data-kind=\"absent\"")), 1);
    buf_deinit(&page);
}

static void sections_go_by_their_numbers_and_the_score_has_three(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = fixture->run;
    struct buf page = {0};
    struct view rfc = V("RFC 3261"), must = V("MUST"), should = V("SHOULD");
    const struct report_requirement requirements[] = {
        {V("REG-002"), rfc,           V("10.2"),     must,   V("refreshes"),         VERDICT_SKIP, V("no")},
        {V("UAC-001"), rfc,           V("8.1.1.7"),  must,   V("puts in a branch"),  VERDICT_PASS, V("")  },
        {V("UAS-002"), rfc,           V("8.1.1.10"), should, V("answers <in> time"), VERDICT_FAIL,
         V("too late")                                                                                    },
        {V("UPD-001"), V("RFC 3311"), V("5.1"),      must,   V("updates"),           VERDICT_PASS, V("")  },
    };
    run.requirements = requirements;
    run.requirement_count = sizeof requirements / sizeof *requirements;
    run.score = (struct report_score){
        .must_passed = 2, .must_applicable = 2, .should_applicable = 1, .not_applicable = 1};
    page_of(&run, &page);
    struct view text = buf_view(&page);
    size_t via = view_find(text, V(">RFC 3261 §8.1.1.7</th><td class=\"pass\">1 of 1<"));
    size_t late = view_find(text, V(">RFC 3261 §8.1.1.10</th><td class=\"fail\">0 of 1<"));
    size_t absent = view_find(text, V(">RFC 3261 §10.2</th><td class=\"skip\">not applicable<"));
    size_t other = view_find(text, V(">RFC 3311 §5.1</th>"));
    assert_true(via < late && late < absent && absent < other && other < text.len);
    assert_int_equal(times_in(text, V("<b>2 of 2</b> MUST")), 1);
    assert_int_equal(times_in(text, V("<b>0 of 1</b> SHOULD")), 1);
    assert_int_equal(times_in(text, V("<b>1</b> not applicable")), 1);
    assert_int_equal(times_in(text, V("answers &lt;in&gt; time <span class=\"why\">too late")), 1);
    assert_int_equal(times_in(text, V(" data-rfc=\"3261-8.1.1.7 3261-8.1.1.10\"")), 1);
    buf_deinit(&page);
}

static void without_a_wall_clock_the_same_run_gives_the_same_bytes(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = fixture->run;
    struct report_case cases[RUN_CASES];
    struct buf page = {0}, again = {0};
    memcpy(cases, fixture->cases, sizeof cases);
    run.cases = cases;
    run.started_s = 0;
    page_of(&run, &page);
    run.wall_us += 7;
    run.command_line = V("elsewhere");
    for (size_t i = 0; i < RUN_CASES; i++)
        cases[i].wall_us += 1000 + i;
    page_of(&run, &again);
    assert_true(view_equal(buf_view(&page), buf_view(&again)));
    buf_deinit(&page);
    buf_deinit(&again);
}

static void sentence_is(const struct report_run *run, const char *expected)
{
    struct page page = {.run = run, .counts = counts_of(run->cases, run->case_count)};
    struct buf out = {0};
    verdict_sentence(&page, &out);
    buf_add_char(&out, '\0');
    assert_string_equal(out.ptr, expected);
    buf_deinit(&out);
}

static void the_verdict_is_a_sentence(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = fixture->run;
    sentence_is(&run, "4 of 10 scenarios failed, 1 inconclusive, 1 flaky, 1 skipped");
    run.target = V("desk_phone");
    run.case_count = 1;
    sentence_is(&run, "1 scenario passed on desk_phone");
    run.target = (struct view){0};
    run.cases = &fixture->cases[RUN_CROSSED];
    run.case_count = 2;
    sentence_is(&run, "all 2 scenarios passed");
    run.interrupted = true;
    run.case_count = 0;
    sentence_is(&run, "Interrupted: no scenario ran");
    run.interrupted = false;
    run.cases = &fixture->cases[RUN_SKIPPED];
    run.case_count = 1;
    sentence_is(&run, "0 of 1 scenario passed, 1 skipped");
}

/* A message before a hook changed it, too. */
static void what_is_too_long_to_be_shown_says_so(void **state)
{
    enum { LONG = 200 << 10, SHOWN = 128 << 10 };
    struct run_fixture *fixture = *state;
    struct report_run run = fixture->run;
    struct report_case one = {.id = V("a"), .file = V("a.lua"), .name = V("a"), .net = V("sim")};
    struct trace_event event = {.kind = TRACE_MESSAGE, .seq = 1, .party = 1};
    struct buf events = {0}, page = {0};
    char *bytes = mem_zalloc(LONG);
    memset(bytes, 'a', LONG);
    event.u.wire.side = SIDE_OUT;
    event.u.wire.bytes = (struct view){bytes, LONG};
    event.u.wire.was = (struct view){bytes, LONG - 1};
    trace_encode(&events, &event);
    one.events = buf_view(&events);
    run.cases = &one;
    run.case_count = 1;
    page_of(&run, &page);
    char line[40];
    for (int shorter = 0; shorter < 2; shorter++) {
        snprintf(line, sizeof line, ">%d more bytes are left out.<", LONG - SHOWN - shorter);
        assert_int_equal(times_in(buf_view(&page), view_of(line)), 1);
    }
    buf_deinit(&events);
    buf_deinit(&page);
    mem_free(bytes);
}

static void a_page_that_cannot_be_written_is_an_error(void **state)
{
    struct run_fixture *fixture = *state;
    snprintf(path, sizeof path, "%s", folder); /* a folder */
    assert_int_equal(report_html_write(&fixture->run, path), ERR_IO);
}

static int set_up(void **state)
{
    scratch_make(folder, sizeof folder);
    *state = run_fixture_create();
    return 0;
}

static int tear_down(void **state)
{
    run_fixture_destroy(*state);
    scratch_remove(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_as_in_the_golden_files),
        cmocka_unit_test(every_page_has_style_and_script_once),
        cmocka_unit_test(nothing_hostile_reaches_the_page_as_it_is),
        cmocka_unit_test(failures_come_first_and_skips_with_their_reason),
        cmocka_unit_test(the_message_that_never_came_is_there),
        cmocka_unit_test(sections_go_by_their_numbers_and_the_score_has_three),
        cmocka_unit_test(without_a_wall_clock_the_same_run_gives_the_same_bytes),
        cmocka_unit_test(the_verdict_is_a_sentence),
        cmocka_unit_test(what_is_too_long_to_be_shown_says_so),
        cmocka_unit_test(a_page_that_cannot_be_written_is_an_error),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
