#include "harness/calls/call_fixture.h"
#include "harness/calls/call_trace.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define A "10.0.0.1"
#define B "10.0.0.2"
#define P "10.0.0.9"
#define UDP CARRIER_UDP
#define LINE(source, ...) script_add(script, &(struct call_line){.from = source, __VA_ARGS__})

/* from, to, carrier, what, via, branch, From tag, To tag */
static void plain_call(struct call_script *script)
{
    LINE(A, B, UDP, "INVITE", A, "1", "a", "");
    LINE(B, A, UDP, "180 INVITE", A, "1", "a", "b");
    LINE(B, A, UDP, "200 INVITE", A, "1", "a", "b");
    LINE(A, B, UDP, "ACK", A, "2", "a", "b");
    LINE(B, A, UDP, "BYE", B, "3", "b", "a", .caller = "bob", .callee = "alice");
    LINE(A, B, UDP, "200 BYE", B, "3", "b", "a", .caller = "bob", .callee = "alice");
}

static void assert_name(const struct call *call, uint16_t party, const char *name)
{
    assert_in_range(party, 0, call->party_count - 1U);
    struct view found = call->parties[party].name;
    if (!view_equal(found, view_of(name)))
        fail_msg("party %u is %.*s and not %s", party, VIEW_ARG(found), name);
}

static void a_call_has_parties_transactions_and_an_end(void **state)
{
    struct call_script script;
    (void)state;
    script_begin(&script, NULL);
    plain_call(&script);
    struct call *call = script_call(&script);
    assert_non_null(call);
    assert_int_equal(call->message_count, 6);
    assert_int_equal(call->party_count, 2);
    assert_name(call, 0, "alice");
    assert_name(call, 1, "bob");
    assert_int_equal(call->transaction_count, 3);
    assert_int_equal(call->transactions[0].final, 2);
    assert_int_equal(call->transactions[1].method, SIP_ACK);
    assert_int_equal(call->transactions[1].of, 0);
    assert_true(call->transactions[1].in_dialog);
    assert_int_equal(call->transactions[2].client, 1);
    assert_int_equal(call->messages[5].transaction, 2);
    assert_true(call->begun && call->complete && !call->cut);
    assert_int_equal(call->lacks.len, 0);
    call_destroy(call);
    script_end(&script);
}

static void the_ack_of_a_refusal_belongs_to_its_invite(void **state)
{
    struct call_script all, *script = &all;
    (void)state;
    script_begin(script, NULL);
    LINE(A, B, UDP, "INVITE", A, "1", "a", "");
    LINE(B, A, UDP, "486 INVITE", A, "1", "a", "b");
    LINE(A, B, UDP, "ACK", A, "1", "a", "b");
    struct call *call = script_call(script);
    assert_int_equal(call->transaction_count, 1);
    assert_int_equal(call->messages[2].transaction, 0);
    assert_true(call->complete);
    call_destroy(call);
    script_end(script);
}

static void copies_name_the_first_transmission(void **state)
{
    struct call_script all, *script = &all;
    (void)state;
    script_begin(script, NULL);
    for (int i = 0; i < 2; i++)
        LINE(A, B, UDP, "INVITE", A, "1", "a", "");
    for (int i = 0; i < 2; i++)
        LINE(B, A, UDP, "486 INVITE", A, "1", "a", "b");
    for (int i = 0; i < 2; i++)
        LINE(A, B, UDP, "ACK", A, "1", "a", "b");
    struct call *call = script_call(script);
    static const uint32_t copies[] = {0, 1, 0, 3, 0, 5};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(call->messages[i].copy_of, copies[i]);
    assert_int_equal(call->transaction_count, 1);
    call_destroy(call);
    script_end(script);
}

