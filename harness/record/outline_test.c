#include "harness/record/outline.h"
#include "harness/calls/call_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define A "192.0.2.1"
#define B "192.0.2.2"
#define UDP CARRIER_UDP
#define LINE(source, ...)                                                                          \
    script_add(&made->script, &(struct call_line){.from = source, __VA_ARGS__})

struct made {
    struct call_script script;
    struct call *call;
    struct outline *outline;
    struct buf text, why;
};

static int made_begin(void **state)
{
    struct made *made = mem_zalloc(sizeof *made);
    script_begin(&made->script, NULL);
    *state = made;
    return 0;
}

static int made_end(void **state)
{
    struct made *made = *state;
    outline_destroy(made->outline);
    call_destroy(made->call);
    script_end(&made->script);
    buf_deinit(&made->text);
    buf_deinit(&made->why);
    mem_free(made);
    return 0;
}

static enum err made_outline(struct made *made, enum outline_way way)
{
    struct outline_options options = {.way = way, .why = V("because")};
    if (made->call == NULL)
        made->call = script_call(&made->script);
    assert_non_null(made->call);
    outline_destroy(made->outline);
    made->outline = NULL;
    buf_clear(&made->text);
    enum err err = outline_make(made->call, &options, &made->why, &made->outline);
    if (err == ERR_OK)
        outline_write(&made->text, made->outline);
    return err;
}

static void assert_says(const struct made *made, const char *text)
{
    struct view all = buf_view(&made->text);
    if (view_find(all, view_of(text)) == all.len)
        fail_msg("%.*s\n  does not say\n%s", VIEW_ARG(all), text);
}

static void assert_silent(const struct made *made, const char *text)
{
    struct view all = buf_view(&made->text);
    if (view_find(all, view_of(text)) < all.len)
        fail_msg("%.*s\n  says\n%s", VIEW_ARG(all), text);
}

static void invite_and_answer(struct made *made)
{
    LINE(A, B, UDP, "INVITE", A, "1", "a", "");
    LINE(B, A, UDP, "180 INVITE", A, "1", "a", "b");
    LINE(B, A, UDP, "200 INVITE", A, "1", "a", "b");
    LINE(A, B, UDP, "ACK", A, "2", "a", "b");
}

static void bye(struct made *made, uint64_t answered_after_ms)
{
    LINE(A, B, UDP, "BYE", A, "3", "a", "b", .cseq = 2);
    made->script.time_ns += answered_after_ms * 1000000;
    LINE(B, A, UDP, "200 BYE", A, "3", "a", "b", .cseq = 2);
}

static void a_plain_call_reads_like_one(void **state)
{
    struct made *made = *state;
    invite_and_answer(made);
    made->script.time_ns += UINT64_C(2990) * 1000000;
    bye(made, 0);
    assert_int_equal(made_outline(made, OUTLINE_CALLS), ERR_OK);
    assert_says(made, "  local call = alice:invite(bob, { sdp = false })\n"
                      "  local leg = bob:expect_invite()\n"
                      "  leg:ring()\n"
                      "  call:expect(180)\n"
                      "  leg:answer()\n"
                      "  call:wait(\"confirmed\")\n"
                      "  leg:wait(\"confirmed\")\n"
                      "  t:sleep(\"3s\")\n"
                      "  call:bye():response(200)\n");
    assert_says(made,
                "    alice->>bob: BYE [From.tag = $alice, To.tag = $bob] @ 3s \xc2\xb1 50ms\n");
    assert_silent(made, "manual");
    assert_silent(made, A);
}

static void what_comes_late_is_by_hand(void **state)
{
    struct made *made = *state;
    invite_and_answer(made);
    bye(made, 300);
    assert_int_equal(made_outline(made, OUTLINE_CALLS), ERR_OK);
    assert_says(made, "t:agent(\"bob\", { manual = { \"BYE\" } })");
    assert_says(made, "  local bye = call:bye()\n"
                      "  local asked = leg:expect_request(\"BYE\")\n"
                      "  t:sleep(\"310ms\")\n"
                      "  asked:respond(200)\n"
                      "  bye:response(200)\n");
}

static void a_refusal_is_a_refusal(void **state)
{
    struct made *made = *state;
    LINE(A, B, UDP, "INVITE", A, "1", "a", "");
    LINE(B, A, UDP, "486 INVITE", A, "1", "a", "b");
    LINE(A, B, UDP, "ACK", A, "1", "a", "b");
    assert_int_equal(made_outline(made, OUTLINE_CALLS), ERR_OK);
    assert_says(made, "  leg:reject(486)\n  call:expect(486)\n");
}

