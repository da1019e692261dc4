/* Calls made by hand, replayed against the stack. */
#include "harness/calls/call_fixture.h"
#include "harness/replay/replay.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define A "10.0.0.1"
#define B "10.0.0.2"
#define UDP CARRIER_UDP
#define ALICE "Contact: <sip:alice@10.0.0.1>\r\n"
#define BOB "Contact: <sip:bob@10.0.0.2>\r\n"
#define LINE(source, ...) script_add(script, &(struct call_line){.from = source, __VA_ARGS__})

typedef void (*writer)(struct call_script *script);

static struct call *call_of(writer write)
{
    struct call_script script;
    script_begin(&script, NULL);
    write(&script);
    struct call *call = script_call(&script);
    assert_non_null(call);
    script_end(&script);
    return call;
}

static void replayed(const struct replay_options *options, writer write, enum verdict verdict,
                     const char *reason)
{
    struct replay *replay;
    struct replay_result result;
    struct call *call = call_of(write);
    assert_int_equal(replay_create(options, &replay), ERR_OK);
    assert_int_equal(replay_call(replay, call, &result), ERR_OK);
    if (result.verdict != verdict || !view_equal(result.reason, view_of(reason)))
        fail_msg("%s: '%.*s' and not '%s'", verdict_text(result.verdict), VIEW_ARG(result.reason),
                 reason);
    call_destroy(call);
    replay_destroy(replay);
}

static void both_pass(writer write)
{
    replayed(&(struct replay_options){.seed = 1}, write, VERDICT_PASS, "");
    replayed(&(struct replay_options){.seed = 1, .play = V("callee")}, write, VERDICT_PASS, "");
}

static void basic(struct call_script *script)
{
    LINE(A, B, UDP, "INVITE", A, "1", "a", "", ALICE);
    LINE(B, A, UDP, "100 INVITE", A, "1", "a", "");
    LINE(B, A, UDP, "180 INVITE", A, "1", "a", "b", BOB);
    LINE(B, A, UDP, "200 INVITE", A, "1", "a", "b", BOB);
    LINE(A, B, UDP, "ACK", A, "2", "a", "b");
    LINE(A, B, UDP, "BYE", A, "3", "a", "b", .cseq = 2);
    LINE(B, A, UDP, "200 BYE", A, "3", "a", "b", .cseq = 2);
}

static void copied(struct call_script *script)
{
    LINE(A, B, UDP, "INVITE", A, "1", "a", "", ALICE);
    LINE(A, B, UDP, "INVITE", A, "1", "a", "", ALICE);
    LINE(B, A, UDP, "200 INVITE", A, "1", "a", "b", BOB);
    LINE(B, A, UDP, "200 INVITE", A, "1", "a", "b", BOB);
    LINE(A, B, UDP, "ACK", A, "2", "a", "b");
    LINE(A, B, UDP, "ACK", A, "2", "a", "b");
    LINE(B, A, UDP, "BYE", B, "3", "b", "a", .caller = "bob", .callee = "alice", .cseq = 9);
    LINE(A, B, UDP, "200 BYE", B, "3", "b", "a", .caller = "bob", .callee = "alice", .cseq = 9);
}

static void cancelled(struct call_script *script)
{
    LINE(A, B, UDP, "INVITE", A, "1", "a", "", ALICE);
    LINE(B, A, UDP, "180 INVITE", A, "1", "a", "b", BOB);
    LINE(A, B, UDP, "CANCEL", A, "1", "a", "");
    LINE(B, A, UDP, "200 CANCEL", A, "1", "a", "b");
    LINE(B, A, UDP, "487 INVITE", A, "1", "a", "b");
    LINE(A, B, UDP, "ACK", A, "1", "a", "b");
}

/* Two phones ring, each with a reliable 180; one is picked up. */
static void forked(struct call_script *script)
{
    LINE(A, B, UDP, "INVITE", A, "1", "a", "", ALICE "Supported: 100rel\r\n");
    LINE(B, A, UDP, "180 INVITE", A, "1", "a", "b", BOB "Require: 100rel\r\nRSeq: 7\r\n");
    LINE(A, B, UDP, "PRACK", A, "2", "a", "b", "RAck: 7 1 INVITE\r\n", .cseq = 2);
    LINE(B, A, UDP, "180 INVITE", A, "1", "a", "c", BOB "Require: 100rel\r\nRSeq: 7\r\n");
    LINE(B, A, UDP, "200 PRACK", A, "2", "a", "b", .cseq = 2);
    LINE(A, B, UDP, "PRACK", A, "3", "a", "c", "RAck: 7 1 INVITE\r\n", .cseq = 2);
    LINE(B, A, UDP, "200 PRACK", A, "3", "a", "c", .cseq = 2);
    LINE(B, A, UDP, "200 INVITE", A, "1", "a", "c", BOB);
    LINE(A, B, UDP, "ACK", A, "4", "a", "c");
    LINE(A, B, UDP, "BYE", A, "5", "a", "c", .cseq = 3);
    LINE(B, A, UDP, "200 BYE", A, "5", "a", "c", .cseq = 3);
}

