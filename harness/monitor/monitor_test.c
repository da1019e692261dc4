/* What the monitor keeps, and what it does when it cannot. */
#include "harness/monitor/monitor_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* However long the capture is: the oldest records go. */
static void what_is_remembered_is_bounded(void **state)
{
    (void)state;
    struct watched w = {.net = 2};
    struct monitor_counts counts;
    assert_int_equal(monitor_create(&(struct monitor_options){.record_limit = 4}, &w.monitor),
                     ERR_OK);
    for (int i = 0; i <= 10; i++) {
        char call_id[] = "Call-ID: 0@";
        call_id[9] = (char)('a' + i % 10);
        flow_see_changed(&w, flow_call, BYE, "Call-ID: 1@", call_id);
        w.now_us += 300 * US_PER_S; /* the exchange is over */
    }
    monitor_counts(w.monitor, &counts);
    watched_end(&w);
    assert_int_equal(counts.call_ids, 11); /* the first one was forgotten, and is new again */
}

/* Of three exchanges that are answered. */
static uint64_t not_judged_of(uint32_t record_limit)
{
    struct watched w;
    struct monitor_counts counts;
    watched_init_with(&w, &(struct monitor_options){.record_limit = record_limit});
    for (int i = 0; i < 3; i++) {
        char call_id[] = "Call-ID: 0@";
        call_id[9] = (char)('a' + i);
        flow_see_changed(&w, flow_ping, 0, "Call-ID: 1@", call_id);
        flow_see_changed(&w, flow_ping, 1, "Call-ID: 1@", call_id);
        w.now_us += 2 * US_PER_S; /* it is kept as bytes alone */
    }
    monitor_counts(w.monitor, &counts);
    watched_end(&w);
    return counts.not_judged;
}

static void what_was_answered_may_be_forgotten(void **state)
{
    (void)state;
    assert_int_equal(not_judged_of(2), not_judged_of(0));
}

static enum err message_judge(struct monitor *monitor, int at)
{
    struct sip_msg *msg = NULL;
    struct finding finding;
    struct blob *bytes = blob_create(view_of(flow_call[at].text));
    enum err err = bytes == NULL ? ERR_MEMORY : sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg);
    struct seen seen = {.seq = (uint64_t)at, .sent = true, .given = true, .msg = msg};
    if (err == ERR_OK)
        err = monitor_see(monitor, &seen);
    while (monitor_next(monitor, &finding))
        continue;
    if (msg != NULL)
        sip_msg_unref(msg);
    blob_unref(bytes);
    return err;
}

static enum err call_judge(void)
{
    struct monitor *monitor;
    enum err err = monitor_create(&(struct monitor_options){.capture = true}, &monitor);
    if (err != ERR_OK)
        return err;
    for (int i = 0; err == ERR_OK && i <= ENDED; i++)
        err = message_judge(monitor, i);
    monitor_end(monitor, US_PER_S);
    monitor_destroy(monitor);
    sip_msg_pool_drop();
    return err;
}

static void without_memory_nothing_is_judged_in_silence(void **state)
{
    (void)state;
    bool failed = true;
    sip_msg_pool_drop(); /* of the tests before */
    for (uint64_t nth = 1; failed; nth++) {
        uint64_t live = mem_live(), count = mem_count();
        mem_fail_at(nth, false);
        enum err err = call_judge();
        mem_fail_at(0, false);
        failed = mem_count() - count >= nth;
        assert_int_equal(mem_live(), live);
        assert_int_equal(err, failed ? ERR_MEMORY : ERR_OK);
    }
}

static void what_a_script_made_so_is_blamed_on_nobody(void **state)
{
    (void)state;
    struct watched w;
    struct sip_msg *msg;
    struct blob *bytes = blob_create(V("OPTIONS sip:b SIP/2.0\r\n\r\n"));
    watched_init(&w, false);
    assert_int_equal(sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    struct seen seen = {
        .seq = 1, .from = ALICE, .to = BOB, .sent = true, .intended = true, .msg = msg};
    assert_int_equal(monitor_see(w.monitor, &seen), ERR_OK);
    sip_msg_unref(msg);
    blob_unref(bytes);
    watched_end(&w);
    assert_string_equal(w.ids, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_remembered_is_bounded),
        cmocka_unit_test(what_was_answered_may_be_forgotten),
        cmocka_unit_test(without_memory_nothing_is_judged_in_silence),
        cmocka_unit_test(what_a_script_made_so_is_blamed_on_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
