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
        {CALL,                  CALL_LOG,                                                           "",     FLOW_MATCHED, 0, NULL},
        {"sequenceDiagram\nautonumber\nparticipant bob as the callee\n%% a comment; with "
         "#\n\n" CALL,
         CALL_LOG,                                                                                  "",     FLOW_MATCHED, 0, NULL},
        {CALL,
         "0 alice>bob INVITE\n1ms bob>alice 100/INVITE\n2ms bob>alice 180/INVITE\n"
         "3ms bob>alice 200/INVITE\n4ms alice>bob ACK\n3s bob>alice BYE\n3.1s alice>bob 200/BYE\n", "",     FLOW_MATCHED, 0, NULL},
        {CALL,                  "0 alice>bob INVITE\n1ms bob>alice 486/INVITE\n",                   "",     FLOW_FAILED,  3,
         "expected bob->>alice: 180 INVITE, but bob->>alice: 486 INVITE at 1 ms (message 3) came"                                },
        {CALL,                  "0 alice>bob INVITE\n1ms bob>alice 180/INVITE\n",                   "",     FLOW_WAITING, 0, NULL},
        {CALL,                  "0 alice>bob INVITE\n1ms bob>alice 180/INVITE\n",                   "late", FLOW_FAILED,  4,
         "bob->>alice: 200 INVITE never came; the last message was 3 at 1 ms"                                                    },
        {CALL,                  "",                                                                 "",     FLOW_WAITING, 0, NULL},
        {CALL,                  "",                                                                 "late", FLOW_FAILED,  1,
         "alice->>bob: INVITE never came; there was no message at all"                                                           },
        {CALL,                  CALL_LOG "4s alice>bob OPTIONS\n",                                  "",     FLOW_FAILED,  8,
         "alice->>bob: OPTIONS at 4 s (message 13) came after the last line, and no line accounts "
         "for it"                                                                                                                },
        {CALL,                  CALL_LOG "4s alice>carol OPTIONS\n4s carol>bob OPTIONS\n",          "",     FLOW_MATCHED, 0,
         NULL                                                                                                                    },
    };
    ASSERT_ROWS(rows);
}

#define INVITES "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1\n1.5s alice>bob INVITE copy=1\n"

static void knows_arrows(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"alice->>bob: INVITE",    "0 alice>bob INVITE",                                 "",                FLOW_MATCHED, 0, NULL},
        {"alice-->>bob: INVITE",   "0 alice>bob INVITE",                                 "",                FLOW_MATCHED, 0, NULL},
        {"alice ->> bob : INVITE", "0 alice>bob INVITE",                                 "",                FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE",    "0 bob>alice INVITE",                                 "",                FLOW_FAILED,  1,
         "expected alice->>bob: INVITE, but bob->>alice: INVITE at 0 s (message 1) came"                                         },
        {"alice->>bob: INVITE",    "0 alice>bob INVITE lost",                            "",                FLOW_FAILED,  1,
         "alice->>bob: INVITE at 0 s (message 1), but it was lost: -x is the arrow of a lost "
         "message"                                                                                                               },
        {"alice-xbob: INVITE",     "0 alice>bob INVITE lost",                            "",                FLOW_MATCHED, 0, NULL},
        {"alice--xbob: INVITE",    "0 alice>bob INVITE lost",                            "",                FLOW_MATCHED, 0, NULL},
        {"alice-xbob: INVITE",     "0 alice>bob INVITE",                                 "",                FLOW_FAILED,  1,
         "alice->>bob: INVITE at 0 s (message 1), but it was not lost: it arrived"                                               },
        {"alice-)bob: INVITE",     "0 alice>bob INVITE lost",                            "",                FLOW_MATCHED, 0, NULL},
        {"alice--)bob: INVITE",    "0 alice>bob INVITE",                                 "",                FLOW_MATCHED, 0, NULL},
        {"alice-)bob: INVITE",     "0 alice>bob INVITE flying",                          "",                FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE",    "0 alice>bob INVITE flying",                          "",                FLOW_WAITING, 0, NULL},
        {"alice->>bob: INVITE",    "0 alice>bob INVITE flying",                          "late",            FLOW_WAITING, 0, NULL},
        {"alice-xbob: INVITE",     "0 alice>bob INVITE flying",                          "",                FLOW_WAITING, 0, NULL},
        {"alice->>bob: INVITE",    "0 alice>bob INVITE flying",                          "end",             FLOW_FAILED,  1,
         "alice->>bob: INVITE at 0 s (message 1) has not arrived"                                                                },
        {"alice->>bob: INVITE",    "0 alice>bob INVITE flying",                          "unseen=bob",      FLOW_MATCHED, 0, NULL},
        {"alice->>dut: INVITE",    "0 alice>dut INVITE flying",                          "real unseen=dut", FLOW_MATCHED, 0,
         NULL                                                                                                                    },
        {"alice->>bob: INVITE",    "0 alice>bob INVITE flying",                          "real late",       FLOW_FAILED,  1,
         "alice->>bob: INVITE at 0 s (message 1) has not arrived"                                                                },
        {"alice->>bob: INVITE",    "0 alice>bob OPTIONS swallowed\n1s alice>bob INVITE", "",
         FLOW_MATCHED,                                                                                                    0, NULL},
        {"alice->>bob: INVITE",    "0 alice>bob INVITE swallowed",                       "late",            FLOW_FAILED,  1,
         "alice->>bob: INVITE never came; there was no message at all"                                                           },
        {"dut->>other: INVITE",    "0 dut>other INVITE",                                 "",                FLOW_MATCHED, 0, NULL},
        {"dut->>other: INVITE",    "0 dut>alice INVITE",                                 "",                FLOW_WAITING, 0, NULL},
    };
    ASSERT_ROWS(rows);
}