static void registered(struct call_script *script)
{
    LINE(A, B, UDP, "REGISTER", A, "1", "a", "", ALICE);
    LINE(B, A, UDP, "401 REGISTER", A, "1", "a", "b",
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\"\r\n");
    LINE(A, B, UDP, "REGISTER", A, "2", "a", "",
         ALICE "Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n1\", "
               "uri=\"sip:example.com\", response=\"0\"\r\n",
         .cseq = 2);
    LINE(B, A, UDP, "200 REGISTER", A, "2", "a", "b", ALICE, .cseq = 2);
}

static void subscribed(struct call_script *script)
{
    LINE(A, B, UDP, "SUBSCRIBE", A, "1", "a", "", ALICE "Event: dialog\r\nExpires: 60\r\n");
    LINE(B, A, UDP, "200 SUBSCRIBE", A, "1", "a", "b", BOB "Expires: 60\r\n");
    LINE(B, A, UDP, "NOTIFY", B, "2", "b", "a",
         BOB "Event: dialog\r\nSubscription-State: active;expires=60\r\n", .caller = "bob",
         .callee = "alice");
    LINE(A, B, UDP, "200 NOTIFY", B, "2", "b", "a", .caller = "bob", .callee = "alice");
    LINE(A, B, UDP, "SUBSCRIBE", A, "3", "a", "b", ALICE "Event: dialog\r\nExpires: 0\r\n",
         .cseq = 2);
    LINE(B, A, UDP, "200 SUBSCRIBE", A, "3", "a", "b", BOB "Expires: 0\r\n", .cseq = 2);
    LINE(B, A, UDP, "NOTIFY", B, "4", "b", "a",
         BOB "Event: dialog\r\nSubscription-State: terminated\r\n", .caller = "bob",
         .callee = "alice", .cseq = 2);
    LINE(A, B, UDP, "200 NOTIFY", B, "4", "b", "a", .caller = "bob", .callee = "alice", .cseq = 2);
}

static void what_is_as_captured_passes(void **state)
{
    (void)state;
    both_pass(basic);
    both_pass(copied);
    both_pass(cancelled);
    both_pass(forked);
    both_pass(registered);
    both_pass(subscribed);
}

static void unended(struct call_script *script)
{
    LINE(A, B, UDP, "INVITE", A, "1", "a", "", ALICE);
    LINE(B, A, UDP, "180 INVITE", A, "1", "a", "b", BOB);
}

static void what_is_not_all_there_is_inconclusive(void **state)
{
    (void)state;
    replayed(&(struct replay_options){.seed = 1}, unended, VERDICT_INCONCLUSIVE,
             "the capture does not have all of it: the final response is missing of INVITE "
             "(frame 1)");
}

static void who_is_not_there_is_not_played(void **state)
{
    (void)state;
    replayed(&(struct replay_options){.seed = 1, .play = V("carol")}, basic, VERDICT_SKIP,
             "carol takes no part in it");
    replayed(&(struct replay_options){.seed = 1, .play = V("10.0.0.2")}, basic, VERDICT_PASS, "");
    replayed(&(struct replay_options){.seed = 1, .play = V("10.0.0.2:5061")}, basic, VERDICT_SKIP,
             "10.0.0.2:5061 takes no part in it");
}

/* The captured callee could undo an encoding that the stack cannot. */
static void encoded(struct call_script *script)
{
    LINE(A, B, UDP, "MESSAGE", A, "1", "a", "", "Content-Encoding: gzip\r\n");
    LINE(B, A, UDP, "200 MESSAGE", A, "1", "a", "b");
}

/* An extra provisional response goes to the caller as it came, for the stack lets it be. */
static void after_the_end(struct call_script *script)
{
    LINE(A, B, UDP, "INVITE", A, "1", "a", "", ALICE);
    LINE(B, A, UDP, "486 INVITE", A, "1", "a", "b");
    LINE(A, B, UDP, "ACK", A, "1", "a", "b");
    LINE(B, A, UDP, "BYE", B, "2", "b", "a", .caller = "bob", .callee = "alice");
    LINE(A, B, UDP, "481 BYE", B, "2", "b", "a", .caller = "bob", .callee = "alice");
}

static void the_first_difference_is_told(void **state)
{
    (void)state;
    replayed(&(struct replay_options){.seed = 1}, encoded, VERDICT_FAIL,
             "after MESSAGE, expected 200 Reason (MESSAGE) from bob, got 415 Unsupported Media "
             "Type (MESSAGE) (frame 2)");
    both_pass(after_the_end);
}

