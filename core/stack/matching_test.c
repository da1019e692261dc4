/* Which transaction a message belongs to, seen from outside: RFC 3261 §17.1.3, §17.2.3, §8.2.2.2.
 */
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB };

struct text { /* a request or response by its parts; what is NULL has a default */
    const char *start, *via, *from, *to, *call_id, *cseq, *rest, *body;
};

static void add_row(struct buf *buf, const char *name, const char *given, const char *otherwise)
{
    const char *value = given == NULL ? otherwise : given;
    if (value[0] != '\0')
        buf_printf(buf, "%s: %s\r\n", name, value);
}

static void inject(struct pump *pump, int to, const char *from_addr, const struct text *text)
{
    struct buf buf = {0};
    buf_printf(&buf, "%s\r\n", text->start);
    add_row(&buf, "Via", text->via, "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKone");
    add_row(&buf, "From", text->from, "<sip:x@192.0.2.9>;tag=x");
    add_row(&buf, "To", text->to, "<sip:alice@192.0.2.1>");
    add_row(&buf, "Call-ID", text->call_id, "one@192.0.2.9");
    add_row(&buf, "CSeq", text->cseq, "1 INVITE");
    if (strncmp(text->start, "INVITE", 6) == 0)
        add_row(&buf, "Contact", NULL, "<sip:x@192.0.2.9>");
    buf_printf(&buf, "Max-Forwards: 70\r\n%sContent-Length: %zu\r\n\r\n%s",
               text->rest == NULL ? "" : text->rest, text->body == NULL ? 0 : strlen(text->body),
               text->body == NULL ? "" : text->body);
    buf_add_char(&buf, '\0');
    pump_inject(pump, to, from_addr, buf.ptr);
    buf_deinit(&buf);
}

static void from_x(struct pump *pump, const struct text *text)
{
    inject(pump, ALICE, "192.0.2.9:5060", text);
}

static void begin(struct pump *pump)
{
    pump_begin(pump);
    pump_add(pump, "alice", NULL);
}

static size_t requests(struct pump *pump)
{
    return pump_tell_count(pump, ALICE, SIP_TELL_REQUEST, NULL);
}

static const struct text invite = {.start = "INVITE sip:alice@192.0.2.1 SIP/2.0"};

/* The tag that alice gave her responses. */
static struct view our_tag(struct pump *pump, const char *label, struct sip_msg **out)
{
    struct pump_sent *sent = pump_find(pump, label, 0);
    assert_non_null(sent);
    assert_int_equal(sip_msg_parse(sent->bytes, SIP_FRAMING_DATAGRAM, out), ERR_OK);
    return sip_msg_to(*out)->tag;
}

static void ack(struct pump *pump, const char *label, struct text text)
{
    struct sip_msg *msg;
    struct buf to = {0};
    struct view tag = our_tag(pump, label, &msg);
    buf_printf(&to, "<sip:alice@192.0.2.1>;tag=%.*s%c", VIEW_ARG(tag), 0);
    text.start = "ACK sip:alice@192.0.2.1 SIP/2.0";
    text.cseq = "1 ACK";
    text.to = text.to == NULL ? to.ptr : text.to;
    from_x(pump, &text);
    buf_deinit(&to);
    sip_msg_unref(msg);
}

/* B45, §17.2.1: a copy in Proceeding gets the latest provisional response again, and nobody is
 * asked twice. */
static void copies_of_an_invite_in_its_server_states(void **state)
{
    (void)state;
    struct pump pump;
    uint64_t times[32];
    begin(&pump);
    from_x(&pump, &invite);
    struct handle tx = pump_take(&pump, ALICE, SIP_TELL_REQUEST, "INVITE")->tell.object;
    from_x(&pump, &invite);
    assert_int_equal(pump.sent_count, 0); /* nothing to repeat so far */
    pump_respond(&pump, ALICE, tx, 180);
    from_x(&pump, &invite);
    from_x(&pump, &invite);
    assert_int_equal(pump_times(&pump, "180 INVITE", times, 32), 3);
    pump_respond(&pump, ALICE, tx, 486);
    from_x(&pump, &invite);
    assert_int_equal(pump_times(&pump, "486 INVITE", times, 32), 2);
    ack(&pump, "486 INVITE", (struct text){0});
    assert_string_equal(sip_transaction_state(pump.stacks[ALICE], tx), "confirmed");
    ack(&pump, "486 INVITE", (struct text){0});
    from_x(&pump, &invite);
    pump_run(&pump, 4 * US_PER_S);
    assert_int_equal(pump_times(&pump, "486 INVITE", times, 32), 2);
    assert_int_equal(requests(&pump), 1);
    pump_run(&pump, 6 * US_PER_S); /* Timer I */
    assert_string_equal(sip_transaction_state(pump.stacks[ALICE], tx), "terminated");
    pump_end(&pump);
}

