#include "core/base/oom_fixture.h"
#include "core/dialog/dialog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct sip_msg *message(const char *text)
{
    struct sip_msg *msg;
    struct blob *blob = blob_create(view_of(text));
    assert_non_null(blob);
    assert_int_equal(sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    blob_unref(blob);
    return msg;
}

static const char *const invite =
    "INVITE sip:bob@192.0.2.2 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\nMax-Forwards: 70\r\n"
    "From: \"A\" <sip:alice@example.com;x=y>;tag=at;z\r\nTo: sip:bob@example.com\r\n"
    "Call-ID: c\r\nCSeq: 7 INVITE\r\nContact: <sip:alice@192.0.2.1;t=u?h=v>;q=1\r\n"
    "Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\nContent-Length: 0\r\n\r\n";
static const char *const ok =
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\n"
    "From: <sip:alice@example.com>;tag=at\r\nTo: <sip:bob@example.com>;tag=bt\r\n"
    "Call-ID: c\r\nCSeq: 7 INVITE\r\nContact: <sip:bob@192.0.2.2>\r\n"
    "Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\nContent-Length: 0\r\n\r\n";

static void assert_view(struct view view, const char *text)
{
    assert_true(view_equal(view, view_of(text)));
}

/* RFC 3261 §12.1.1 */
static void a_callee_learns_its_dialog_from_the_request(void **state)
{
    (void)state;
    struct sip_dialog dialog = {0};
    struct sip_msg *msg = message(invite);
    assert_int_equal(dialog_answer(&dialog, msg, V("bt")), ERR_OK);
    assert_view(dialog.call_id, "c");
    assert_view(dialog.local_tag, "bt");
    assert_view(dialog.remote_tag, "at");
    assert_view(dialog.remote_uri, "\"A\" <sip:alice@example.com;x=y>");
    assert_view(dialog.local_uri, "sip:bob@example.com");
    assert_view(dialog.remote_target, "sip:alice@192.0.2.1;t=u"); /* §19.1.1: no headers */
    assert_view(dialog.routes.values[0], "<sip:p1;lr>");
    assert_int_equal(dialog.remote_seq, 7);
    assert_int_equal(dialog.local_seq, 0);
    dialog_deinit(&dialog);
    sip_msg_unref(msg);
    sip_msg_pool_drop();
}

/* §12.1.2, §13.2.2.4 */
static void a_caller_learns_the_rest_from_the_response(void **state)
{
    (void)state;
    struct sip_dialog dialog = {0};
    struct dialog_ids ids = {.call_id = V("c"),
                             .local_tag = V("at"),
                             .local_uri = V("<sip:alice@example.com>"),
                             .remote_uri = V("<sip:bob@example.com>"),
                             .target = V("sip:bob@example.com"),
                             .local_seq = 7};
    struct sip_msg *msg = message(ok);
    assert_int_equal(dialog_call(&dialog, &ids), ERR_OK);
    assert_false(dialog.has_remote_tag);
    assert_int_equal(dialog_learn(&dialog, msg), ERR_OK);
    assert_true(dialog.has_remote_tag);
    assert_view(dialog.remote_tag, "bt");
    assert_view(dialog.remote_target, "sip:bob@192.0.2.2");
    assert_view(dialog.routes.values[0], "<sip:p2;lr>");
    assert_int_equal(dialog.local_seq, 7);
    dialog_deinit(&dialog);
    sip_msg_unref(msg);
    sip_msg_pool_drop();
}

/* §12: by Call-ID and both tags, in that order. */
static void a_dialog_is_found_by_all_of_its_id(void **state)
{
    (void)state;
    struct index index = {0};
    struct sip_dialog dialogs[3] = {0};
    static const char *const ids[3][3] = {
        {"c", "x", "y"},
        {"c", "y", "x"},
        {"d", "x", "y"}
    };
    for (size_t i = 0; i < 3; i++) {
        struct dialog_ids id = {.call_id = view_of(ids[i][0]),
                                .local_tag = view_of(ids[i][1]),
                                .local_uri = V("a"),
                                .remote_uri = V("b"),
                                .target = V("c")};
        assert_int_equal(dialog_call(&dialogs[i], &id), ERR_OK);
        assert_int_equal(owned_set(&dialogs[i].room, &dialogs[i].remote_tag, view_of(ids[i][2])),
                         ERR_OK);
        assert_int_equal(dialog_list(&index, &dialogs[i]), ERR_OK);
    }
    for (size_t i = 0; i < 3; i++)
        assert_ptr_equal(
            dialog_find(&index, view_of(ids[i][0]), view_of(ids[i][1]), view_of(ids[i][2])),
            &dialogs[i]);
    assert_null(dialog_find(&index, V("c"), V("x"), V("x")));
    assert_null(dialog_find(&index, V("c"), V("x"), (struct view){0}));
    for (size_t i = 0; i < 3; i++) {
        dialog_unlist(&index, &dialogs[i]);
        assert_null(
            dialog_find(&index, view_of(ids[i][0]), view_of(ids[i][1]), view_of(ids[i][2])));
        dialog_deinit(&dialogs[i]);
    }
}

/* §12.2.2 */
static void a_number_below_the_last_is_out_of_order(void **state)
{
    (void)state;
    struct sip_dialog dialog = {.remote_seq = 10};
    assert_false(dialog_accepts_seq(&dialog, 9));
    assert_true(dialog_accepts_seq(&dialog, 10));
    assert_true(dialog_accepts_seq(&dialog, 2147483647));
    assert_false(dialog_accepts_seq(&dialog, 11));
}

static void a_contact_that_is_none_moves_no_target(void **state)
{
    (void)state;
    static const char *const contacts[] = {"", "Contact: *\r\n", "Contact: <<>\r\n"};
    for (size_t i = 0; i < 3; i++) {
        struct sip_dialog dialog = {0};
        struct buf buf = {0};
        buf_printf(&buf, "SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n%s\r\n%c", contacts[i], 0);
        struct sip_msg *msg = message(buf.ptr);
        assert_int_equal(owned_set(&dialog.room, &dialog.remote_target, V("sip:old")), ERR_OK);
        assert_int_equal(dialog_refresh(&dialog, msg), ERR_OK);
        assert_view(dialog.remote_target, "sip:old");
        dialog_deinit(&dialog);
        sip_msg_unref(msg);
        buf_deinit(&buf);
    }
    sip_msg_pool_drop();
}

/* RFC 3261 §19.1.1, Table 1 */
static void a_target_has_no_method(void **state)
{
    (void)state;
    struct sip_dialog dialog = {0};
    struct sip_msg *msg = message("SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n"
                                  "Contact: <sip:x@h;a=b;method=BYE;c?d=e>\r\n\r\n");
    assert_int_equal(dialog_refresh(&dialog, msg), ERR_OK);
    assert_view(dialog.remote_target, "sip:x@h;a=b;c");
    dialog_deinit(&dialog);
    sip_msg_unref(msg);
    sip_msg_pool_drop();
}

/* Long texts do not fit into the dialog's room; short ones that replace others do. */
static void texts_of_any_length_are_kept(void **state)
{
    (void)state;
    struct sip_dialog dialog = {0};
    char text[600];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < 2000; i++) {
        size_t len = (i * 37) % sizeof text;
        text[len / 2] = (char)('a' + i % 26);
        assert_int_equal(owned_set(&dialog.room, &dialog.remote_target, (struct view){text, len}),
                         ERR_OK);
        assert_int_equal(dialog.remote_target.len, len);
        assert_memory_equal(dialog.remote_target.ptr, text, len);
    }
    dialog_deinit(&dialog);
    assert_null(dialog.remote_target.ptr);
}

