#include "core/message/edit.h"
#include "core/message/message_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "INVITE sip:bob@example.com SIP/2.0\r\n"
                           "v: SIP/2.0/UDP a;branch=z9hG4bK1 , SIP/2.0/UDP b;branch=z9hG4bK2\r\n"
                           "Via: SIP/2.0/UDP c;branch=z9hG4bK3\r\n"
                           "X-Odd:   kept \t as\r\n it,  stands \r\n"
                           "Route: <sip:p1;lr>, \"a, b\" <sip:p2,x;lr>,\r\n <sip:p3;lr>\r\n"
                           "Route:<sip:p4;lr>\r\n"
                           "Max-Forwards: 70\r\n"
                           "Content-Length: 4\r\n"
                           "\r\n"
                           "b\r\ny";

struct fixture {
    struct blob *blob;
    struct sip_msg *msg;
    struct sip_edit edit;
    struct buf buf;
};

static void begin(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    f->blob = blob_create(view_of(text));
    assert_int_equal(sip_msg_parse(f->blob, SIP_FRAMING_DATAGRAM, &f->msg), ERR_OK);
    sip_edit_begin(&f->edit, f->msg);
}

/* The message as it was, with `from` in it replaced by `to`. */
static void end(struct fixture *f, const char *from, const char *to)
{
    struct buf expected = {0};
    struct view whole = view_of(text);
    size_t at = view_find(whole, view_of(from));
    assert_true(at < whole.len);
    buf_add(&expected, view_head(whole, at));
    buf_add(&expected, view_of(to));
    buf_add(&expected, view_skip(whole, at + strlen(from)));
    sip_edit_write(&f->edit, &f->buf);
    assert_int_equal(f->buf.failed, ERR_OK);
    assert_int_equal(f->buf.len, expected.len);
    assert_memory_equal(f->buf.ptr, expected.ptr, expected.len);
    buf_deinit(&expected);
    buf_deinit(&f->buf);
    sip_msg_unref(f->msg);
    blob_unref(f->blob);
    sip_msg_pool_drop();
}

static void nothing_changed_is_the_same_bytes(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    end(&f, "INVITE", "INVITE");
}

static void the_request_uri_changes_alone(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    sip_edit_request_uri(&f.edit, V("sip:bob@192.0.2.2"));
    end(&f, "sip:bob@example.com", "sip:bob@192.0.2.2");
}

static void a_row_goes_before_the_first_of_its_header(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    sip_edit_row(&f.edit, SIP_HEADER_VIA, V("new"));
    end(&f, "v: ", "Via: new\r\nv: ");
}

static void a_row_of_a_new_header_goes_behind_the_last_via(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    sip_edit_row(&f.edit, SIP_HEADER_RECORD_ROUTE, V("one"));
    sip_edit_row(&f.edit, SIP_HEADER_RECORD_ROUTE, V("two"));
    end(&f, "z9hG4bK3\r\n", "z9hG4bK3\r\nRecord-Route: one\r\nRecord-Route: two\r\n");
}

static void the_last_row_stands_before_the_blank_line(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    sip_edit_row_last(&f.edit, V("X-New"), V("1"));
    end(&f, "Length: 4\r\n", "Length: 4\r\nX-New: 1\r\n");
}

static void a_value_in_a_row_of_several_changes_alone(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    sip_edit_value(&f.edit, SIP_HEADER_VIA, 1, V("x"));
    end(&f, "SIP/2.0/UDP b;branch=z9hG4bK2", "x");
}

static void the_first_of_several_values_is_taken_off(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    sip_edit_remove(&f.edit, SIP_HEADER_VIA, 0, 1);
    end(&f, "SIP/2.0/UDP a;branch=z9hG4bK1 , ", "");
}

static void a_row_without_values_goes_with_its_folding(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    sip_edit_remove(&f.edit, SIP_HEADER_ROUTE, 0, 3);
    end(&f, "Route: <sip:p1;lr>, \"a, b\" <sip:p2,x;lr>,\r\n <sip:p3;lr>\r\n", "");
}

static void commas_in_quotes_and_brackets_separate_nothing(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    sip_edit_remove(&f.edit, SIP_HEADER_ROUTE, 1, 1);
    end(&f, "\"a, b\" <sip:p2,x;lr>,\r\n ", "");
}

static void the_last_value_of_a_row_goes_with_its_comma(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    sip_edit_remove(&f.edit, SIP_HEADER_ROUTE, 2, 1);
    end(&f, ",\r\n <sip:p3;lr>", "");
}

static void a_value_behind_all_others_is_a_row_of_its_own(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    sip_edit_value_last(&f.edit, SIP_HEADER_ROUTE, V("<sip:p5;lr>"));
    end(&f, "<sip:p4;lr>\r\n", "<sip:p4;lr>\r\nRoute: <sip:p5;lr>\r\n");
}

static void what_is_not_there_changes_nothing(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    sip_edit_value(&f.edit, SIP_HEADER_VIA, 9, V("x"));
    sip_edit_remove(&f.edit, SIP_HEADER_RECORD_ROUTE, 0, 3);
    end(&f, "INVITE", "INVITE");
}

static void too_many_places_are_a_limit(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (int i = 0; i <= SIP_EDIT_CUTS; i++)
        sip_edit_row_last(&f.edit, V("X"), V("y"));
    sip_edit_write(&f.edit, &f.buf);
    assert_int_equal(f.buf.failed, ERR_LIMIT);
    sip_edit_begin(&f.edit, f.msg);
    buf_clear(&f.buf);
    end(&f, "INVITE", "INVITE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changed_is_the_same_bytes),
        cmocka_unit_test(the_request_uri_changes_alone),
        cmocka_unit_test(a_row_goes_before_the_first_of_its_header),
        cmocka_unit_test(a_row_of_a_new_header_goes_behind_the_last_via),
        cmocka_unit_test(the_last_row_stands_before_the_blank_line),
        cmocka_unit_test(a_value_in_a_row_of_several_changes_alone),
        cmocka_unit_test(the_first_of_several_values_is_taken_off),
        cmocka_unit_test(a_row_without_values_goes_with_its_folding),
        cmocka_unit_test(commas_in_quotes_and_brackets_separate_nothing),
        cmocka_unit_test(the_last_value_of_a_row_goes_with_its_comma),
        cmocka_unit_test(a_value_behind_all_others_is_a_row_of_its_own),
        cmocka_unit_test(what_is_not_there_changes_nothing),
        cmocka_unit_test(too_many_places_are_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