static void a_proxy_passes_requests_on(void **state)
{
    struct call_script all, *script = &all;
    (void)state;
    script_begin(script, NULL);
    LINE(A, P, UDP, "INVITE", A, "1", "a", "");
    LINE(P, B, UDP, "INVITE", P, "p1", "a", "");
    LINE(B, P, UDP, "200 INVITE", P, "p1", "a", "b");
    LINE(P, A, UDP, "200 INVITE", A, "1", "a", "b");
    LINE(A, B, UDP, "ACK", A, "2", "a", "b");
    LINE(A, B, UDP, "BYE", A, "3", "a", "b", .cseq = 2);
    LINE(B, A, UDP, "200 BYE", A, "3", "a", "b", .cseq = 2);
    struct call *call = script_call(script);
    assert_name(call, 0, "alice");
    assert_name(call, 1, "proxy");
    assert_name(call, 2, "bob");
    assert_int_equal(call->transactions[0].upstream, CALL_NONE);
    assert_int_equal(call->transactions[1].upstream, 0);
    assert_int_equal(call->messages[2].transaction, 1);
    assert_true(call->complete);
    call_destroy(call);
    script_end(script);
}

static void on_one_address_ports_make_parties(void **state)
{
    struct call_script all, *script = &all;
    (void)state;
    script_begin(script, NULL);
    LINE("127.0.0.1:40000", "127.0.0.1:5070", CARRIER_TCP, "INVITE", "127.0.0.1:5060", "1", "a",
         "");
    LINE("127.0.0.1:5070", "127.0.0.1:40000", CARRIER_TCP, "200 INVITE", "127.0.0.1:5060", "1", "a",
         "b");
    LINE("127.0.0.1:40000", "127.0.0.1:5070", CARRIER_TCP, "ACK", "127.0.0.1:5060", "2", "a", "b");
    LINE("127.0.0.1:40002", "127.0.0.1:5060", CARRIER_TCP, "BYE", "127.0.0.1:5070", "3", "b", "a");
    LINE("127.0.0.1:5060", "127.0.0.1:40002", CARRIER_TCP, "200 BYE", "127.0.0.1:5070", "3", "b",
         "a");
    struct call *call = script_call(script);
    assert_int_equal(call->party_count, 2);
    assert_int_equal(call->parties[0].address.port, 5060);
    assert_int_equal(call->parties[1].address.port, 5070);
    assert_int_equal(call->messages[3].from, 1);
    assert_true(call->complete);
    call_destroy(call);
    script_end(script);
}

static void one_address_is_one_party_whatever_its_ports(void **state)
{
    struct call_script all, *script = &all;
    (void)state;
    script_begin(script, NULL);
    LINE("10.0.0.1:40000", B, CARRIER_TCP, "OPTIONS", "10.0.0.1:5066", "1", "a", "");
    LINE(B, "10.0.0.1:40000", CARRIER_TCP, "200 OPTIONS", "10.0.0.1:5066", "1", "a", "b");
    LINE("10.0.0.1:40001", B, CARRIER_TCP, "OPTIONS", "10.0.0.1:5066", "2", "a", "", .cseq = 2);
    struct call *call = script_call(script);
    assert_int_equal(call->party_count, 2);
    assert_int_equal(call->parties[0].address.port, 5066);
    assert_false(call->complete);
    assert_true(view_equal(call->lacks, V("the final response is missing of OPTIONS (frame 3)")));
    call_destroy(call);
    script_end(script);
}

/* Two phones behind one address, and a proxy elsewhere. */
static void who_gets_what_its_address_sent_is_somebody_else(void **state)
{
    struct call_script all, *script = &all;
    (void)state;
    script_begin(script, NULL);
    LINE("10.0.0.1:5060", P, UDP, "INVITE", "10.0.0.1:5060", "1", "a", "");
    LINE(P, "10.0.0.1:5062", UDP, "INVITE", P, "p1", "a", "");
    LINE("10.0.0.1:5062", P, UDP, "486 INVITE", P, "p1", "a", "b");
    LINE(P, "10.0.0.1:5060", UDP, "486 INVITE", "10.0.0.1:5060", "1", "a", "b");
    struct call *call = script_call(script);
    assert_int_equal(call->party_count, 3);
    assert_name(call, 1, "proxy");
    assert_name(call, 2, "bob");
    call_destroy(call);
    script_end(script);
}