static enum err make_and_drop(void *ctx)
{
    struct sip_msg **msgs = ctx;
    struct sip_dialog dialog = {0};
    enum err err = dialog_answer(&dialog, msgs[0],
                                 V("a tag that is far too long for the room that a dialog has for "
                                   "its texts, so that each of them needs memory of its own, one "
                                   "after the other, and each of these can fail"));
    if (err == ERR_OK)
        err = dialog_learn(&dialog, msgs[1]);
    dialog_deinit(&dialog);
    return err;
}

static void memory_may_end_anywhere(void **state)
{
    (void)state;
    struct sip_msg *msgs[] = {message(invite), message(ok)};
    for (size_t i = 0; i < 2; i++)
        sip_msg_check(msgs[i]); /* so that what is parsed on demand is there */
    test_each_oom(make_and_drop, msgs);
    sip_msg_unref(msgs[0]);
    sip_msg_unref(msgs[1]);
    sip_msg_pool_drop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_callee_learns_its_dialog_from_the_request),
        cmocka_unit_test(a_caller_learns_the_rest_from_the_response),
        cmocka_unit_test(a_dialog_is_found_by_all_of_its_id),
        cmocka_unit_test(a_number_below_the_last_is_out_of_order),
        cmocka_unit_test(a_contact_that_is_none_moves_no_target),
        cmocka_unit_test(a_target_has_no_method),
        cmocka_unit_test(texts_of_any_length_are_kept),
        cmocka_unit_test(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
