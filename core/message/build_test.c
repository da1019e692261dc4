#include "core/message/build.h"

#include "core/base/alloc.h"
#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "core/message/message_fixture.h"

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

static const char *lacks(struct view method, uint16_t status, const char *cseq, bool contact)
{
    struct sip_build b;
    static const char *const names[] = {"Via", "Max-Forwards", "From", "To", "Call-ID"};
    if (status == 0)
        sip_build_request(&b, method, V("sip:a"));
    else
        sip_build_response(&b, status, (struct view){0});
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        sip_build_add(&b, view_of(names[i]), V("x"));
    sip_build_add(&b, V("CSeq"), view_of(cseq));
    if (contact)
        sip_build_add(&b, V("Contact"), V("<sip:a@b>"));
    const char *what = sip_build_lacks(&b);
    sip_build_deinit(&b);
    return what;
}

static void a_contact_is_demanded_where_a_dialog_begins(void **state)
{
    (void)state;
    static const struct view with[] = {
        {"INVITE",    6},
        {"SUBSCRIBE", 9},
        {"REFER",     5},
        {"UPDATE",    6}
    };
    for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
        assert_non_null(lacks(with[i], 0, "1 X", false));
        assert_null(lacks(with[i], 0, "1 X", true));
    }
    assert_null(lacks(V("OPTIONS"), 0, "1 OPTIONS", false));
    assert_non_null(lacks(V(""), 200, "1 INVITE", false));
    assert_null(lacks(V(""), 200, "1 INVITE", true));
    assert_null(lacks(V(""), 200, "1 BYE", false));
    assert_null(lacks(V(""), 180, "1 INVITE", false));
    assert_null(lacks(V(""), 486, "1 INVITE", false));
}

static void a_response_has_the_reason_it_is_given(void **state)
{
    (void)state;
    static const struct {
        uint16_t status;
        struct view reason;
        const char *line;
    } rows[] = {
        {486, {NULL, 0},      "SIP/2.0 486 Busy Here\r\n"},
        {486, {"", 0},        "SIP/2.0 486 \r\n"         },
        {299, {NULL, 0},      "SIP/2.0 299 Unknown\r\n"  },
        {7,   {"odd", 3},     "SIP/2.0 007 odd\r\n"      },
        {700, {"as told", 7}, "SIP/2.0 700 as told\r\n"  },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_build b;
        struct blob *blob = NULL;
        sip_build_response(&b, rows[i].status, rows[i].reason);
        assert_int_equal(sip_build_finish(&b, &blob), ERR_OK);
        assert_true(view_starts(blob_view(blob), view_of(rows[i].line)));
        blob_unref(blob);
        sip_build_deinit(&b);
    }
}

/* A harness must be able to send what no stack would. */
static void nothing_is_repaired(void **state)
{
    (void)state;
    struct sip_build b;
    struct blob *blob = NULL;
    sip_build_request(&b, V("no method"), V("<not a uri>"));
    sip_build_add(&b, V("Content-Length"), V("-5"));
    sip_build_add(&b, V("Via"), V(""));
    sip_build_body(&b, V("\0\0"));
    assert_int_equal(sip_build_finish(&b, &blob), ERR_OK);
    assert_view(blob_view(blob),
                "no method <not a uri> SIP/2.0\r\nContent-Length: -5\r\nVia: \r\n\r\n\0\0");
    blob_unref(blob);
    sip_build_omit_length(&b);
    sip_build_remove(&b, V("l"));
    assert_int_equal(sip_build_finish(&b, &blob), ERR_OK);
    assert_view(blob_view(blob), "no method <not a uri> SIP/2.0\r\nVia: \r\n\r\n\0\0");
    blob_unref(blob);
    sip_build_deinit(&b);
}

