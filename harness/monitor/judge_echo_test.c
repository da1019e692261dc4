/* Responses beside their requests: what is theirs, and what nobody knows. */
#include "harness/monitor/monitor_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* Between the tap and the server a NAT may make the one address of the other. */
static void a_capture_does_not_know_the_source_that_the_server_saw(void **state)
{
    (void)state;
    for (int capture = 0; capture < 2; capture++) {
        struct watched w;
        struct monitor_counts counts;
        watched_init(&w, capture != 0);
        flow_see_changed(&w, flow_call, BYE, "192.0.2.1:5060", "192.0.2.9:5060");
        flow_see_changed(&w, flow_call, ENDED, "192.0.2.1:5060", "192.0.2.9:5060");
        monitor_counts(w.monitor, &counts);
        watched_end(&w);
        assert_string_equal(w.ids, capture != 0 ? "" : "TRP-006");
        assert_int_equal(counts.not_judged, capture);
    }
    struct watched w;
    watched_init(&w, true);
    flow_see_changed(&w, flow_call, BYE, "192.0.2.1:5060", "a.example:5060");
    flow_see_changed(&w, flow_call, ENDED, "192.0.2.1:5060", "a.example:5060");
    watched_end(&w);
    assert_string_equal(w.ids, "TRP-006"); /* a name is never the source */
}

/* RFC 3261 §8.2.6.2: what is wrong with them is their request's. */
static void a_response_has_the_faults_of_its_request(void **state)
{
    (void)state;
    for (int seen = 0; seen < 2; seen++) {
        struct watched w;
        watched_init(&w, true);
        if (seen)
            flow_see_changed(&w, flow_call, BYE, ";tag=a", ";tag=");
        flow_see_changed(&w, flow_call, ENDED, ";tag=a", ";tag=");
        watched_end(&w);
        assert_string_equal(w.ids, seen ? "UAC-003b" : "");
    }
    struct watched w;
    watched_init(&w, true);
    flow_see(&w, flow_call, BYE, BYE);
    flow_see_changed(&w, flow_call, ENDED, "Alice <sip:alice@192.0.2.1>",
                     "Alice (sip:alice@192.0.2.1)");
    watched_end(&w);
    assert_string_equal(w.ids, "FMT-017"); /* its own */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_capture_does_not_know_the_source_that_the_server_saw),
        cmocka_unit_test(a_response_has_the_faults_of_its_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
