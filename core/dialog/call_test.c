/* Every state × event pair of a call's two sides, against expectations that were written down from
 * RFC 3261 §12.3 to §15 by themselves. */
#include "core/dialog/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* One line for each state, one word for each event in the order of enum call_event:
 *   GOT_1XX GOT_2XX GOT_FAILURE ACK_SENT ASKS_AGAIN FORK_OVER SENT_1XX SENT_2XX SENT_FAILURE
 *   GOT_ACK NO_ACK BYE_SENT BYE_DONE GOT_BYE
 * A word is the state that follows (its first three letters), a "-" where nothing happens, and
 * behind ":" what is done: learn, routes, ack, repeat, stop, bye, reject, forget. */
struct expectation {
    const char *state, *words;
};

static const struct expectation caller[] = {
    {"calling",    "ear:l ans:la ter - - ter - - - - - - - -"           },
    {"early",      "ear ans:ra ter - cal:f ter - - - - - end - ter"     },
    {"answered",   "- ans:a - con - - - - - - - end - ter"              },
    {"confirmed",  "- con:a - - - - - con:p - con:s con:sb end - ter:sj"},
    {"ending",     "- end:a - - - - - - - end:s end:s - ter:s ter:sj"   },
    {"terminated", "- ter:a - - - - - - - - - - - -"                    },
};

static const struct expectation callee[] = {
    {"calling",    "- - - - - - ear ans:p ter - - - - ter:j"            },
    {"early",      "- - - - - - ear ans:p ter - - - - ter:j"            },
    {"answered",   "- - - - - - - ans:p - con:s ans:sb end - ter:sj"    },
    {"confirmed",  "- con:a - - - - - con:p - con:s con:sb end - ter:sj"},
    {"ending",     "- end:a - - - - - - - end:s end:s - ter:s ter:sj"   },
    {"terminated", "- - - - - - - - - - - - - -"                        },
};

static void word_of(const struct call_row *row, char *room, size_t len)
{
    static const struct {
        uint16_t bit;
        char letter;
    } letters[] = {
        {CALL_LEARN,        'l'},
        {CALL_LEARN_ROUTES, 'r'},
        {CALL_ACK,          'a'},
        {CALL_REPEAT_2XX,   'p'},
        {CALL_STOP_2XX,     's'},
        {CALL_BYE,          'b'},
        {CALL_REJECT,       'j'},
        {CALL_FORGET,       'f'}
    };
    if (row == NULL) {
        snprintf(room, len, "-");
        return;
    }
    size_t used = (size_t)snprintf(room, len, "%.3s%s", call_state_text(row->to).ptr,
                                   row->doing != 0 ? ":" : "");
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if ((row->doing & letters[i].bit) != 0)
            room[used++] = letters[i].letter;
    room[used] = '\0';
}

static void walk(bool is_caller, const struct expectation *expectations)
{
    for (uint8_t at = 0; at < CALL_STATE_COUNT; at++) {
        const char *rest = expectations[at].words;
        assert_string_equal(call_state_text(at).ptr, expectations[at].state);
        for (uint8_t on = 0; on < CALL_EVENT_COUNT; on++) {
            char word[16], expected[16];
            int taken = 0;
            assert_int_equal(sscanf(rest, "%15s%n", expected, &taken), 1);
            rest += taken;
            word_of(call_row_find(is_caller, at, on), word, sizeof word);
            if (strcmp(word, expected) != 0)
                fail_msg("%s, %s on %s: %s, and not %s", is_caller ? "caller" : "callee",
                         call_state_text(at).ptr, call_event_text(on).ptr, word, expected);
        }
    }
}

static void each_pair_of_the_caller_is_as_written(void **state)
{
    (void)state;
    walk(true, caller);
}

static void each_pair_of_the_callee_is_as_written(void **state)
{
    (void)state;
    walk(false, callee);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_of_the_caller_is_as_written),
        cmocka_unit_test(each_pair_of_the_callee_is_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