static void finds_the_request_that_a_response_answers(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"alice->>bob: INVITE\nbob->>alice: 200",                                         "0 alice>bob INVITE\n1s bob>alice 200/INVITE", "",
         FLOW_MATCHED,                                                                                                                                     0, NULL},
        {"alice->>bob: INVITE\nbob->>alice: 200",                                         "0 alice>bob INVITE\n1s bob>alice 200/BYE",    "",
         FLOW_FAILED,                                                                                                                                      2,
         "expected bob->>alice: 200 INVITE, but bob->>alice: 200 BYE at 1 s (message 3) came"                                                                     },
 /* The nearest unanswered one above: the CANCEL's, then the INVITE's. */
        {"alice->>bob: INVITE\nalice->>bob: CANCEL\nbob->>alice: 200\nbob->>alice: 487",
         "0 alice>bob INVITE\n1s alice>bob CANCEL\n2s bob>alice 200/CANCEL\n2s bob>alice "
         "487/INVITE",                                                                                                                   "", FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE\nalice->>bob: CANCEL\nbob->>alice: 200\nbob->>alice: 487",
         "0 alice>bob INVITE\n1s alice>bob CANCEL\n2s bob>alice 200/INVITE",                                                             "", FLOW_FAILED,  3,
         "expected bob->>alice: 200 CANCEL, but bob->>alice: 200 INVITE at 2 s (message 5) came"                                                                  },
 /* A provisional one leaves it unanswered; an ACK is never answered. */
        {"alice->>bob: INVITE\nbob->>alice: 180\nbob->>alice: 200\nalice->>bob: ACK\n"
         "alice->>bob: BYE\nbob->>alice: 200",                                   "0 alice>bob INVITE\n1s bob>alice 180/INVITE\n2s bob>alice 200/INVITE\n2s alice>bob ACK\n"
         "3s alice>bob BYE\n3s bob>alice 200/BYE",                                "", FLOW_MATCHED, 0, NULL},
 /* Of the other pair. */
        {"alice->>bob: INVITE\nbob->>carol: OPTIONS\nbob->>alice: 200\ncarol->>bob: 200",
         "0 alice>bob INVITE\n1s bob>carol OPTIONS\n2s bob>alice 200/INVITE\n3s carol>bob "
         "200/OPTIONS",                                                                                                                  "", FLOW_MATCHED, 0, NULL},
 /* None above: any method will do. */
        {"bob->>alice: 200",                                                              "0 bob>alice 200/MESSAGE",                     "", FLOW_MATCHED, 0, NULL},
 /* A branch that answers leaves the request open where another does not. */
        {"alice->>bob: INVITE\nopt\nbob->>alice: 200\nend\nalice->>bob: OPTIONS\nbob->>alice: 405\n"
         "bob->>alice: 486?",                                                    "0 alice>bob INVITE\n1s alice>bob OPTIONS\n2s bob>alice 405/OPTIONS\n3s bob>alice "
         "486/INVITE",                                                                             "", FLOW_MATCHED, 0, NULL},
        {"alice->>bob: MESSAGE\nalice->>bob: INVITE\nalt\nbob->>alice: 200\nelse\nbob->>alice: "
         "486\n"
         "end\nbob->>alice: 200",                                                "0 alice>bob MESSAGE\n0 alice>bob INVITE\n1s bob>alice 486/INVITE\n2s bob>alice "
         "200/MESSAGE",                                                                        "", FLOW_MATCHED, 0, NULL},
        {"alice->>bob: MESSAGE\nalice->>bob: INVITE\nalt\nbob->>alice: 200\nelse\nbob->>alice: "
         "486\n"
         "end\nbob->>alice: 200",                                                "0 alice>bob MESSAGE\n0 alice>bob INVITE\n1s bob>alice 486/INVITE\n2s bob>alice "
         "200/INVITE",                                                                         "", FLOW_FAILED,  8,
         "expected bob->>alice: 200 MESSAGE, but bob->>alice: 200 INVITE at 2 s (message 7) came"                                                                 },
    };
    ASSERT_ROWS(rows);
}

static void counts(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"alice->>bob: INVITE?",                                          "0 alice>bob INVITE",                                "",     FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE?",                                          "",                                                  "",     FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE?",                                          "0 alice>bob INVITE\n1s alice>bob INVITE",           "",     FLOW_FAILED,  1,
         "alice->>bob: INVITE at 1 s (message 3) came after the last line, and no line accounts "
         "for it"                                                                                                                                           },
        {"alice->>bob: INVITE*",                                          "",                                                  "",     FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE*",                                          INVITES "2s alice>bob INVITE",                       "",     FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE *\nbob->>alice: 200",                       INVITES "2s bob>alice 200/INVITE",                   "",
         FLOW_MATCHED,                                                                                                                               0, NULL},
        {"alice->>bob: INVITE+",                                          "",                                                  "",     FLOW_WAITING, 0, NULL},
        {"alice->>bob: INVITE+",                                          "",                                                  "late", FLOW_FAILED,  1,
         "alice->>bob: INVITE never came; there was no message at all"                                                                                      },
        {"alice->>bob: INVITE+",                                          INVITES "2s alice>bob INVITE",                       "",     FLOW_MATCHED, 0, NULL},
        {"alice->>bob: * *",                                              INVITES "2s alice>bob BYE",                          "",     FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE",                                           INVITES,                                             "",     FLOW_FAILED,  1,
         "alice->>bob: INVITE at 500 ms (message 3, a copy of 1) came after the last line, and no "
         "line "
         "accounts for it"                                                                                                                                  },
        {"alice->>bob: INVITE\nalice->>bob: INVITE\nalice->>bob: INVITE", INVITES,                                             "",     FLOW_MATCHED,
         0,                                                                                                                                             NULL},
        {"alice->>bob: INVITE x3",                                        INVITES,                                             "",     FLOW_WAITING, 0, NULL},
        {"alice->>bob: INVITE x3",                                        INVITES,                                             "late", FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE x3",                                        INVITES,                                             "end",  FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE x4",                                        INVITES,                                             "",     FLOW_WAITING, 0, NULL},
        {"alice->>bob: INVITE x4",                                        INVITES,                                             "late", FLOW_FAILED,  1,
         "alice->>bob: INVITE, transmission 4 of 4, never came; the last message was 5 at 1.5 s"                                                            },
        {"alice->>bob: INVITE x2",                                        INVITES,                                             "",     FLOW_FAILED,  1,
         "alice->>bob: INVITE at 1.5 s (message 5, a copy of 1) came after the last line, and no "
         "line accounts for it"                                                                                                                             },
        {"alice->>bob: INVITE x2",                                        "0 alice>bob INVITE\n1s alice>bob INVITE",           "",     FLOW_FAILED,  1,
         "alice->>bob: INVITE at 1 s (message 3), but it is another message, not copy 2 of 2"                                                               },
        {"alice->>bob: INVITE x1",                                        "0 alice>bob INVITE",                                "late", FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE x1",                                        "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1", "late",
         FLOW_FAILED,                                                                                                                                1,
         "alice->>bob: INVITE at 500 ms (message 3, a copy of 1) came after the last line, and no "
         "line "
         "accounts for it"                                                                                                                                  },
 /* The first may be a copy of what a line above has taken. */
        {"alice-xbob: INVITE\nalice->>bob: INVITE x2",
         "0 alice>bob INVITE lost\n500ms alice>bob INVITE copy=1\n1.5s alice>bob INVITE copy=1",                               "late", FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE x2\nbob->>alice: 200",
         "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1\n600ms bob>alice 200/INVITE",                                      "late",
         FLOW_MATCHED,                                                                                                                               0, NULL},
    };
    ASSERT_ROWS(rows);
}

/* Twice the longest gap, at least 2*T1. */
static void waits_for_another_copy(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"alice->>bob: INVITE x3",                   INVITES,                                       "now=3.499999s", FLOW_WAITING, 0, NULL},
        {"alice->>bob: INVITE x3",                   INVITES,                                       "now=3.5s",      FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE x1",                   "1s alice>bob INVITE",                         "now=1.999999s", FLOW_WAITING, 0, NULL},
        {"alice->>bob: INVITE x1",                   "1s alice>bob INVITE",                         "now=2s",        FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE x1\nbob->>alice: 200",
         "0 alice>bob INVITE\n900ms bob>alice 200/INVITE",                                          "",              FLOW_WAITING, 0, NULL},
        {"alice->>bob: INVITE x1\nbob->>alice: 200", "0 alice>bob INVITE\n1s bob>alice 200/INVITE",
         "",                                                                                                         FLOW_MATCHED, 0, NULL},
    };
    ASSERT_ROWS(rows);
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, INVITES);
    assert_int_equal(test_flow_parse(&t, "alice->>bob: INVITE x3"), ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_WAITING);
    assert_int_equal(t.answer.ask_again_us, test_time("3.5s"));
    test_flow_end(&t);
}

