/* Every state × event pair of the four machines against expectations that were written from the
 * figures of RFC 3261 and RFC 6026 by themselves, and not from the tables under test. */
#include "core/transaction/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct arrow { /* "state event -> state: actions" */
    const char *at, *on, *to, *doing;
};

struct silence { /* a pair that may well come about, and is ignored: why */
    const char *at, *on, *why;
};

static const struct arrow figure_5[] = {
    {"calling",    "A",               "calling",    "resend doubled"},
    {"calling",    "B",               "terminated", "timeout"       },
    {"calling",    "transport error", "terminated", "error"         },
    {"calling",    "1xx",             "proceeding", "tell"          },
    {"calling",    "2xx",             "accepted",   "tell"          },
    {"calling",    "300-699",         "completed",  "ack tell"      },
    {"proceeding", "1xx",             "proceeding", "tell"          },
    {"proceeding", "2xx",             "accepted",   "tell"          },
    {"proceeding", "300-699",         "completed",  "ack tell"      },
    {"proceeding", "cancel",          "terminated", "timeout"       },
    {"completed",  "300-699",         "completed",  "ack"           },
    {"completed",  "transport error", "terminated", "error"         },
    {"completed",  "D",               "terminated", ""              },
    {"accepted",   "2xx",             "accepted",   "tell"          },
    {"accepted",   "M",               "terminated", ""              },
};
static const struct silence ignored_5[] = {
    {"proceeding", "transport error", "Figure 5: the INVITE has arrived, it is not sent again"          },
    {"completed",  "1xx",             "RFC 3261 §17.1.1.2: only 300-699 is a retransmission here"      },
    {"completed",  "2xx",             "RFC 3261 §13.2.2.3: final responses after a failure are ignored"},
    {"accepted",   "1xx",             "RFC 6026 §8.4: only 2xx go to the user"                         },
    {"accepted",   "300-699",         "RFC 6026 §8.4: likewise"                                        },
    {"accepted",   "transport error", "RFC 6026 §7.2: nothing is sent from here"                       },
};

static const struct arrow figure_6[] = {
    {"trying",     "E",               "trying",     "resend capped"},
    {"trying",     "F",               "terminated", "timeout"      },
    {"trying",     "transport error", "terminated", "error"        },
    {"trying",     "1xx",             "proceeding", "tell"         },
    {"trying",     "2xx",             "completed",  "tell"         },
    {"trying",     "300-699",         "completed",  "tell"         },
    {"proceeding", "E",               "proceeding", "resend t2"    },
    {"proceeding", "F",               "terminated", "timeout"      },
    {"proceeding", "transport error", "terminated", "error"        },
    {"proceeding", "1xx",             "proceeding", "tell"         },
    {"proceeding", "2xx",             "completed",  "tell"         },
    {"proceeding", "300-699",         "completed",  "tell"         },
    {"completed",  "K",               "terminated", ""             },
};
static const struct silence ignored_6[] = {
    {"completed", "1xx",             "RFC 3261 §17.1.2.2: Completed absorbs what still comes"},
    {"completed", "2xx",             "likewise"                                               },
    {"completed", "300-699",         "likewise"                                               },
    {"completed", "transport error", "Figure 6: nothing is sent from here"                    },
};