/* B45, RFC 6026 §7.1: Accepted absorbs copies in silence, for 64*T1. */
static void copies_of_an_invite_that_was_accepted(void **state)
{
    (void)state;
    struct pump pump;
    uint64_t times[32];
    begin(&pump);
    from_x(&pump, &invite);
    struct handle tx = pump_take(&pump, ALICE, SIP_TELL_REQUEST, "INVITE")->tell.object;
    pump_respond(&pump, ALICE, tx, 200);
    pump_run(&pump, 200 * US_PER_MS);
    from_x(&pump, &invite);
    assert_int_equal(pump_times(&pump, "200 INVITE", times, 32), 1);
    ack(&pump, "200 INVITE", (struct text){.via = "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKack"});
    pump_run(&pump, 32 * US_PER_S - 1);
    from_x(&pump, &invite);
    assert_int_equal(requests(&pump), 1);
    pump_run(&pump, 33 * US_PER_S);
    from_x(&pump, &invite); /* Timer L is over: as good as new */
    assert_int_equal(requests(&pump), 2);
    pump_end(&pump);
}

/* B44, RFC 6026 §7.1, §8.7: an ACK that wrongly has the INVITE's branch is the call's all the same.
 */
static void the_ack_of_a_200_may_have_any_branch(void **state)
{
    (void)state;
    static const char *const vias[] = {"SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKone",
                                       "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKother",
                                       "SIP/2.0/UDP 192.0.2.9:5060"};
    for (size_t i = 0; i < 3; i++) {
        struct pump pump;
        begin(&pump);
        from_x(&pump, &invite);
        struct pump_tell *told = pump_take(&pump, ALICE, SIP_TELL_REQUEST, "INVITE");
        pump_respond(&pump, ALICE, told->tell.object, 200);
        pump_drain(&pump);
        ack(&pump, "200 INVITE", (struct text){.via = vias[i]});
        assert_int_equal(pump_state(&pump, ALICE, told->tell.call), SIP_CALL_CONFIRMED);
        pump_run(&pump, 40 * US_PER_S);
        uint64_t times[4];
        assert_int_equal(pump_times(&pump, "200 INVITE", times, 4), 1);
        pump_end(&pump);
    }
}

/* B44 */
static void an_ack_with_another_number_or_tag_stops_nothing(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    from_x(&pump, &invite);
    struct pump_tell *told = pump_take(&pump, ALICE, SIP_TELL_REQUEST, "INVITE");
    pump_respond(&pump, ALICE, told->tell.object, 200);
    pump_drain(&pump);
    ack(&pump, "200 INVITE", (struct text){.to = "<sip:alice@192.0.2.1>;tag=wrong"});
    struct sip_msg *msg;
    struct view tag = our_tag(&pump, "200 INVITE", &msg);
    struct buf to = {0};
    buf_printf(&to, "<sip:alice@192.0.2.1>;tag=%.*s%c", VIEW_ARG(tag), 0);
    struct text wrong = {.start = "ACK sip:alice@192.0.2.1 SIP/2.0",
                         .cseq = "2 ACK",
                         .to = to.ptr,
                         .via = "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKq"};
    from_x(&pump, &wrong);
    assert_int_equal(pump_tell_count(&pump, ALICE, SIP_TELL_DISCARDED, "ACK"), 2);
    pump_run(&pump, 600 * US_PER_MS);
    uint64_t times[4];
    assert_int_equal(pump_times(&pump, "200 INVITE", times, 4), 2);
    assert_int_equal(pump.sent_count, 2); /* and no ACK is ever answered */
    buf_deinit(&to);
    sip_msg_unref(msg);
    pump_end(&pump);
}

