/* Input that has broken SIP stacks before: long, many, deep, cut and smuggled. What is refused is
 * told by check_test.c and kinds_test.c; here it must be survived, in time that grows with the size
 * only. */
#include "core/base/alloc.h"
#include "core/base/guard_fixture.h"
#include "core/message/kind.h"
#include "core/message/multipart.h"
#include "core/message/uri.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "core/message/message_fixture.h"

#define HEAD                                                                                       \
    "To: <sip:b@c>\r\nFrom: <sip:a@c>;tag=1\r\nCall-ID: x\r\nMax-Forwards: 70\r\n"                 \
    "Contact: <sip:a@c>\r\n"

static void repeat(struct buf *buf, size_t count, struct view text)
{
    for (size_t i = 0; i < count; i++)
        buf_add(buf, text);
}

/* head, then count times text, then tail; parsed, checked, and given to use. */
static void with(const char *head, size_t count, const char *text, const char *tail,
                 void (*use)(struct sip_msg *msg, size_t count))
{
    struct buf buf = {0};
    buf_add(&buf, view_of(head));
    repeat(&buf, count, view_of(text));
    buf_add(&buf, view_of(tail));
    assert_int_equal(buf.failed, ERR_OK);
    struct sip_msg *msg = parse_text(buf_view(&buf));
    use(msg, count);
    sip_msg_unref(msg);
    buf_deinit(&buf);
}

/* Long methods without a branch: the key of RFC 2543 was built in a fixed buffer elsewhere. */
static void long_method_is_whole(struct sip_msg *msg, size_t count)
{
    assert_int_equal(sip_msg_cseq(msg)->method_name.len, count);
    assert_int_equal(sip_msg_cseq(msg)->method, SIP_METHOD_OTHER);
    assert_null(sip_msg_via(msg, 0)->branch.ptr);
    assert_true(fault_there(msg, "cseq-method"));
}

static void methods_may_be_long(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 64, 300, 4000, 60000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        with("INVITE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n" HEAD "CSeq: 1 ", sizes[i], "M",
             "\r\n\r\n", long_method_is_whole);
}

static void tag_is_whole(struct sip_msg *msg, size_t count)
{
    assert_int_equal(sip_msg_from(msg)->tag.len, count);
}

static void branch_is_whole(struct sip_msg *msg, size_t count)
{
    assert_int_equal(sip_msg_via(msg, 0)->branch.len, count);
}

static void call_id_is_whole(struct sip_msg *msg, size_t count)
{
    const struct sip_text *value = sip_msg_get(msg, SIP_HEADER_CALL_ID, 0);
    assert_int_equal(sip_msg_call_id(msg).len, count);
    assert_int_equal(value->text.len, count);
}

static void identifiers_may_be_long(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 255, 256, 257, 4096, 65536};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        with("ACK sip:a SIP/2.0\r\nFrom: <sip:a@b>;tag=", sizes[i], "t", "\r\n\r\n", tag_is_whole);
        with("ACK sip:a SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=", sizes[i], "b", "\r\n\r\n",
             branch_is_whole);
        with("ACK sip:a SIP/2.0\r\nCall-ID: ", sizes[i], "c", "\r\n\r\n", call_id_is_whole);
    }
}

static void vias_are_counted(struct sip_msg *msg, size_t count)
{
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_VIA), count);
    for (size_t i = 0; i < count; i++)
        assert_non_null(sip_msg_via(msg, i));
    assert_null(sip_msg_via(msg, count));
}

static void record_routes_are_counted(struct sip_msg *msg, size_t count)
{
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_RECORD_ROUTE), count);
    for (size_t i = 0; i < count; i++)
        assert_non_null(sip_msg_record_route(msg, i));
}

static void one_row_is_counted(struct sip_msg *msg, size_t count)
{
    record_routes_are_counted(msg, count + 2);
}

static void tokens_are_counted(struct sip_msg *msg, size_t count)
{
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_SUPPORTED), count + 1);
    assert_true(sip_msg_lists(msg, SIP_HEADER_SUPPORTED, V("last")));
}