static const struct arrow figure_7[] = {
    {"proceeding", "100",                 "proceeding", "send100"         },
    {"proceeding", "copy of the request", "proceeding", "resend"          },
    {"proceeding", "1xx sent",            "proceeding", "response stop100"},
    {"proceeding", "2xx sent",            "accepted",   "response"        },
    {"proceeding", "300-699 sent",        "completed",  "response"        },
    {"proceeding", "transport error",     "proceeding", "error"           },
    {"completed",  "G",                   "completed",  "resend capped"   },
    {"completed",  "H",                   "terminated", "timeout"         },
    {"completed",  "copy of the request", "completed",  "resend"          },
    {"completed",  "ACK",                 "confirmed",  ""                },
    {"completed",  "transport error",     "completed",  "error"           },
    {"confirmed",  "I",                   "terminated", ""                },
    {"confirmed",  "ACK",                 "confirmed",  ""                },
    {"confirmed",  "copy of the request", "confirmed",  ""                },
    {"accepted",   "copy of the request", "accepted",   ""                },
    {"accepted",   "ACK",                 "accepted",   "tell"            },
    {"accepted",   "2xx sent",            "accepted",   "response"        },
    {"accepted",   "transport error",     "accepted",   "error"           },
    {"accepted",   "L",                   "terminated", ""                },
};
static const struct silence ignored_7[] = {
    {"proceeding", "ACK",             "an ACK of nothing: there is no final response"       },
    {"completed",  "1xx sent",        "RFC 3261 §17.2.1: the final response has been given"},
    {"completed",  "2xx sent",        "likewise"                                            },
    {"completed",  "300-699 sent",    "likewise"                                            },
    {"confirmed",  "1xx sent",        "likewise"                                            },
    {"confirmed",  "2xx sent",        "likewise"                                            },
    {"confirmed",  "300-699 sent",    "likewise"                                            },
    {"confirmed",  "transport error", "Figure 7: nothing is sent from here"                 },
    {"accepted",   "1xx sent",        "RFC 6026 §7.1: only 2xx may follow a 2xx"           },
    {"accepted",   "300-699 sent",    "likewise"                                            },
};

static const struct arrow figure_8[] = {
    {"trying",     "100",                 "proceeding", "send100" },
    {"trying",     "copy of the request", "trying",     ""        },
    {"trying",     "1xx sent",            "proceeding", "response"},
    {"trying",     "2xx sent",            "completed",  "response"},
    {"trying",     "300-699 sent",        "completed",  "response"},
    {"proceeding", "copy of the request", "proceeding", "resend"  },
    {"proceeding", "1xx sent",            "proceeding", "response"},
    {"proceeding", "2xx sent",            "completed",  "response"},
    {"proceeding", "300-699 sent",        "completed",  "response"},
    {"proceeding", "transport error",     "proceeding", "error"   },
    {"completed",  "J",                   "terminated", ""        },
    {"completed",  "copy of the request", "completed",  "resend"  },
    {"completed",  "transport error",     "completed",  "error"   },
};
static const struct silence ignored_8[] = {
    {"trying",    "transport error", "nothing has been sent so far"                                 },
    {"completed", "1xx sent",        "RFC 3261 §17.2.2: other responses are discarded in Completed"},
    {"completed", "2xx sent",        "likewise"                                                     },
    {"completed", "300-699 sent",    "likewise"                                                     },
};

struct expectation {
    const struct tx_machine *machine;
    const char *states; /* that it has at all, between blanks */
    const struct arrow *arrows;
    size_t arrow_count;
    const struct silence *ignored;
    size_t ignored_count;
};
#define COUNT(array) (sizeof(array) / sizeof(array)[0])
static const struct expectation expectations[] = {
    {&tx_invite_client,     " calling proceeding completed accepted ",   figure_5, COUNT(figure_5),
     ignored_5,                                                                                                COUNT(ignored_5)},
    {&tx_non_invite_client, " trying proceeding completed ",             figure_6, COUNT(figure_6), ignored_6,
     COUNT(ignored_6)                                                                                                          },
    {&tx_invite_server,     " proceeding completed confirmed accepted ", figure_7, COUNT(figure_7),
     ignored_7,                                                                                                COUNT(ignored_7)},
    {&tx_non_invite_server, " trying proceeding completed ",             figure_8, COUNT(figure_8), ignored_8,
     COUNT(ignored_8)                                                                                                          },
};

static const char *action_texts(uint16_t doing, char *room, size_t len)
{
    static const struct {
        uint16_t bit;
        const char *text;
    } actions[] = {
        {RESEND,        "resend"  },
        {REARM_DOUBLED, "doubled" },
        {REARM_CAPPED,  "capped"  },
        {REARM_T2,      "t2"      },
        {SEND_ACK,      "ack"     },
        {SEND_RESPONSE, "response"},
        {STOP_100,      "stop100" },
        {TELL_USER,     "tell"    },
        {TELL_TIMEOUT,  "timeout" },
        {TELL_ERROR,    "error"   },
        {SEND_100,      "send100" },
    };
    size_t used = 0;
    room[0] = '\0';
    for (size_t i = 0; i < COUNT(actions); i++)
        if ((doing & actions[i].bit) != 0)
            used += (size_t)snprintf(room + used, len - used, "%s%s", used == 0 ? "" : " ",
                                     actions[i].text);
    return room;
}

