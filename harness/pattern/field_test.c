#include "harness/pattern/field.h"
#include "harness/pattern/field_types.h"
#include "harness/pattern/msg_fixture.h"

static const char headers[] =
    "Contact: <sip:a@192.0.2.1>;expires=60;q=0.5, <sip:b@192.0.2.2>;+sip.instance=\"<urn:x>\"\r\n"
    "Require: 100rel, timer\r\n"
    "Event: Presence;id=7\r\n"
    "Content-Type: Application/SDP;charset=utf-8\r\n"
    "Session-Expires: 1800;refresher=uac\r\n"
    "Expires: 3600\r\n"
    "Reason: SIP;cause=200;text=\"call completed elsewhere\"\r\n"
    "Subject: lunch\r\n"
    "X-Foo: one\r\n"
    "x-foo: two\r\n";
static const char body[] =
    "v=0\r\no=jo 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
    "a=ptime:20\r\na=sendonly\r\n";

/* What a field is, as one word for the table: text, number, "true", "a list of N", "an object". */
static const char *shown(struct field field, char *room, size_t room_len)
{
    if (field.kind == FIELD_ABSENT)
        return "absent";
    if (field.kind == FIELD_UNKNOWN)
        return "unknown";
    if (field.kind == FIELD_NUMBER)
        snprintf(room, room_len, "%lld", (long long)field.number);
    else if (field.kind == FIELD_LIST)
        snprintf(room, room_len, "a list of %zu", field.count);
    else if (field.kind == FIELD_OBJECT)
        snprintf(room, room_len, "object %.*s", VIEW_ARG(field.text));
    else
        snprintf(room, room_len, "%.*s", VIEW_ARG(field.text));
    return room;
}

struct row {
    const char *path, *value;
};

static void assert_rows(struct sip_msg *msg, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char room[600], got[700], wanted[700];
        struct field field = field_path(msg, view_of(rows[i].path));
        snprintf(got, sizeof got, "%s: %s", rows[i].path, shown(field, room, sizeof room));
        snprintf(wanted, sizeof wanted, "%s: %s", rows[i].path, rows[i].value);
        assert_string_equal(got, wanted);
    }
}

#define ASSERT_ROWS(msg, rows) assert_rows(msg, rows, sizeof(rows) / sizeof(rows)[0])

static void names_the_fields_of_a_request(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"method",                              "INVITE"                                     },
        {"status",                              "absent"                                     },
        {"version",                             "SIP/2.0"                                    },
        {"uri.user",                            "bob"                                        },
        {"uri.password",                        "secret"                                     },
        {"URI.Host",                            "b.example.com"                              },
        {"uri.port",                            "5070"                                       },
        {"uri.transport",                       "UDP"                                        },
        {"uri.params.transport",                "UDP"                                        },
        {"uri.lr",                              "absent"                                     },
        {"from.tag",                            "alice-1"                                    },
        {"From.display",                        "Alice"                                      },
        {"from.uri.port",                       "absent"                                     },
        {"to.uri.lr",                           "true"                                       },
        {"to.uri.text",                         "sip:bob@b.example.com:5070;transport=udp;lr"},
        {"to.params.tag",                       "bob-2"                                      },
        {"to.params.foo",                       "absent"                                     },
        {"via",                                 "a list of 2"                                },
        {"via[1].branch",                       "z9hG4bK-1"                                  },
        {"Via.branch",                          "z9hG4bK-1"                                  },
        {"Via[2].branch",                       "z9hG4bK-2"                                  },
        {"via[2].host",                         "[2001:db8::1]"                              },
        {"via[2].received",                     "192.0.2.7"                                  },
        {"via[1].rport",                        "true"                                       },
        {"via[2].rport",                        "absent"                                     },
        {"via[3].branch",                       "absent"                                     },
        {"via[3]",                              "absent"                                     },
        {"cseq.number",                         "5"                                          },
        {"CSeq.Method",                         "INVITE"                                     },
        {"cseq",                                "object 5 INVITE"                            },
        {"call_id",                             "call-1@a"                                   },
        {"Call-ID",                             "call-1@a"                                   },
        {"max-forwards",                        "70"                                         },
        {"MAX_FORWARDS",                        "70"                                         },
        {"contact",                             "a list of 2"                                },
        {"contact[1].expires",                  "60"                                         },
        {"contact[1].q",                        "0.5"                                        },
        {"contact[2].uri.user",                 "b"                                          },
        {"contact[2].params.\"+sip.instance\"", "<urn:x>"                                    },
        {"route",                               "absent"                                     },
        {"route[1].uri.user",                   "absent"                                     },
        {"require",                             "a list of 2"                                },
        {"require[2]",                          "timer"                                      },
        {"event.package",                       "Presence"                                   },
        {"event.id",                            "7"                                          },
        {"content_type.subtype",                "SDP"                                        },
        {"session_expires.seconds",             "1800"                                       },
        {"session_expires.refresher",           "uac"                                        },
        {"expires",                             "3600"                                       },
        {"reason[1].cause",                     "200"                                        },
        {"reason.text",                         "call completed elsewhere"                   },
        {"subject",                             "lunch"                                      },
        {"\"X-Foo\"",                           "a list of 2"                                },
        {"\"X-FOO\"[2]",                        "two"                                        },
        {"\"X-Bar\"",                           "absent"                                     },
        {"\"Subject\"",                         "lunch"                                      },
    };
    struct sip_msg *msg = test_request("INVITE", headers, body);
    ASSERT_ROWS(msg, rows);
    sip_msg_unref(msg);
}

