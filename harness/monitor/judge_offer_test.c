/* Which descriptions are offers. */
#include "harness/monitor/monitor_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* RFC 3264 §8 speaks of offers. */
static void only_an_offer_is_held_against_the_one_before(void **state)
{
    (void)state;
    struct watched w;
    watched_init(&w, false);
    flow_see(&w, flow_call, INVITE, PRACKED);
    flow_see(&w, flow_call, ANSWERED, ACK);
    watched_see(&w, ALICE,
                V("INVITE sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA_A("9") HOPS IDS_A TO_B
                  "CSeq: 3 INVITE\r\n" CONTACT_A BODY(SDP("alice", "1", "192.0.2.1", "40000"))));
    watched_see(&w, BOB,
                V("SIP/2.0 200 OK\r\n" VIA_A("9") IDS_A TO_B
                  "CSeq: 3 INVITE\r\n" CONTACT_B BODY(SDP("rober", "1", "192.0.2.2", "40002"))));
    watched_end(&w);
    assert_string_equal(w.ids, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_offer_is_held_against_the_one_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