static const char *state_name(uint8_t state)
{
    return tx_state_text(state).ptr;
}

static const char *event_name(uint8_t event)
{
    return tx_event_text(event).ptr;
}

static const struct arrow *expected(const struct expectation *e, uint8_t at, uint8_t on)
{
    for (size_t i = 0; i < e->arrow_count; i++)
        if (strcmp(e->arrows[i].at, state_name(at)) == 0 &&
            strcmp(e->arrows[i].on, event_name(on)) == 0)
            return &e->arrows[i];
    return NULL;
}

static bool ignored(const struct expectation *e, uint8_t at, uint8_t on)
{
    for (size_t i = 0; i < e->ignored_count; i++)
        if (strcmp(e->ignored[i].at, state_name(at)) == 0 &&
            strcmp(e->ignored[i].on, event_name(on)) == 0)
            return true;
    return false;
}

/* What cannot be: a state of another figure, an event of the other side, a timer that does not run.
 */
static bool impossible(const struct expectation *e, uint8_t at, uint8_t on)
{
    char word[32];
    snprintf(word, sizeof word, " %s ", state_name(at));
    if (strstr(e->states, word) == NULL)
        return true;
    if (on >= RECV_1XX && on <= RECV_300_699)
        return !e->machine->client;
    if (on >= RECV_REQUEST && on <= USER_300_699)
        return e->machine->client || (on == RECV_ACK && !e->machine->invite);
    return on < TX_TIMER_COUNT; /* those that run have an arrow */
}

static void each_pair_is_an_arrow_a_silence_or_impossible(void **state)
{
    (void)state;
    char room[128];
    for (size_t m = 0; m < COUNT(expectations); m++) {
        const struct expectation *e = &expectations[m];
        for (uint8_t at = 0; at < TX_STATE_COUNT; at++) {
            for (uint8_t on = 0; on < TX_EVENT_COUNT; on++) {
                const struct tx_row *row = tx_row_find(e->machine, at, on);
                const struct arrow *arrow = expected(e, at, on);
                if ((row == NULL) != (arrow == NULL))
                    fail_msg("%s: %s on %s", e->machine->name.ptr, state_name(at), event_name(on));
                if (row == NULL) {
                    if (ignored(e, at, on) == impossible(e, at, on))
                        fail_msg("%s: nobody decided %s on %s", e->machine->name.ptr,
                                 state_name(at), event_name(on));
                    continue;
                }
                assert_string_equal(state_name(row->to), arrow->to);
                assert_string_equal(action_texts(row->doing, room, sizeof room), arrow->doing);
            }
        }
    }
}

static void no_arrow_stands_twice(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(expectations); m++) {
        const struct tx_machine *machine = expectations[m].machine;
        assert_int_equal(machine->row_count, expectations[m].arrow_count);
        for (size_t i = 0; i < machine->row_count; i++)
            assert_ptr_equal(tx_row_find(machine, machine->rows[i].at, machine->rows[i].on),
                             &machine->rows[i]);
    }
}

/* A timer that a state lists has an arrow there, and one with an arrow is listed (but for the wait
 * after CANCEL, which is set when the CANCEL goes out). */
static void timers_run_where_they_have_an_arrow(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(expectations); m++) {
        const struct tx_machine *machine = expectations[m].machine;
        for (uint8_t at = 0; at < TX_STATE_COUNT; at++) {
            const struct tx_wait *wait = tx_wait_find(machine, at);
            for (uint8_t timer = 0; timer < TX_TIMER_COUNT; timer++) {
                bool listed = false;
                for (uint8_t i = 0; wait != NULL && i < wait->timer_count; i++)
                    listed |= wait->timers[i] == timer;
                bool arrow = tx_row_find(machine, at, timer) != NULL;
                assert_int_equal(arrow, listed || (timer == TIMER_CANCEL && arrow));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_is_an_arrow_a_silence_or_impossible),
        cmocka_unit_test(no_arrow_stands_twice),
        cmocka_unit_test(timers_run_where_they_have_an_arrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
