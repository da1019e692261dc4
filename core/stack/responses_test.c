/* What responses to an INVITE make of a call, from somebody who keeps to no rule. */
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE };

struct calling { /* alice's INVITE to an address that is no stack's */
    struct pump pump;
    struct handle call;
    struct sip_msg *invite;
};

static void begin(struct calling *c)
{
    pump_begin(&c->pump);
    pump_add(&c->pump, "alice", NULL);
    pump_invite(&c->pump, ALICE, "sip:x@192.0.2.9", &c->call);
    pump_drain(&c->pump);
    assert_int_equal(sip_msg_parse(c->pump.sent[0].bytes, SIP_FRAMING_DATAGRAM, &c->invite),
                     ERR_OK);
}

static void end(struct calling *c)
{
    sip_msg_unref(c->invite);
    pump_end(&c->pump);
}

/* rows: with their line ends; the To tag may be empty: none. */
static void respond(struct calling *c, const char *status, const char *to_tag, const char *rows)
{
    struct buf buf = {0};
    buf_printf(&buf, "SIP/2.0 %s\r\nVia: %.*s\r\n", status,
               VIEW_ARG(sip_msg_via(c->invite, 0)->text));
    buf_printf(&buf, "From: %.*s\r\nTo: <sip:x@192.0.2.9>%s%s\r\n",
               VIEW_ARG(sip_msg_from(c->invite)->text), to_tag[0] == '\0' ? "" : ";tag=", to_tag);
    buf_printf(&buf, "Call-ID: %.*s\r\nCSeq: 1 INVITE\r\n%s", VIEW_ARG(sip_msg_call_id(c->invite)),
               rows);
    buf_printf(&buf, "Content-Length: 0\r\n\r\n%c", 0);
    pump_inject(&c->pump, ALICE, "192.0.2.9:5060", buf.ptr);
    buf_deinit(&buf);
}

static struct sip_call_info info_of(struct calling *c)
{
    struct sip_call_info info;
    assert_int_equal(sip_call_info(c->pump.stacks[ALICE], c->call, &info), ERR_OK);
    return info;
}

static struct sip_stack_counts counts_of(struct calling *c)
{
    struct sip_stack_counts counts;
    sip_stack_counts(c->pump.stacks[ALICE], &counts);
    return counts;
}

/* B53, RFC 3261 §13.2.2.1, §12.3 */
static void a_hundred_tags_make_a_hundred_legs_and_one_failure_ends_them(void **state)
{
    (void)state;
    struct calling c;
    begin(&c);
    for (int i = 0; i < 100; i++) {
        char tag[16];
        snprintf(tag, sizeof tag, "t%d", i);
        respond(&c, i % 2 == 0 ? "183 Progress" : "180 Ringing", tag,
                "Contact: <sip:x@192.0.2.9>\r\n");
    }
    assert_int_equal(counts_of(&c).calls, 100);
    assert_int_equal(counts_of(&c).dialogs, 100);
    respond(&c, "486 Busy", "other", "");
    assert_int_equal(counts_of(&c).calls, 0);
    assert_int_equal(counts_of(&c).dialogs, 0);
    assert_int_equal(c.pump.sent_count, 2);                        /* INVITE and ACK */
    respond(&c, "200 OK", "t5", "Contact: <sip:x@192.0.2.9>\r\n"); /* §13.2.2.3 */
    assert_int_equal(c.pump.sent_count, 2);
    end(&c);
}

/* §12.1: neither a 100 nor a response without a tag makes a dialog. */
static void a_hundred_makes_no_dialog(void **state)
{
    (void)state;
    struct calling c;
    begin(&c);
    respond(&c, "100 Trying", "x", "");
    respond(&c, "100 Trying", "y", "");
    respond(&c, "180 Ringing", "", "");
    assert_int_equal(info_of(&c).state, SIP_CALL_CALLING);
    assert_int_equal(counts_of(&c).calls, 1);
    respond(&c, "180 Ringing", "z", "");
    assert_int_equal(info_of(&c).state, SIP_CALL_EARLY);
    assert_true(view_equal(info_of(&c).remote_tag, V("z")));
    end(&c);
}