static void accepts_are_counted(struct sip_msg *msg, size_t count)
{
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_ACCEPT), count);
    assert_non_null(sip_msg_get(msg, SIP_HEADER_ACCEPT, count - 1));
}

static void lists_have_no_fixed_size(void **state)
{
    (void)state;
    with("ACK sip:a SIP/2.0\r\n", 10000, "Via: SIP/2.0/UDP h;branch=z9hG4bKa\r\n", "\r\n",
         vias_are_counted);
    with("ACK sip:a SIP/2.0\r\nRecord-Route: <sip:p;lr>,", 9999, "<sip:p;lr>,",
         "<sip:p;lr>\r\n\r\n", one_row_is_counted);
    with("ACK sip:a SIP/2.0\r\n", 10000, "Record-Route: <sip:p;lr>\r\n", "\r\n",
         record_routes_are_counted);
    with("ACK sip:a SIP/2.0\r\nSupported: ", 1000, "a, ", "last\r\n\r\n", tokens_are_counted);
    with("ACK sip:a SIP/2.0\r\n", 1000, "Accept: text/plain\r\n", "\r\n", accepts_are_counted);
}

static void headers_have_a_limit(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 100, 10000, SIP_LINES_MAX, SIP_LINES_MAX + 1, 100000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct buf buf = {0};
        buf_add(&buf, V("ACK sip:a SIP/2.0\r\n"));
        repeat(&buf, counts[i], V("a:b\r\n"));
        buf_add(&buf, V("\r\n"));
        struct blob *blob = blob_create(buf_view(&buf));
        struct sip_msg *msg = NULL;
        enum err err = sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg);
        assert_int_equal(err, counts[i] > SIP_LINES_MAX ? ERR_LIMIT : ERR_OK);
        if (err == ERR_OK) {
            sip_msg_check(msg);
            assert_int_equal(sip_msg_line_count(msg), counts[i]);
        }
        sip_msg_unref(msg);
        blob_unref(blob);
        buf_deinit(&buf);
    }
}

static void subject_is_whole(struct sip_msg *msg, size_t count)
{
    const struct sip_text *subject = sip_msg_get(msg, SIP_HEADER_SUBJECT, 0);
    assert_int_equal(subject->text.len, count);
}

static void last_fold_is_read(struct sip_msg *msg, size_t count)
{
    const struct sip_text *subject = sip_msg_get(msg, SIP_HEADER_SUBJECT, 0);
    assert_true(subject->text.len >= count);
    assert_true(view_ends(subject->text, V("end")));
    assert_int_equal(view_find_char(subject->text, '\n'), subject->text.len);
}

static void rows_may_be_long_and_folded(void **state)
{
    (void)state;
    static const size_t sizes[] = {65535, 65536, 1 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        with("ACK sip:a SIP/2.0\r\nSubject: ", sizes[i], "s", "\r\n\r\n", subject_is_whole);
    with("ACK sip:a SIP/2.0\r\nSubject: ", 10000, "x\r\n ", "end\r\n\r\n", last_fold_is_read);
    with("ACK sip:a SIP/2.0\r\nSubject: x", 10000, "\r\n\t ", "end\r\n\r\n", last_fold_is_read);
}

static void param_is_last(struct sip_msg *msg, size_t count)
{
    const struct sip_auth *auth = sip_msg_get(msg, SIP_HEADER_AUTHORIZATION, 0);
    assert_int_equal(auth->params.count, count + 1);
    assert_view(auth->params.items[count].name, "nc");
}

static void comment_is_whole(struct sip_msg *msg, size_t count)
{
    const struct sip_retry_after *value = sip_msg_get(msg, SIP_HEADER_RETRY_AFTER, 0);
    assert_null(value); /* the brackets are never closed */
    assert_true(count > 0 && fault_there(msg, "comment"));
}

static void display_is_whole(struct sip_msg *msg, size_t count)
{
    assert_int_equal(sip_msg_to(msg)->display.len, 2 * count);
}

static void nesting_and_lists_need_no_stack(void **state)
{
    (void)state;
    with("ACK sip:a SIP/2.0\r\nAuthorization: Digest ", 10000, "a=\"b\",", "nc=zzzzzzzz\r\n\r\n",
         param_is_last);
    with("ACK sip:a SIP/2.0\r\nRetry-After: 5 ", 10000, "(", "\r\n\r\n", comment_is_whole);
    with("ACK sip:a SIP/2.0\r\nTo: \"", 10000, "\\\"", "\" <sip:a@b>\r\n\r\n", display_is_whole);
}

/* A name with a byte in it that is no token's is no name that we know, for us and for any proxy. */
static void odd_bytes_before_the_colon_hide_no_header(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char row[] = "To_: <sip:x@y>;tag=7\r\n";
        row[2] = (char)c;
        struct buf buf = {0};
        buf_add(&buf, V("ACK sip:a SIP/2.0\r\n"));
        buf_add(&buf, (struct view){row, sizeof row - 1});
        buf_add(&buf, V("\r\n"));
        struct sip_msg *msg = parse_text(buf_view(&buf));
        bool plain = c == ' ' || c == '\t' || c == ':';
        assert_int_equal(sip_msg_find(msg, SIP_HEADER_TO, 0) != NULL, plain);
        bool token = c != 0 && (strchr("-.!%*_+`'~", c) != NULL || (c >= '0' && c <= '9') ||
                                ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 128));
        assert_int_equal(fault_there(msg, "header-name"), !plain && !token);
        sip_msg_unref(msg);
        buf_deinit(&buf);
    }
}

