/* What goes on inside a session: reliable responses and PRACK (RFC 3262), UPDATE (RFC 3311), and
 * session timers (RFC 4028), between two stacks. */
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB };
#define OFFER "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"
#define ANSWER "v=0\r\no=- 2 1 IN IP4 192.0.2.2\r\ns=-\r\n"
#define OTHER "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\n"

struct pair {
    struct pump pump;
    struct handle call[2], invite;
};

static void begin(struct pair *pair, const struct sip_stack_options *alice,
                  const struct sip_stack_options *bob)
{
    struct sip_request_options options = {
        .method = V("INVITE"), .uri = V("sip:bob@192.0.2.2"), .body = V(OFFER)};
    struct handle request;
    pump_begin(&pair->pump);
    pump_add(&pair->pump, "alice", alice);
    pump_add(&pair->pump, "bob", bob);
    assert_int_equal(
        sip_request_send(pair->pump.stacks[ALICE], 0, &options, &request, &pair->call[ALICE]),
        ERR_OK);
    pump_run(&pair->pump, 10 * US_PER_MS);
    struct pump_tell *invite = pump_take(&pair->pump, BOB, SIP_TELL_REQUEST, "INVITE");
    pair->call[BOB] = invite->tell.call;
    pair->invite = invite->tell.object;
}

static void pass(struct pair *pair, uint64_t us)
{
    pump_run(&pair->pump, pair->pump.now_us + us);
}

static enum err respond(struct pair *pair, uint16_t status, bool reliable, const char *body)
{
    struct sip_response_options options = {
        .status = status, .reliable = reliable, .body = view_of(body)};
    enum err err = sip_respond(pair->pump.stacks[BOB], pair->pump.now_us, pair->invite, &options);
    pass(pair, 10 * US_PER_MS);
    return err;
}

static enum err ask(struct pair *pair, int who, const char *method, const char *body)
{
    struct sip_request_options options = {
        .method = view_of(method), .call = pair->call[who], .body = view_of(body)};
    struct handle request;
    enum err err =
        sip_request_send(pair->pump.stacks[who], pair->pump.now_us, &options, &request, NULL);
    pass(pair, 10 * US_PER_MS);
    return err;
}

static struct sip_call_info info_of(struct pair *pair, int who)
{
    struct sip_call_info info;
    assert_int_equal(sip_call_info(pair->pump.stacks[who], pair->call[who], &info), ERR_OK);
    return info;
}

static void assert_sdp(struct blob *sdp, const char *expected)
{
    assert_true(sdp != NULL && view_equal(blob_view(sdp), view_of(expected)));
}

static void assert_labels(struct pair *pair, const char *expected)
{
    char room[400];
    assert_string_equal(pump_labels(&pair->pump, -1, room, sizeof room), expected);
}

/* RFC 3262 §5: the session stands before the call is answered. */
static void an_answer_in_a_reliable_183_is_acknowledged_and_agreed(void **state)
{
    (void)state;
    struct pair pair;
    begin(&pair, NULL, NULL);
    assert_int_equal(respond(&pair, 183, true, ANSWER), ERR_OK);
    for (int who = 0; who < 2; who++)
        assert_true(info_of(&pair, who).offer.agreed);
    assert_sdp(info_of(&pair, ALICE).remote_sdp, ANSWER);
    assert_sdp(info_of(&pair, BOB).local_sdp, ANSWER);
    assert_int_equal(respond(&pair, 200, false, ""), ERR_OK);
    assert_labels(&pair, "INVITE, 183 INVITE, PRACK, 200 PRACK, 200 INVITE, ACK");
    pump_end(&pair.pump);
}

static bool lose_pracks(void *ctx, struct pump *pump, struct pump_sent *sent)
{
    (void)ctx;
    (void)pump;
    return strcmp(sent->label, "PRACK") == 0;
}

