#include "harness/run/ending.h"

/* Where the whole events end, and what the last of them was. */
static size_t whole_len(struct view events, struct trace_event *last)
{
    struct view rest = events;

    for (;;) {
        size_t len = trace_decode(rest, NULL, last);
        if (len == 0 || len == SIZE_MAX)
            return events.len - rest.len;
        rest = view_skip(rest, len);
    }
}

void ending_append(struct cases *cases, struct run_case *one)
{
    struct spool *spool = &cases->spools[one->worker];
    struct trace_event last = {0}, event = {.kind = TRACE_VERDICT};
    struct buf buf = {0};

    one->events_len = whole_len(case_events(cases, one), &last);
    spool_cut(spool, one->events_from + one->events_len);
    event.seq = last.seq + 1;
    event.time_us = last.time_us;
    event.u.verdict.verdict = one->report.verdict;
    event.u.verdict.reason = one->report.reason;
    event.u.verdict.detail = one->report.detail;
    trace_encode(&buf, &event);
    if (buf.failed == ERR_OK && spool_add(spool, buf_view(&buf)) == ERR_OK)
        one->events_len += buf.len;
    buf_deinit(&buf);
}