static void names_the_fields_of_its_description(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"sdp.direction",                    "sendonly"               },
        {"sdp.connection.address",           "192.0.2.1"              },
        {"sdp.connection",                   "object IN IP4 192.0.2.1"},
        {"sdp.origin.session_version",       "2"                      },
        {"sdp.media",                        "a list of 1"            },
        {"sdp.media[1].kind",                "audio"                  },
        {"sdp.media[1].port",                "4000"                   },
        {"sdp.media[1].protocol",            "RTP/AVP"                },
        {"sdp.media[1].codecs",              "a list of 2"            },
        {"sdp.media[1].codecs[1]",           "PCMA"                   },
        {"sdp.media[1].codecs[2]",           "telephone-event"        },
        {"sdp.media[1].formats[2]",          "101"                    },
        {"sdp.media[1].direction",           "sendonly"               },
        {"sdp.media[1].attributes",          "a list of 3"            },
        {"sdp.media[1].attributes[2]",       "ptime:20"               },
        {"sdp.media[1].attributes[3]",       "sendonly"               },
        {"sdp.media[1].attributes.ptime",    "20"                     },
        {"sdp.media[1].attributes.sendonly", "true"                   },
        {"sdp.media[1].attributes.crypto",   "absent"                 },
        {"sdp.attributes",                   "absent"                 },
        {"sdp.media[2].kind",                "absent"                 },
        {"sdp.bandwidth",                    "unknown"                },
    };
    struct sip_msg *msg = test_request("INVITE", headers, body);
    ASSERT_ROWS(msg, rows);
    sip_msg_unref(msg);
    msg = test_request("INVITE", "", "");
    static const struct row none[] = {
        {"sdp",                    "absent"},
        {"sdp.media[1].direction", "absent"},
        {"body",                   "absent"}
    };
    ASSERT_ROWS(msg, none);
    sip_msg_unref(msg);
}

static void names_the_fields_of_a_response(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"method",           "absent"    },
        {"status",           "200"       },
        {"reason",           "Fine by me"},
        {"reason.cause",     "absent"    },
        {"\"Reason\".cause", "200"       },
        {"uri",              "absent"    },
        {"uri.user",         "absent"    },
        {"cseq.method",      "BYE"       },
    };
    struct sip_msg *msg = test_response(200, "BYE", headers, "");
    ASSERT_ROWS(msg, rows);
    sip_msg_unref(msg);
}

static void names_faults(void **state)
{
    (void)state;
    struct sip_msg *msg = test_message("INVITE sip:a@b SIP/2.0\r\nCSeq: x INVITE\r\n\r\n");
    struct field faults = field_path(msg, V("faults"));
    assert_int_equal(faults.kind, FIELD_LIST);
    assert_true(faults.count > 0);
    assert_int_equal(field_path(msg, V("faults[1].rule")).kind, FIELD_TEXT);
    assert_int_equal(field_path(msg, V("faults[1].section")).kind, FIELD_TEXT);
    assert_int_equal(field_path(msg, V("cseq.number")).kind, FIELD_ABSENT);
    sip_msg_unref(msg);
}

static void knows_what_can_never_be(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "",         "fro",         "from.tga", "via[0]",    "via[x]",      "via[1",
        "cseq.tag", "call_id.tag", "X-Foo",    "from..tag", "from.tag.x",  "via[1][2].foo",
        "sdp.foo",  "\"X-Foo",     "from tag", "\"\"",      "from.tag[1]", "max_forwards.x",
    };
    struct sip_msg *msg = test_request("INVITE", headers, body);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_int_equal(field_path(NULL, view_of(paths[i])).kind, FIELD_UNKNOWN);
        assert_int_equal(field_path(msg, view_of(paths[i])).kind, FIELD_UNKNOWN);
    }
    sip_msg_unref(msg);
}

