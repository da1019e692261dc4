/* What is right of a proxy, and of a back-to-back user agent. */
#include "harness/monitor/monitor_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PROXY "Via: SIP/2.0/UDP 192.0.2.1:5061;branch=z9hG4bKp\r\n"
#define REFUSED IDS_A "Max-Forwards: 69\r\n"

/* Over streams a proxy has many ports: on its user's host nothing but the Vias tells them apart. */
static void what_a_proxy_of_the_same_host_hands_on_is_its_makers(void **state)
{
    (void)state;
    struct watched w;
    char row[200], made[2000];
    watched_init(&w, true);
    for (int i = 0; i <= ENDED; i++) {
        snprintf(row, sizeof row,
                 "Authorization: Digest username=\"a\", realm=\"r\", nonce=\"n\", "
                 "response=\"0123456789abcdef0123456789abcdef\", "
                 "qop=auth, nc=%08x, cnonce=\"c\"\r\nFrom: ",
                 i == ACK ? 1u : (unsigned)i + 1);
        struct view text = flow_call[i].from == BOB
                               ? view_of(flow_call[i].text)
                               : text_changed(view_of(flow_call[i].text), "From: ", row);
        snprintf(made, sizeof made, "%.*s", VIEW_ARG(text));
        watched_see(&w, flow_call[i].from, view_of(made));
        snprintf(row, sizeof row, "Via: SIP/2.0/UDP 192.0.2.1:5061;branch=z9hG4bKp%d\r\nVia: ", i);
        if (flow_call[i].from == ALICE)
            watched_see(&w, ALICE, text_changed(view_of(made), "Via: ", row));
    }
    watched_end(&w);
    assert_string_equal(w.ids, "");
}

/* RFC 3261 §8.1.1.6 and §8.1.1.8 are about user agents. */
static void a_proxy_makes_its_own_way_to_a_secure_callee(void **state)
{
    static const struct {
        uint32_t from;
        const char *text;
    } rows[] = {
        {ALICE, "INVITE sips:bob@192.0.2.2 SIP/2.0\r\n" PROXY VIA_A("9") REFUSED
         "To: <sip:bob@192.0.2.2>\r\nCSeq: 1 INVITE\r\n" CONTACT_A EMPTY           },
        {BOB,   "SIP/2.0 486 Busy Here\r\n" PROXY VIA_A("9") IDS_A TO_B "CSeq: 1 INVITE\r\n" EMPTY},
        {ALICE, "ACK sips:bob@192.0.2.2 SIP/2.0\r\n" PROXY REFUSED TO_B "CSeq: 1 ACK\r\n" EMPTY   },
    };
    (void)state;
    struct watched w;
    watched_init(&w, true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        watched_see(&w, rows[i].from, view_of(rows[i].text));
    watched_end(&w);
    assert_string_equal(w.ids, "");
}

/* RFC 7403 §3.1: other numbers than 70 may be right. */
static void a_back_to_back_user_agent_hands_on_fewer_hops(void **state)
{
    static const struct {
        bool capture, given;
        const char *hops, *ids;
    } rows[] = {
        {true,  false, "Max-Forwards: 69", ""       },
        {true,  false, "Max-Forwards: 71", "MAT-008"},
        {false, false, "Max-Forwards: 69", "MAT-008"},
        {false, true,  "Max-Forwards: 69", ""       },
        {false, true,  "Max-Forwards: 71", "MAT-008"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watched w;
        watched_init(&w, rows[i].capture);
        if (rows[i].given)
            watched_see(&w, BOB,
                        V("OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKo\r\n"
                          "Max-Forwards: 9\r\nFrom: <sip:b@h>;tag=b\r\nTo: <sip:a@h>\r\n"
                          "Call-ID: o\r\nCSeq: 1 OPTIONS\r\n" EMPTY));
        flow_see_changed(&w, flow_call, BYE, "Max-Forwards: 70", rows[i].hops);
        watched_end(&w);
        assert_string_equal(w.ids, rows[i].ids);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_proxy_of_the_same_host_hands_on_is_its_makers),
        cmocka_unit_test(a_proxy_makes_its_own_way_to_a_secure_callee),
        cmocka_unit_test(a_back_to_back_user_agent_hands_on_fewer_hops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
