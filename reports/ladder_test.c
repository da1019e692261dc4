#include "reports/ladder.h"

#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void golden_ladder(const char *name, const struct report_case *one, unsigned width)
{
    struct buf out = {0};
    report_ladder_write(&out, one, width);
    assert_int_equal(out.failed, ERR_OK);
    golden_check(name, buf_view(&out));
    buf_deinit(&out);
}

static void ladders_are_as_in_the_golden_files(void **state)
{
    struct run_fixture *fixture = *state;
    golden_ladder("call.ladder", &fixture->cases[RUN_CALL], 100);
    golden_ladder("busy.ladder", &fixture->cases[RUN_BUSY], 100);
    golden_ladder("copies.ladder", &fixture->cases[RUN_COPIES], 100);
    golden_ladder("crossed.ladder", &fixture->cases[RUN_CROSSED], 120);
    golden_ladder("device.ladder", &fixture->cases[RUN_DEVICE], 100);
    golden_ladder("hostile.ladder", &fixture->cases[RUN_HOSTILE], 80);
}

static void event_add(struct buf *events, struct trace_event *event)
{
    event->seq = events->len + 1;
    trace_encode(events, event);
}

/* Nobody sent a message then: without this the picture would be empty. */
static void a_connection_that_never_came_about_is_a_row(void **state)
{
    struct buf events = {0}, out = {0};
    struct trace_event parties[2] = {
        {.kind = TRACE_PARTY, .party = 1},
        {.kind = TRACE_PARTY, .party = 2}
    };
    struct trace_event flow = {.kind = TRACE_FLOW, .party = 1, .time_us = 2000};
    (void)state;
    parties[0].u.note.name = V("alice");
    parties[1].u.note.name = V("bob");
    assert_int_equal(addr_parse(V("10.0.0.1:5060"), &parties[0].u.note.addr), ERR_OK);
    assert_int_equal(addr_parse(V("10.0.0.2:5060"), &parties[1].u.note.addr), ERR_OK);
    flow.u.state.what = V("tcp 10.0.0.1 to 10.0.0.2:5060");
    flow.u.state.from = V("opening");
    flow.u.state.to = V("gone");
    flow.u.state.why = V("refused");
    event_add(&events, &parties[0]);
    event_add(&events, &parties[1]);
    event_add(&events, &flow);
    flow.u.state.from = V("open"); /* what was open once has shown its messages */
    event_add(&events, &flow);
    struct report_case one = {.events = buf_view(&events)};
    report_ladder_write(&out, &one, 100);
    assert_int_equal(out.failed, ERR_OK);
    size_t at = view_find(buf_view(&out), V("refused: tcp 10.0.0.1 to 10.0.0.2:5060"));
    assert_true(at < out.len);
    struct view rest = view_skip(buf_view(&out), at + 1);
    assert_int_equal(view_find(rest, V("refused")), rest.len);
    buf_deinit(&events);
    buf_deinit(&out);
}

int main(void)
{
    struct run_fixture *fixture = run_fixture_create();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(ladders_are_as_in_the_golden_files, fixture),
        cmocka_unit_test(a_connection_that_never_came_about_is_a_row),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    run_fixture_destroy(fixture);
    return failed;
}