#define PAIR_AT(time) "1s alice>bob INVITE\n" time " bob>alice 180/INVITE"

static void measures_times(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 180 @ 500ms";
    static const char within[] = "alice->>bob: INVITE\nbob->>alice: 180 @ 500ms ± 10ms";
    static const char range[] = "alice->>bob: INVITE\nbob->>alice: 180 @ 2.1s..4s";
    static const char most[] = "alice->>bob: INVITE\nbob->>alice: 180 @ ..200ms";
    static const char least[] = "alice->>bob: INVITE\nbob->>alice: 180 @ 32s..";
    static const struct row rows[] = {
        {flow,                                                               PAIR_AT("1.5s"),                     "",     FLOW_MATCHED, 0, NULL},
        {flow,                                                               PAIR_AT("1.500001s"),                "",     FLOW_FAILED,  2,
         "bob->>alice: 180 INVITE at 1.500001 s (message 3), but it came 500.001 ms after the line "
         "before it, not 500 ms"                                                                                                               },
        {flow,                                                               PAIR_AT("1.499999s"),                "",     FLOW_FAILED,  2,
         "bob->>alice: 180 INVITE at 1.499999 s (message 3), but it came 499.999 ms after the line "
         "before it, not 500 ms"                                                                                                               },
        {flow,                                                               PAIR_AT("1.475s"),                   "real", FLOW_MATCHED, 0, NULL},
        {flow,                                                               PAIR_AT("1.525s"),                   "real", FLOW_MATCHED, 0, NULL},
        {flow,                                                               PAIR_AT("1.525001s"),                "real", FLOW_FAILED,  2,
         "bob->>alice: 180 INVITE at 1.525001 s (message 3), but it came 525.001 ms after the line "
         "before it, not 475 ms to 525 ms"                                                                                                     },
        {"alice->>bob: INVITE\nbob->>alice: 180 @ 100ms",                    PAIR_AT("1.08s"),                    "real", FLOW_MATCHED, 0,
         NULL                                                                                                                                  },
        {within,                                                             PAIR_AT("1.49s"),                    "",     FLOW_MATCHED, 0, NULL},
        {within,                                                             PAIR_AT("1.51s"),                    "",     FLOW_MATCHED, 0, NULL},
        {within,                                                             PAIR_AT("1.510001s"),                "real", FLOW_FAILED,  2,
         "bob->>alice: 180 INVITE at 1.510001 s (message 3), but it came 510.001 ms after the line "
         "before it, not 490 ms to 510 ms"                                                                                                     },
        {range,                                                              PAIR_AT("3.1s"),                     "",     FLOW_MATCHED, 0, NULL},
        {range,                                                              PAIR_AT("5s"),                       "",     FLOW_MATCHED, 0, NULL},
        {range,                                                              PAIR_AT("5.000001s"),                "real", FLOW_FAILED,  2,
         "bob->>alice: 180 INVITE at 5.000001 s (message 3), but it came 4.000001 s after the line "
         "before it, not 2.1 s to 4 s"                                                                                                         },
        {range,                                                              PAIR_AT("3.099999s"),                "",     FLOW_FAILED,  2,
         "bob->>alice: 180 INVITE at 3.099999 s (message 3), but it came 2.099999 s after the line "
         "before it, not 2.1 s to 4 s"                                                                                                         },
        {most,                                                               PAIR_AT("1s"),                       "",     FLOW_MATCHED, 0, NULL},
        {most,                                                               PAIR_AT("1.2s"),                     "",     FLOW_MATCHED, 0, NULL},
        {most,                                                               PAIR_AT("1.200001s"),                "",     FLOW_FAILED,  2,
         "bob->>alice: 180 INVITE at 1.200001 s (message 3), but it came 200.001 ms after the line "
         "before it, not 0 s to 200 ms"                                                                                                        },
        {least,                                                              PAIR_AT("33s"),                      "",     FLOW_MATCHED, 0, NULL},
        {least,                                                              PAIR_AT("90s"),                      "",     FLOW_MATCHED, 0, NULL},
        {least,                                                              PAIR_AT("32.999999s"),               "",     FLOW_FAILED,  2,
         "bob->>alice: 180 INVITE at 32.999999 s (message 3), but it came 31.999999 s after the "
         "line before it, not 32 s to later"                                                                                                   },
        {"alice->>bob: INVITE @ 1s",                                         "1s alice>bob INVITE",               "",     FLOW_FAILED,  1,
         "alice->>bob: INVITE at 1 s (message 1), but there is no line before it to count its time "
         "from"                                                                                                                                },
 /* Since the last copy of the line before. */
        {"alice->>bob: INVITE x3\nbob->>alice: 180 @ 100ms",                 INVITES "1.6s bob>alice 180/INVITE",
         "late",                                                                                                          FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE+\nbob->>alice: 180 @ 100ms",                   INVITES "1.6s bob>alice 180/INVITE", "",
         FLOW_MATCHED,                                                                                                                  0, NULL},
        {"alice->>bob: INVITE\nbob->>alice: 100?\nbob->>alice: 180 @ 500ms",
         "1s alice>bob INVITE\n1.2s bob>alice 100/INVITE\n1.7s bob>alice 180/INVITE",                             "",
         FLOW_MATCHED,                                                                                                                  0, NULL},
        {"alice->>bob: INVITE\nbob->>alice: 100?\nbob->>alice: 180 @ 500ms", PAIR_AT("1.5s"),                     "",
         FLOW_MATCHED,                                                                                                                  0, NULL},
    };
    ASSERT_ROWS(rows);
}

static void measures_each_copy_since_the_first(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE x3 @ 0, 500ms, 1.5s";
    static const struct row rows[] = {
        {flow,                                                "7s alice>bob INVITE\n7.5s alice>bob INVITE copy=1\n8.5s alice>bob INVITE copy=1",
         "late",                                                                                                                                              FLOW_MATCHED, 0, NULL},
        {flow,
         "7s alice>bob INVITE\n7.5s alice>bob INVITE copy=1\n8.500001s alice>bob INVITE copy=1",                                                  "late",     FLOW_FAILED,  1,
         "alice->>bob: INVITE at 8.500001 s (message 5, a copy of 1), but it came 1.500001 s after "
         "the first copy, not 1.5 s"                                                                                                                                               },
        {flow,                                                "7s alice>bob INVITE\n7.51s alice>bob INVITE copy=1\n8.5s alice>bob INVITE copy=1",
         "late real",                                                                                                                                         FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE x2 @ 0, 500ms..1s",
         "7s alice>bob INVITE\n7.7s alice>bob INVITE copy=1",                                                                                     "late",     FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE\nalice->>bob: OPTIONS x2 @ 1s",
         "7s alice>bob INVITE\n8s alice>bob OPTIONS\n8.5s alice>bob OPTIONS copy=2",                                                              "late",
         FLOW_MATCHED,                                                                                                                                                      0, NULL},
        {flow,                                                "7s alice>bob INVITE\n7.5s alice>bob INVITE copy=1",                                "now=8.6s", FLOW_WAITING, 0,
         NULL                                                                                                                                                                      },
    };
    ASSERT_ROWS(rows);
}

