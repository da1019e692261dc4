/* The rules about one message, one by one. */
#include "core/message/msg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "core/message/message_fixture.h"

/* Rows added to a sound OPTIONS request, and what is found. */
static const struct {
    const char *rows, *faults;
} added[] = {
    {"",                                                            ""                                      },
    {"Content-Length: 0\r\n",                                       ""                                      },
    {"Accept:\r\nSupported: \r\nAllow:\r\nSubject:\r\n",            ""                                      },
    {"Require:\r\n",                                                "!header-empty"                         },
    {"Expires:\r\n",                                                "header-empty"                          },
    {"Supported: a,,b\r\n",                                         "list-empty"                            },
    {"Require: a,\r\n",                                             "!list-empty"                           },
    {"Contact: <sip:a@b>,\r\n",                                     "!list-empty"                           },
    {"Contact: <sip:a@b> <sip:c@d>\r\n",                            "!trailing"                             },
    {"Contact: <sip:a@b>;q=1.0001\r\n",                             "param-range"                           },
    {"Contact: <sip:a@b>;q=-1\r\n",                                 "param-range"                           },
    {"Contact: <sip:a@b>;q=.\r\n",                                  "param-range"                           },
    {"Contact: <sip:a@b>;q=0.123, <sip:c@d>;q=1.000;expires=0\r\n", ""                                      },
    {"Contact: <sip:a@b>;expires=4294967296\r\n",                   "param-range"                           },
    {"Contact: *\r\n",                                              "!contact-wildcard"                     },
    {"Contact: <sip:a@b>;a=1;b;A=2\r\n",                            "param-twice"                           },
    {"Contact: <sip:a%4@b>\r\n",                                    "uri-escape"                            },
    {"Contact: <sip:a@b:0>\r\n",                                    "port-zero"                             },
    {"Subject: a\r\nSubject: b\r\n",                                "header-twice"                          },
    {"s: a\r\nSubject: b\r\n",                                      "header-twice"                          },
    {"f: <sip:a@b>;tag=2\r\n",                                      "!header-twice"                         },
    {"X-A: 1\r\nX-A: 2\r\n",                                        ""                                      },
    {"Authorization: Digest a=b\r\nAuthorization: Digest a=c\r\n",  ""                                      },
    {"Max-Forwards: 1\r\n",                                         "header-twice"                          },
    {"Expires: 4294967296\r\n",                                     "number-range"                          },
    {"Expires: 4294967295\r\n",                                     ""                                      },
    {"RSeq: 0\r\n",                                                 "number-range"                          },
    {"Subject: a\x01z\r\n",                                         "header-control"                        },
    {"Require: a\x01z\r\n",                                         "!header-control !trailing"             },
    {"Subject: a\rb\r\n",                                           "header-control"                        },
    {"Subject: a\r\n b\r\n\tc\r\n",                                 ""                                      },
    {"Subject: \xff\xfe\xc0\x80\r\n",                               ""                                      },
    {"No colon\r\n",                                                "!header-name"                          },
    {": no name\r\n",                                               "!header-name"                          },
    {"To\x01: <sip:a@b>\r\n",                                       "!header-name"                          },
    {"T\x7fo: <sip:a@b>\r\n",                                       "!header-name"                          },
    {"Bad Name: x\r\n",                                             "!header-name"                          },
    {"Subject: lf\n",                                               "line-end"                              },
    {"Date: Fri, 01 Jan 2010 16:00:00 EST\r\n",                     "date"                                  },
    {"Content-Length: 1\r\n",                                       "!content-length-short"                 },
    {"Content-Length: 0\r\nl: 0\r\n",                               "!header-twice"                         },
    {"Content-Length: 0\r\nl: 00\r\n",                              "!header-twice !content-length-conflict"},
    {"Content-Length: 00000000000000000\r\n",                       ""                                      },
    {"Content-Length: -1\r\n",                                      "!content-length !number"               },
    {"Content-Length: five\r\n",                                    "!content-length !number"               },
    {"Content-Length: 2147483648\r\n",                              "!content-length-short"                 },
    {"Content-Length: 4294967328\r\n",                              "!content-length-short"                 },
    {"Content-Length: 18446744073709551616\r\n",                    "!content-length !number-range"         },
    {"Content-Length:\r\n",                                         "!content-length !header-empty"         },
    {"Content-Length: 5, 6\r\n",                                    "!content-length !trailing"             },
    {"Via: SIP/2.0/UDP a;ttl=999\r\n",                              "param-range"                           },
    {"Via: SIP/2.0/UDP a;rport=99999\r\n",                          "param-range"                           },
    {"Via: SIP/2.0/UDP a;received=1.2.3\r\n",                       "received"                              },
    {"Via: SIP/2.0/UDP a;received=<script>\r\n",                    "param-value !trailing"                 },
    {"Via: SIP/3.0/UDP a\r\n",                                      "!protocol"                             },
    {"Via: ;;,;,,\r\n",                                             "!token !token !list-empty !list-empty" },
    {"Via: SIP/2.0/UDP\r\n",                                        "!separator"                            },
    {"Via: SIP/2.0/UDP a_b\r\n",                                    ""                                      },
    {"Warning: abc\r\n",                                            "number"                                },
    {"Warning: 99 h \"x\"\r\n",                                     "number-range"                          },
    {"Replaces: a;to-tag=1\r\n",                                    "dialog-tags"                           },
    {"Replaces: a;to-tag=1;from-tag=2;from-tag=3\r\n",              "dialog-tags param-twice"               },
    {"Identity: a;info=<b:c>\r\nIdentity: d\r\n",                   ""                                      },
};