/* RFC 3262 §3, §5 */
static void nothing_overtakes_a_reliable_response_with_a_description(void **state)
{
    (void)state;
    struct pair pair;
    begin(&pair, NULL, NULL);
    pair.pump.lose = lose_pracks;
    assert_int_equal(respond(&pair, 183, true, ANSWER), ERR_OK);
    assert_int_equal(respond(&pair, 180, true, ""), ERR_STATE);
    assert_int_equal(respond(&pair, 200, false, ""), ERR_STATE);
    assert_int_equal(ask(&pair, BOB, "UPDATE", OFFER), ERR_STATE); /* RFC 3311 §5.1 */
    pair.pump.lose = NULL;
    pass(&pair, US_PER_S); /* the PRACK comes with its Timer E */
    assert_int_equal(respond(&pair, 180, true, ""), ERR_OK);
    assert_int_equal(respond(&pair, 200, false, ""), ERR_OK);
    pump_end(&pair.pump);
}

static void what_was_not_asked_for_is_not_reliable(void **state)
{
    (void)state;
    struct pair pair;
    struct sip_stack_options old = {.supported = V("replaces")};
    begin(&pair, &old, NULL);
    assert_int_equal(respond(&pair, 183, true, ""), ERR_UNSUPPORTED);
    assert_int_equal(respond(&pair, 183, false, ""), ERR_OK);
    assert_labels(&pair, "INVITE, 183 INVITE");
    pump_end(&pair.pump);
}

static void confirm(struct pair *pair)
{
    assert_int_equal(respond(pair, 200, false, ANSWER), ERR_OK);
    assert_int_equal(pump_state(&pair->pump, ALICE, pair->call[ALICE]), SIP_CALL_CONFIRMED);
    assert_int_equal(pump_state(&pair->pump, BOB, pair->call[BOB]), SIP_CALL_CONFIRMED);
}

/* RFC 3311 §5.2 */
static void a_second_update_before_the_first_is_answered_is_a_500(void **state)
{
    (void)state;
    struct pair pair;
    begin(&pair, NULL, NULL);
    confirm(&pair);
    assert_int_equal(ask(&pair, ALICE, "UPDATE", ""), ERR_OK); /* bob's user takes his time */
    assert_int_equal(ask(&pair, ALICE, "UPDATE", ""), ERR_OK);
    struct pump_tell *refused = pump_take(&pair.pump, ALICE, SIP_TELL_RESPONSE, "500 UPDATE");
    const struct sip_retry_after *after = sip_msg_get(refused->msg, SIP_HEADER_RETRY_AFTER, 0);
    assert_true(after != NULL && after->seconds <= 10);
    pump_end(&pair.pump);
}

/* RFC 3261 §14.1, RFC 3311 §5.3 */
static void a_refused_offer_is_rolled_back_on_both_sides(void **state)
{
    (void)state;
    static const char *const methods[] = {"INVITE", "UPDATE"};
    for (size_t i = 0; i < 2; i++) {
        struct pair pair;
        begin(&pair, NULL, NULL);
        confirm(&pair);
        assert_int_equal(ask(&pair, ALICE, methods[i], OTHER), ERR_OK);
        assert_sdp(info_of(&pair, BOB).remote_sdp, OTHER);
        assert_true(info_of(&pair, BOB).offer.state != OA_FREE);
        pump_respond(&pair.pump, BOB,
                     pump_take(&pair.pump, BOB, SIP_TELL_REQUEST, methods[i])->tell.object, 488);
        pass(&pair, 10 * US_PER_MS);
        for (int who = 0; who < 2; who++) {
            struct sip_call_info info = info_of(&pair, who);
            assert_true(info.offer.state == OA_FREE && info.offer.agreed);
            assert_sdp(who == ALICE ? info.local_sdp : info.remote_sdp, OFFER);
            assert_sdp(who == ALICE ? info.remote_sdp : info.local_sdp, ANSWER);
        }
        pump_end(&pair.pump);
    }
}