static void knows_blocks(void **state)
{
    (void)state;
    static const char opt[] =
        "alice->>bob: INVITE\nopt a ring\nbob->>alice: 180\nbob->>alice: 183\n"
        "end\nbob->>alice: 200";
    static const char alt[] =
        "alice->>bob: INVITE\nalt\nbob->>alice: 200\nalice->>bob: ACK\nelse "
        "busy\nbob->>alice: 486\nalice->>bob: ACK\nelse\nbob->>alice: 302\nend";
    static const char loop[] = "loop 2 times\nalice->>bob: OPTIONS\nbob->>alice: 200\nend";
    static const struct row rows[] = {
        {opt,                                                                "0 alice>bob INVITE\n1s bob>alice 200/INVITE",                          "", FLOW_MATCHED, 0, NULL},
        {opt,
         "0 alice>bob INVITE\n1s bob>alice 180/INVITE\n1s bob>alice 183/INVITE\n1s bob>alice "
         "200/INVITE",                                                                                                                               "", FLOW_MATCHED, 0, NULL},
        {opt,                                                                "0 alice>bob INVITE\n1s bob>alice 180/INVITE\n1s bob>alice 200/INVITE", "",
         FLOW_FAILED,                                                                                                                                                  4,
         "expected bob->>alice: 183 INVITE, but bob->>alice: 200 INVITE at 1 s (message 5) came"                                                                              },
        {opt,                                                                "0 alice>bob INVITE\n1s bob>alice 183/INVITE\n1s bob>alice 200/INVITE", "",
         FLOW_FAILED,                                                                                                                                                  6,
         "expected bob->>alice: 200 INVITE, but bob->>alice: 183 INVITE at 1 s (message 3) came"                                                                              },
        {alt,                                                                "0 alice>bob INVITE\n1s bob>alice 200/INVITE\n1s alice>bob ACK",        "", FLOW_MATCHED, 0,
         NULL                                                                                                                                                                 },
        {alt,                                                                "0 alice>bob INVITE\n1s bob>alice 486/INVITE\n1s alice>bob ACK",        "", FLOW_MATCHED, 0,
         NULL                                                                                                                                                                 },
        {alt,                                                                "0 alice>bob INVITE\n1s bob>alice 302/INVITE",                          "", FLOW_MATCHED, 0, NULL},
        {alt,                                                                "0 alice>bob INVITE\n1s bob>alice 486/INVITE",                          "", FLOW_WAITING, 0, NULL},
        {alt,                                                                "0 alice>bob INVITE\n1s bob>alice 404/INVITE",                          "", FLOW_FAILED,  3,
         "expected bob->>alice: 200 INVITE, but bob->>alice: 404 INVITE at 1 s (message 3) came"                                                                              },
        {alt,                                                                "0 alice>bob INVITE\n1s bob>alice 302/INVITE\n2s alice>bob ACK",        "", FLOW_FAILED,  9,
         "alice->>bob: ACK at 2 s (message 5) came after the last line, and no line accounts for "
         "it"                                                                                                                                                                 },
        {loop,
         "0 alice>bob OPTIONS\n1s bob>alice 200/OPTIONS\n2s alice>bob OPTIONS\n3s bob>alice "
         "200/OPTIONS",                                                                                                                              "", FLOW_MATCHED, 0, NULL},
        {loop,                                                               "0 alice>bob OPTIONS\n1s bob>alice 200/OPTIONS",                        "", FLOW_WAITING, 0, NULL},
        {loop,
         "0 alice>bob OPTIONS\n1s bob>alice 200/OPTIONS\n2s alice>bob OPTIONS\n3s bob>alice "
         "200/OPTIONS\n4s alice>bob OPTIONS",                                                                                                        "", FLOW_FAILED,  3,
         "alice->>bob: OPTIONS at 4 s (message 9) came after the last line, and no line accounts "
         "for it"                                                                                                                                                             },
        {"loop 3\nopt\nalice->>bob: OPTIONS\nend\nend\nalice->>bob: INVITE",
         "0 alice>bob OPTIONS\n1s alice>bob OPTIONS\n2s alice>bob INVITE",                                                                           "", FLOW_MATCHED, 0,
         NULL                                                                                                                                                                 },
        {"opt\nend\nalt\nelse\nend\npar\nand\nend\nalice->>bob: INVITE",     "0 alice>bob INVITE",                                                   "",
         FLOW_MATCHED,                                                                                                                                                 0, NULL},
    };
    ASSERT_ROWS(rows);
}

static void interleaves_branches_of_par(void **state)
{
    (void)state;
    static const char flow[] = "par to bob\nalice->>bob: INVITE\nbob->>alice: 200\nand to carol\n"
                               "alice->>carol: INVITE\ncarol->>alice: 486\nend\nalice->>bob: ACK";
    static const struct row rows[] = {
        {flow,
         "0 alice>bob INVITE\n0 alice>carol INVITE\n1s carol>alice 486/INVITE\n2s bob>alice "
         "200/INVITE\n2s alice>bob ACK",                                                                                                              "",     FLOW_MATCHED, 0, NULL                                                               },
        {flow,
         "0 alice>carol INVITE\n0 carol>alice 486/INVITE\n1s alice>bob INVITE\n2s bob>alice "
         "200/INVITE\n2s alice>bob ACK",                                                                                                              "",     FLOW_MATCHED, 0, NULL                                                               },
        {flow,
         "0 alice>carol INVITE\n0 alice>bob INVITE\n1s bob>alice 200/INVITE\n1s alice>bob ACK",                                                       "",
         FLOW_FAILED,                                                                                                                                                       6,
         "expected carol->>alice: 486 INVITE, but alice->>bob: ACK at 1 s (message 7) came"                                                                                                                                                       },
        {flow,                                                                 "0 bob>alice 200/INVITE",                                              "",     FLOW_FAILED,  2,
         "expected alice->>bob: INVITE, but bob->>alice: 200 INVITE at 0 s (message 1) came"                                                                                                                                                      },
        {flow,                                                                 "0 alice>carol INVITE\n0 alice>bob INVITE\n1s carol>alice 486/INVITE", "late",
         FLOW_FAILED,                                                                                                                                                       3, "bob->>alice: 200 INVITE never came; the last message was 5 at 1 s"},
 /* A time counts within its branch, and from before the par. */
        {"alice->>bob: OPTIONS\npar\nalice->>bob: INVITE @ 1s\nbob->>alice: 200 @ 2s\nand\n"
         "alice->>bob: MESSAGE @ 1.5s\nend\nalice->>bob: ACK @ 1s",   "0 alice>bob OPTIONS\n1s alice>bob INVITE\n1.5s alice>bob MESSAGE\n3s bob>alice "
         "200/INVITE\n4s alice>bob ACK",                                  "",     FLOW_MATCHED, 0, NULL                                                               },
        {"par\nalice->>bob: A\nand\nalice->>bob: A\nand\nalice->>bob: A\nend", "0 alice>bob INVITE",
         NULL,                                                                                                                                                FLOW_WAITING, 0, NULL                                                               },
    };
    for (size_t i = 0; i + 1 < sizeof rows / sizeof rows[0]; i++)
        assert_row(&rows[i]);
}