/* B54, §13.2.2.4: the route set is that of the 2xx, and then stays. */
static void the_route_set_is_learnt_once_more_from_the_200(void **state)
{
    (void)state;
    struct calling c;
    begin(&c);
    respond(&c, "183 Progress", "z",
            "Record-Route: <sip:192.0.2.50;lr>\r\nContact: <sip:one@192.0.2.9>\r\n");
    assert_true(view_equal(info_of(&c).route_set[0], V("<sip:192.0.2.50;lr>")));
    respond(&c, "200 OK", "z",
            "Record-Route: <sip:192.0.2.61;lr>, <sip:192.0.2.60;lr>\r\nContact: "
            "<sip:two@192.0.2.9>\r\n");
    assert_int_equal(info_of(&c).route_count, 2);
    assert_true(view_equal(info_of(&c).route_set[0], V("<sip:192.0.2.60;lr>")));
    assert_true(view_equal(info_of(&c).remote_target, V("sip:two@192.0.2.9")));
    struct pump_sent *ack = pump_find(&c.pump, "ACK", 0);
    struct addr first_route = pump_addr("192.0.2.60:5060");
    assert_true(addr_equal(&ack->remote, &first_route));
    struct view text = blob_view(ack->bytes);
    assert_true(view_starts(text, V("ACK sip:two@192.0.2.9 SIP/2.0\r\n")));
    assert_true(
        view_find(text, V("\r\nRoute: <sip:192.0.2.60;lr>\r\nRoute: <sip:192.0.2.61;lr>\r\n")) <
        text.len);
    end(&c);
}

/* B57, §12.2.1.1 with a strict router first. */
static void a_strict_route_stands_in_the_request_uri(void **state)
{
    (void)state;
    struct calling c;
    begin(&c);
    respond(
        &c, "200 OK", "z",
        "Record-Route: <sip:192.0.2.61;lr>, <sip:192.0.2.60>\r\nContact: <sip:two@192.0.2.9>\r\n");
    struct pump_sent *ack = pump_find(&c.pump, "ACK", 0);
    struct addr router = pump_addr("192.0.2.60:5060");
    struct view text = blob_view(ack->bytes);
    assert_true(addr_equal(&ack->remote, &router));
    assert_true(view_starts(text, V("ACK sip:192.0.2.60 SIP/2.0\r\n")));
    assert_true(
        view_find(text, V("\r\nRoute: <sip:192.0.2.61;lr>\r\nRoute: <sip:two@192.0.2.9>\r\n")) <
        text.len);
    end(&c);
}

/* B56: whatever the Contact is, the ACK goes out: to where the INVITE went when it leads nowhere.
 */
static void an_ack_goes_out_whatever_the_contact_is(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *target;
    } rows[] = {
        {"",                                                                      "192.0.2.9:5060" },
        {"Contact: *\r\n",                                                        NULL             }, /* no response at all: RFC 3261 §10.2.2 has it for REGISTER */
        {"Contact: <tel:+123>\r\n",                                               "192.0.2.9:5060" },
        {"Contact: <sip:x@example.com>\r\n",                                      "192.0.2.9:5060" },
        {"Contact: <sip:x@192.0.2.9;transport=tcp>\r\n",                          "192.0.2.9:5060" },
        {"Contact: <sips:x@192.0.2.9>\r\n",                                       "192.0.2.9:5060" },
        {"Contact: <sip:x@192.0.2.44:6000>, <sip:y@192.0.2.45>\r\n",              "192.0.2.44:6000"},
        {"Contact: sip:x@192.0.2.44:6000;expires=5\r\n",                          "192.0.2.44:6000"},
        {"Contact: <sip:x@example.com;maddr=192.0.2.46>\r\n",                     "192.0.2.46:5060"},
        {"Contact: <sip:alice@192.0.2.1>\r\n",                                    "192.0.2.1:5060" },
        {"Record-Route: <sip:example.com;lr>\r\nContact: <sip:x@192.0.2.44>\r\n", "192.0.2.9:5060" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct calling c;
        begin(&c);
        respond(&c, "200 OK", "z", rows[i].rows);
        struct pump_sent *ack = pump_find(&c.pump, "ACK", 0);
        struct addr target = {0};
        if (rows[i].target != NULL)
            target = pump_addr(rows[i].target);
        if ((ack != NULL) != (rows[i].target != NULL) ||
            (ack != NULL && !addr_equal(&ack->remote, &target)))
            fail_msg("%s", rows[i].rows);
        end(&c);
    }
}

