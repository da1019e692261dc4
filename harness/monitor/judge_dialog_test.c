/* Dialogs: requests that are sent again, and one dialog on two links. */
#include "harness/monitor/monitor_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void a_bye_may_be_sent_again_with_credentials(void **state)
{
    (void)state;
    struct watched w;
    watched_init(&w, false);
    flow_see(&w, flow_call, INVITE, BYE);
    watched_see(&w, BOB,
                V("SIP/2.0 407 Who\r\n" VIA_A("4") IDS_A TO_B
                  "CSeq: 3 BYE\r\nProxy-Authenticate: Digest "
                  "realm=\"a\",nonce=\"n\",qop=\"auth\"\r\n" EMPTY));
    watched_see(&w, ALICE,
                V("BYE sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA_A("5") HOPS IDS_A TO_B
                  "CSeq: 4 BYE\r\n" EMPTY));
    watched_see(&w, BOB, V("SIP/2.0 200 OK\r\n" VIA_A("5") IDS_A TO_B "CSeq: 4 BYE\r\n" EMPTY));
    watched_see(&w, ALICE,
                V("BYE sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA_A("6") HOPS IDS_A TO_B
                  "CSeq: 5 BYE\r\n" EMPTY));
    watched_end(&w);
    assert_string_equal(w.ids, "MON-003"); /* the third one */
}

/* The same messages on both sides of a NAT are two dialogs, and each knows all of its own. */
static void a_copy_on_another_link_teaches_the_dialog_there(void **state)
{
    (void)state;
    static const int order[] = {3, 2}; /* which link is first seen, at first; then the other one */
    static const char moved[] = "Contact: <sip:bob@192.0.2.2:5061>\r\n";
    struct watched w;
    watched_init(&w, true);
    for (int at = INVITE; at <= ANSWERED; at += ANSWERED - INVITE)
        for (int i = 0; i < 2; i++) {
            w.net = (uint8_t)order[i];
            flow_see(&w, flow_call, at, at);
        }
    for (int i = 1; i >= 0; i--) {
        w.net = (uint8_t)order[i];
        watched_see(&w, ALICE,
                    V("INVITE sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA_A("9") HOPS IDS_A TO_B
                      "CSeq: 2 INVITE\r\n" CONTACT_A EMPTY));
    }
    for (int i = 1; i >= 0; i--) {
        struct buf text = {0};
        w.net = (uint8_t)order[i];
        buf_printf(&text,
                   "SIP/2.0 200 OK\r\n" VIA_A("9") IDS_A TO_B
                   "CSeq: 2 INVITE\r\n%s" BODY(SDP("bobby", "1", "192.0.2.2", "40002")),
                   moved);
        watched_see(&w, BOB, buf_view(&text));
        buf_deinit(&text);
    }
    flow_see_changed(&w, flow_call, BYE, "bob@192.0.2.2:5060", "bob@192.0.2.2:5061");
    watched_end(&w);
    assert_string_equal(w.ids, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bye_may_be_sent_again_with_credentials),
        cmocka_unit_test(a_copy_on_another_link_teaches_the_dialog_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