/* §17.1.1.3: the ACK of a refused INVITE has its Request-URI, with whatever was wrong in it. */
static void a_wrong_invite_is_refused_until_its_ack(void **state)
{
    (void)state;
    struct pump pump;
    uint64_t times[4];
    begin(&pump);
    from_x(&pump, &(struct text){.start = "INVITE sip:alice@192.0.2.1?Subject=x SIP/2.0"});
    pump_drain(&pump);
    struct sip_msg *msg;
    struct view tag = our_tag(&pump, "400 INVITE", &msg);
    struct buf to = {0};
    buf_printf(&to, "<sip:alice@192.0.2.1>;tag=%.*s%c", VIEW_ARG(tag), 0);
    from_x(&pump, &(struct text){.start = "ACK sip:alice@192.0.2.1?Subject=x SIP/2.0",
                                 .cseq = "1 ACK",
                                 .to = to.ptr});
    pump_run(&pump, 600 * US_PER_MS);
    assert_int_equal(pump_times(&pump, "400 INVITE", times, 4), 1);
    assert_int_equal(pump.sent_count, 1);
    buf_deinit(&to);
    sip_msg_unref(msg);
    pump_end(&pump);
}

/* B47, §17.2.3: branch, sent-by and method make a transaction. */
static void the_same_branch_is_not_always_the_same_transaction(void **state)
{
    (void)state;
    static const struct text others[] = {
        {.start = "MESSAGE sip:alice@192.0.2.1 SIP/2.0",           .cseq = "1 MESSAGE", .call_id = "two"      },
        {.start = "MESSAGE sip:alice@192.0.2.1 SIP/2.0",
         .cseq = "1 MESSAGE",
         .call_id = "three",
         .via = "SIP/2.0/UDP 192.0.2.9:5061;branch=z9hG4bKone"},
        {.start = "MESSAGE sip:alice@192.0.2.1 SIP/2.0",
         .cseq = "1 MESSAGE",
         .call_id = "four",
         .via = "SIP/2.0/UDP other.example.com;branch=z9hG4bKone"},
        {.start = "FOO sip:alice@192.0.2.1 SIP/2.0", .cseq = "1 FOO",                    .call_id = "five"},
        {.start = "BAR sip:alice@192.0.2.1 SIP/2.0",                                       .cseq = "1 BAR",                                       .call_id = "six"                   },
    };
    struct sip_stack_options all = {.manual = SIP_MANUAL_UNKNOWN};
    struct pump pump;
    pump_begin(&pump);
    pump_add(&pump, "alice", &all);
    for (size_t i = 0; i < 5; i++) {
        from_x(&pump, &others[i]);
        assert_int_equal(requests(&pump), i + 1);
        from_x(&pump, &others[i]);
        assert_int_equal(requests(&pump), i + 1);
    }
    /* a host's case and the default port make no difference */
    struct text same = others[2];
    same.via = "SIP/2.0/UDP OTHER.example.com:5060;branch=z9hG4bKone";
    from_x(&pump, &same);
    assert_int_equal(requests(&pump), 5);
    pump_end(&pump);
}

/* B46, §8.2.2.2 */
static void a_request_by_two_paths_is_processed_once(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    from_x(&pump, &invite);
    pump_respond(&pump, ALICE, pump_take(&pump, ALICE, SIP_TELL_REQUEST, "INVITE")->tell.object,
                 180);
    struct text merged = invite;
    merged.via = "SIP/2.0/UDP 192.0.2.8:5060;branch=z9hG4bKtwo";
    from_x(&pump, &merged);
    pump_run(&pump, 100 * US_PER_MS);
    assert_non_null(pump_find(&pump, "482 INVITE", 0));
    assert_int_equal(requests(&pump), 1);
    struct text again = invite; /* with a To tag it is no merged request: it is of a dialog */
    again.via = "SIP/2.0/UDP 192.0.2.8:5060;branch=z9hG4bKthree";
    again.to = "<sip:alice@192.0.2.1>;tag=other";
    from_x(&pump, &again);
    assert_non_null(pump_find(&pump, "481 INVITE", 0));
    struct text later = invite; /* another number is another request */
    later.via = "SIP/2.0/UDP 192.0.2.8:5060;branch=z9hG4bKfour";
    later.cseq = "2 INVITE";
    from_x(&pump, &later);
    assert_int_equal(requests(&pump), 2);
    pump_end(&pump);
}

