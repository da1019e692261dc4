/* RFC 4475 and RFC 5118 as datagrams to an agent: an answer, or silence, and the next OPTIONS is
 * answered. What each deserves is in the texts of the RFCs.
 */
#include "core/message/torture_fixture.h"
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB };

struct treatment {
    const char *name;
    const char *answer; /* label of what goes out; "ask": the user is asked; "": silence */
};

static const struct treatment treatments[] = {
    {"rfc4475/wsinv",                         "481 INVITE"                                     }, /* its To has a tag */
    {"rfc4475/intmeth",                       "501 !interesting-Method0123456789_*+`.%indeed'~"},
    {"rfc4475/esc01",                         "ask"                                            },
    {"rfc4475/escnull",                       "405 REGISTER"                                   },
    {"rfc4475/esc02",                         "501 RE%47IST%45R"                               },
    {"rfc4475/lwsdisp",                       "200 OPTIONS"                                    },
    {"rfc4475/longreq",                       "ask"                                            },
    {"rfc4475/dblreq",                        "405 REGISTER"                                   },
    {"rfc4475/semiuri",                       "200 OPTIONS"                                    },
    {"rfc4475/transports",                    "200 OPTIONS"                                    },
    {"rfc4475/mpart01",                       "ask"                                            },
    {"rfc4475/unreason",                      ""                                               },
    {"rfc4475/noreason",                      ""                                               },
    {"rfc4475/badinv01",                      "400 INVITE"                                     },
    {"rfc4475/clerr",                         "400 INVITE"                                     },
    {"rfc4475/ncl",                           "400 INVITE"                                     },
    {"rfc4475/scalar02",                      "400"                                            }, /* there is no CSeq that could be read */
    {"rfc4475/scalarlg",                      ""                                               },
    {"rfc4475/quotbal",                       "400 INVITE"                                     },
    {"rfc4475/ltgtruri",                      "400 INVITE"                                     },
    {"rfc4475/lwsruri",                       "400 INVITE"                                     },
    {"rfc4475/lwsstart",                      "400 INVITE"                                     },
    {"rfc4475/trws",                          "400 OPTIONS"                                    },
    {"rfc4475/escruri",                       "400 INVITE"                                     },
    {"rfc4475/baddate",                       "ask"                                            },
    {"rfc4475/regbadct",                      "400 REGISTER"                                   },
    {"rfc4475/badaspec",                      "400 OPTIONS"                                    },
    {"rfc4475/baddn",                         "400 OPTIONS"                                    },
    {"rfc4475/badvers",                       "505 OPTIONS"                                    },
    {"rfc4475/mismatch01",                    "400 INVITE"                                     }, /* the CSeq of its request */
    {"rfc4475/mismatch02",                    "501 INVITE"                                     },
    {"rfc4475/bigcode",                       ""                                               },
    {"rfc4475/badbranch",                     "200 OPTIONS"                                    }, /* by the rules of RFC 2543 */
    {"rfc4475/insuf",                         "400 INVITE"                                     },
    {"rfc4475/unkscm",                        "416 OPTIONS"                                    },
    {"rfc4475/novelsc",                       "416 OPTIONS"                                    },
    {"rfc4475/unksm2",                        "405 REGISTER"                                   },
    {"rfc4475/bext01",                        "420 OPTIONS"                                    },
    {"rfc4475/invut",                         "415 INVITE"                                     },
    {"rfc4475/regaut01",                      "405 REGISTER"                                   },
    {"rfc4475/multi01",                       "400 INVITE"                                     },
    {"rfc4475/mcl01",                         "400 OPTIONS"                                    },
    {"rfc4475/bcast",                         ""                                               },
    {"rfc4475/zeromf",                        "200 OPTIONS"                                    },
    {"rfc4475/cparam01",                      "405 REGISTER"                                   },
    {"rfc4475/cparam02",                      "405 REGISTER"                                   },
    {"rfc4475/regescrt",                      "405 REGISTER"                                   },
    {"rfc4475/sdp01",                         "406 INVITE"                                     },
    {"rfc4475/inv2543",                       "ask"                                            },
    {"rfc5118/ipv6-good",                     "405 REGISTER"                                   },
    {"rfc5118/ipv6-bad",                      "400 REGISTER"                                   },
    {"rfc5118/port-ambiguous",                "405 REGISTER"                                   },
    {"rfc5118/port-unambiguous",              "405 REGISTER"                                   },
    {"rfc5118/via-received-param-with-delim", "481 BYE"                                        },
    {"rfc5118/via-received-param-no-delim",   "200 OPTIONS"                                    },
    {"rfc5118/ipv6-in-sdp",
     "400 INVITE"                                                                              }, /* Content-Length says more than there is, RFC 3261 §18.3 */
    {"rfc5118/mult-ip-in-header",             "481 BYE"                                        },
    {"rfc5118/mult-ip-in-sdp",                "ask"                                            },
    {"rfc5118/ipv4-mapped-ipv6",              "ask"                                            },
    {"rfc5118/ipv6-bug-abnf-3-colons",        "200 OPTIONS"                                    },
    {"rfc5118/ipv6-correct-abnf-2-colons",    "200 OPTIONS"                                    },
};
enum { TREATMENTS = sizeof treatments / sizeof treatments[0] };

