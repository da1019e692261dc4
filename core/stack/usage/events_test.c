/* Subscriptions between two stacks, RFC 6665 and RFC 3515, in virtual time. */
#include "core/stack/usage/events.h"
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB };

struct watch { /* alice watches bob's presence */
    struct pump pump;
    struct handle request, sub, asked, theirs;
};

static void subscribe(struct watch *watch, uint32_t expires_s)
{
    struct sip_subscribe_options options = {
        .request = {.method = V("SUBSCRIBE"), .uri = V("sip:bob@192.0.2.2")},
        .event = V("presence"),
        .expires_s = expires_s
    };
    assert_int_equal(sip_subscribe(watch->pump.stacks[ALICE], watch->pump.now_us, &options,
                                   &watch->request, &watch->sub),
                     ERR_OK);
    pump_drain(&watch->pump);
}

static void begin(struct watch *watch, uint32_t expires_s)
{
    pump_begin(&watch->pump);
    pump_add(&watch->pump, "alice", NULL);
    pump_add(&watch->pump, "bob", NULL);
    subscribe(watch, expires_s);
    pump_run(&watch->pump, 10 * US_PER_MS);
    struct pump_tell *told = pump_take(&watch->pump, BOB, SIP_TELL_REQUEST, "SUBSCRIBE");
    watch->asked = told->tell.object;
    watch->theirs = told->tell.sub;
}

static void accept(struct watch *watch, bool quiet)
{
    struct sip_response_options options = {.status = 200, .accepts = true, .quiet = quiet};
    assert_int_equal(
        sip_respond(watch->pump.stacks[BOB], watch->pump.now_us, watch->asked, &options), ERR_OK);
}

static enum err notify(struct watch *watch, enum sip_sub_state state, const char *body)
{
    struct sip_notify_options options = {
        .request = {.body = view_of(body), .content_type = V("text/plain")},
          .state = state
    };
    struct handle request;
    enum err err =
        sip_notify(watch->pump.stacks[BOB], watch->pump.now_us, watch->theirs, &options, &request);
    pump_drain(&watch->pump);
    return err;
}

static struct sip_sub_info info_of(struct watch *watch, int stack)
{
    struct sip_sub_info info;
    struct handle sub = stack == ALICE ? watch->sub : watch->theirs;
    assert_int_equal(sip_sub_info(watch->pump.stacks[stack], sub, &info), ERR_OK);
    return info;
}

static bool is_gone(struct watch *watch, int stack)
{
    struct sip_sub_info info;
    struct handle sub = stack == ALICE ? watch->sub : watch->theirs;
    return sip_sub_info(watch->pump.stacks[stack], sub, &info) == ERR_GONE;
}