static void what_is_missing_is_told(void **state)
{
    static const struct {
        size_t first, count; /* of the plain call's messages */
        const char *lacks;
    } rows[] = {
        {2, 4, "its beginning is missing: the first message is 200 INVITE (frame 1)"},
        {0, 2, "the final response is missing of INVITE (frame 1)"                  },
        {0, 3, "the ACK is missing of 200 INVITE (frame 3)"                         },
        {0, 4, "the session of 200 INVITE (frame 3) has no BYE"                     },
        {0, 5, "the final response is missing of BYE (frame 5)"                     },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct call_script whole, part;
        script_begin(&whole, NULL);
        plain_call(&whole);
        struct call *all = script_call(&whole);
        script_begin(&part, NULL);
        for (size_t j = rows[i].first; j < rows[i].first + rows[i].count; j++) {
            const struct call_message *message = &all->messages[j];
            char from[ADDR_TEXT_MAX], to[ADDR_TEXT_MAX];
            addr_text(&message->source, from);
            addr_text(&message->target, to);
            script_bytes(&part, from, to, UDP, sip_msg_raw(message->msg));
        }
        struct call *call = script_call(&part);
        assert_false(call->complete);
        if (!view_equal(call->lacks, view_of(rows[i].lacks)))
            fail_msg("%.*s, and not: %s", VIEW_ARG(call->lacks), rows[i].lacks);
        call_destroy(call);
        call_destroy(all);
        script_end(&part);
        script_end(&whole);
    }
}

static void names_are_identifiers_of_their_own(void **state)
{
    static const struct {
        const char *caller, *callee, *names[2];
    } rows[] = {
        {"1001",      "+49-30",    {"user1001", "user49_30"}},
        {"end",       "bob",       {"end_", "bob"}          },
        {"john.doe",  "bob",       {"john_doe", "bob"}      },
        {"bob",       "bob",       {"bob", "bob2"}          },
        {"user1001",  "user49_30", {"user1001", "user49_30"}},
        {"%C3%A9%20", "-",         {"C3_A9_20", "callee"}   },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct call_script all, *script = &all;
        script_begin(script, NULL);
        LINE(A, B, UDP, "INVITE", A, "1", "a", "", .caller = rows[i].caller,
             .callee = rows[i].callee);
        struct call *call = script_call(script);
        assert_name(call, 0, rows[i].names[0]);
        assert_name(call, 1, rows[i].names[1]);
        call_destroy(call);
        script_end(script);
    }
}

static void what_a_party_does_names_it_where_no_user_can(void **state)
{
    struct call_script all, *script = &all;
    (void)state;
    script_begin(script, NULL);
    LINE(A, B, UDP, "REGISTER", A, "1", "a", "", .callee = "alice");
    struct call *call = script_call(script);
    assert_name(call, 0, "alice");
    assert_name(call, 1, "registrar");
    call_destroy(call);
    script_end(script);
}

static void names_that_are_given_go_before(void **state)
{
    struct call_name names[] = {
        {.address = {.family = 4, .ip = {10, 0, 0, 2}},               .name = V("pbx")   },
        {.address = {.family = 4, .ip = {10, 0, 0, 1}, .port = 5999}, .name = V("nobody")}
    };
    struct call_script script;
    (void)state;
    script_begin(&script, &(struct calls_options){.names = names, .name_count = 2});
    plain_call(&script);
    struct call *call = script_call(&script);
    assert_name(call, 0, "alice");
    assert_name(call, 1, "pbx");
    call_destroy(call);
    script_end(&script);
}

static size_t drained(struct call_script *script, bool *out_cut)
{
    size_t count = 0;
    *out_cut = false;
    for (struct call *call; calls_next(script->calls, &call); call_destroy(call)) {
        count++;
        *out_cut |= call->cut;
    }
    return count;
}

static void a_call_that_is_over_goes_whole(void **state)
{
    struct call_script all, *script = &all;
    struct call *call;
    (void)state;
    script_begin(script, &(struct calls_options){.call_limit = 2});
    plain_call(script);
    LINE(A, B, UDP, "OPTIONS", A, "8", "o", "", .call_id = "two");
    assert_false(calls_next(script->calls, &call)); /* both may go on */
    LINE(A, B, UDP, "INVITE", A, "9", "a", "", .call_id = "three");
    assert_true(calls_next(script->calls, &call));
    assert_true(!call->cut && call->complete);
    call_destroy(call);
    LINE(A, B, UDP, "INVITE", A, "7", "a", "", .call_id = "four");
    assert_true(calls_next(script->calls, &call));
    assert_true(view_equal(call->call_id, V("two")) && call->cut);
    call_destroy(call);
    script_end(script);
}