/* Without a message a path is absent where it can be, and every header is a name. */
static void knows_what_can_be_without_a_message(void **state)
{
    (void)state;
    struct field nothing = field_of_message(NULL);
    const char *const *names = field_names(nothing);
    size_t count = 0;
    for (; names[count] != NULL; count++)
        assert_int_equal(field_member(nothing, view_of(names[count])).kind, FIELD_ABSENT);
    assert_true(count >= SIP_HEADER_COUNT - 1);
    assert_int_equal(field_path(NULL, V("Via[2].params.x")).kind, FIELD_ABSENT);
    assert_int_equal(field_path(NULL, V("\"Anything\"")).kind, FIELD_ABSENT);
    assert_int_equal(field_path(NULL, V("sdp.media[1].attributes.x")).kind, FIELD_ABSENT);
}

static void suggests_from_the_members_of_an_object(void **state)
{
    (void)state;
    struct field from = field_path(NULL, V("from"));
    const char *const *names = field_names(from);
    bool has_tag = false;
    for (size_t i = 0; names[i] != NULL; i++)
        has_tag |= view_equal(view_of(names[i]), V("tag"));
    assert_true(has_tag);
}

static void compares_by_what_the_field_is(void **state)
{
    (void)state;
    static const struct {
        const char *path, *literal;
        bool equal;
    } rows[] = {
        {"via.transport",    "udp",                                true },
        {"from.tag",         "ALICE-1",                            false},
        {"from.tag",         "alice-1",                            true },
        {"max_forwards",     "70",                                 true },
        {"max_forwards",     "070",                                true },
        {"max_forwards",     "7",                                  false},
        {"cseq",             "5",                                  true },
        {"cseq",             "5 INVITE",                           true },
        {"cseq",             "6",                                  false},
        {"require",          "TIMER",                              true },
        {"require",          "replaces",                           false},
        {"event",            "presence",                           true },
        {"content_type",     "application/sdp",                    true },
        {"content_type",     "application/pidf",                   false},
        {"uri",              "sip:bob@b.example.com:5070",         false},
        {"uri.user",         "BOB",                                false},
        {"contact",          "<sip:a@192.0.2.1>;expires=60;q=0.5", true },
        {"to.uri.lr",        "true",                               true },
        {"to.uri.lr",        "1",                                  false},
        {"\"X-Foo\"",        "two",                                true },
        {"\"X-Foo\"",        "Two",                                false},
        {"session_expires",  "1800",                               true },
        {"route",            "",                                   false},
        {"sdp.media.codecs", "pcma",                               true },
    };
    struct sip_msg *msg = test_request("INVITE", headers, body);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct field field = field_path(msg, view_of(rows[i].path));
        if (field_equals(field, view_of(rows[i].literal)) != rows[i].equal)
            fail_msg("%s = %s", rows[i].path, rows[i].literal);
    }
    sip_msg_unref(msg);
}

static void survives_every_cut_of_a_message(void **state)
{
    (void)state;
    struct sip_msg *whole = test_request("INVITE", headers, body);
    struct view raw = sip_msg_raw(whole);
    const char *const *names = field_names(field_of_message(NULL));
    for (size_t len = 0; len < raw.len; len += 3) {
        struct blob *blob = blob_create(view_head(raw, len));
        struct sip_msg *msg;
        enum err err = sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg);
        blob_unref(blob);
        if (err != ERR_OK)
            continue;
        for (size_t i = 0; names[i] != NULL; i++) {
            struct field field = field_member(field_of_message(msg), view_of(names[i]));
            assert_int_not_equal(field.kind, FIELD_UNKNOWN);
            for (size_t cursor = 0; field_next(field, &cursor).kind != FIELD_UNKNOWN;)
                continue;
        }
        sip_msg_unref(msg);
    }
    sip_msg_unref(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_fields_of_a_request),
        cmocka_unit_test(names_the_fields_of_its_description),
        cmocka_unit_test(names_the_fields_of_a_response),
        cmocka_unit_test(names_faults),
        cmocka_unit_test(knows_what_can_never_be),
        cmocka_unit_test(knows_what_can_be_without_a_message),
        cmocka_unit_test(suggests_from_the_members_of_an_object),
        cmocka_unit_test(compares_by_what_the_field_is),
        cmocka_unit_test(survives_every_cut_of_a_message),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sip_msg_pool_drop();
    return failed;
}