/* §17.2.3 for those who came before the magic cookie. */
static void an_rfc_2543_invite_is_matched_by_all_it_has(void **state)
{
    (void)state;
    static const char *const vias[] = {"SIP/2.0/UDP 192.0.2.9", "SIP/2.0/UDP 192.0.2.9;branch=old",
                                       "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK"};
    for (size_t i = 0; i < 3; i++) {
        struct pump pump;
        uint64_t times[32];
        struct text old = {.start = "INVITE sip:alice@192.0.2.1 SIP/2.0",
                           .via = vias[i],
                           .from = "<sip:x@192.0.2.9>"};
        begin(&pump);
        from_x(&pump, &old);
        struct handle tx = pump_take(&pump, ALICE, SIP_TELL_REQUEST, "INVITE")->tell.object;
        pump_respond(&pump, ALICE, tx, 486);
        from_x(&pump, &old);
        assert_int_equal(requests(&pump), 1);
        assert_int_equal(pump_times(&pump, "486 INVITE", times, 32), 2);
        ack(&pump, "486 INVITE",
            (struct text){
                .via = vias[i], .from = old.from, .to = "<sip:alice@192.0.2.1>;tag=wrong"});
        assert_string_equal(sip_transaction_state(pump.stacks[ALICE], tx), "completed");
        ack(&pump, "486 INVITE", (struct text){.via = vias[i], .from = old.from});
        assert_string_equal(sip_transaction_state(pump.stacks[ALICE], tx), "confirmed");
        old.cseq = "2 INVITE";
        from_x(&pump, &old);
        assert_int_equal(requests(&pump), 2);
        pump_end(&pump);
    }
}

/* RFC 3261 §12.1.1, §12.2.1.1: a null tag is a tag, and is left out. */
static void a_call_without_a_from_tag_works(void **state)
{
    (void)state;
    struct pump pump;
    struct text old = {.start = "INVITE sip:alice@192.0.2.1 SIP/2.0",
                       .via = "SIP/2.0/UDP 192.0.2.9",
                       .from = "<sip:x@192.0.2.9>"};
    begin(&pump);
    from_x(&pump, &old);
    struct pump_tell *told = pump_take(&pump, ALICE, SIP_TELL_REQUEST, "INVITE");
    pump_respond(&pump, ALICE, told->tell.object, 200);
    pump_drain(&pump);
    ack(&pump, "200 INVITE", (struct text){.via = old.via, .from = old.from});
    assert_int_equal(pump_state(&pump, ALICE, told->tell.call), SIP_CALL_CONFIRMED);
    pump_request(&pump, ALICE, "BYE", NULL, told->tell.call);
    pump_drain(&pump);
    struct sip_msg *bye;
    assert_int_equal(sip_msg_parse(pump_find(&pump, "BYE", 0)->bytes, SIP_FRAMING_DATAGRAM, &bye),
                     ERR_OK);
    assert_null(sip_msg_to(bye)->tag.ptr);
    sip_msg_unref(bye);
    pump_end(&pump);
}

/* A copy of a request gets the same bytes back, while Timer J runs and not after it. */
static void a_copy_gets_the_same_answer(void **state)
{
    (void)state;
    struct pump pump;
    struct text options = {.start = "OPTIONS sip:alice@192.0.2.1 SIP/2.0", .cseq = "1 OPTIONS"};
    begin(&pump);
    from_x(&pump, &options);
    pump_run(&pump, 31 * US_PER_S);
    from_x(&pump, &options);
    assert_ptr_equal(pump_find(&pump, "200 OPTIONS", 0)->bytes,
                     pump_find(&pump, "200 OPTIONS", 1)->bytes);
    pump_run(&pump, 33 * US_PER_S);
    from_x(&pump, &options);
    assert_ptr_not_equal(pump_find(&pump, "200 OPTIONS", 0)->bytes,
                         pump_find(&pump, "200 OPTIONS", 2)->bytes);
    pump_end(&pump);
}