/* The second one of two is never the one that is used. */
static void the_first_of_two_counts(void **state)
{
    (void)state;
    struct sip_msg *msg = parse_with("From: <sip:evil@x>;tag=2\r\nTo: <sip:evil@x>;tag=3\r\n"
                                     "Call-ID: evil\r\nCSeq: 9 OPTIONS\r\n");
    assert_view(sip_msg_from(msg)->tag, "1928301774");
    assert_null(sip_msg_to(msg)->tag.ptr);
    assert_view(sip_msg_call_id(msg), "a84b4c76e66710@example.com");
    assert_int_equal(sip_msg_cseq(msg)->number, 63104);
    assert_string_equal(fault_names(msg),
                        "!header-twice !header-twice !header-twice !header-twice");
    sip_msg_unref(msg);
}

/* Quoted values replaced by short unquoted ones: unquoting two bytes of one underflowed elsewhere.
 */
static void short_values_of_credentials_are_survived(void **state)
{
    (void)state;
    static const char *const values[] = {"",    "\"", "\"\"", "x",  "xx",  "\"x",
                                         "x\"", ",",  "=",    "\\", "\"\\"};
    static const char *const names[] = {"username", "realm",     "nonce",
                                        "qop",      "username*", "authz_server"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            struct buf buf = {0};
            buf_printf(&buf, "WWW-Authenticate: Digest %s=%s\r\n", names[k], values[i]);
            buf_add_char(&buf, '\0');
            struct sip_msg *msg = parse_with(buf.ptr);
            const struct sip_auth *auth = sip_msg_get(msg, SIP_HEADER_WWW_AUTHENTICATE, 0);
            assert_null(sip_msg_fatal(msg));
            if (auth != NULL)
                assert_true(view_equal(auth->params.items[0].name, view_of(names[k])));
            else
                assert_true(sip_msg_fault_count(msg) > 0);
            sip_msg_unref(msg);
            buf_deinit(&buf);
        }
    }
}

/* All byte values where text may stand. */
static void any_byte_may_stand_in_text(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        struct buf buf = {0};
        buf_add(&buf, V("SIP/2.0 200 a"));
        buf_add_char(&buf, (char)c);
        buf_add(&buf, V("b\r\nTo: \"a\\"));
        buf_add_char(&buf, (char)c);
        buf_add(&buf, V("b\" <sip:a@b>\r\nSubject: a"));
        buf_add_char(&buf, (char)c);
        buf_add(&buf, V("b\r\n\r\n"));
        struct sip_msg *msg = parse_text(buf_view(&buf));
        assert_int_equal(sip_msg_status(msg), 200);
        if (c != '\n') {
            assert_int_equal(sip_msg_reason(msg).len, 3);
            assert_int_equal(sip_msg_to(msg)->display.len, 4);
            assert_int_equal(sip_msg_find(msg, SIP_HEADER_SUBJECT, 0)->value.len, 3);
        }
        sip_msg_unref(msg);
        buf_deinit(&buf);
    }
}