/* Over sockets nothing has the address that was captured, and nobody the tag or Call-ID. */
static void names_and_addresses_are_rewritten(void **state)
{
    struct replay *replay;
    struct replay_result result;
    struct replay_options options = {.seed = 1, .real = true, .events = true};
    struct call *call = call_of(forked);
    (void)state;
    assert_int_equal(replay_create(&options, &replay), ERR_OK);
    assert_int_equal(replay_call(replay, call, &result), ERR_OK);
    if (result.verdict != VERDICT_PASS)
        fail_msg("%.*s", VIEW_ARG(result.reason));
    static const char *const gone[] = {"Call-ID: one", "Via: SIP/2.0/UDP 10.0.0.1",
                                       "sip:alice@10.0.0.1", "tag=a\r", "z9hG4bK1"};
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++)
        if (view_find(result.events, view_of(gone[i])) < result.events.len)
            fail_msg("there is still '%s'", gone[i]);
    assert_true(view_find(result.events, V("Contact: <sip:alice@127.0.0.1:")) < result.events.len);
    call_destroy(call);
    replay_destroy(replay);
}

static void the_same_seed_gives_the_same_events(void **state)
{
    struct buf events[2] = {{0}, {0}};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct replay *replay;
        struct replay_result result;
        struct call *call = call_of(forked);
        struct replay_options options = {.seed = 7, .events = true};
        assert_int_equal(replay_create(&options, &replay), ERR_OK);
        assert_int_equal(replay_call(replay, call, &result), ERR_OK);
        buf_add(&events[i], result.events);
        call_destroy(call);
        replay_destroy(replay);
    }
    assert_true(events[0].len > 0 && view_equal(buf_view(&events[0]), buf_view(&events[1])));
    buf_deinit(&events[0]);
    buf_deinit(&events[1]);
}

/* What a replay must have: without it there is no verdict, or that of an error of ours. */
static enum err replay_once(const struct call *call)
{
    struct replay *replay;
    struct replay_result result;
    struct replay_options options = {.seed = 1, .user = V("carol"), .password = V("sesame")};
    enum err err = replay_create(&options, &replay);
    if (err != ERR_OK)
        return err;
    err = replay_call(replay, call, &result);
    if (err == ERR_OK && result.verdict == VERDICT_ERROR)
        err = ERR_MEMORY;
    assert_true(err != ERR_OK || result.verdict == VERDICT_PASS);
    replay_destroy(replay);
    sip_msg_pool_drop();
    return err;
}

/* The nth allocation fails, once or for good; false: there was none so late. */
static bool failed_well(struct call *call, uint64_t nth, bool for_good)
{
    uint64_t live = mem_live(), count = mem_count();
    mem_fail_at(nth, for_good);
    enum err err = replay_once(call);
    mem_fail_at(0, false);
    bool failed = mem_count() - count >= nth;
    assert_int_equal(mem_live(), live);
    assert_int_equal(err, failed ? ERR_MEMORY : ERR_OK);
    return failed;
}

static void each_allocation_may_fail(void **state)
{
    static const writer writers[] = {basic, cancelled, forked, registered, subscribed};
    (void)state;
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        struct call *call = call_of(writers[i]);
        assert_int_equal(replay_once(call), ERR_OK); /* now the captured messages are read */
        for (uint64_t nth = 1; failed_well(call, nth, false) && failed_well(call, nth, true);)
            nth++;
        call_destroy(call);
    }
}

/* The realm's challenge is as captured; what answers it is not. */
static void credentials_are_computed_anew(void **state)
{
    struct replay *replay;
    struct replay_result result;
    struct replay_options options = {
        .seed = 1, .user = V("carol"), .password = V("sesame"), .events = true};
    struct call *call = call_of(registered);
    (void)state;
    assert_int_equal(replay_create(&options, &replay), ERR_OK);
    assert_int_equal(replay_call(replay, call, &result), ERR_OK);
    assert_int_equal(result.verdict, VERDICT_PASS);
    assert_true(view_find(result.events, V("username=\"carol\"")) < result.events.len);
    assert_true(view_find(result.events, V("nonce=\"n1\"")) < result.events.len);
    assert_true(view_find(result.events, V("username=\"alice\"")) == result.events.len);
    call_destroy(call);
    replay_destroy(replay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_as_captured_passes),
        cmocka_unit_test(what_is_not_all_there_is_inconclusive),
        cmocka_unit_test(who_is_not_there_is_not_played),
        cmocka_unit_test(the_first_difference_is_told),
        cmocka_unit_test(names_and_addresses_are_rewritten),
        cmocka_unit_test(the_same_seed_gives_the_same_events),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(credentials_are_computed_anew),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sip_msg_pool_drop();
    return failed;
}