struct answering { /* an OPTIONS of alice's that waits for an answer */
    struct pump pump;
    struct sip_msg *msg;
};

static void ask(struct answering *a)
{
    begin(&a->pump);
    pump_request(&a->pump, ALICE, "OPTIONS", "sip:x@192.0.2.9", (struct handle){0});
    pump_drain(&a->pump);
    assert_int_equal(sip_msg_parse(a->pump.sent[0].bytes, SIP_FRAMING_DATAGRAM, &a->msg), ERR_OK);
}

static void respond(struct answering *a, const char *via_head, const char *via_tail,
                    const char *cseq)
{
    struct buf via = {0}, from = {0}, id = {0};
    buf_printf(&via, "SIP/2.0/UDP %s;branch=%.*s%s%c", via_head,
               VIEW_ARG(sip_msg_via(a->msg, 0)->branch), via_tail, 0);
    buf_printf(&from, "%.*s%c", VIEW_ARG(sip_msg_from(a->msg)->text), 0);
    buf_printf(&id, "%.*s%c", VIEW_ARG(sip_msg_call_id(a->msg)), 0);
    from_x(&a->pump, &(struct text){.start = "SIP/2.0 200 OK",
                                    .via = via.ptr,
                                    .from = from.ptr,
                                    .to = "<sip:x@192.0.2.9>;tag=x",
                                    .call_id = id.ptr,
                                    .cseq = cseq});
    buf_deinit(&via);
    buf_deinit(&from);
    buf_deinit(&id);
}

static size_t responses(struct answering *a)
{
    return pump_tell_count(&a->pump, ALICE, SIP_TELL_RESPONSE, NULL);
}

/* B43, §17.1.3, §18.1.2, §8.1.3.3 */
static void only_the_right_response_is_taken(void **state)
{
    (void)state;
    struct answering a;
    ask(&a);
    respond(&a, "192.0.2.1:5060", "x", "1 OPTIONS");        /* another branch */
    respond(&a, "192.0.2.1:5060", "", "1 INVITE");          /* another method */
    respond(&a, "other.example.com:5060", "", "1 OPTIONS"); /* not our sent-by */
    respond(&a, "192.0.2.1:5061", "", "1 OPTIONS");
    respond(&a, "192.0.2.1:5060", ", SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKlow",
            "1 OPTIONS"); /* two */
    assert_int_equal(responses(&a), 0);
    assert_int_equal(pump_tell_count(&a.pump, ALICE, SIP_TELL_DISCARDED, NULL), 5);
    respond(&a, "192.0.2.1:5060", ";rport=5060;received=192.0.2.1", "1 OPTIONS");
    assert_int_equal(responses(&a), 1);
    respond(&a, "192.0.2.1:5060", "", "1 OPTIONS"); /* a copy is absorbed by Timer K's state */
    assert_int_equal(responses(&a), 1);
    pump_run(&a.pump, 6 * US_PER_S);
    respond(&a, "192.0.2.1:5060", "", "1 OPTIONS"); /* and after it belongs to nobody */
    assert_int_equal(responses(&a), 1);
    assert_int_equal(a.pump.sent_count, 1);
    sip_msg_unref(a.msg);
    pump_end(&a.pump);
}

