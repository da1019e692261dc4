/* What the stack writes into the trace: each move, each timer, and what came before it. */
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void add_state(struct buf *buf, const struct trace_event *event)
{
    buf_printf(buf, "%llu %.*s: %.*s > %.*s (%.*s)\n",
               (unsigned long long)(event->time_us / US_PER_MS), VIEW_ARG(event->u.state.what),
               VIEW_ARG(event->u.state.from), VIEW_ARG(event->u.state.to),
               VIEW_ARG(event->u.state.why));
}

static void add_timer(struct buf *buf, const struct trace_event *event)
{
    static const char *const acts[] = {"set", "stopped", "fired"};
    buf_printf(buf, "%llu Timer %.*s %s, due %llu\n",
               (unsigned long long)(event->time_us / US_PER_MS), VIEW_ARG(event->u.timer.name),
               acts[event->u.timer.act], (unsigned long long)(event->u.timer.due_us / US_PER_MS));
}

static void moves_and_timers_are_events_with_their_causes(void **state)
{
    (void)state;
    struct pump pump;
    struct trace *trace;
    struct trace_options trace_options = {0};
    struct buf text = {0};
    assert_int_equal(trace_create(&trace_options, &trace), ERR_OK);
    struct sip_stack_options options = {.trace = trace};
    pump_begin(&pump);
    pump_add(&pump, "alice", &options);
    pump_request(&pump, 0, "OPTIONS", "sip:x@192.0.2.9", (struct handle){0});
    pump_run(&pump, 1600 * US_PER_MS);
    pump_inject(&pump, 0, "192.0.2.9:5060",
                "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKno\r\n"
                "From: <sip:a>;tag=1\r\nTo: <sip:b>;tag=2\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n"
                "Content-Length: 0\r\n\r\n");
    uint64_t fired = 0;
    for (uint64_t seq = 1; seq <= trace_last(trace); seq++) {
        struct trace_event event;
        assert_true(trace_get(trace, seq, &event));
        assert_int_equal(event.party, 1);
        if (event.kind == TRACE_STATE)
            add_state(&text, &event);
        else
            add_timer(&text, &event);
        if (event.kind == TRACE_TIMER && event.u.timer.act == TIMER_FIRED)
            fired = seq;
        else if (event.time_us == 500 * US_PER_MS)
            assert_int_equal(event.cause, fired);
    }
    buf_add_char(&text, '\0');
    assert_string_equal(
        text.ptr, "0 client: waiting > trying (OPTIONS)\n"
                  "0 Timer E set, due 500\n"
                  "0 Timer F set, due 32000\n"
                  "500 Timer E fired, due 500\n"
                  "500 Timer E set, due 1500\n"
                  "1500 Timer E fired, due 1500\n"
                  "1500 Timer E set, due 3500\n"
                  "1600 message: received > discarded (a response that no request waits for)\n");
    buf_deinit(&text);
    pump_end(&pump);
    trace_destroy(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_and_timers_are_events_with_their_causes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