static void rows_are_judged_one_by_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        struct sip_msg *msg = parse_with(added[i].rows);
        if (strcmp(fault_names(msg), added[i].faults) != 0)
            fail_msg("%s: %s, wanted %s", added[i].rows, fault_names(msg), added[i].faults);
        sip_msg_unref(msg);
    }
}

#define REST                                                                                       \
    "Via: SIP/2.0/UDP h;branch=z9hG4bKa\r\nMax-Forwards: 70\r\nTo: <sip:b@c>\r\n"                  \
    "From: <sip:a@c>;tag=1\r\nCall-ID: x\r\n"

/* Whole messages. */
static const struct {
    const char *text, *faults;
} whole[] = {
    {"OPTIONS sip:a SIP/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                                 ""                                                          },
    {"\r\n\r\nOPTIONS sip:a SIP/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                         ""                                                          },
    {"OPTIONS sip:a SIP/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n",                                     "!headers-end"                                              },
    {"OPTIONS sip:a SIP/2.0\r\n" REST "CSeq: 1 options\r\n\r\n",                                 "!cseq-method"                                              },
    {"OPTIONS sip:a SIP/2.0\r\n" REST "CSeq: 2147483648 OPTIONS\r\n\r\n",                        "cseq-range"                                                },
    {"OPTIONS sip:a SIP/2.0\r\n" REST "CSeq: 4294967295 OPTIONS\r\n\r\n",                        "cseq-range"                                                },
    {"OPTIONS sip:a SIP/2.0\r\n" REST "CSeq: 4294967296 OPTIONS\r\n\r\n",                        "!number-range"                                             },
    {"OPTIONS sip:a SIP/2.0\r\n" REST "\r\n",                                                    "!header-missing"                                           },
    {"INVITE sip:a SIP/2.0\r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                   "contact-missing"                                           },
    {"REFER sip:a SIP/2.0\r\n" REST "CSeq: 1 REFER\r\nm: <sip:a>\r\n\r\n",                       "!header-missing"                                           },
    {"PRACK sip:a SIP/2.0\r\n" REST "CSeq: 1 PRACK\r\n\r\n",                                     "!header-missing"                                           },
    {"NOTIFY sip:a SIP/2.0\r\n" REST "CSeq: 1 NOTIFY\r\n\r\n",                                   "!header-missing"                                           },
    {"OPTIONS sip:a SIP/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\nbody",                             "content-type-missing"                                      },
    {"OPTIONS sip:a SIP/2.00\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                                "!version"                                                  },
    {"OPTIONS sip:a sip/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                                 "!version"                                                  },
    {"OPTIONS sip:a SIP/02.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                                "!version"                                                  },
    {"OPTIONS sip:a\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                                         "!version"                                                  },
    {"OPTIONS\tsip:a SIP/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                                "!start-line-space"                                         },
    {"OPTIONS sip:a\tSIP/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                                "!start-line-space"                                         },
    {"OPTIONS  SIP/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                                      "!request-uri !request-uri"                                 },
    {"OPTIONS sip:a?b=c SIP/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                             "!request-uri-headers"                                      },
    {"OPTIONS sip:a;x=%zz SIP/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                           "uri-escape"                                                },
    {"OPTIONS bob SIP/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                                   "!request-uri"                                              },
    {"REGISTER sip:a SIP/2.0\r\n" REST "CSeq: 1 REGISTER\r\nm: *\r\nExpires: 0\r\n\r\n",         ""                                                          },
    {"REGISTER sip:a SIP/2.0\r\n" REST "CSeq: 1 REGISTER\r\nm: *\r\nExpires: 1\r\n\r\n",
     "!contact-wildcard"                                                                                                                                     },
    {"REGISTER sip:a SIP/2.0\r\n" REST "CSeq: 1 REGISTER\r\nm: *,<sip:a>\r\nExpires: 0\r\n\r\n",
     "!contact-wildcard"                                                                                                                                     },
    {"SIP/2.0 200 OK\r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                         "tag-missing"                                               },
    {"SIP/2.0 100 Trying\r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                     ""                                                          },
    {"SIP/2.0 100 \r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                           ""                                                          },
    {"SIP/2.0 100\r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                            "!start-line"                                               },
    {"SIP/2.0 100OK\r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                          "!start-line"                                               },
    {"SIP/2.0  100 OK\r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                        "!start-line-space"                                         },
    {"SIP/2.0 99 OK\r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                          "!status-code"                                              },
    {"SIP/2.0 700 OK\r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                         "!status-code"                                              },
    {"SIP/2.0 0200 OK\r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                        "!status-code"                                              },
    {"SIP/2.0 -20 OK\r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                         "!status-code !start-line"                                  },
    {"SIP/1.0 100 OK\r\n" REST "CSeq: 1 INVITE\r\n\r\n",                                         "!version"                                                  },
    {"SIP/2.0 180 OK\r\nVia: SIP/2.0/UDP h\r\nTo: <sip:b@c>;tag=\r\nFrom: <sip:a@c>;tag=\r\n"
     "Call-ID: x\r\nCSeq: 1 INVITE\r\n\r\n",                                                "param-value param-value branch-missing tag-empty tag-empty"},
    {"OPTIONS sip:a SIP/2.0\r\n folded\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n",                      "!header-name"                                              },
};

static void messages_are_judged_as_a_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        struct sip_msg *msg = parse_text(view_of(whole[i].text));
        if (strcmp(fault_names(msg), whole[i].faults) != 0)
            fail_msg("%s: %s, wanted %s", whole[i].text, fault_names(msg), whole[i].faults);
        sip_msg_unref(msg);
    }
}

static void a_fault_says_where_and_why(void **state)
{
    (void)state;
    struct sip_msg *msg = parse_with("Retry-After: 5\r\nSubject: x\r\nRequire: a,\r\n b c\r\n");
    assert_string_equal(fault_names(msg), "!trailing");
    const struct sip_fault *fault = sip_msg_fault(msg, 0);
    assert_string_equal(fault->section, "RFC 3261 §20.32");
    assert_true(view_starts(view_skip(sip_msg_raw(msg), fault->offset), V("c\r\n\r\n")));
    assert_ptr_equal(sip_msg_fatal(msg), fault);
    sip_msg_unref(msg);
}

static void checking_twice_finds_nothing_twice(void **state)
{
    (void)state;
    struct sip_msg *msg = parse_with("Expires: x\r\n");
    size_t count = sip_msg_fault_count(msg);
    sip_msg_check(msg);
    assert_null(sip_msg_get(msg, SIP_HEADER_EXPIRES, 0));
    assert_int_equal(sip_msg_fault_count(msg), count);
    assert_null(sip_msg_fault(msg, count));
    sip_msg_unref(msg);
}

/* The list of faults has a limit, which a fatal one is not lost to. */
static void a_thousand_faults_do_not_hide_a_fatal_one(void **state)
{
    (void)state;
    struct buf buf = {0};
    for (int i = 0; i < 1000; i++)
        buf_add(&buf, V("Expires: x\r\n"));
    buf_add(&buf, V("Require: a b\r\n"));
    buf_add_char(&buf, '\0');
    struct sip_msg *msg = parse_with(buf.ptr);
    assert_true(sip_msg_fault_count(msg) < 1000);
    assert_non_null(sip_msg_fatal(msg));
    assert_string_equal(sip_msg_fatal(msg)->rule, "trailing");
    sip_msg_unref(msg);
    buf_deinit(&buf);
}

static void on_a_stream_a_length_is_demanded(void **state)
{
    (void)state;
    struct blob *blob = blob_create(V("OPTIONS sip:a SIP/2.0\r\n" REST "CSeq: 1 OPTIONS\r\n\r\n"));
    struct sip_msg *msg = NULL;
    assert_int_equal(sip_msg_parse(blob, SIP_FRAMING_STREAM, &msg), ERR_OK);
    assert_string_equal(fault_names(msg), "!content-length-missing");
    sip_msg_unref(msg);
    blob_unref(blob);
}

static int drop_pool(void **state)
{
    (void)state;
    sip_msg_pool_drop();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_judged_one_by_one),
        cmocka_unit_test(messages_are_judged_as_a_whole),
        cmocka_unit_test(a_fault_says_where_and_why),
        cmocka_unit_test(checking_twice_finds_nothing_twice),
        cmocka_unit_test(a_thousand_faults_do_not_hide_a_fatal_one),
        cmocka_unit_test(on_a_stream_a_length_is_demanded),
    };
    return cmocka_run_group_tests(tests, NULL, drop_pool);
}
