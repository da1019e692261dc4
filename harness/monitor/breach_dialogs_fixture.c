/* Requests that do not fit their dialog; subscriptions. */
#include "harness/monitor/monitor_fixture.h"

static void bye_before_the_ack(struct watched *w)
{
    flow_see(w, flow_late, 0, 1);
    flow_see(w, flow_late, 3, 4);
}

static void callee_ends_what_rings(struct watched *w)
{
    flow_see(w, flow_cancelled, 0, 1);
    flow_see(w, flow_late, 3, 4);
}

static void two_invites(struct watched *w)
{
    flow_see(w, flow_changed, 0, 4);
    struct view again = text_changed(view_of(flow_changed[4].text), "z9hG4bK3", "z9hG4bK9");
    watched_see(w, ALICE, text_changed(again, "CSeq: 2", "CSeq: 3"));
}

static void reliable_ones_skip(struct watched *w)
{
    flow_see(w, flow_call, INVITE, PRACKED);
    struct view next = text_changed(view_of(flow_call[RINGING].text), "RSeq: 7", "RSeq: 9");
    watched_see(w, BOB, text_changed(next, "180 Ringing", "183 Session Progress"));
}

static void answered_without_prack(struct watched *w)
{
    flow_see(w, flow_call, INVITE, RINGING);
    w->now_us += 2 * US_PER_S;
    flow_see(w, flow_call, ANSWERED, ACK);
}

static void two_reliable_ones(struct watched *w)
{
    flow_see(w, flow_call, INVITE, RINGING);
    struct view next = text_changed(view_of(flow_call[RINGING].text), "RSeq: 7", "RSeq: 8");
    watched_see(w, BOB, text_changed(next, "180 Ringing", "183 Session Progress"));
}

/* The 183 has the answer, and the 200 comes at once. */
static void answered_too_soon(struct watched *w)
{
    flow_see(w, flow_call, INVITE, INVITE);
    flow_see_changed(w, flow_call, ANSWERED, "200 OK\r\n",
                     "183 Session Progress\r\nRequire: 100rel\r\nRSeq: 7\r\n");
    w->now_us -= US_PER_S;
    flow_see(w, flow_call, ANSWERED, ANSWERED);
}

static void notified_behind_the_end(struct watched *w)
{
    flow_see(w, flow_subscribe, 0, 5);
    struct view again = text_changed(view_of(flow_subscribe[4].text), "z9hG4bK3", "z9hG4bK9");
    watched_see(w, BOB, text_changed(again, "CSeq: 2", "CSeq: 3"));
}

static void never_notified(struct watched *w)
{
    flow_see(w, flow_subscribe, 0, 1);
    w->now_us += 33 * US_PER_S;
}

static void info_behind_bye(struct watched *w)
{
    flow_see(w, flow_call, INVITE, BYE);
    watched_see(w, ALICE,
                V("INFO sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA_A("9") HOPS IDS_A TO_B
                  "CSeq: 4 INFO\r\n" EMPTY));
}

static void bye_long_after_the_ack_was_due(struct watched *w)
{
    flow_see(w, flow_late, 0, 1);
    w->now_us += 33 * US_PER_S;
    flow_see(w, flow_late, 3, 4);
}

static void notified_anew(struct watched *w)
{
    flow_see(w, flow_subscribe, 0, 5);
    struct view more = text_changed(view_of(flow_subscribe[0].text), "z9hG4bK1", "z9hG4bK8");
    more = text_changed(more, "CSeq: 1", "CSeq: 2");
    more = text_changed(more, "SUBSCRIBE sip:bob@192.0.2.2", "SUBSCRIBE sip:bob@192.0.2.2:5060");
    watched_see(w, ALICE, text_changed(more, "<sip:bob@192.0.2.2>", "<sip:bob@192.0.2.2>;tag=b"));
    struct view told = text_changed(view_of(flow_subscribe[2].text), "z9hG4bK2", "z9hG4bK9");
    watched_see(w, BOB, text_changed(told, "CSeq: 1", "CSeq: 3"));
}

