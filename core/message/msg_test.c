#include "core/message/msg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define INVITE                                                                                     \
    "INVITE sip:bob@biloxi.example.com SIP/2.0\r\n"                                                \
    "Via: SIP/2.0/UDP one.example.com:5062;branch=z9hG4bK74bf9;rport, SIP/2.0/TCP two\r\n"         \
    "v: SIP/2.0/UDP [2001:db8::1];branch=z9hG4bKx\r\n"                                             \
    "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"                               \
    "To: \"Bob, \\\"B\\\"\"\r\n <sip:bob@biloxi.example.com>\r\n"                                  \
    "i: 3848276298220188511@atlanta.example.com\r\n"                                               \
    "CSeq: 1 INVITE\r\n"                                                                           \
    "Supported: timer, 100rel\r\n"                                                                 \
    "X-Mine: \t yes \r\n"                                                                          \
    "Content-Length: 3\r\n"                                                                        \
    "\r\n"                                                                                         \
    "v=0more"

static struct sip_msg *parse(struct view text)
{
    struct blob *blob = blob_create(text);
    struct sip_msg *msg = NULL;
    assert_non_null(blob);
    assert_int_equal(sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    blob_unref(blob);
    return msg;
}

#define assert_view(view, text) assert_true(view_equal(view, V(text)))

static void reads_the_start_line_and_the_body(void **state)
{
    (void)state;
    struct sip_msg *msg = parse(V(INVITE));
    assert_true(sip_msg_is_request(msg));
    assert_int_equal(sip_msg_method(msg), SIP_INVITE);
    assert_view(sip_msg_request_uri_text(msg), "sip:bob@biloxi.example.com");
    assert_view(sip_msg_request_uri(msg)->host, "biloxi.example.com");
    assert_view(sip_msg_version(msg), "SIP/2.0");
    assert_view(sip_msg_body(msg), "v=0");
    assert_true(view_ends(sip_msg_raw(msg), V("v=0")));
    sip_msg_unref(msg);
}

static void counts_list_values_over_rows(void **state)
{
    (void)state;
    struct sip_msg *msg = parse(V(INVITE));
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_VIA), 3);
    assert_view(sip_msg_via(msg, 2)->host, "[2001:db8::1]");
    assert_view(sip_msg_via(msg, 0)->branch, "z9hG4bK74bf9");
    assert_int_equal(sip_msg_via(msg, 0)->port, 5062);
    assert_view(sip_msg_via(msg, 0)->rport, "");
    assert_view(sip_msg_via(msg, 1)->transport, "TCP");
    assert_null(sip_msg_via(msg, 1)->branch.ptr);
    assert_null(sip_msg_via(msg, 3));
    assert_true(sip_msg_lists(msg, SIP_HEADER_SUPPORTED, V("100REL")));
    assert_false(sip_msg_lists(msg, SIP_HEADER_SUPPORTED, V("100")));
    sip_msg_unref(msg);
}

static void reads_names_tags_and_undoes_folding(void **state)
{
    (void)state;
    struct sip_msg *msg = parse(V(INVITE));
    assert_view(sip_msg_from(msg)->display, "Alice");
    assert_view(sip_msg_from(msg)->tag, "9fxced76sl");
    assert_view(sip_msg_to(msg)->display, "Bob, \\\"B\\\"");
    assert_view(sip_msg_to(msg)->uri.user, "bob");
    assert_null(sip_msg_to(msg)->tag.ptr);
    assert_view(sip_msg_call_id(msg), "3848276298220188511@atlanta.example.com");
    assert_int_equal(sip_msg_cseq(msg)->number, 1);
    assert_view(sip_msg_find_name(msg, V("x-mINE"), 0)->value, "yes");
    assert_int_equal(sip_msg_fault_count(msg), 0);
    sip_msg_unref(msg);
}

static void a_response_has_the_method_of_its_cseq(void **state)
{
    (void)state;
    char room[SIP_LABEL_MAX];
    struct sip_msg *msg = parse(V("SIP/2.0 200 Fine\r\nCSeq: 7 INVITE\r\n\r\n"));
    assert_false(sip_msg_is_request(msg));
    assert_int_equal(sip_msg_status(msg), 200);
    assert_view(sip_msg_reason(msg), "Fine");
    assert_int_equal(sip_msg_method(msg), SIP_INVITE);
    assert_view(sip_msg_label(msg, room, sizeof room), "200 INVITE");
    sip_msg_unref(msg);
}

static void what_is_not_sip_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "\x00\x01zz",
                                        "hi"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct blob *blob = blob_create(view_of(texts[i]));
        struct sip_msg *msg = NULL;
        assert_int_equal(sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg), ERR_SYNTAX);
        blob_unref(blob);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_start_line_and_the_body),
        cmocka_unit_test(counts_list_values_over_rows),
        cmocka_unit_test(reads_names_tags_and_undoes_folding),
        cmocka_unit_test(a_response_has_the_method_of_its_cseq),
        cmocka_unit_test(what_is_not_sip_is_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sip_msg_pool_drop();
    return failed;
}
