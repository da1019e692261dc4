/* Every state × event pair of a subscription's two sides, against expectations that were written
 * down from the figures of RFC 6665 §4.1.2 and §4.2.2 by themselves; and RFC 6665 §8.2.1. */
#include "core/dialog/subscription.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* One line for each state, one word for each event in the order of enum sub_event:
 *   GOT_PENDING GOT_ACTIVE GOT_TERMINATED NO_NOTIFY SENT_PENDING SENT_ACTIVE SENT_TERMINATED
 *   REFUSED LOST EXPIRED
 * A word is the state that follows (its first letter), or a "-" where nothing happens. */
static const char *const subscriber[] = {
    "p a t t - - - t t -", /* notify_wait */
    "p a t t - - - - t t", /* pending */
    "a a t t - - - - t t", /* active */
    "- - - - - - - - - -", /* terminated */
};
static const char *const notifier[] = {
    "- - - - p a t t t -", /* resp_wait */
    "- - - - p a t - t -", /* pending */
    "- - - - a a t - t -", /* active */
    "- - - - - - - - - -", /* terminated */
};

static void walk(bool is_notifier, const char *const *words)
{
    for (uint8_t at = 0; at < SUB_STATE_COUNT; at++)
        for (uint8_t on = 0; on < SUB_EVENT_COUNT; on++) {
            const struct sub_row *row = sub_row_find(is_notifier, at, on);
            char is = row == NULL ? '-' : sub_state_text(is_notifier, row->to).ptr[0];
            if (is != words[at][2 * on])
                fail_msg("%s on %s: %c, and not %c", sub_state_text(is_notifier, at).ptr,
                         sub_event_text(on).ptr, is, words[at][2 * on]);
        }
}

static void each_pair_of_the_subscriber_is_as_written(void **state)
{
    (void)state;
    walk(false, subscriber);
}

static void each_pair_of_the_notifier_is_as_written(void **state)
{
    (void)state;
    walk(true, notifier);
}

/* A NOTIFY of a subscription to `asked`; "refer" with a number: made by REFER of that CSeq. */
static bool fits(const char *package, const char *id, const char *event)
{
    char text[256];
    int len = snprintf(text, sizeof text, "NOTIFY sip:a@b SIP/2.0\r\nEvent: %s\r\n\r\n", event);
    struct blob *bytes = blob_create((struct view){text, (size_t)len});
    struct sip_msg *msg;
    struct sip_sub sub = {.event = view_of(package), .id = view_of(id)};
    if (strcmp(package, "refer") == 0)
        sub = (struct sip_sub){
            .event = V("refer"), .refer = true, .first = id == NULL, .seq = 93809823};
    assert_int_equal(sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    const struct sip_token_params *value = sip_msg_get(msg, SIP_HEADER_EVENT, 0);
    assert_non_null(value);
    bool is = sub_event_fits(&sub, value);
    sip_msg_unref(msg);
    blob_unref(bytes);
    return is;
}

static void events_are_compared_byte_by_byte_with_their_id(void **state)
{
    (void)state;
    assert_true(fits("foo", "1234", "foo; id=1234"));
    assert_true(fits("foo", "1234", "foo; param=abcd; id=1234"));
    assert_false(fits("foo", "1234", "foo"));
    assert_false(fits("foo", "1234", "Foo; id=1234"));
    assert_false(fits("foo", "1234", "foo; id=12345"));
    assert_false(fits("foo", NULL, "foo; id=1234"));
    assert_true(fits("foo", NULL, "foo;param=1"));
    assert_false(fits("foo", NULL, "foo.bar"));
}

static void only_the_first_refer_needs_no_id(void **state)
{
    (void)state;
    assert_true(fits("refer", NULL, "refer"));
    assert_true(fits("refer", NULL, "refer;id=93809823"));
    assert_false(fits("refer", NULL, "refer;id=93809824"));
    assert_false(fits("refer", "second", "refer"));
    assert_true(fits("refer", "second", "refer;id=93809823"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_of_the_subscriber_is_as_written),
        cmocka_unit_test(each_pair_of_the_notifier_is_as_written),
        cmocka_unit_test(events_are_compared_byte_by_byte_with_their_id),
        cmocka_unit_test(only_the_first_refer_needs_no_id),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sip_msg_pool_drop();
    return failed;
}