static void binds_variables_over_lines(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE [Via.branch = $b]\nalice->>bob: OPTIONS "
                               "[Via.branch = $b]\nalice->>bob: BYE [Via.branch != $b]";
    static const char back[] =
        "opt\nalice->>bob: INVITE [From.tag = $t]\nalice->>bob: BYE\nend\n"
        "alice->>bob: INVITE [Call-ID = $t]\nalice->>bob: OPTIONS [Call-ID = $t]";
    static const struct row rows[] = {
        {flow,
         "0 alice>bob INVITE branch=x\n1s alice>bob OPTIONS branch=x\n2s alice>bob BYE branch=y", "", FLOW_MATCHED, 0, NULL                                                                               },
        {flow, "0 alice>bob INVITE branch=x\n1s alice>bob OPTIONS branch=y",                      "", FLOW_FAILED,  2,
         "alice->>bob: OPTIONS at 1 s (message 3), but Via.branch = $b (it is y) does not hold"                                                                                                           },
        {flow,
         "0 alice>bob INVITE branch=x\n1s alice>bob OPTIONS branch=x\n2s alice>bob BYE branch=x", "", FLOW_FAILED,  3,
         "alice->>bob: BYE at 2 s (message 5), but Via.branch != $b (it is x) does not hold"                                                                                                              },
 /* What the reading that failed has bound is free again. */
        {back, "0 alice>bob INVITE tag=1 cid=2\n1s alice>bob OPTIONS tag=1 cid=2",                "", FLOW_MATCHED,
         0,                                                                                                            NULL                                                                               },
        {back, "0 alice>bob INVITE tag=1 cid=2\n1s alice>bob OPTIONS tag=1 cid=3",                "", FLOW_FAILED,
         6,                                                                                                            "alice->>bob: OPTIONS at 1 s (message 3), but Call-ID = $t (it is 3) does not hold"},
    };
    ASSERT_ROWS(rows);
}

static void keeps_bindings_of_a_match_only(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "0 alice>bob INVITE branch=x");
    assert_int_equal(test_flow_parse(&t, "alice->>bob: INVITE [Via.branch = $b]\nalice->>bob: BYE"),
                     ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_WAITING);
    assert_int_equal(vars_mark(t.vars), 0);
    assert_int_equal(test_flow_match(&t, "late"), FLOW_FAILED);
    assert_int_equal(vars_mark(t.vars), 0);
    test_log_add(&t, "1s alice>bob BYE");
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    assert_int_equal(vars_mark(t.vars), 1);
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    assert_int_equal(vars_mark(t.vars), 1);
    test_flow_end(&t);
}

static void says_which_check_failed(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"alice->>bob: INVITE [Max-Forwards = 69]",                     "0 alice>bob INVITE forwards=69", "",
         FLOW_MATCHED,                                                                                                         0, NULL},
        {"alice->>bob: INVITE [Max-Forwards = 69]",                     "0 alice>bob INVITE",             "",     FLOW_FAILED, 1,
         "alice->>bob: INVITE at 0 s (message 1), but Max-Forwards = 69 (it is 70) does not hold"                                     },
        {"alice->>bob: INVITE x2 [Max-Forwards < 70] @ 0, 1s [!Route]",
         "0 alice>bob INVITE forwards=69\n1s alice>bob INVITE copy=1 forwards=69",                        "late",
         FLOW_MATCHED,                                                                                                         0, NULL},
    };
    ASSERT_ROWS(rows);
}

static void is_loose_on_request(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200";
    static const struct row rows[] = {
        {flow,
         "0 alice>bob INVITE\n1s bob>alice 180/INVITE\n2s bob>alice 200/INVITE\n3s alice>bob ACK", "loose",      FLOW_MATCHED, 0, NULL                                                               },
        {flow, "0 alice>bob OPTIONS\n1s alice>bob INVITE\n2s bob>alice 200/OPTIONS",               "loose",
         FLOW_WAITING,                                                                                                         0, NULL                                                               },
        {flow, "0 alice>bob OPTIONS\n1s alice>bob INVITE\n2s bob>alice 200/OPTIONS",               "loose late",
         FLOW_FAILED,                                                                                                          2, "bob->>alice: 200 INVITE never came; the last message was 5 at 2 s"},
        {flow, "0 bob>alice 200/INVITE\n1s alice>bob INVITE",                                      "loose late", FLOW_FAILED,  2,
         "bob->>alice: 200 INVITE never came; the last message was 3 at 1 s"                                                                                                                         },
    };
    ASSERT_ROWS(rows);
}

static void interleaves_pairs_on_request(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>carol: INVITE\ncarol->>bob: 180\n"
                               "bob->>alice: 180\ncarol->>bob: 200\nbob->>alice: 200";
    static const char crossed[] =
        "0 alice>bob INVITE\n1s bob>carol INVITE\n2s carol>bob 180/INVITE\n2s carol>bob "
        "200/INVITE\n3s bob>alice 180/INVITE\n4s bob>alice 200/INVITE";
    static const char blocks[] =
        "opt\nalice->>bob: OPTIONS\nbob->>carol: OPTIONS\nend\nalt\nalice->>bob: INVITE\nelse\n"
        "bob->>carol: BYE\nalice->>bob: BYE\nend\nloop 2\nalice->>bob: INFO\nbob->>carol: "
        "INFO\nend";
    static const struct row rows[] = {
        {flow,                                                              crossed,                                                                      "interleave", FLOW_MATCHED, 0, NULL},
        {flow,                                                              crossed,                                                                      "",           FLOW_FAILED,  4,
         "expected bob->>alice: 180 INVITE, but carol->>bob: 200 INVITE at 2 s (message 7) came"                                                                                             },
        {flow,                                                              "0 bob>carol INVITE\n1s alice>bob INVITE\n2s carol>bob 200/INVITE",           "interleave",
         FLOW_FAILED,                                                                                                                                                                 3,
         "expected carol->>bob: 180 INVITE, but carol->>bob: 200 INVITE at 2 s (message 5) came"                                                                                             },
        {flow,                                                              "0 bob>carol INVITE\n1s carol>bob 180/INVITE\n1s carol>bob 200/INVITE",       "interleave",
         FLOW_WAITING,                                                                                                                                                                0, NULL},
        {blocks,
         "0 bob>carol OPTIONS\n0 alice>bob OPTIONS\n1s alice>bob INVITE\n1s alice>bob INFO\n1s "
         "alice>bob INFO\n2s bob>carol INFO\n3s bob>carol INFO",                                                                                          "interleave", FLOW_MATCHED, 0, NULL},
        {blocks,
         "0 alice>bob BYE\n1s alice>bob INFO\n1s bob>carol BYE\n1s bob>carol INFO\n2s bob>carol "
         "INFO\n3s alice>bob INFO",                                                                                                                       "interleave", FLOW_MATCHED, 0, NULL},
 /* Half of the opt is none of it, over pairs too. */
        {blocks,                                                            "0 alice>bob OPTIONS\n0 alice>bob INVITE\n1s bob>carol INFO",                 "interleave",
         FLOW_FAILED,                                                                                                                                                                 3,
         "expected bob->>carol: OPTIONS, but bob->>carol: INFO at 1 s (message 5) came"                                                                                                      },
        {"par\nalice->>bob: INVITE\nbob->>carol: INVITE\nand\nbob->>carol: BYE\nend\nalice->>bob: "
         "ACK",                                                    "0 bob>carol BYE\n0 alice>bob INVITE\n1s alice>bob ACK\n2s bob>carol INVITE", "interleave",
         FLOW_MATCHED,                                                                                                                                                                0, NULL},
 /* Times count within the pair. */
        {"alice->>bob: INVITE\nbob->>carol: INVITE\nalice->>bob: BYE @ 2s",
         "0 alice>bob INVITE\n1s bob>carol INVITE\n2s alice>bob BYE",                                                                                     "interleave", FLOW_MATCHED, 0,
         NULL                                                                                                                                                                                },
    };
    ASSERT_ROWS(rows);
}