/* "%0d%0a" in a URI's headers is text of the URI, and never a row of the message. */
static void escaped_line_ends_make_no_rows(void **state)
{
    (void)state;
    struct sip_msg *msg =
        parse_with("Refer-To: <sip:a@b?Replaces=1%3Bto-tag%3D2&x=%0d%0aVia:%20evil>\r\n");
    const struct sip_name_addr *target = sip_msg_get(msg, SIP_HEADER_REFER_TO, 0);
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_VIA), 1);
    assert_view(target->uri.headers, "Replaces=1%3Bto-tag%3D2&x=%0d%0aVia:%20evil");
    assert_null(sip_msg_fatal(msg));
    sip_msg_unref(msg);
}

/* A URI that is no SIP URI, wherever one is looked into. */
static void other_schemes_have_no_host(void **state)
{
    (void)state;
    static const char *const uris[] = {"urn:service:sos", "tel:+1", "x:y", "http://a/b"};
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        struct buf buf = {0};
        buf_printf(&buf, "Contact: <%s>\r\nRoute: <%s>\r\nRecord-Route: <%s>\r\n", uris[i], uris[i],
                   uris[i]);
        buf_add_char(&buf, '\0');
        struct sip_msg *msg = parse_with(buf.ptr);
        assert_null(sip_msg_contact(msg, 0)->uri.host.ptr);
        assert_null(sip_msg_route(msg, 0)->uri.host.ptr);
        assert_int_not_equal(sip_msg_record_route(msg, 0)->uri.scheme, SIP_SCHEME_SIP);
        assert_null(sip_msg_fatal(msg));
        sip_msg_unref(msg);
        buf_deinit(&buf);
    }
}

static void start_lines_cut_short_are_messages(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum err err;
    } rows[] = {
        {"\r\n\r\n\r\n",             ERR_SYNTAX},
        {"SIP/2.0 200",              ERR_OK    },
        {"SIP/2.0 200OK",            ERR_OK    },
        {"SIP/2.0",                  ERR_OK    },
        {"SIP/",                     ERR_OK    },
        {"SIP",                      ERR_SYNTAX},
        {"INVITE sip:a",             ERR_OK    },
        {"INVITE ",                  ERR_OK    },
        {"INVITE",                   ERR_SYNTAX},
        {"FOO sip:a SIP/2.0",        ERR_OK    },
        {"FOO sip:a",                ERR_SYNTAX},
        {"GET / HTTP/1.1\r\n",       ERR_SYNTAX},
        {"\x16\x03\x01\x02 SIP/2.0", ERR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_msg *msg = NULL;
        enum err err = sip_msg_parse(guard_blob(view_of(rows[i].text)), SIP_FRAMING_DATAGRAM, &msg);
        assert_int_equal(err, rows[i].err);
        if (err == ERR_OK) {
            sip_msg_check(msg);
            assert_non_null(sip_msg_fatal(msg));
        }
        sip_msg_unref(msg);
    }
}

static int drop_pool(void **state)
{
    (void)state;
    sip_msg_pool_drop();
    return mem_live() == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_may_be_long),
        cmocka_unit_test(identifiers_may_be_long),
        cmocka_unit_test(lists_have_no_fixed_size),
        cmocka_unit_test(headers_have_a_limit),
        cmocka_unit_test(rows_may_be_long_and_folded),
        cmocka_unit_test(nesting_and_lists_need_no_stack),
        cmocka_unit_test(odd_bytes_before_the_colon_hide_no_header),
        cmocka_unit_test(the_first_of_two_counts),
        cmocka_unit_test(short_values_of_credentials_are_survived),
        cmocka_unit_test(any_byte_may_stand_in_text),
        cmocka_unit_test(escaped_line_ends_make_no_rows),
        cmocka_unit_test(other_schemes_have_no_host),
        cmocka_unit_test(start_lines_cut_short_are_messages),
    };
    return cmocka_run_group_tests(tests, NULL, drop_pool);
}