/* B43, RFC 6026 §7.2: further 2xx count for 64*T1, and then for nothing. */
static void a_200_is_acked_as_long_as_timer_m_runs(void **state)
{
    (void)state;
    struct calling c;
    uint64_t times[8];
    begin(&c);
    respond(&c, "200 OK", "z", "Contact: <sip:x@192.0.2.9>\r\n");
    pump_run(&c.pump, 32 * US_PER_S - 1);
    respond(&c, "200 OK", "z", "Contact: <sip:x@192.0.2.9>\r\n");
    assert_int_equal(pump_times(&c.pump, "ACK", times, 8), 2);
    pump_run(&c.pump, 32 * US_PER_S + 1);
    respond(&c, "200 OK", "z", "Contact: <sip:x@192.0.2.9>\r\n");
    assert_int_equal(pump_times(&c.pump, "ACK", times, 8), 2);
    assert_int_equal(info_of(&c).state, SIP_CALL_CONFIRMED);
    end(&c);
}

/* B43, §17.1.1.2: any 300-699 in Completed is a copy, and Timer D of 32 s takes them. */
static void a_failure_is_acked_as_long_as_timer_d_runs(void **state)
{
    (void)state;
    struct calling c;
    uint64_t times[8];
    begin(&c);
    respond(&c, "486 Busy", "z", "");
    respond(&c, "500 Oops", "z", "");
    pump_run(&c.pump, 32 * US_PER_S - 1);
    respond(&c, "486 Busy", "z", "");
    pump_run(&c.pump, 32 * US_PER_S + 1);
    respond(&c, "486 Busy", "z", "");
    assert_int_equal(pump_times(&c.pump, "ACK", times, 8), 3);
    assert_int_equal(pump_tell_count(&c.pump, ALICE, SIP_TELL_RESPONSE, NULL), 1);
    assert_ptr_equal(pump_find(&c.pump, "ACK", 0)->bytes, pump_find(&c.pump, "ACK", 2)->bytes);
    end(&c);
}

/* B48: a response in the very microsecond of Timer B: the one that was there first counts. */
static void a_response_at_the_edge_of_timer_b(void **state)
{
    (void)state;
    static const struct {
        uint64_t at_us;
        enum sip_call_state state;
    } rows[] = {
        {32 * US_PER_S - 1, SIP_CALL_CONFIRMED },
        {32 * US_PER_S,     SIP_CALL_TERMINATED}
    };
    for (size_t i = 0; i < 2; i++) {
        struct calling c;
        begin(&c);
        pump_run(&c.pump, rows[i].at_us);
        respond(&c, "200 OK", "z", "Contact: <sip:x@192.0.2.9>\r\n");
        assert_int_equal(info_of(&c).state, rows[i].state);
        end(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_tags_make_a_hundred_legs_and_one_failure_ends_them),
        cmocka_unit_test(a_hundred_makes_no_dialog),
        cmocka_unit_test(the_route_set_is_learnt_once_more_from_the_200),
        cmocka_unit_test(a_strict_route_stands_in_the_request_uri),
        cmocka_unit_test(an_ack_goes_out_whatever_the_contact_is),
        cmocka_unit_test(a_200_is_acked_as_long_as_timer_m_runs),
        cmocka_unit_test(a_failure_is_acked_as_long_as_timer_d_runs),
        cmocka_unit_test(a_response_at_the_edge_of_timer_b),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