static void receive(struct pump *pump, struct view bytes)
{
    struct blob *blob = blob_create(bytes);
    struct packet packet = {
        .kind = PACKET_DATAGRAM,
        .link = {.index = ALICE, .gen = 1},
        .proto = PROTO_UDP,
        .local = pump->addrs[ALICE],
        .remote = pump_addr("192.0.2.9:5060"),
        .bytes = blob
    };
    assert_int_equal(sip_stack_receive(pump->stacks[ALICE], pump->now_us, &packet), ERR_OK);
    pump_drain(pump);
    blob_unref(blob);
}

static const char *what_came(struct pump *pump)
{
    if (pump->sent_count > 0)
        return pump->sent[0].label;
    return pump_tell_count(pump, ALICE, SIP_TELL_REQUEST, NULL) > 0 ? "ask" : "";
}

static const struct treatment *treatment_of(const char *name)
{
    for (size_t i = 0; i < TREATMENTS; i++)
        if (strcmp(treatments[i].name, name) == 0)
            return &treatments[i];
    return NULL;
}

static void each_message_gets_its_treatment(void **state)
{
    (void)state;
    int wrong = 0;
    assert_int_equal(torture_count, TREATMENTS);
    for (size_t i = 0; i < torture_count; i++) {
        struct pump pump;
        const struct treatment *treatment = treatment_of(torture_rows[i].name);
        assert_non_null(treatment);
        pump_begin(&pump);
        pump_add(&pump, "alice", NULL);
        receive(&pump, torture_read(&torture_rows[i]));
        if (strcmp(what_came(&pump), treatment->answer) != 0)
            print_error("%s: %s, and not %s\n", treatment->name, what_came(&pump),
                        treatment->answer);
        wrong += strcmp(what_came(&pump), treatment->answer) != 0;
        pump_add(&pump, "bob", NULL);
        pump_request(&pump, BOB, "OPTIONS", "sip:alice@192.0.2.1", (struct handle){0});
        pump_run(&pump, pump.now_us + 10 * US_PER_MS);
        pump_take(&pump, BOB, SIP_TELL_RESPONSE, "200 OPTIONS");
        pump_end(&pump);
    }
    assert_int_equal(wrong, 0);
}

/* Any beginning of any message, and any message with one byte changed, leaves the agent alive. */
static void cut_and_changed_messages_do_no_harm(void **state)
{
    (void)state;
    for (size_t i = 0; i < torture_count; i++) {
        struct pump *pump = malloc(sizeof *pump);
        struct view bytes = torture_read(&torture_rows[i]);
        char *copy = malloc(bytes.len);
        assert_true(pump != NULL && copy != NULL);
        pump_begin(pump);
        pump_add(pump, "alice", NULL);
        for (size_t at = 0; at < bytes.len; at += 1 + at / 400) {
            receive(pump, view_head(bytes, at));
            memcpy(copy, bytes.ptr, bytes.len);
            copy[at] = (char)(copy[at] ^ (1 << (at % 7)));
            receive(pump, (struct view){copy, bytes.len});
            pump_forget(pump);
            pump_forget_tells(pump);
        }
        pump_end(pump);
        free(copy);
        free(pump);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_gets_its_treatment),
        cmocka_unit_test(cut_and_changed_messages_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
