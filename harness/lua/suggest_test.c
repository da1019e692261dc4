#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/lua/handle.h"

static const char *const names[] = {
    "invite", "expect", "expect_invite", "expect_request", "answer",  "ring",    "reject",
    "bye",    "cancel", "reinvite",      "wait",           "request", "respond", "messages",
    "sleep",  "spawn",  "tags",          "covers",         "needs",   "timeout", "Max-Forwards",
    NULL};

static void slips_find_the_name_that_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *given, *meant;
    } rows[] = {
        {"invtie",        "invite"       },
        {"Invite",        "invite"       },
        {"inivte",        "invite"       },
        {"expcet",        "expect"       },
        {"expectt",       "expect"       },
        {"exepct_invite", "expect_invite"},
        {"expect-invite", "expect_invite"},
        {"anwser",        "answer"       },
        {"awnser",        "answer"       },
        {"rings",         "ring"         },
        {"regect",        "reject"       },
        {"by",            "bye"          },
        {"cancle",        "cancel"       },
        {"re_invite",     "reinvite"     },
        {"wiat",          "wait"         },
        {"message",       "messages"     },
        {"slep",          "sleep"        },
        {"tag",           "tags"         },
        {"cover",         "covers"       },
        {"need",          "needs"        },
        {"timout",        "timeout"      },
        {"time_out",      "timeout"      },
        {"max_forwards",  "Max-Forwards" },
        {"expect_inv",    "expect_invite"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *found = suggest(rows[i].given, names);
        if (found == NULL || strcmp(found, rows[i].meant) != 0)
            fail_msg("%s: %s and not %s", rows[i].given, found == NULL ? "nothing" : found,
                     rows[i].meant);
    }
}

static void what_is_far_from_all_finds_nothing(void **state)
{
    (void)state;
    static const char *const rows[] = {"", "q", "frobnicate", "zz",
                                       "0123456789012345678901234567890123456789012345678"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_null(suggest(rows[i], names));
    assert_null(suggest("x", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_find_the_name_that_was_meant),
        cmocka_unit_test(what_is_far_from_all_finds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