static void folds_copies_on_request(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200";
    static const struct row rows[] = {
        {flow,                                            INVITES "2s bob>alice 200/INVITE",         "fold", FLOW_MATCHED, 0, NULL},
        {flow,
         "0 alice>bob INVITE\n1s bob>alice 200/INVITE\n1.5s alice>bob INVITE copy=1\n1.5s "
         "bob>alice "
         "200/INVITE copy=2",                                                                        "fold", FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE x2\nbob->>alice: 200",      INVITES "2s bob>alice 200/INVITE",         "fold",
         FLOW_FAILED,                                                                                                      2,
         "expected bob->>alice: 200 INVITE, but alice->>bob: INVITE at 1.5 s (message 5, a copy of "
         "1) "
         "came"                                                                                                                   },
        {flow,                                            "0 alice>bob INVITE\n1s alice>bob INVITE", "fold", FLOW_FAILED,  2,
         "expected bob->>alice: 200 INVITE, but alice->>bob: INVITE at 1 s (message 3) came"                                      },
 /* The time of the next line counts from the last copy. */
        {"alice->>bob: INVITE\nbob->>alice: 200 @ 500ms", INVITES "2s bob>alice 200/INVITE",         "fold",
         FLOW_MATCHED,                                                                                                     0, NULL},
    };
    ASSERT_ROWS(rows);
}

static void folds_copies_that_timers_allow_on_the_real_network(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200\nalice->>bob: ACK";
    static const char lost_ack[] =
        "0 alice>bob INVITE\n100ms bob>alice 200/INVITE\n110ms alice>bob ACK\n600ms bob>alice "
        "200/INVITE copy=2\n610ms alice>bob ACK copy=3\n1.6s bob>alice 200/INVITE copy=2\n1.61s "
        "alice>bob ACK copy=3\n";
    static const struct row rows[] = {
        {flow,                                             lost_ack,                                                                        "real",      FLOW_MATCHED, 0, NULL},
        {flow,                                             lost_ack,                                                                        "",          FLOW_FAILED,  3,
         "bob->>alice: 200 INVITE at 600 ms (message 7, a copy of 3) came after the last line, and "
         "no line accounts "
         "for "
         "it"                                                                                                                                                                 },
        {flow,                                             INVITES "2s bob>alice 200/INVITE\n2s alice>bob ACK",                             "real",      FLOW_MATCHED, 0, NULL},
 /* Too early: Timer A has not fired. */
        {flow,                                             "0 alice>bob INVITE\n400ms alice>bob INVITE copy=1",                             "real",      FLOW_FAILED,  2,
         "expected bob->>alice: 200 INVITE, but alice->>bob: INVITE at 400 ms (message 3, a copy "
         "of 1) "
         "came"                                                                                                                                                               },
        {flow,                                             "0 alice>bob INVITE\n480ms alice>bob INVITE copy=1",                             "real",      FLOW_WAITING, 0, NULL},
 /* The second gap must be twice the first. */
        {flow,                                             "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1\n1s alice>bob INVITE copy=1",
         "real",                                                                                                                                         FLOW_FAILED,  2,
         "expected bob->>alice: 200 INVITE, but alice->>bob: INVITE at 1 s (message 5, a copy of "
         "1) came"                                                                                                                                                            },
 /* An ACK is sent again for a 2xx that came again, and for nothing else. */
        {flow,
         "0 alice>bob INVITE\n100ms bob>alice 200/INVITE\n110ms alice>bob ACK\n2s alice>bob ACK "
         "copy=3",                                                                                                                          "real",      FLOW_FAILED,  3,
         "alice->>bob: ACK at 2 s (message 7, a copy of 5) came after the last line, and no line "
         "accounts for it"                                                                                                                                                    },
 /* A provisional response answers each copy of its request. */
        {"alice->>bob: INVITE\nbob->>alice: 180",
         "0 alice>bob INVITE\n490ms bob>alice 180/INVITE\n500ms alice>bob INVITE copy=1\n510ms "
         "bob>alice 180/INVITE copy=2",                                                                                                     "real",      FLOW_MATCHED, 0, NULL},
        {"alice->>bob: INVITE\nbob->>alice: 180",
         "0 alice>bob INVITE\n490ms bob>alice 180/INVITE\n510ms bob>alice 180/INVITE copy=2",                                               "real",      FLOW_FAILED,  2,
         "bob->>alice: 180 INVITE at 510 ms (message 5, a copy of 3) came after the last line, and "
         "no line accounts "
         "for "
         "it"                                                                                                                                                                 },
 /* Lines with a count or times do not fold. */
        {"alice->>bob: INVITE x2",                         INVITES,                                                                         "real late", FLOW_FAILED,  1,
         "alice->>bob: INVITE at 1.5 s (message 5, a copy of 1) came after the last line, and no "
         "line accounts for it"                                                                                                                                               },
        {"alice->>bob: OPTIONS\nalice->>bob: INVITE @ 1s",
         "0 alice>bob OPTIONS\n1s alice>bob INVITE\n1.5s alice>bob INVITE copy=2",                                                          "real late",
         FLOW_FAILED,                                                                                                                                                  2,
         "alice->>bob: INVITE at 1.5 s (message 5, a copy of 3) came after the last line, and no "
         "line accounts for it"                                                                                                                                               },
    };
    ASSERT_ROWS(rows);
}

