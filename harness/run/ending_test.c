#include "harness/run/ending.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct spool spool;
static struct cases cases = {.spools = &spool};

static int teardown(void **state)
{
    (void)state;
    spool_deinit(&spool);
    return 0;
}

static void log_add(struct buf *buf, uint64_t seq, const char *text)
{
    struct trace_event event = {.seq = seq, .time_us = seq * 10, .kind = TRACE_LOG};

    event.u.note.text = view_of(text);
    trace_encode(buf, &event);
}

static struct run_case lost(uint64_t from, uint64_t len)
{
    struct run_case one = {.events_from = from, .events_len = len};

    one.report.verdict = VERDICT_ERROR;
    one.report.reason = V("it was ended");
    one.report.detail = V("{}");
    return one;
}

/* Decodes all; the last has to be the verdict. */
static size_t assert_ended(struct run_case *one, uint64_t seq)
{
    struct view rest = case_events(&cases, one);
    struct trace_event event = {0};
    size_t count = 0;

    for (; rest.len > 0; count++) {
        size_t len = trace_decode(rest, NULL, &event);
        assert_true(len > 0 && len != SIZE_MAX);
        rest = view_skip(rest, len);
    }
    assert_int_equal(event.kind, TRACE_VERDICT);
    assert_int_equal(event.seq, seq);
    assert_int_equal(event.u.verdict.verdict, VERDICT_ERROR);
    assert_true(view_equal(event.u.verdict.reason, V("it was ended")));
    return count;
}

static void the_verdict_follows_the_last_event(void **state)
{
    struct buf before = {0}, events = {0};

    (void)state;
    log_add(&before, 1, "of another case");
    log_add(&events, 1, "one");
    log_add(&events, 2, "two");
    assert_int_equal(spool_add(&spool, buf_view(&before)), ERR_OK);
    assert_int_equal(spool_add(&spool, buf_view(&events)), ERR_OK);
    struct run_case one = lost(before.len, events.len);
    ending_append(&cases, &one);
    assert_int_equal(assert_ended(&one, 3), 3);
    assert_int_equal(spool.len, one.events_from + one.events_len);
    buf_deinit(&before);
    buf_deinit(&events);
}

static void half_an_event_is_taken_away(void **state)
{
    struct buf events = {0};

    (void)state;
    log_add(&events, 1, "one");
    size_t whole = events.len;
    log_add(&events, 2, "two");
    for (size_t len = whole; len < events.len; len++) {
        spool_cut(&spool, 0);
        assert_int_equal(spool_add(&spool, view_head(buf_view(&events), len)), ERR_OK);
        struct run_case one = lost(0, len);
        ending_append(&cases, &one);
        assert_int_equal(assert_ended(&one, 2), 2);
    }
    buf_deinit(&events);
}

static void without_events_there_is_only_the_verdict(void **state)
{
    struct run_case one = lost(0, 0);

    (void)state;
    ending_append(&cases, &one);
    assert_int_equal(assert_ended(&one, 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_verdict_follows_the_last_event, teardown),
        cmocka_unit_test_teardown(half_an_event_is_taken_away, teardown),
        cmocka_unit_test_teardown(without_events_there_is_only_the_verdict, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