/* RFC 3261 §13.2.1: the ACK of a 2xx with an offer has the answer, and is the user's. */
static void an_offer_in_the_2xx_is_answered_by_the_user(void **state)
{
    (void)state;
    struct pair pair;
    begin(&pair, NULL, NULL);
    confirm(&pair);
    assert_int_equal(ask(&pair, ALICE, "INVITE", ""), ERR_OK);
    pair.invite = pump_take(&pair.pump, BOB, SIP_TELL_REQUEST, "INVITE")->tell.object;
    pump_forget(&pair.pump);
    assert_int_equal(respond(&pair, 200, false, OTHER), ERR_OK);
    assert_labels(&pair, "200 INVITE");
    struct sip_request_options ack = {.method = V("ACK"), .body = V(ANSWER)};
    assert_int_equal(
        sip_ack_send(pair.pump.stacks[ALICE], pair.pump.now_us, pair.call[ALICE], &ack), ERR_OK);
    pass(&pair, 100 * US_PER_S);
    assert_labels(&pair, "200 INVITE, ACK");
    assert_sdp(info_of(&pair, ALICE).remote_sdp, OTHER);
    assert_sdp(info_of(&pair, BOB).remote_sdp, ANSWER);
    pump_end(&pair.pump);
}

static struct pump_tell *take_update(struct pair *pair)
{
    return pump_take(&pair->pump, BOB, SIP_TELL_REQUEST, "UPDATE");
}

/* RFC 4028 §7.2, §10 */
static void a_session_is_refreshed_at_half_to_the_microsecond(void **state)
{
    (void)state;
    struct pair pair;
    struct sip_stack_options alice = {.refresh = {.expires_s = 120}};
    begin(&pair, &alice, NULL);
    confirm(&pair);
    uint64_t came_us = pump_find(&pair.pump, "200 INVITE", 0)->at_us + US_PER_MS;
    pass(&pair, 65 * US_PER_S);
    assert_int_equal(pump_find(&pair.pump, "UPDATE", 0)->at_us, came_us + 60 * US_PER_S);
    pump_respond(&pair.pump, BOB, take_update(&pair)->tell.object, 200);
    pass(&pair, 10 * US_PER_MS);
    assert_int_equal(pump_tell_count(&pair.pump, ALICE, SIP_TELL_RESPONSE, "200 UPDATE"), 1);
    pass(&pair, 50 * US_PER_S);
    assert_int_equal(pump_state(&pair.pump, ALICE, pair.call[ALICE]), SIP_CALL_CONFIRMED);
    pump_end(&pair.pump);
}

/* RFC 4028 §7.4: the re-INVITE says by its o= line that nothing has changed. */
static void a_refresh_by_reinvite_offers_the_same_again(void **state)
{
    (void)state;
    struct pair pair;
    struct sip_stack_options alice = {
        .refresh = {.expires_s = 90, .by = SIP_REFRESH_BY_INVITE}
    };
    begin(&pair, &alice, NULL);
    confirm(&pair);
    pass(&pair, 46 * US_PER_S);
    struct pump_tell *invite = pump_take(&pair.pump, BOB, SIP_TELL_REQUEST, "INVITE");
    assert_true(view_equal(sip_msg_body(invite->msg), V(OFFER)));
    pair.invite = invite->tell.object;
    assert_int_equal(respond(&pair, 200, false, ANSWER), ERR_OK);
    assert_int_equal(pump_tell_count(&pair.pump, BOB, SIP_TELL_ACK, "ACK"), 2);
    pump_end(&pair.pump);
}

/* RFC 4028 §10: 32 s, or a third where that is less, before the session expires. */
static void a_session_that_is_not_refreshed_ends(void **state)
{
    (void)state;
    static const struct {
        uint32_t expires_s, bye_s;
    } rows[] = {
        {1800, 1768},
        {90,   60  }
    };
    for (size_t i = 0; i < 2; i++) {
        struct pair pair;
        struct sip_stack_options alice = {
            .refresh = {.expires_s = rows[i].expires_s, .idle = true}
        };
        begin(&pair, &alice, NULL);
        confirm(&pair);
        uint64_t sent_us = pump_find(&pair.pump, "200 INVITE", 0)->at_us;
        pass(&pair, 3600 * US_PER_S);
        struct pump_sent *bye = pump_find(&pair.pump, "BYE", 0);
        assert_int_equal(bye->from, BOB);
        assert_int_equal(bye->at_us, sent_us + rows[i].bye_s * US_PER_S);
        assert_null(pump_find(&pair.pump, "BYE", 1));
        pump_end(&pair.pump);
    }
}