static void the_longest_silent_goes_where_there_are_too_many(void **state)
{
    struct call_script all, *script = &all;
    static const char *const ids[] = {"1", "2", "3", "1", "4"};
    struct call *call;
    (void)state;
    script_begin(script, &(struct calls_options){.call_limit = 3});
    for (size_t i = 0; i < 5; i++) {
        assert_false(calls_next(script->calls, &call));
        LINE(A, B, UDP, "INVITE", A, ids[i], "a", "", .call_id = ids[i]);
        assert_int_equal(script->refused, ERR_OK);
    }
    assert_true(calls_next(script->calls, &call));
    assert_true(view_equal(call->call_id, V("2")) && call->cut && !call->complete);
    call_destroy(call);
    script_end(script);
}

static void a_call_id_without_end_is_handed_out_in_pieces(void **state)
{
    struct call_script all, *script = &all;
    enum { MANY = 20000 };
    size_t messages = 0, calls = 0;
    (void)state;
    script_begin(script, NULL);
    for (unsigned i = 0; i < MANY; i++) {
        char source[24];
        struct addr addr = {
            .family = 4, .ip = {10, 1, (uint8_t)(i >> 8), (uint8_t)i}
        };
        char room[ADDR_TEXT_MAX];
        snprintf(source, sizeof source, "%.*s", VIEW_ARG(addr_text(&addr, room)));
        LINE(source, B, UDP, "OPTIONS", source, "x", "a", "", .cseq = i + 1);
        for (struct call *call; calls_next(script->calls, &call); call_destroy(call), calls++) {
            assert_true(call->cut);
            assert_int_equal(call->message_count, CALL_MESSAGES_MOST);
            assert_int_equal(call->party_count, CALL_MESSAGES_MOST + 1);
            messages += call->message_count;
        }
    }
    struct call *last = script_call(script);
    assert_int_equal(messages + last->message_count, MANY);
    assert_int_equal(calls, 2);
    call_destroy(last);
    script_end(script);
}

static void what_is_held_is_limited(void **state)
{
    struct call_script all, *script = &all;
    static char id[60000];
    bool cut = false;
    size_t calls = 0;
    (void)state;
    memset(id, 'x', sizeof id - 1);
    script_begin(script, &(struct calls_options){.held_limit = 1 << 20});
    for (int i = 0; i < 100; i++) {
        id[0] = (char)('0' + i);
        LINE(A, B, UDP, "INVITE", A, "1", "a", "", .call_id = id);
        assert_int_equal(script->refused, ERR_OK);
        calls += drained(script, &cut);
    }
    assert_in_range(calls, 88, 93); /* about 120 KB each */
    calls_end(script->calls);
    assert_int_equal(calls + drained(script, &cut), 100);
    script_end(script);
}

static void what_cannot_be_grouped_is_refused(void **state)
{
    struct call_script script;
    (void)state;
    script_begin(&script, NULL);
    script_bytes(&script, A, B, UDP, V("\r\n\r\n"));
    assert_int_equal(script.refused, ERR_SYNTAX);
    script_bytes(&script, A, B, UDP, V("OPTIONS sip:b SIP/2.0\r\n\r\n"));
    assert_int_equal(script.refused, ERR_SYNTAX);
    assert_null(script_call(&script));
    script_end(&script);
}

static void a_response_alone_names_both(void **state)
{
    struct call_script all, *script = &all;
    (void)state;
    script_begin(script, NULL);
    LINE(B, A, UDP, "200 BYE", A, "1", "a", "b");
    struct call *call = script_call(script);
    assert_int_equal(call->messages[0].transaction, CALL_NONE);
    assert_name(call, call->messages[0].from, "bob");
    assert_name(call, call->messages[0].to, "alice");
    assert_false(call->begun || call->complete);
    call_destroy(call);
    script_end(script);
}

