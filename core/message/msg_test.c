#include "core/message/msg.h"

#include "core/base/alloc.h"
#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "core/message/message_fixture.h"

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

static void rows_are_found_by_id_and_by_name(void **state)
{
    (void)state;
    struct sip_msg *msg = parse(V(INVITE));
    assert_int_equal(sip_msg_line_count(msg), 9);
    assert_int_equal(sip_msg_line(msg, 1)->id, SIP_HEADER_VIA);
    assert_view(sip_msg_line(msg, 1)->name, "v");
    assert_null(sip_msg_line(msg, 9));
    assert_ptr_equal(sip_msg_find(msg, SIP_HEADER_VIA, 1), sip_msg_line(msg, 1));
    assert_null(sip_msg_find(msg, SIP_HEADER_VIA, 2));
    assert_null(sip_msg_find(msg, SIP_HEADER_SUBJECT, 0));
    assert_ptr_equal(sip_msg_find_name(msg, V("CALL-ID"), 0),
                     sip_msg_find(msg, SIP_HEADER_CALL_ID, 0));
    assert_null(sip_msg_find_name(msg, V("X-Min"), 0));
    assert_int_equal(sip_msg_find(msg, SIP_HEADER_OTHER, 0)->value.len, 3);
    sip_msg_unref(msg);
}

static void a_value_is_read_once_and_in_any_order(void **state)
{
    (void)state;
    struct sip_msg *msg = parse(V(INVITE));
    const struct sip_via *third = sip_msg_via(msg, 2), *first = sip_msg_via(msg, 0);
    assert_ptr_equal(sip_msg_via(msg, 2), third);
    assert_ptr_equal(sip_msg_via(msg, 0), first);
    assert_ptr_not_equal(first, third);
    assert_view(sip_msg_via(msg, 1)->host, "two");
    assert_ptr_equal(sip_msg_get(msg, SIP_HEADER_VIA, 0), first);
    assert_null(sip_msg_get(msg, SIP_HEADER_OTHER, 0));
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_OTHER), 0);
    sip_msg_unref(msg);
}

/* What cannot be read is told by a fault, and the count goes on behind it. */
static void an_unreadable_value_keeps_its_place(void **state)
{
    (void)state;
    struct sip_msg *msg =
        parse(V("ACK sip:a SIP/2.0\r\nm: <sip:a@b>, <sip:>, \"x,<\" <sip:c@d;x=1>;q=1\r\n\r\n"));
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_CONTACT), 3);
    assert_view(sip_msg_contact(msg, 0)->uri.user, "a");
    assert_null(sip_msg_contact(msg, 1));
    assert_view(sip_msg_contact(msg, 2)->uri.user, "c");
    assert_true(fault_there(msg, "host"));
    sip_msg_unref(msg);
}

static void labels_fit_their_room(void **state)
{
    (void)state;
    char room[8];
    struct sip_msg *msg = parse(V("SUBSCRIBE sip:a SIP/2.0\r\n\r\n"));
    assert_view(sip_msg_label(msg, room, sizeof room), "SUBSCRI");
    assert_int_equal(sip_msg_label(msg, room, 0).len, 0);
    sip_msg_unref(msg);
    msg = parse(V("SIP/2.0 486 Busy\r\n\r\n"));
    assert_view(sip_msg_label(msg, room, sizeof room), "486");
    sip_msg_unref(msg);
}

static void the_last_reference_gives_a_message_back(void **state)
{
    (void)state;
    struct sip_msg *msg = parse(V(INVITE));
    struct blob *blob = sip_msg_blob(msg);
    assert_int_equal(blob->refs, 1);
    assert_ptr_equal(sip_msg_ref(msg), msg);
    sip_msg_unref(msg);
    assert_view(sip_msg_from(msg)->display, "Alice");
    blob_ref(blob);
    sip_msg_unref(msg);
    assert_int_equal(blob->refs, 1);
    blob_unref(blob);
    sip_msg_unref(NULL);
}

/* Once its pool is warm, the parser asks for no memory. */
static void steady_parsing_allocates_nothing(void **state)
{
    (void)state;
    struct blob *blob = blob_create(V(INVITE));
    uint64_t before = 0;
    for (int i = 0; i < 10; i++) {
        struct sip_msg *msg = NULL;
        before = i == 1 ? mem_count() : before;
        assert_int_equal(sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
        sip_msg_check(msg);
        sip_msg_unref(msg);
    }
    assert_int_equal(mem_count(), before);
    blob_unref(blob);
}

static enum err parse_check_drop(void *ctx)
{
    struct sip_msg *msg = NULL;
    enum err err = sip_msg_parse(ctx, SIP_FRAMING_DATAGRAM, &msg);
    if (err == ERR_OK) {
        sip_msg_check(msg);
        const struct sip_fault *fatal = sip_msg_fatal(msg);
        err = fatal != NULL ? ERR_MEMORY : ERR_OK; /* the message is sound: only memory can fail */
        if (fatal != NULL)
            assert_string_equal(fatal->rule, "memory");
    }
    sip_msg_unref(msg);
    sip_msg_pool_drop();
    return err;
}

/* A message of which a part could not be kept is never taken for a sound one. */
static void memory_may_fail_anywhere(void **state)
{
    (void)state;
    struct blob *blob = blob_create(V(INVITE));
    sip_msg_pool_drop();
    test_each_oom(parse_check_drop, blob);
    blob_unref(blob);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_start_line_and_the_body),
        cmocka_unit_test(counts_list_values_over_rows),
        cmocka_unit_test(reads_names_tags_and_undoes_folding),
        cmocka_unit_test(a_response_has_the_method_of_its_cseq),
        cmocka_unit_test(what_is_not_sip_is_refused),
        cmocka_unit_test(rows_are_found_by_id_and_by_name),
        cmocka_unit_test(a_value_is_read_once_and_in_any_order),
        cmocka_unit_test(an_unreadable_value_keeps_its_place),
        cmocka_unit_test(labels_fit_their_room),
        cmocka_unit_test(the_last_reference_gives_a_message_back),
        cmocka_unit_test(steady_parsing_allocates_nothing),
        cmocka_unit_test(memory_may_fail_anywhere),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sip_msg_pool_drop();
    return failed;
}
