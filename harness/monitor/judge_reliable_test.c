/* Reliable provisional responses, in time. */
#include "harness/monitor/monitor_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* RFC 3262 §3: it is repeated until its PRACK comes, whatever else was said meanwhile. */
static void a_reliable_response_may_come_again_behind_another_one(void **state)
{
    (void)state;
    struct watched w;
    watched_init(&w, false);
    flow_see(&w, flow_call, INVITE, RINGING);
    flow_see_changed(&w, flow_call, RINGING,
                     "180 Ringing\r\n" VIA_A("1") IDS_A TO_B "CSeq: 1 INVITE\r\n" CONTACT_B
                                                             "Require: 100rel\r\nRSeq: 7\r\n",
                     "182 Queued\r\n" VIA_A("1") IDS_A TO_B "CSeq: 1 INVITE\r\n" CONTACT_B);
    flow_see(&w, flow_call, RINGING, ENDED);
    watched_end(&w);
    assert_string_equal(w.ids, "");
}

static void a_prack_has_a_second_to_come(void **state)
{
    (void)state;
    for (int late = 0; late < 2; late++) {
        struct watched w;
        watched_init(&w, false);
        flow_see(&w, flow_call, INVITE, RINGING);
        uint64_t rung_us = w.now_us - US_PER_S;
        w.now_us = rung_us + 100 * US_PER_MS;
        w.lost = true;
        flow_see(&w, flow_call, ANSWERED, ANSWERED);
        w.now_us = rung_us + (late ? 2000 : 200) * US_PER_MS;
        watched_end(&w);
        assert_string_equal(w.ids, late ? "PRK-009" : "");
    }
}

/* RFC 3262 §7.1: what has no number that can be acknowledged is not reliable. */
static void without_a_number_there_is_nothing_to_prack(void **state)
{
    static const struct {
        const char *rseq, *ids;
    } rows[] = {
        {"RSeq: 7\r\n", "PRK-009"        },
        {"RSeq: 0\r\n", "FMT-012 PRK-003"},
        {"",            "PRK-001c"       },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watched w;
        watched_init(&w, false);
        flow_see(&w, flow_call, INVITE, INVITE);
        flow_see_changed(&w, flow_call, RINGING, "RSeq: 7\r\n", rows[i].rseq);
        w.now_us += 2 * US_PER_S;
        w.lost = true;
        flow_see(&w, flow_call, ANSWERED, ANSWERED);
        watched_end(&w);
        assert_string_equal(w.ids, rows[i].ids);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reliable_response_may_come_again_behind_another_one),
        cmocka_unit_test(a_prack_has_a_second_to_come),
        cmocka_unit_test(without_a_number_there_is_nothing_to_prack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