static void a_call_is_a_trace_of_parties_and_messages(void **state)
{
    struct call_script all, *script = &all;
    struct trace *trace;
    struct trace_event event;
    (void)state;
    script_begin(script, NULL);
    LINE(A, B, UDP, "INVITE", A, "1", "a", "");
    LINE(A, B, UDP, "INVITE", A, "1", "a", "");
    script->time_ns -= UINT64_C(1000000000); /* a clock that was set back */
    LINE(B, A, UDP, "486 INVITE", A, "1", "a", "b");
    struct call *call = script_call(script);
    assert_int_equal(trace_create(NULL, &trace), ERR_OK);
    assert_int_equal(call_trace(call, trace), ERR_OK);
    assert_int_equal(trace_last(trace), 5);
    assert_true(trace_get(trace, 2, &event));
    assert_true(event.kind == TRACE_PARTY && view_equal(event.u.note.name, V("bob")));
    assert_true(trace_get(trace, 4, &event));
    assert_int_equal(event.time_us, 10000);
    assert_int_equal(event.u.wire.frame, 2);
    assert_int_equal(event.u.wire.copy_of, 3);
    assert_int_equal(event.u.wire.side, SIDE_SEEN);
    assert_true(view_equal(event.u.wire.label, V("INVITE")));
    assert_true(trace_get(trace, call_trace_seq(call, 0, 2), &event));
    assert_int_equal(event.time_us, 10000);
    assert_true(event.u.wire.from == 2 && event.u.wire.to == 1);
    trace_destroy(trace);
    call_destroy(call);
    script_end(script);
}

static enum err calls_under_failure(void)
{
    static const char text[] =
        "OPTIONS sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1"
        "\r\nFrom: <sip:a@c>;tag=a\r\nTo: <sip:b@c>\r\nCall-ID: 1\r\n"
        "CSeq: 1 OPTIONS\r\n\r\n";
    struct captured message = {
        .source = {.family = 4, .ip = {10, 0, 0, 1}, .port = 5060},
        .target = {.family = 4, .ip = {10, 0, 0, 2}, .port = 5060}
    };
    struct calls *calls;
    struct call *call;
    enum err err = calls_create(NULL, &calls);
    if (err != ERR_OK)
        return err;
    message.bytes = blob_create((struct view){text, sizeof text - 1});
    err = message.bytes == NULL ? ERR_MEMORY : calls_take(calls, &message);
    blob_unref(message.bytes);
    calls_end(calls);
    while (calls_next(calls, &call))
        call_destroy(call);
    err = err == ERR_OK ? calls_failure(calls) : err;
    calls_destroy(calls);
    sip_msg_pool_drop();
    return err;
}

static void failing_memory_is_told(void **state)
{
    enum err err = ERR_MEMORY;
    uint64_t live = mem_live(), nth = 0;
    (void)state;
    while (err != ERR_OK && nth++ < 1000) {
        mem_fail_at(nth, true);
        err = calls_under_failure();
        mem_fail_at(0, false);
        assert_true(err == ERR_OK || err == ERR_MEMORY);
        assert_int_equal(mem_live(), live);
    }
    assert_in_range(nth, 10, 999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_has_parties_transactions_and_an_end),
        cmocka_unit_test(the_ack_of_a_refusal_belongs_to_its_invite),
        cmocka_unit_test(copies_name_the_first_transmission),
        cmocka_unit_test(a_proxy_passes_requests_on),
        cmocka_unit_test(on_one_address_ports_make_parties),
        cmocka_unit_test(one_address_is_one_party_whatever_its_ports),
        cmocka_unit_test(who_gets_what_its_address_sent_is_somebody_else),
        cmocka_unit_test(what_is_missing_is_told),
        cmocka_unit_test(names_are_identifiers_of_their_own),
        cmocka_unit_test(what_a_party_does_names_it_where_no_user_can),
        cmocka_unit_test(names_that_are_given_go_before),
        cmocka_unit_test(a_call_that_is_over_goes_whole),
        cmocka_unit_test(the_longest_silent_goes_where_there_are_too_many),
        cmocka_unit_test(a_call_id_without_end_is_handed_out_in_pieces),
        cmocka_unit_test(what_is_held_is_limited),
        cmocka_unit_test(what_cannot_be_grouped_is_refused),
        cmocka_unit_test(a_response_alone_names_both),
        cmocka_unit_test(a_call_is_a_trace_of_parties_and_messages),
        cmocka_unit_test(failing_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