/* B39, RFC 6026 §7.1, §8.8: a transport error ends no server transaction. */
static void an_icmp_error_fails_what_is_on_its_way_there(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    from_x(&pump, &invite);
    struct handle tx = pump_take(&pump, ALICE, SIP_TELL_REQUEST, "INVITE")->tell.object;
    pump_respond(&pump, ALICE, tx, 180);
    struct handle call;
    pump_request(&pump, ALICE, "OPTIONS", "sip:x@192.0.2.9", (struct handle){0});
    pump_invite(&pump, ALICE, "sip:x@192.0.2.9", &call);
    pump_request(&pump, ALICE, "OPTIONS", "sip:y@192.0.2.8", (struct handle){0});
    pump_drain(&pump);
    struct packet failed = {
        .kind = PACKET_FAILED,
        .link = {.index = ALICE, .gen = 1},
        .proto = PROTO_UDP,
        .local = pump.addrs[ALICE],
        .remote = pump_addr("192.0.2.9:5060"),
        .error = NET_REFUSED
    };
    assert_int_equal(sip_stack_receive(pump.stacks[ALICE], pump.now_us, &failed), ERR_OK);
    pump_drain(&pump);
    struct pump_tell *told = pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "503 OPTIONS");
    assert_true(told->tell.generated);
    assert_int_equal(told->tell.error, NET_REFUSED);
    pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "503 INVITE");
    assert_int_equal(responses(&(struct answering){.pump = pump}), 2); /* not that to elsewhere */
    struct sip_call_info info;
    assert_int_equal(sip_call_info(pump.stacks[ALICE], call, &info), ERR_OK);
    assert_int_equal(info.ended, SIP_ENDED_UNREACHABLE);
    assert_string_equal(sip_transaction_state(pump.stacks[ALICE], tx), "proceeding");
    from_x(&pump, &invite);
    assert_int_equal(requests(&pump), 1);
    pump_end(&pump);
}

/* B39 */
static void what_is_no_sip_is_passed_over(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    pump_inject(&pump, ALICE, "192.0.2.9:5060", "");
    pump_inject(&pump, ALICE, "192.0.2.9:5060", "\r\n\r\n");
    pump_inject(&pump, ALICE, "192.0.2.9:5060", "GET / HTTP/1.1\r\n\r\n");
    assert_int_equal(pump.sent_count + pump.tell_count, 0);
    assert_int_equal(pump.failed, ERR_OK);
    pump_end(&pump);
}

/* B39: who sends from port 0 is answered at the port of his Via; where rport wants it otherwise, at
 * port 0, which no driver takes. */
static void a_request_from_port_0_does_no_harm(void **state)
{
    (void)state;
    static const char *const vias[] = {"SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKa",
                                       "SIP/2.0/UDP 192.0.2.9:5070;rport;branch=z9hG4bKb"};
    for (size_t i = 0; i < 2; i++) {
        struct pump pump;
        begin(&pump);
        inject(&pump, ALICE, "192.0.2.9:0",
               &(struct text){.start = "OPTIONS sip:alice@192.0.2.1 SIP/2.0",
                              .via = vias[i],
                              .cseq = "1 OPTIONS"});
        struct pump_sent *sent = pump_find(&pump, "200 OPTIONS", 0);
        assert_non_null(sent);
        assert_int_equal(sent->remote.port, i == 0 ? 5070 : 0);
        assert_int_equal(pump.failed, ERR_OK);
        pump_end(&pump);
    }
}

/* What cannot be answered for want of a Via is dropped. */
static void a_request_without_via_is_discarded(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    from_x(&pump, &(struct text){.start = "OPTIONS sip:alice@192.0.2.1 SIP/2.0",
                                 .via = "",
                                 .cseq = "1 OPTIONS"});
    assert_int_equal(pump.sent_count, 0);
    pump_take(&pump, ALICE, SIP_TELL_DISCARDED, "OPTIONS");
    pump_end(&pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_of_an_invite_in_its_server_states),
        cmocka_unit_test(copies_of_an_invite_that_was_accepted),
        cmocka_unit_test(the_ack_of_a_200_may_have_any_branch),
        cmocka_unit_test(an_ack_with_another_number_or_tag_stops_nothing),
        cmocka_unit_test(a_wrong_invite_is_refused_until_its_ack),
        cmocka_unit_test(the_same_branch_is_not_always_the_same_transaction),
        cmocka_unit_test(a_request_by_two_paths_is_processed_once),
        cmocka_unit_test(an_rfc_2543_invite_is_matched_by_all_it_has),
        cmocka_unit_test(a_call_without_a_from_tag_works),
        cmocka_unit_test(a_copy_gets_the_same_answer),
        cmocka_unit_test(only_the_right_response_is_taken),
        cmocka_unit_test(an_icmp_error_fails_what_is_on_its_way_there),
        cmocka_unit_test(what_is_no_sip_is_passed_over),
        cmocka_unit_test(a_request_from_port_0_does_no_harm),
        cmocka_unit_test(a_request_without_via_is_discarded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