static void keeps_to_its_times(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200";
    static const struct row rows[] = {
        {flow,                                           "1s alice>bob INVITE",                                             "now=32.999999s",               FLOW_WAITING, 0, NULL                                                               },
        {flow,                                           "1s alice>bob INVITE",                                             "now=33s",                      FLOW_FAILED,  2,
         "bob->>alice: 200 INVITE never came; the last message was 1 at 1 s"                                                                                                                                                                    },
        {flow,                                           "1s alice>bob INVITE",                                             "now=33s began=10s",            FLOW_WAITING, 0, NULL                                                               },
        {flow,                                           "1s alice>bob INVITE",                                             "now=42s began=10s",            FLOW_FAILED,  2,
         "bob->>alice: 200 INVITE never came; the last message was 1 at 1 s"                                                                                                                                                                    },
        {flow,                                           "1s alice>bob INVITE",                                             "now=4s within=5s",             FLOW_WAITING, 0, NULL                                                               },
        {flow,                                           "1s alice>bob INVITE",                                             "now=5s within=5s",             FLOW_FAILED,  2,
         "bob->>alice: 200 INVITE never came; the last message was 1 at 1 s"                                                                                                                                                                    },
        {flow,                                           "1s alice>bob INVITE",                                             "end",                          FLOW_FAILED,  2,
         "bob->>alice: 200 INVITE never came; the last message was 1 at 1 s"                                                                                                                                                                    },
 /* A line that may come later than 64*T1 is waited for. */
        {"alice->>bob: INVITE\nbob->>alice: 200 @ ..2m", "1s alice>bob INVITE",                                             "now=120.9s",
         FLOW_WAITING,                                                                                                                                                    0, NULL                                                               },
        {"alice->>bob: INVITE\nbob->>alice: 200 @ ..2m", "1s alice>bob INVITE",                                             "now=121s",
         FLOW_FAILED,                                                                                                                                                     2, "bob->>alice: 200 INVITE never came; the last message was 1 at 1 s"},
        {"alice->>bob: INVITE\nbob->>alice: 200 @ 2m..", "1s alice>bob INVITE",                                             "now=152s",
         FLOW_WAITING,                                                                                                                                                    0, NULL                                                               },
        {flow,                                           "1s alice>bob INVITE\n2s bob>alice 200/INVITE",                    "quiet=32s",                    FLOW_WAITING, 0, NULL                                                               },
        {flow,                                           "1s alice>bob INVITE\n2s bob>alice 200/INVITE",                    "quiet=32s now=33.999999s",
         FLOW_WAITING,                                                                                                                                                    0, NULL                                                               },
        {flow,                                           "1s alice>bob INVITE\n2s bob>alice 200/INVITE",                    "quiet=32s now=34s",            FLOW_MATCHED, 0,
         NULL                                                                                                                                                                                                                                   },
        {flow,                                           "1s alice>bob INVITE\n2s bob>alice 200/INVITE\n20s alice>bob ACK", "quiet=32s",
         FLOW_FAILED,                                                                                                                                                     2,
         "alice->>bob: ACK at 20 s (message 5) came after the last line, and no line accounts for "
         "it"                                                                                                                                                                                                                                   },
        {flow,                                           "1s alice>bob INVITE\n2s bob>alice 200/INVITE",                    "quiet=32s within=10s now=10s",
         FLOW_FAILED,                                                                                                                                                     2,
         "every line was met, but `within` ended before the silence that must follow"                                                                                                                                                           },
        {"participant alice\nparticipant bob",           "",                                                                "",                             FLOW_MATCHED, 0, NULL                                                               },
        {"participant alice\nparticipant bob",           "",                                                                "quiet=5s",                     FLOW_WAITING, 0, NULL                                                               },
        {"participant alice\nparticipant bob",           "",                                                                "quiet=5s now=5s",              FLOW_MATCHED, 0, NULL                                                               },
        {"participant alice\nparticipant bob",           "1s bob>alice BYE",                                                "",                             FLOW_FAILED,  0,
         "bob->>alice: BYE at 1 s (message 1) came after the last line, and no line accounts for "
         "it"                                                                                                                                                                                                                                   },
    };
    ASSERT_ROWS(rows);
}

static void covers_one_call_only_where_asked(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200";
    static const char log[] = "0 alice>bob INVITE cid=x\n0 alice>bob INVITE cid=y\n1s bob>alice "
                              "486/INVITE cid=y\n1s bob>alice 200/INVITE cid=x";
    static const struct row rows[] = {
        {flow, log, "cid=x", FLOW_MATCHED, 0, NULL                                              },
        {flow, log, "cid=y", FLOW_FAILED,  2,
         "expected bob->>alice: 200 INVITE, but bob->>alice: 486 INVITE at 1 s (message 5) came"},
        {flow, log, "cid=z", FLOW_WAITING, 0, NULL                                              },
    };
    ASSERT_ROWS(rows);
}

static void begins_where_it_is_told_to(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "0 alice>bob INVITE\n1s alice>carol BYE\n2s bob>alice 200/INVITE\n"
                     "3s alice>carol OPTIONS\n4s alice>bob BYE");
    assert_int_equal(test_flow_parse(&t, "alice->>bob: INVITE\nbob->>alice: 200"), ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_FAILED);
    assert_int_equal(t.answer.seq, log_at(t.log, 4)->seq);
    assert_int_equal(test_flow_parse(&t, "bob->>alice: 200\nalice->>bob: BYE"), ERR_OK);
    t.question.from_index = 1;
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    assert_int_equal(t.answer.next_index, 5);
    t.question.from_index = 5;
    assert_int_equal(test_flow_match(&t, ""), FLOW_WAITING);
    assert_int_equal(t.answer.next_index, 5);
    test_flow_end(&t);
}

static void finds_a_stray_message(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200\nbob->>alice: 100?";
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "0 alice>bob INVITE\n1s bob>alice 200/INVITE");
    assert_int_equal(test_flow_parse(&t, flow), ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    size_t next = t.answer.next_index;
    assert_int_equal(next, 2);
    assert_int_equal(flow_stray(t.flow, &t.question, next), log_count(t.log));
    test_log_add(&t, "2s alice>carol BYE\n2s bob>alice 100/INVITE");
    assert_int_equal(flow_stray(t.flow, &t.question, next), log_count(t.log));
    test_log_add(&t, "3s alice>bob INFO\n4s alice>bob INFO");
    assert_int_equal(flow_stray(t.flow, &t.question, next), 4);
    assert_int_equal(flow_stray(t.flow, &t.question, 5), 5);
    assert_int_equal(flow_stray(t.flow, &t.question, 6), log_count(t.log));
    t.question.loose = true;
    assert_int_equal(flow_stray(t.flow, &t.question, next), log_count(t.log));
    test_flow_end(&t);
}

static void finds_a_stray_copy(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "0 alice>bob INVITE\n1s bob>alice 200/INVITE");
    assert_int_equal(test_flow_parse(&t, "alice->>bob: INVITE x1\nbob->>alice: 200 [Call-ID = $c]"),
                     ERR_OK);
    assert_int_equal(test_flow_match(&t, "late"), FLOW_MATCHED);
    assert_int_equal(flow_stray(t.flow, &t.question, 2), log_count(t.log));
    test_log_add(&t, "5s alice>bob INVITE copy=1");
    assert_int_equal(flow_stray(t.flow, &t.question, 2), 2);
    assert_int_equal(vars_mark(t.vars), 1);
    test_flow_end(&t);
}

static void shows_what_never_came(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "0 alice>bob INVITE");
    assert_int_equal(test_flow_parse(&t, "alice->>bob: INVITE\nbob->>alice: 180 [Contact]"),
                     ERR_OK);
    assert_int_equal(test_flow_match(&t, "late"), FLOW_FAILED);
    assert_string_equal(t.answer.ghost, "bob->>alice: 180 INVITE");
    assert_string_equal(t.answer.expected, "bob->>alice: 180 INVITE");
    assert_string_equal(t.answer.actual, "");
    assert_int_equal(t.answer.seq, 0);
    test_log_add(&t, "1s bob>alice 200/INVITE");
    assert_int_equal(test_flow_match(&t, ""), FLOW_FAILED);
    assert_string_equal(t.answer.ghost, "");
    assert_string_equal(t.answer.actual, "bob->>alice: 200 INVITE at 1 s (message 3)");
    assert_int_equal(t.answer.seq, 3);
    test_flow_end(&t);
}

