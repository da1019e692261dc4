#include "harness/flow/flow_fixture.h"

static void has_one_entry_for_each_transmission(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "1s alice>bob INVITE\n2s alice>bob INVITE copy=1 lost\n3s bob>alice "
                     "180/INVITE flying\n4s bob>alice 200/INVITE swallowed\n");
    assert_int_equal(log_count(t.log), 4);
    const struct log_entry *first = log_at(t.log, 0), *copy = log_at(t.log, 1);
    assert_int_equal(first->from, test_party(V("alice")));
    assert_int_equal(first->to, test_party(V("bob")));
    assert_int_equal(first->sent_us, test_time("1s"));
    assert_int_equal(first->arrived_us, test_time("1s"));
    assert_false(first->lost);
    assert_int_equal(copy->copy_of, first->seq);
    assert_true(copy->lost);
    assert_false(copy->swallowed);
    assert_true(copy->arrived_us == NEVER);
    assert_false(log_at(t.log, 2)->lost);
    assert_true(log_at(t.log, 2)->arrived_us == NEVER);
    assert_true(log_at(t.log, 3)->swallowed);
    assert_true(log_at(t.log, 3)->lost);
    assert_int_equal(log_find(t.log, copy->seq), 1);
    assert_int_equal(log_find(t.log, 999), 4);
    assert_int_equal(log_find(t.log, 0), 4);
    test_flow_end(&t);
}

static void counts_how_often_a_message_has_come(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "1s alice>bob INVITE lost\n2s alice>bob INVITE copy=1\n3s bob>alice "
                     "180/INVITE\n4s alice>bob INVITE copy=1\n5s alice>bob INVITE copy=1 flying\n");
    assert_int_equal(log_arrivals(t.log, log_at(t.log, 0)->seq), 2);
    assert_int_equal(log_arrivals(t.log, log_at(t.log, 2)->seq), 1);
    assert_int_equal(log_arrivals(t.log, 999), 0);
    test_flow_end(&t);
}

static void parses_a_message_when_asked(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "1s alice>bob INVITE\n");
    assert_false(log_at(t.log, 0)->parsed);
    struct sip_msg *msg = log_message(t.log, 0);
    assert_int_equal(sip_msg_method(msg), SIP_INVITE);
    assert_ptr_equal(log_message(t.log, 0), msg);
    test_flow_end(&t);
}

/* One OUT and what the network made of it. */
struct event {
    enum trace_side side;
    enum trace_fate fate;
    bool of_out; /* it comes from the OUT before */
};

static const struct log_entry *entry_of(struct test_flow *t, const struct event *events,
                                        size_t count)
{
    struct blob *bytes = blob_create(V("OPTIONS sip:x SIP/2.0\r\n\r\n"));
    uint64_t out = 0;
    for (size_t i = 0; i < count; i++) {
        struct trace_event event = {.seq = ++t->seq, .time_us = i, .kind = TRACE_MESSAGE};
        event.u.wire.side = events[i].side;
        event.u.wire.fate = events[i].fate;
        event.u.wire.was_out = events[i].of_out ? out : 0;
        out = events[i].side == SIDE_OUT ? event.seq : out;
        assert_int_equal(log_seen(t->log, &event, bytes), ERR_OK);
    }
    blob_unref(bytes);
    assert_int_equal(log_count(t->log), 1);
    return log_at(t->log, 0);
}

