#include "core/message/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define assert_view(view, text) assert_true(view_equal(view, V(text)))

static void rows_keep_their_first_order(void **state)
{
    (void)state;
    struct sip_build b;
    struct blob *blob = NULL;
    sip_build_request(&b, V("OPTIONS"), V("sip:bob@example.com"));
    sip_build_add(&b, V("Via"), V("SIP/2.0/UDP b"));
    sip_build_set(&b, V("Call-ID"), V("one"));
    sip_build_add(&b, V("v"), V("SIP/2.0/UDP a"));
    sip_build_set(&b, V("X-A"), V("1"));
    sip_build_set(&b, V("i"), V("two"));
    sip_build_remove(&b, V("x-a"));
    assert_true(sip_build_has(&b, V("VIA")));
    sip_build_body(&b, V("hello"));
    assert_int_equal(sip_build_finish(&b, &blob), ERR_OK);
    assert_view(blob_view(blob), "OPTIONS sip:bob@example.com SIP/2.0\r\n"
                                 "Via: SIP/2.0/UDP b\r\nv: SIP/2.0/UDP a\r\ni: two\r\n"
                                 "Content-Length: 5\r\n\r\nhello");
    blob_unref(blob);
    sip_build_deinit(&b);
}

static void says_what_is_missing(void **state)
{
    (void)state;
    struct sip_build b;
    sip_build_request(&b, V("INVITE"), V("sip:bob@example.com"));
    static const struct {
        const char *next, *lacks;
    } steps[] = {
        {"Via",          "a Max-Forwards: RFC 3261 §8.1.1.6"},
        {"Max-Forwards", "a From: RFC 3261 §8.1.1.3"        },
        {"From",         "a To: RFC 3261 §8.1.1.2"          },
        {"To",           "a Call-ID: RFC 3261 §8.1.1.4"     },
        {"Call-ID",      "a CSeq: RFC 3261 §8.1.1.5"        },
        {"CSeq",         "a Contact: RFC 3261 §8.1.1.8"     },
    };
    assert_string_equal(sip_build_lacks(&b), "a Via: RFC 3261 §8.1.1.7");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        sip_build_set(&b, view_of(steps[i].next), V("x"));
        assert_string_equal(sip_build_lacks(&b), steps[i].lacks);
    }
    sip_build_set(&b, V("m"), V("<sip:a@b>"));
    assert_null(sip_build_lacks(&b));
    sip_build_deinit(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_keep_their_first_order),
        cmocka_unit_test(says_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