static void a_challenge_is_met_with_a_secret(void **state)
{
    struct made *made = *state;
    LINE(A, B, UDP, "REGISTER", A, "1", "a", "", .callee = "alice",
         .rows = "Contact: <sip:alice@" A ">\r\n");
    LINE(B, A, UDP, "401 REGISTER", A, "1", "a", "b", .callee = "alice",
         .rows = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n");
    LINE(A, B, UDP, "REGISTER", A, "2", "a", "", .callee = "alice", .cseq = 2,
         .rows =
             "Contact: <sip:alice@" A ">;expires=600\r\n"
             "Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n\", uri=\"sip:r\", "
             "response=\"0123456789abcdef0123456789abcdef\"\r\n");
    LINE(B, A, UDP, "200 REGISTER", A, "2", "a", "c", .callee = "alice", .cseq = 2,
         .rows = "Authentication-Info: rspauth=\"fedcba9876543210fedcba9876543210\"\r\n");
    assert_int_equal(made_outline(made, OUTLINE_CALLS), ERR_OK);
    assert_says(
        made, "t:agent(\"alice\", { auth = { user = \"alice\", password = secret(\"ALICE\") } })");
    assert_says(made, "t:registrar(\"registrar\", { users = { alice = secret(\"ALICE\") } })");
    assert_silent(made, "0123456789abcdef");
    assert_int_equal(made->outline->secret_count, 1);
    assert_int_equal(made_outline(made, OUTLINE_WIRES), ERR_OK);
    assert_says(made, "response=\"{proof}\"");
    assert_silent(made, "0123456789abcdef");
    assert_says(made, "rspauth=\"{proof}\"");
    assert_silent(made, "fedcba9876543210");
}

static void what_no_agent_does_is_told(void **state)
{
    struct made *made = *state;
    LINE(A, B, UDP, "INVITE", A, "1", "a", "");
    LINE(B, A, UDP, "180 INVITE", A, "1", "a", "b");
    LINE(B, A, UDP, "180 INVITE", A, "1", "a", "c");
    LINE(B, A, UDP, "486 INVITE", A, "1", "a", "b");
    LINE(A, B, UDP, "ACK", A, "1", "a", "b");
    assert_int_equal(made_outline(made, OUTLINE_CALLS), ERR_SYNTAX);
    assert_true(view_equal(buf_view(&made->why),
                           V("message 3, 180 INVITE: one agent answers with two tags")));
    assert_null(made->outline);
}

static void wires_name_what_is_another_in_each_run(void **state)
{
    struct made *made = *state;
    LINE(A, B, UDP, "OPTIONS", A, "z9hG4bK1", "a", "",
         .rows = "X-Where: " A ":5060 and " B ", {brace} 2" A "\r\n");
    LINE(B, A, UDP, "200 OPTIONS", A, "z9hG4bK1", "a", "b");
    assert_int_equal(made_outline(made, OUTLINE_WIRES), ERR_OK);
    assert_says(made, "-- By wires: because.\n");
    assert_says(made, "X-Where: {alice} and {bob_host}, {brace}brace} 2" A "\n");
    assert_says(made, ";tag={alice_tag}\n");
    assert_says(made, "Call-ID: {call_id}\n");
    assert_says(made, "    alice = alice.address,\n");
    assert_says(made, "    bob_host = host(bob),\n");
    assert_says(made, "  bob:expect(\"OPTIONS\")\n");
}

static void what_is_no_text_is_escaped(void **state)
{
    struct made *made = *state;
    script_bytes(&made->script, A, B, UDP,
                 V("OPTIONS sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP " A
                   ";branch=z9hG4bK9\r\nFrom: <sip:alice@x>;tag=t\r\nTo: <sip:bob@x>\r\n"
                   "Call-ID: one\r\nCSeq: 1 OPTIONS\r\nX: ]]\") os.exit()\x01\xff\r\n\r\n"));
    assert_int_equal(made_outline(made, OUTLINE_WIRES), ERR_OK);
    assert_says(made, "\"X: ]]\\\") os.exit()\\001\\255\\r\\n\" ..\n");
}

static void no_memory_is_an_error(void **state)
{
    struct made *made = *state;
    enum err err = ERR_MEMORY;
    invite_and_answer(made);
    bye(made, 0);
    made->call = script_call(&made->script);
    for (uint64_t nth = 1; err == ERR_MEMORY && nth < 1000; nth++) {
        struct outline_options options = {.way = nth % 2 == 0 ? OUTLINE_WIRES : OUTLINE_CALLS};
        mem_fail_at(nth, true);
        err = outline_make(made->call, &options, &made->why, &made->outline);
        mem_fail_at(0, false);
    }
    assert_int_equal(err, ERR_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, made_begin, made_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_plain_call_reads_like_one), TEST(what_comes_late_is_by_hand),
        TEST(a_refusal_is_a_refusal),      TEST(a_challenge_is_met_with_a_secret),
        TEST(what_no_agent_does_is_told),  TEST(wires_name_what_is_another_in_each_run),
        TEST(what_is_no_text_is_escaped),  TEST(no_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
