#include "harness/replay/compare.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct sip_msg *message(const char *start, const char *rows)
{
    struct buf text = {0};
    struct sip_msg *msg = NULL;
    const char *method = view_starts(view_of(start), V("SIP/2.0")) ? "INVITE" : start;
    struct view name = view_head(view_of(method), view_find_char(view_of(method), ' '));
    buf_printf(&text, "%s\r\nCSeq: 1 %.*s\r\n%s", start, VIEW_ARG(name), rows);
    if (view_find(view_of(rows), V("\r\n\r\n")) == strlen(rows))
        buf_add(&text, V("\r\n"));
    struct blob *bytes = blob_create(buf_view(&text));
    assert_non_null(bytes);
    assert_int_equal(sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    blob_unref(bytes);
    buf_deinit(&text);
    return msg;
}

struct row {
    const char *start, *captured, *came, *expected, *actual; /* expected NULL: the same */
};

static const struct row rows[] = {
    {"SIP/2.0 180 Ringing",    "Require: 100rel\r\nRSeq: 1\r\n",                                "RSeq: 9\r\nRequire: 100rel\r\n",
     NULL,                                                                                                                                                      NULL               },
    {"SIP/2.0 180 Ringing",    "Require: 100rel\r\nRSeq: 1\r\n",                                "",                               "Require: 100rel",            "no Require"       },
    {"SIP/2.0 180 Ringing",    "Require: a, b\r\n",                                             "Require: b\r\nRequire: A\r\n",   NULL,                         NULL               },
    {"SIP/2.0 180 Ringing",    "Require: a\r\n",                                                "Require: a, b\r\n",              "Require: a",                 "Require: a, b"    },
    {"SIP/2.0 180 Ringing",    "RSeq: 1\r\n",                                                   "",                               "a RSeq",                     "no RSeq"          },
    {"SIP/2.0 180 Ringing",    "Contact: <sip:a@b>\r\n",                                        "",                               NULL,                         NULL               },
    {"SIP/2.0 200 OK",         "Contact: <sip:a@b>\r\n",                                        "",                               "a Contact",                  "no Contact"       },
    {"SIP/2.0 200 OK",         "Contact: <sip:a@b>\r\n",                                        "m: <sip:c@d>\r\n",               NULL,                         NULL               },
    {"SIP/2.0 302 Moved",      "",                                                              "Contact: <sip:c@d>\r\n",         "no Contact",                 "a Contact"        },
    {"SIP/2.0 200 OK",         "Session-Expires: 90\r\n",                                       "x: 1800;refresher=uac\r\n",      NULL,                         NULL               },
    {"SIP/2.0 200 OK",         "",                                                              "Session-Expires: 90\r\n",        "no Session-Expires",         "a Session-Expires"},
    {"SIP/2.0 200 OK",         "Content-Type: application/sdp\r\nContent-Length: 3\r\n\r\nv=0", "",
     "Content-Type: application/sdp",                                                                                                                           "no Content-Type"  },
    {"SIP/2.0 200 OK",         "Content-Type: application/sdp\r\nContent-Length: 0\r\n",        "",                               NULL,                         NULL               },
    {"SIP/2.0 401 No",         "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\n",
     "WWW-Authenticate: digest realm=\"b\", nonce=\"2\"\r\n",                                                                     NULL,                         NULL               },
    {"NOTIFY sip:a@b SIP/2.0", "Event: refer\r\nSubscription-State: active;expires=60\r\n",
     "o: refer;id=2\r\nSubscription-State: active;expires=9\r\n",                                                                 NULL,                         NULL               },
    {"NOTIFY sip:a@b SIP/2.0", "Event: refer\r\nSubscription-State: active\r\n",
     "Event: refer\r\nSubscription-State: terminated\r\n",                                                                        "Subscription-State: active",
     "Subscription-State: terminated"                                                                                                                                              },
    {"SIP/2.0 200 OK",         "Server: a\r\nDate: x\r\n",                                      "User-Agent: b\r\n",              NULL,                         NULL               },
};

static void chosen_headers_are_compared(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct buf expected = {0}, actual = {0};
        struct sip_msg *a = message(row->start, row->captured);
        struct sip_msg *b = message(row->start, row->came);
        bool differs = compare_headers(a, b, &expected, &actual);
        if (differs != (row->expected != NULL))
            fail_msg("row %zu: %.*s / %.*s", i, VIEW_ARG(buf_view(&expected)),
                     VIEW_ARG(buf_view(&actual)));
        assert_true(!differs || view_equal(buf_view(&expected), view_of(row->expected)));
        assert_true(!differs || view_equal(buf_view(&actual), view_of(row->actual)));
        sip_msg_unref(a);
        sip_msg_unref(b);
        buf_deinit(&expected);
        buf_deinit(&actual);
    }
}

static void a_message_is_known_by_method_and_status(void **state)
{
    struct sip_msg *ringing = message("SIP/2.0 180 Ringing", "");
    struct sip_msg *other = message("SIP/2.0 180 Here it rings", "");
    struct sip_msg *busy = message("SIP/2.0 486 Busy Here", "");
    struct sip_msg *info = message("INFO sip:a@b SIP/2.0", "");
    struct buf label = {0};
    (void)state;
    assert_true(compare_kind(ringing, other));
    assert_false(compare_kind(ringing, busy));
    assert_false(compare_kind(ringing, info));
    compare_label(ringing, &label);
    buf_add_char(&label, '|');
    compare_label(info, &label);
    assert_true(view_equal(buf_view(&label), V("180 Ringing|INFO")));
    buf_deinit(&label);
    sip_msg_unref(ringing);
    sip_msg_unref(other);
    sip_msg_unref(busy);
    sip_msg_unref(info);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chosen_headers_are_compared),
        cmocka_unit_test(a_message_is_known_by_method_and_status),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sip_msg_pool_drop();
    return failed;
}