/* RFC 4028 §10: a refresh that meets 481 or nothing at all ends the call. */
static void a_refresh_that_is_lost_ends_the_call(void **state)
{
    (void)state;
    struct pair pair;
    struct sip_stack_options alice = {.refresh = {.expires_s = 600}};
    begin(&pair, &alice, NULL);
    confirm(&pair);
    pass(&pair, 301 * US_PER_S);
    pump_respond(&pair.pump, BOB, take_update(&pair)->tell.object, 481);
    pass(&pair, US_PER_S);
    assert_int_equal(pump_find(&pair.pump, "BYE", 0)->from, ALICE);
    pump_end(&pair.pump);
}

static void refuse_update_422(struct pair *pair, const char *min_se)
{
    struct sip_row row = {.name = V("Min-SE"), .value = view_of(min_se)};
    struct sip_response_options refused = {.status = 422, .rows = &row, .row_count = 1};
    struct handle update = take_update(pair)->tell.object;
    assert_int_equal(sip_respond(pair->pump.stacks[BOB], pair->pump.now_us, update, &refused),
                     ERR_OK);
    pass(pair, 10 * US_PER_MS);
}

/* RFC 4028 §9, §7.4; the Min-SE of a 422 in a dialog is remembered there. */
static void a_422_is_answered_with_a_longer_interval(void **state)
{
    (void)state;
    struct pair pair;
    struct sip_stack_options alice = {.refresh = {.expires_s = 90}};
    begin(&pair, &alice, NULL);
    confirm(&pair);
    pass(&pair, 46 * US_PER_S);
    refuse_update_422(&pair, "500");
    struct pump_tell *again = take_update(&pair);
    const struct sip_number *expires = sip_msg_get(again->msg, SIP_HEADER_SESSION_EXPIRES, 0);
    assert_int_equal(expires->value, 500);
    pump_respond(&pair.pump, BOB, again->tell.object, 200);
    pass(&pair, 251 * US_PER_S); /* half of the new interval */
    take_update(&pair);
    pump_end(&pair.pump);
}

/* B60: 422 on and on is no reason to ask for ever. */
static void a_422_that_asks_for_no_more_is_the_end(void **state)
{
    (void)state;
    struct pair pair;
    struct sip_stack_options alice = {.refresh = {.expires_s = 90}};
    begin(&pair, &alice, NULL);
    confirm(&pair);
    pass(&pair, 46 * US_PER_S);
    for (int i = 0; i < 2; i++)
        refuse_update_422(&pair, "500");
    pass(&pair, 100 * US_PER_S);
    assert_int_equal(pump_tell_count(&pair.pump, BOB, SIP_TELL_REQUEST, "UPDATE"), 2);
    assert_non_null(pump_find(&pair.pump, "BYE", 0)); /* nothing has refreshed it */
    pump_end(&pair.pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_in_a_reliable_183_is_acknowledged_and_agreed),
        cmocka_unit_test(nothing_overtakes_a_reliable_response_with_a_description),
        cmocka_unit_test(what_was_not_asked_for_is_not_reliable),
        cmocka_unit_test(a_second_update_before_the_first_is_answered_is_a_500),
        cmocka_unit_test(a_refused_offer_is_rolled_back_on_both_sides),
        cmocka_unit_test(an_offer_in_the_2xx_is_answered_by_the_user),
        cmocka_unit_test(a_session_is_refreshed_at_half_to_the_microsecond),
        cmocka_unit_test(a_refresh_by_reinvite_offers_the_same_again),
        cmocka_unit_test(a_session_that_is_not_refreshed_ends),
        cmocka_unit_test(a_refresh_that_is_lost_ends_the_call),
        cmocka_unit_test(a_422_is_answered_with_a_longer_interval),
        cmocka_unit_test(a_422_that_asks_for_no_more_is_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