static void knows_what_became_of_network_copies(void **state)
{
    (void)state;
    static const struct {
        struct event events[5];
        size_t count;
        bool arrived, lost;
    } rows[] = {
        {{{SIDE_OUT, FATE_NONE, false},
          {SIDE_SEEN, FATE_COPIED, true},
          {SIDE_IN, FATE_NONE, true},
          {SIDE_SEEN, FATE_LOST, true}},
         4,                                                                     true,
         false                                                                              },
        {{{SIDE_OUT, FATE_NONE, false},
          {SIDE_SEEN, FATE_COPIED, true},
          {SIDE_SEEN, FATE_LOST, true}},
         3,                                                                     false,
         false                                                                              },
        {{{SIDE_OUT, FATE_NONE, false},
          {SIDE_SEEN, FATE_COPIED, true},
          {SIDE_SEEN, FATE_LOST, true},
          {SIDE_SEEN, FATE_REFUSED, true}},
         4,                                                                     false,
         true                                                                               },
        {{{SIDE_OUT, FATE_NONE, false},
          {SIDE_SEEN, FATE_COPIED, true},
          {SIDE_SEEN, FATE_LOST, true},
          {SIDE_IN, FATE_NONE, true}},
         4,                                                                     true,
         false                                                                              },
        {{{SIDE_OUT, FATE_NONE, false},
          {SIDE_SEEN, FATE_CORRUPTED, true},
          {SIDE_IN, FATE_NONE, true}},
         3,                                                                     true,
         false                                                                              },
        {{{SIDE_OUT, FATE_CHANGED, false}, {SIDE_IN, FATE_SWALLOWED, true}}, 2, true,  false},
        {{{SIDE_OUT, FATE_NONE, false}, {SIDE_SEEN, FATE_REFUSED, true}},    2, false, true },
 /* From a device: there is no OUT. */
        {{{SIDE_IN, FATE_NONE, false}},                                      1, true,  false},
        {{{SIDE_SEEN, FATE_LOST, false}},                                    1, false, true },
        {{{SIDE_SEEN, FATE_CORRUPTED, false}, {SIDE_IN, FATE_NONE, false}},  2, true,  false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct test_flow t;
        test_flow_begin(&t);
        const struct log_entry *entry = entry_of(&t, rows[i].events, rows[i].count);
        assert_int_equal(entry->arrived_us != NEVER, rows[i].arrived);
        assert_int_equal(entry->lost, rows[i].lost);
        test_flow_end(&t);
    }
}

static void takes_no_notice_of_other_events(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    struct trace_event event = {.seq = 1, .kind = TRACE_BYTES};
    assert_int_equal(log_seen(t.log, &event, NULL), ERR_OK);
    event.kind = TRACE_STATE;
    assert_int_equal(log_seen(t.log, &event, NULL), ERR_OK);
    assert_int_equal(log_count(t.log), 0);
    test_flow_end(&t);
}

static void lets_go_of_what_is_old(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    uint64_t live = 0;
    for (size_t i = 0; i < 1000; i++) {
        test_log_add(&t, "1s alice>bob OPTIONS");
        assert_non_null(log_message(t.log, log_count(t.log) - 1));
        log_forget(t.log, log_count(t.log) - 1);
        if (i == 100)
            live = mem_live();
    }
    assert_true(mem_live() <= live + 4);
    assert_int_equal(log_count(t.log), 1000);
    assert_int_equal(log_first(t.log), 999);
    assert_int_equal(log_find(t.log, log_at(t.log, 999)->seq), 999);
    log_forget(t.log, 5);
    log_forget(t.log, SIZE_MAX);
    assert_int_equal(log_count(t.log), 1000);
    assert_int_equal(log_first(t.log), 1000);
    test_flow_end(&t);
}

/* From the end in growing steps: each one that is kept, and none that is not. */
static void finds_each_that_is_kept(void **state)
{
    (void)state;
    for (size_t count = 0; count < 40; count++)
        for (size_t gone = 0; gone <= count; gone++) {
            struct test_flow t;
            uint64_t seqs[40];
            test_flow_begin(&t);
            for (size_t i = 0; i < count; i++) {
                test_log_add(&t, "1s alice>bob OPTIONS");
                seqs[i] = log_at(t.log, i)->seq;
            }
            log_forget(t.log, gone);
            assert_int_equal(log_first(t.log), gone);
            for (size_t i = 0; i < count; i++) {
                assert_int_equal(log_find(t.log, seqs[i]), i < gone ? count : i);
                assert_int_equal(log_find(t.log, seqs[i] - 1),
                                 i > gone && seqs[i - 1] == seqs[i] - 1 ? i - 1 : count);
                assert_int_equal(log_find(t.log, UINT64_MAX), count);
            }
            test_flow_end(&t);
        }
}

static void tells_when_there_is_no_memory(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    struct trace_event event = {.seq = 1, .kind = TRACE_MESSAGE};
    struct blob *bytes = blob_create(V("x"));
    mem_fail_at(1, true);
    enum err err = log_seen(t.log, &event, bytes);
    mem_fail_at(0, false);
    assert_int_equal(err, ERR_MEMORY);
    assert_int_equal(log_count(t.log), 0);
    blob_unref(bytes);
    test_flow_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_one_entry_for_each_transmission),
        cmocka_unit_test(counts_how_often_a_message_has_come),
        cmocka_unit_test(parses_a_message_when_asked),
        cmocka_unit_test(knows_what_became_of_network_copies),
        cmocka_unit_test(takes_no_notice_of_other_events),
        cmocka_unit_test(lets_go_of_what_is_old),
        cmocka_unit_test(finds_each_that_is_kept),
        cmocka_unit_test(tells_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
