/* Copies: when they come, and what a capture cannot know of them. */
#include "harness/monitor/monitor_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void repeat(struct watched *w, const uint32_t *gaps_ms, size_t count, const char *text)
{
    uint64_t at_us = w->now_us;
    watched_see(w, ALICE, view_of(text));
    for (size_t i = 0; i < count; i++) {
        at_us += gaps_ms[i] * US_PER_MS;
        w->now_us = at_us;
        watched_see(w, ALICE, view_of(text));
    }
}

static void copies_come_when_they_should(void **state)
{
    (void)state;
    static const struct {
        int at;
        uint32_t gaps_ms[6];
        const char *ids;
    } rows[] = {
        {INVITE, {500, 1000, 2000, 4000, 8000, 16000}, ""                                       },
        {INVITE, {100, 200, 400, 800, 1600, 3200},     ""                                       }, /* another T1 */
        {INVITE, {500, 1000, 2000, 4000, 4000, 4000},  "CTI-001 CTI-001"                        },
        {INVITE, {500, 500, 500, 500, 500, 500},       "CTI-001 CTI-001 CTI-001 CTI-001 CTI-001"},
        {BYE,    {500, 1000, 2000, 4000, 4000, 4000},  ""                                       },
        {BYE,    {500, 1000, 2000, 1000, 4000, 4000},  "CTN-001b"                               },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watched w;
        watched_init(&w, false);
        repeat(&w, rows[i].gaps_ms, 6, flow_call[rows[i].at].text);
        watched_end(&w);
        assert_string_equal(w.ids, rows[i].ids);
    }
}

/* In a capture the response may have been lost behind the tap: then the copy was right. */
static void what_a_capture_cannot_know_is_not_judged(void **state)
{
    (void)state;
    for (int capture = 0; capture < 2; capture++) {
        struct watched w;
        struct monitor_counts counts;
        watched_init(&w, capture != 0);
        watched_see(&w, ALICE, view_of(flow_call[INVITE].text));
        watched_see(&w, BOB, view_of(flow_call[RINGING].text));
        watched_see(&w, ALICE, view_of(flow_call[INVITE].text));
        monitor_counts(w.monitor, &counts);
        watched_end(&w);
        assert_string_equal(w.ids, capture != 0 ? "" : "CTI-006");
        assert_int_equal(counts.not_judged, capture);
    }
}

/* The 200 was lost behind the tap: the gap is from copy to copy, whatever came between. */
static void a_response_does_not_count_as_a_copy(void **state)
{
    (void)state;
    struct watched w;
    watched_init(&w, true);
    repeat(&w, (const uint32_t[]){500, 1000}, 2, flow_call[INVITE].text);
    uint64_t copied_us = w.now_us - US_PER_S - US_PER_MS;
    w.now_us = copied_us + 1500 * US_PER_MS;
    watched_see(&w, BOB, view_of(flow_call[ANSWERED].text));
    w.now_us = copied_us + 2000 * US_PER_MS;
    watched_see(&w, ALICE, view_of(flow_call[INVITE].text));
    watched_end(&w);
    assert_string_equal(w.ids, "");
}

/* Frames of two taps are not always in order. */
static void a_copy_from_the_past_has_no_interval(void **state)
{
    (void)state;
    static const uint32_t at_ms[] = {1000, 990, 1500, 2500};
    struct watched w;
    watched_init(&w, true);
    for (size_t i = 0; i < sizeof at_ms / sizeof *at_ms; i++) {
        w.now_us = at_ms[i] * US_PER_MS;
        flow_see(&w, flow_call, INVITE, INVITE);
    }
    watched_end(&w);
    assert_string_equal(w.ids, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_come_when_they_should),
        cmocka_unit_test(what_a_capture_cannot_know_is_not_judged),
        cmocka_unit_test(a_response_does_not_count_as_a_copy),
        cmocka_unit_test(a_copy_from_the_past_has_no_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