static void polled(struct watched *w)
{
    flow_see_changed(w, flow_subscribe, 0, "Expires: 600", "Expires: 0");
    flow_see_changed(w, flow_subscribe, 1, "Expires: 600", "Expires: 0");
    flow_see_changed(w, flow_subscribe, 2, "active;expires=600", "terminated;reason=timeout");
    w->now_us += 33 * US_PER_S;
}

/* RFC 6141 §4.7: the Contact of a 180 to a re-INVITE is not the target yet. */
static void target_told_unreliably(struct watched *w)
{
    flow_see(w, flow_changed, 0, 4);
    struct view ringing = text_changed(view_of(flow_cancelled[1].text), "z9hG4bK1", "z9hG4bK3");
    ringing = text_changed(ringing, "CSeq: 1", "CSeq: 2");
    watched_see(w, BOB, text_changed(ringing, "bob@192.0.2.2:5060", "bob@192.0.2.2:5061"));
    struct view info = text_changed(view_of(flow_changed[7].text), "UPDATE sip", "INFO sip");
    info = text_changed(info, "CSeq: 3 UPDATE", "CSeq: 3 INFO");
    info = text_changed(info, CONTACT_A, "");
    watched_see(w, ALICE, text_changed(info, BODY(SDP("alice", "3", "192.0.2.1", "40008")), EMPTY));
}

/* clang-format off */
const struct breach breaches_of_dialogs[] = {
    {.id = "DLG-008", .flow = flow_call, .changes = {{BYE, "CSeq: 3", "CSeq: 2"},
        {ENDED, "CSeq: 3", "CSeq: 2"}}},
    {.id = "DLG-008b", .flow = flow_call, .changes = {{BYE, "CSeq: 3", "CSeq: 4"},
        {ENDED, "CSeq: 3", "CSeq: 4"}}},
    {.id = "DLG-N03", .flow = flow_call, .changes = {{BYE, "sip:alice@", "sip:carol@"},
        {ENDED, "sip:alice@", "sip:carol@"}}},
    BREACH("DLG-006", flow_call, BYE, "BYE sip:bob@192.0.2.2:5060", "BYE sip:bob@192.0.2.2:5061"),
    PLAYED("DLG-022", bye_before_the_ack),
    PLAYED("DLG-N07", callee_ends_what_rings),
    PLAYED("INV-004", two_invites),
    PLAYED("MON-003", info_behind_bye),
    BREACH("DLG-004", flow_changed, 9, "Route: <sip:p.example;lr>, <sip:q.example;lr>",
        "Route: <sip:q.example;lr>, <sip:p.example;lr>"),
    /* reliable provisional responses */
    PLAYED("PRK-004", two_reliable_ones),
    PLAYED("PRK-008", answered_too_soon),
    BREACH("PRK-009b", flow_call, PRACK, "RAck: 7", "RAck: 8"),
    {.id = "PRK-003", .flow = flow_call, .changes = {{RINGING, "RSeq: 7", "RSeq: 2147483648"},
        {PRACK, "RAck: 7", "RAck: 2147483648"}}},
    PLAYED("PRK-003b", reliable_ones_skip),
    PLAYED("PRK-009", answered_without_prack),
    /* transfer */
    BREACH("REF-003c", flow_refer, 4, "message/sipfrag", "text/plain"),
    BREACH("REF-005", flow_refer, 4, "reason=noresource", "reason=timeout"),
    PLAYED("MON-005", notified_behind_the_end),
    PLAYED("EVT-003", never_notified),
    BREACH("REF-004", flow_refer, 4, "SIP/2.0 200 OK", "OK"),
    /* near, and right */
    PLAYED("", target_told_unreliably),
    PLAYED("", bye_long_after_the_ack_was_due),
    PLAYED("", notified_anew),
    PLAYED("", polled),
    {.id = "", .flow = flow_changed,
        .changes = {{9, "CSeq: 1 BYE", "CSeq: 4711 BYE"}, {10, "CSeq: 1 BYE", "CSeq: 4711 BYE"}}},
    {0},
};
/* clang-format on */