static void hints_at_what_would_cure_it(void **state)
{
    (void)state;
    static const struct {
        const char *flow, *log, *options, *hint;
    } rows[] = {
        {"alice->>bob: INVITE\nbob->>alice: 200",
         "0 alice>bob INVITE\n1s bob>alice 100/INVITE\n2s bob>alice 200/INVITE",                          "",
         "where it may come: add \"bob->>alice: 100?\""                                                             },
        {"alice->>bob: INVITE\nbob->>alice: 200",
         "0 alice>bob INVITE\n1s bob>alice 100/INVITE\n2s bob>alice 486/INVITE",                          "",     ""},
        {"alice->>bob: INVITE\nbob->>alice: 200",                      INVITES "2s bob>alice 200/INVITE", "",
         "it is a retransmission: {fold = true} takes copies into the line of their original, x2 "
         "counts them"                                                                                              },
        {"alice->>bob: INVITE\nbob->>alice: 200",                      INVITES "2s bob>alice 486/INVITE", "",     ""},
        {"alice->>bob: INVITE\nbob->>carol: INVITE\nbob->>alice: 100",
         "0 alice>bob INVITE\n1s bob>alice 100/INVITE\n1s bob>carol INVITE",                              "",
         "with {interleave = true}, which keeps the order within each pair only, it fits"                           },
        {"alice->>bob: INVITE\nbob->>carol: INVITE\nbob->>alice: 100",
         "0 alice>bob INVITE\n1s bob>alice 100/INVITE\n1s bob>carol BYE",                                 "",     ""},
        {"alice->>bob: INVITE\nbob->>alice: 180\nbob->>alice: 200",    "0 alice>bob INVITE",              "late",
         ""                                                                                                         },
        {"alice->>bob: INVITE\nbob->>alice: 100",                      "0 alice>bob INVITE",              "late",
         "where it may be missing: write \"bob->>alice: 100?\""                                                     },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct test_flow t;
        test_flow_begin(&t);
        test_log_add(&t, rows[i].log);
        assert_int_equal(test_flow_parse(&t, rows[i].flow), ERR_OK);
        assert_int_equal(test_flow_match(&t, rows[i].options), FLOW_FAILED);
        assert_string_equal(t.answer.hint, rows[i].hint);
        test_flow_end(&t);
    }
}

/* Many readings, one of them right, none of them right: in bounded time. */
static void is_not_led_astray_by_ambiguity(void **state)
{
    (void)state;
    struct test_flow t;
    struct buf flow = {0}, log = {0};
    for (unsigned i = 0; i < 40; i++) {
        buf_add(&flow, V("alice->>bob: INVITE*\nopt\nalice->>bob: *\nend\n"));
        buf_add(&log, V("0 alice>bob INVITE\n"));
    }
    buf_add(&flow, V("bob->>alice: 200 INVITE"));
    buf_add_char(&flow, '\0');
    buf_add_char(&log, '\0');
    test_flow_begin(&t);
    test_log_add(&t, log.ptr);
    assert_int_equal(test_flow_parse(&t, flow.ptr), ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_WAITING);
    assert_int_equal(test_flow_match(&t, "late"), FLOW_FAILED);
    test_log_add(&t, "1s bob>alice 200/INVITE");
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    test_flow_end(&t);
    buf_deinit(&flow);
    buf_deinit(&log);
}

static void gives_up_what_has_too_many_readings(void **state)
{
    (void)state;
    struct test_flow t;
    struct buf flow = {0}, log = {0};
    for (unsigned i = 0; i < 60; i++)
        buf_printf(&flow, "alice->>bob: INVITE* @ 0s..\nalice->>bob: * [From.tag = $v%u]*\n", i);
    for (unsigned i = 0; i < 40; i++)
        buf_add(&log, V("0 alice>bob INVITE\n"));
    buf_add(&flow, V("bob->>alice: 200 INVITE"));
    buf_add_char(&flow, '\0');
    buf_add_char(&log, '\0');
    test_flow_begin(&t);
    test_log_add(&t, log.ptr);
    assert_int_equal(test_flow_parse(&t, flow.ptr), ERR_OK);
    assert_int_equal(test_flow_match(&t, "late"), FLOW_FAILED);
    assert_string_equal(t.answer.sentence, "the flow can be read in too many ways: use fewer ?, *, "
                                           "+, opt and alt in a row");
    test_log_add(&t, "1s bob>alice BYE");
    assert_int_equal(flow_stray(t.flow, &t.question, 3), 3);
    test_flow_end(&t);
    buf_deinit(&flow);
    buf_deinit(&log);
}

static void reads_deep_and_long_diagrams(void **state)
{
    (void)state;
    struct test_flow t;
    struct buf flow = {0}, log = {0};
    for (unsigned i = 0; i < 32; i++)
        buf_add(&flow, i % 2 == 0 ? V("opt\n") : V("loop 2\n"));
    buf_add(&flow, V("alice->>bob: INVITE\n"));
    for (unsigned i = 0; i < 32; i++)
        buf_add(&flow, V("end\n"));
    for (unsigned i = 0; i < 900; i += 2) {
        buf_add(&flow, V("bob->>alice: 180 INVITE?\nalice->>bob: BYE\n"));
        buf_printf(&log, "%us alice>bob BYE\n", i);
    }
    buf_add_char(&flow, '\0');
    buf_add_char(&log, '\0');
    test_flow_begin(&t);
    test_log_add(&t, log.ptr);
    assert_int_equal(test_flow_parse(&t, flow.ptr), ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    test_flow_end(&t);
    buf_deinit(&flow);
    buf_deinit(&log);
}

static void tells_when_there_is_no_memory(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth < 8; nth++) {
        struct test_flow t;
        test_flow_begin(&t);
        test_log_add(&t, CALL_LOG);
        assert_int_equal(test_flow_parse(&t, CALL), ERR_OK);
        mem_fail_at(nth, true);
        enum flow_state state_then = test_flow_match(&t, "");
        mem_fail_at(0, false);
        assert_true(state_then == FLOW_FAILED || state_then == FLOW_MATCHED);
        test_flow_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_call),
        cmocka_unit_test(knows_arrows),
        cmocka_unit_test(finds_the_request_that_a_response_answers),
        cmocka_unit_test(counts),
        cmocka_unit_test(waits_for_another_copy),
        cmocka_unit_test(measures_times),
        cmocka_unit_test(measures_each_copy_since_the_first),
        cmocka_unit_test(knows_blocks),
        cmocka_unit_test(interleaves_branches_of_par),
        cmocka_unit_test(binds_variables_over_lines),
        cmocka_unit_test(keeps_bindings_of_a_match_only),
        cmocka_unit_test(says_which_check_failed),
        cmocka_unit_test(is_loose_on_request),
        cmocka_unit_test(interleaves_pairs_on_request),
        cmocka_unit_test(folds_copies_on_request),
        cmocka_unit_test(folds_copies_that_timers_allow_on_the_real_network),
        cmocka_unit_test(keeps_to_its_times),
        cmocka_unit_test(covers_one_call_only_where_asked),
        cmocka_unit_test(begins_where_it_is_told_to),
        cmocka_unit_test(finds_a_stray_message),
        cmocka_unit_test(finds_a_stray_copy),
        cmocka_unit_test(shows_what_never_came),
        cmocka_unit_test(hints_at_what_would_cure_it),
        cmocka_unit_test(is_not_led_astray_by_ambiguity),
        cmocka_unit_test(gives_up_what_has_too_many_readings),
        cmocka_unit_test(reads_deep_and_long_diagrams),
        cmocka_unit_test(tells_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
