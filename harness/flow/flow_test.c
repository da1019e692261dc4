#include "harness/flow/flow_fixture.h"

/* Each row: a diagram, a log, and what the matcher makes of them. */
struct row {
    const char *flow, *log, *options;
    enum flow_state state;
    uint32_t line;        /* of a failure */
    const char *sentence; /* of a failure */
};

static const char *const state_names[] = {"matched", "waiting", "failed"};

static void assert_row(const struct row *row)
{
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, row->log);
    if (test_flow_parse(&t, row->flow) != ERR_OK)
        fail_msg("%s\nline %u: %s", row->flow, t.error.line, t.error.sentence);
    enum flow_state state = test_flow_match(&t, row->options);
    if (state != row->state)
        fail_msg("%s\n--\n%s[%s]\nis %s: line %u: %s", row->flow, row->log, row->options,
                 state_names[state], t.answer.line, t.answer.sentence);
    if (state == FLOW_FAILED) {
        assert_string_equal(t.answer.sentence, row->sentence);
        assert_int_equal(t.answer.line, row->line);
    }
    if (state == FLOW_WAITING)
        assert_true(t.answer.ask_again_us > t.question.now_us);
    test_flow_end(&t);
}

#define ASSERT_ROWS(rows)                                                                          \
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows)[0]; i++)                                    \
    assert_row(&(rows)[i])

#define CALL                                                                                       \
    "alice->>bob: INVITE\nbob->>alice: 100?\nbob->>alice: 180\nbob->>alice: 200 INVITE\n"          \
    "alice->>bob: ACK\nNote over alice,bob: talk\nbob->>alice: BYE\nalice->>bob: 200 BYE"
#define CALL_LOG                                                                                   \
    "0 alice>bob INVITE\n1ms bob>alice 180/INVITE\n2ms bob>alice 200/INVITE\n"                     \
    "3ms alice>bob ACK\n3s bob>alice BYE\n3.001s alice>bob 200/BYE\n"

static void reads_a_call(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {CALL, CALL_LOG, "",                                                                        FLOW_MATCHED, 0,             NULL                                                                             },
        {"sequenceDiagram\nautonumber\nparticipant bob as the callee\n%% a comment; with "
         "#\n\n" CALL,
         CALL_LOG,   "",                                                                                  FLOW_MATCHED,                                                                                          0,          NULL},
        {CALL,
         "0 alice>bob INVITE\n1ms bob>alice 100/INVITE\n2ms bob>alice 180/INVITE\n"
         "3ms bob>alice 200/INVITE\n4ms alice>bob ACK\n3s bob>alice BYE\n3.1s alice>bob 200/BYE\n",         "", FLOW_MATCHED,   0,    NULL                                                                                 },
        {CALL,    "0 alice>bob INVITE\n1ms bob>alice 486/INVITE\n",         "",                               FLOW_FAILED,                                 3,
         "expected bob->>alice: 180, but bob->>alice: 486 INVITE at 1 ms (message 3) came"},
        {CALL,    "0 alice>bob INVITE\n1ms bob>alice 180/INVITE\n",         "",                               FLOW_WAITING,                                 0,    NULL                                                                                },
        {CALL,    "0 alice>bob INVITE\n1ms bob>alice 180/INVITE\n",         "late",                               FLOW_FAILED,                             4,
         "bob->>alice: 200 INVITE never came; the last message was 3 at 1 ms"},
        {CALL,    "",         "",                                                                             FLOW_WAITING,                                                                               0,    NULL                                 },
        {CALL,    "",         "late",                                                                             FLOW_FAILED,                                                                           1,
         "alice->>bob: INVITE never came; there was no message at all"},
        {CALL,    CALL_LOG "4s alice>bob OPTIONS\n",         "",                                              FLOW_FAILED,                                                8,
         "alice->>bob: OPTIONS at 4 s (message 13) came, and no line accounts for it"                                                                },
        {CALL,    CALL_LOG "4s alice>carol OPTIONS\n4s carol>bob OPTIONS\n",         "",                      FLOW_MATCHED,                        0,
         NULL},
    };
    ASSERT_ROWS(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