static void assert_header(struct pump *pump, const char *label, size_t n, const char *name,
                          const char *value)
{
    struct sip_msg *msg;
    struct pump_sent *sent = pump_find(pump, label, n);
    assert_non_null(sent);
    assert_int_equal(sip_msg_parse(sent->bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    const struct sip_line *line = sip_msg_find_name(msg, view_of(name), 0);
    if (line == NULL || !view_equal(line->value, view_of(value)))
        fail_msg("%s of %s: \"%.*s\", and not \"%s\"", name, label,
                 line == NULL ? 0 : (int)line->value.len, line == NULL ? "" : line->value.ptr,
                 value);
    sip_msg_unref(msg);
}

static void assert_sent(struct pump *pump, const char *labels)
{
    char room[512];
    assert_string_equal(pump_labels(pump, -1, room, sizeof room), labels);
}

static void a_subscription_is_asked_for_granted_and_notified(void **state)
{
    (void)state;
    struct watch watch;
    begin(&watch, 600);
    accept(&watch, false);
    assert_int_equal(notify(&watch, SIP_SUB_PENDING, "wait"), ERR_OK);
    pump_run(&watch.pump, 20 * US_PER_MS);
    assert_sent(&watch.pump, "SUBSCRIBE, 200 SUBSCRIBE, NOTIFY, 200 NOTIFY");
    assert_header(&watch.pump, "SUBSCRIBE", 0, "Event", "presence");
    assert_header(&watch.pump, "SUBSCRIBE", 0, "Expires", "600");
    assert_header(&watch.pump, "200 SUBSCRIBE", 0, "Expires", "600");
    assert_header(&watch.pump, "NOTIFY", 0, "Event", "presence");
    assert_header(&watch.pump, "NOTIFY", 0, "Subscription-State", "pending;expires=600");
    assert_int_equal(info_of(&watch, ALICE).state, SIP_SUB_PENDING);
    assert_int_equal(notify(&watch, SIP_SUB_ACTIVE, "open"), ERR_OK);
    pump_run(&watch.pump, 30 * US_PER_MS);
    assert_int_equal(info_of(&watch, ALICE).state, SIP_SUB_ACTIVE);
    assert_int_equal(info_of(&watch, BOB).state, SIP_SUB_ACTIVE);
    pump_end(&watch.pump);
}

static void the_first_notify_goes_out_by_itself(void **state)
{
    (void)state;
    struct watch watch;
    begin(&watch, 600);
    accept(&watch, false);
    pump_run(&watch.pump, 20 * US_PER_MS);
    assert_sent(&watch.pump, "SUBSCRIBE, 200 SUBSCRIBE, NOTIFY, 200 NOTIFY");
    assert_header(&watch.pump, "NOTIFY", 0, "Subscription-State", "active;expires=600");
    pump_end(&watch.pump);
}

/* RFC 6665 §4.1.2.4 */
static void without_notify_it_has_failed_after_timer_n(void **state)
{
    (void)state;
    struct watch watch;
    begin(&watch, 600);
    accept(&watch, true);
    pump_run(&watch.pump, 32 * US_PER_S - 1);
    assert_int_equal(info_of(&watch, ALICE).state, SIP_SUB_WAITING);
    pump_run(&watch.pump, 32 * US_PER_S);
    assert_true(is_gone(&watch, ALICE));
    assert_int_equal(notify(&watch, SIP_SUB_ACTIVE, "late"), ERR_OK);
    pump_run(&watch.pump, 33 * US_PER_S);
    assert_non_null(pump_find(&watch.pump, "481 NOTIFY", 0));
    assert_true(is_gone(&watch, BOB));
    pump_end(&watch.pump);
}

static bool lose_200_subscribe(void *ctx, struct pump *pump, struct pump_sent *sent)
{
    (void)ctx;
    (void)pump;
    return strcmp(sent->label, "200 SUBSCRIBE") == 0 && sent->copy_of == 0;
}

static void notify_may_come_before_the_2xx(void **state)
{
    (void)state;
    struct watch watch;
    begin(&watch, 600);
    watch.pump.lose = lose_200_subscribe;
    accept(&watch, false);
    pump_run(&watch.pump, 400 * US_PER_MS);
    assert_int_equal(info_of(&watch, ALICE).state, SIP_SUB_ACTIVE);
    pump_run(&watch.pump, 2 * US_PER_S);
    assert_non_null(pump_find(&watch.pump, "200 SUBSCRIBE", 1));
    assert_int_equal(info_of(&watch, ALICE).state, SIP_SUB_ACTIVE);
    pump_end(&watch.pump);
}

/* 64*T1 before it would be over, each time. */
static void it_is_refreshed_by_itself(void **state)
{
    (void)state;
    uint64_t times[4];
    struct watch watch;
    begin(&watch, 600);
    accept(&watch, false);
    pump_run(&watch.pump, 1200 * US_PER_S);
    assert_int_equal(pump_times(&watch.pump, "SUBSCRIBE", times, 4), 3);
    assert_in_range(times[1], 568 * US_PER_S, 568 * US_PER_S + 20 * US_PER_MS);
    assert_in_range(times[2], 1136 * US_PER_S, 1136 * US_PER_S + 40 * US_PER_MS);
    assert_non_null(pump_find(&watch.pump, "NOTIFY", 2));
    assert_int_equal(info_of(&watch, ALICE).state, SIP_SUB_ACTIVE);
    assert_int_equal(info_of(&watch, BOB).state, SIP_SUB_ACTIVE);
    pump_end(&watch.pump);
}

/* RFC 6665 §4.2.1.4: and a refresh does not bring it back to what was once refused. */
static void what_was_shortened_stays_short(void **state)
{
    (void)state;
    struct watch watch;
    begin(&watch, 600);
    const struct sip_row row = {.name = V("Expires"), .value = V("60")};
    struct sip_response_options options = {
        .status = 200, .accepts = true, .rows = &row, .row_count = 1};
    assert_int_equal(sip_respond(watch.pump.stacks[BOB], watch.pump.now_us, watch.asked, &options),
                     ERR_OK);
    pump_run(&watch.pump, 31 * US_PER_S);
    assert_header(&watch.pump, "SUBSCRIBE", 1, "Expires", "600");
    assert_header(&watch.pump, "200 SUBSCRIBE", 1, "Expires", "60");
    assert_header(&watch.pump, "NOTIFY", 1, "Subscription-State", "active;expires=60");
    pump_end(&watch.pump);
}

static void who_does_not_refresh_hears_the_end(void **state)
{
    (void)state;
    struct watch watch;
    pump_begin(&watch.pump);
    pump_add(&watch.pump, "alice", NULL);
    pump_add(&watch.pump, "bob", NULL);
    struct sip_subscribe_options options = {
        .request = {.method = V("SUBSCRIBE"), .uri = V("sip:bob@192.0.2.2")},
        .event = V("presence"),
        .expires_s = 90,
        .no_refresh = true
    };
    assert_int_equal(
        sip_subscribe(watch.pump.stacks[ALICE], 0, &options, &watch.request, &watch.sub), ERR_OK);
    pump_run(&watch.pump, 10 * US_PER_MS);
    struct pump_tell *told = pump_take(&watch.pump, BOB, SIP_TELL_REQUEST, "SUBSCRIBE");
    watch.asked = told->tell.object;
    watch.theirs = told->tell.sub;
    accept(&watch, false);
    pump_run(&watch.pump, 91 * US_PER_S);
    assert_header(&watch.pump, "NOTIFY", 1, "Subscription-State", "terminated;reason=timeout");
    assert_true(is_gone(&watch, ALICE));
    assert_true(is_gone(&watch, BOB));
    struct sip_stack_counts counts;
    sip_stack_counts(watch.pump.stacks[BOB], &counts);
    assert_int_equal(counts.subscriptions, 0);
    pump_end(&watch.pump);
}

static void expires_0_ends_it_with_a_last_notify(void **state)
{
    (void)state;
    struct watch watch;
    struct handle request;
    begin(&watch, 600);
    accept(&watch, false);
    assert_int_equal(notify(&watch, SIP_SUB_ACTIVE, "open"), ERR_OK);
    pump_run(&watch.pump, US_PER_S);
    assert_int_equal(
        sip_sub_refresh(watch.pump.stacks[ALICE], watch.pump.now_us, watch.sub, 0, NULL, &request),
        ERR_OK);
    pump_run(&watch.pump, 2 * US_PER_S);
    assert_header(&watch.pump, "SUBSCRIBE", 1, "Expires", "0");
    assert_header(&watch.pump, "200 SUBSCRIBE", 1, "Expires", "0");
    assert_header(&watch.pump, "NOTIFY", 1, "Subscription-State", "terminated;reason=timeout");
    assert_true(is_gone(&watch, BOB));
    assert_int_equal(info_of(&watch, ALICE).ended, SIP_SUB_NOTIFIED);
    pump_run(&watch.pump, 40 * US_PER_S); /* after the time in which it could still fork */
    assert_true(is_gone(&watch, ALICE));
    pump_end(&watch.pump);
}

static void a_fetch_gets_one_notify(void **state)
{
    (void)state;
    struct watch watch;
    begin(&watch, 0);
    accept(&watch, false);
    assert_int_equal(notify(&watch, SIP_SUB_ACTIVE, "open"), ERR_OK);
    pump_run(&watch.pump, US_PER_S);
    assert_sent(&watch.pump, "SUBSCRIBE, 200 SUBSCRIBE, NOTIFY, 200 NOTIFY");
    assert_header(&watch.pump, "200 SUBSCRIBE", 0, "Expires", "0");
    assert_header(&watch.pump, "NOTIFY", 0, "Subscription-State", "terminated;reason=timeout");
    assert_int_equal(notify(&watch, SIP_SUB_ACTIVE, "more"), ERR_GONE);
    pump_end(&watch.pump);
}

static void inject_notify(struct watch *watch, const char *from_tag, const char *rows)
{
    char text[1024];
    struct sip_sub_info info = info_of(watch, ALICE);
    snprintf(text, sizeof text,
             "NOTIFY sip:alice@192.0.2.1 SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK%s\r\n"
             "From: <sip:bob@192.0.2.2>;tag=%s\r\n"
             "To: <sip:alice@192.0.2.1>;tag=%.*s\r\n"
             "Call-ID: %.*s\r\n"
             "CSeq: 1 NOTIFY\r\n"
             "Max-Forwards: 70\r\n"
             "Contact: <sip:bob@192.0.2.9>\r\n"
             "%s\r\n",
             from_tag, from_tag, VIEW_ARG(info.local_tag), VIEW_ARG(info.call_id), rows);
    pump_inject(&watch->pump, ALICE, "192.0.2.9:5060", text);
    pump_drain(&watch->pump);
}

static void another_notifier_makes_another_subscription(void **state)
{
    (void)state;
    struct watch watch;
    begin(&watch, 600);
    accept(&watch, false);
    pump_run(&watch.pump, US_PER_S);
    inject_notify(&watch, "other", "Event: presence\r\nSubscription-State: pending;expires=60\r\n");
    struct pump_tell *told = pump_take(&watch.pump, ALICE, SIP_TELL_SUB_FORK, NULL);
    struct sip_sub_info info;
    assert_memory_equal(&told->tell.object, &watch.sub, sizeof watch.sub);
    assert_int_equal(sip_sub_info(watch.pump.stacks[ALICE], told->tell.sub, &info), ERR_OK);
    assert_int_equal(info.state, SIP_SUB_PENDING);
    assert_true(view_equal(info.remote_tag, V("other")));
    assert_int_equal(info_of(&watch, ALICE).state, SIP_SUB_ACTIVE);
    pump_end(&watch.pump);
}

static void after_timer_n_another_notifier_is_too_late(void **state)
{
    (void)state;
    struct watch watch;
    begin(&watch, 600);
    accept(&watch, false);
    pump_run(&watch.pump, 33 * US_PER_S);
    inject_notify(&watch, "other", "Event: presence\r\nSubscription-State: active\r\n");
    assert_non_null(pump_find(&watch.pump, "481 NOTIFY", 0));
    pump_end(&watch.pump);
}

/* B59 */
static void a_notify_that_says_nothing_right_changes_nothing(void **state)
{
    (void)state;
    struct watch watch;
    begin(&watch, 600);
    inject_notify(&watch, "a", "Event: presence\r\n");
    assert_non_null(pump_find(&watch.pump, "400 NOTIFY", 0));
    inject_notify(&watch, "b", "Event: dialog\r\nSubscription-State: active\r\n");
    assert_non_null(pump_find(&watch.pump, "481 NOTIFY", 0));
    inject_notify(&watch, "c", "Subscription-State: active\r\n");
    assert_non_null(pump_find(&watch.pump, "481 NOTIFY", 1));
    assert_int_equal(info_of(&watch, ALICE).state, SIP_SUB_WAITING);
    inject_notify(&watch, "d",
                  "Event: presence\r\nSubscription-State: active;expires=99999999999999999999\r\n");
    inject_notify(&watch, "e",
                  "Event: presence\r\nSubscription-State: active;expires=18446744073709551615\r\n");
    assert_non_null(pump_find(&watch.pump, "200 NOTIFY", 1));
    pump_end(&watch.pump);
}

static void a_refresh_answered_481_ends_it(void **state)
{
    (void)state;
    struct watch watch;
    begin(&watch, 600);
    accept(&watch, false);
    pump_run(&watch.pump, US_PER_S);
    struct sip_notify_options over = {.state = SIP_SUB_TERMINATED, .reason = V("noresource")};
    struct handle request;
    watch.pump.lose = lose_200_subscribe; /* and nothing else: alice shall not hear of the end */
    assert_int_equal(
        sip_notify(watch.pump.stacks[BOB], watch.pump.now_us, watch.theirs, &over, &request),
        ERR_OK);
    pump_drain(&watch.pump);
    watch.pump.sent[watch.pump.sent_count - 1].lost = true;
    assert_int_equal(sip_sub_refresh(watch.pump.stacks[ALICE], watch.pump.now_us, watch.sub, 600,
                                     NULL, &request),
                     ERR_OK);
    pump_run(&watch.pump, US_PER_S + 10 * US_PER_MS);
    assert_non_null(pump_find(&watch.pump, "481 SUBSCRIBE", 0));
    assert_true(is_gone(&watch, ALICE));
    pump_end(&watch.pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subscription_is_asked_for_granted_and_notified),
        cmocka_unit_test(the_first_notify_goes_out_by_itself),
        cmocka_unit_test(without_notify_it_has_failed_after_timer_n),
        cmocka_unit_test(notify_may_come_before_the_2xx),
        cmocka_unit_test(it_is_refreshed_by_itself),
        cmocka_unit_test(what_was_shortened_stays_short),
        cmocka_unit_test(who_does_not_refresh_hears_the_end),
        cmocka_unit_test(expires_0_ends_it_with_a_last_notify),
        cmocka_unit_test(a_fetch_gets_one_notify),
        cmocka_unit_test(another_notifier_makes_another_subscription),
        cmocka_unit_test(after_timer_n_another_notifier_is_too_late),
        cmocka_unit_test(a_notify_that_says_nothing_right_changes_nothing),
        cmocka_unit_test(a_refresh_answered_481_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