static void what_is_built_parses_without_a_fault(void **state)
{
    (void)state;
    struct sip_build b;
    struct blob *blob = NULL;
    struct sip_msg *msg = NULL;
    sip_build_request(&b, V("INVITE"), V("sip:bob@example.com"));
    sip_build_add(&b, V("Via"), V("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa;rport"));
    sip_build_add(&b, V("Max-Forwards"), V("70"));
    sip_build_add(&b, V("From"), V("<sip:alice@example.com>;tag=a"));
    sip_build_add(&b, V("To"), V("<sip:bob@example.com>"));
    sip_build_add(&b, V("Call-ID"), V("x@y"));
    sip_build_add(&b, V("CSeq"), V("1 INVITE"));
    sip_build_add(&b, V("Contact"), V("<sip:alice@192.0.2.1>"));
    sip_build_add(&b, V("Content-Type"), V("application/sdp"));
    sip_build_body(&b, V("v=0\r\n"));
    assert_int_equal(sip_build_finish(&b, &blob), ERR_OK);
    assert_int_equal(sip_msg_parse(blob, SIP_FRAMING_STREAM, &msg), ERR_OK);
    sip_msg_check(msg);
    assert_string_equal(fault_names(msg), "");
    assert_view(sip_msg_body(msg), "v=0\r\n");
    sip_msg_unref(msg);
    sip_msg_pool_drop();
    blob_unref(blob);
    sip_build_deinit(&b);
}

static void rows_have_a_limit(void **state)
{
    (void)state;
    struct sip_build b;
    struct blob *blob = NULL;
    sip_build_request(&b, V("OPTIONS"), V("sip:a"));
    for (int i = 0; i <= SIP_LINES_MAX && b.failed == ERR_OK; i++)
        sip_build_add(&b, V("X-A"), V(""));
    assert_int_equal(b.count, SIP_LINES_MAX);
    sip_build_add(&b, V("X-B"), V("1"));
    assert_int_equal(b.failed, ERR_LIMIT);
    assert_int_equal(sip_build_finish(&b, &blob), ERR_LIMIT);
    sip_build_deinit(&b);
}

static enum err build_and_drop(void *ctx)
{
    struct sip_build b;
    struct blob *blob = NULL;
    (void)ctx;
    sip_build_request(&b, V("OPTIONS"), V("sip:a"));
    for (int i = 0; i < 40; i++) {
        char name[8] = {'X', '-', (char)('A' + i / 26), (char)('A' + i % 26)};
        sip_build_add(&b, view_of(name), V("0123456789012345678901234567890123456789"));
    }
    sip_build_body(&b, V("body"));
    enum err err = sip_build_finish(&b, &blob);
    blob_unref(blob);
    sip_build_deinit(&b);
    sip_msg_pool_drop();
    return err;
}

static void steady_building_allocates_the_message_only(void **state)
{
    (void)state;
    uint64_t before = 0;
    for (int i = 0; i < 10; i++) {
        struct sip_build b;
        struct blob *blob = NULL;
        before = i == 1 ? mem_count() : before;
        sip_build_request(&b, V("OPTIONS"), V("sip:a"));
        sip_build_add(&b, V("Via"), V("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa;rport"));
        assert_int_equal(sip_build_finish(&b, &blob), ERR_OK);
        blob_unref(blob);
        sip_build_deinit(&b);
    }
    assert_int_equal(mem_count(), before + 9);
}

static int drop_pool(void **state)
{
    (void)state;
    sip_msg_pool_drop();
    return mem_live() == 0 ? 0 : -1;
}

static void memory_may_fail_anywhere(void **state)
{
    (void)state;
    sip_msg_pool_drop();
    test_each_oom(build_and_drop, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_keep_their_first_order),
        cmocka_unit_test(says_what_is_missing),
        cmocka_unit_test(a_contact_is_demanded_where_a_dialog_begins),
        cmocka_unit_test(a_response_has_the_reason_it_is_given),
        cmocka_unit_test(nothing_is_repaired),
        cmocka_unit_test(what_is_built_parses_without_a_fault),
        cmocka_unit_test(rows_have_a_limit),
        cmocka_unit_test(steady_building_allocates_the_message_only),
        cmocka_unit_test(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, drop_pool);
}
