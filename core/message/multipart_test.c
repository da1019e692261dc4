#include "core/message/multipart.h"

#include "core/base/guard_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "core/message/message_fixture.h"

#define TWO                                                                                        \
    "preamble\r\n--b \t\r\nContent-Type: text/plain\r\n\r\none\r\n"                                \
    "--b\r\nX: y\r\ncontent-type:\r\n application/sdp\r\n\r\nv=0\r\n\r\n--b--\r\nepilogue"

static void parts_come_in_order(void **state)
{
    (void)state;
    struct view rest = V(TWO);
    struct sip_part part;
    assert_int_equal(sip_part_next(&rest, V("b"), &part), ERR_OK);
    assert_view(part.content_type, "text/plain");
    assert_view(part.headers, "Content-Type: text/plain");
    assert_view(part.body, "one");
    assert_int_equal(sip_part_next(&rest, V("b"), &part), ERR_OK);
    assert_view(part.content_type, "application/sdp");
    assert_view(part.body, "v=0\r\n");
    assert_int_equal(sip_part_next(&rest, V("b"), &part), ERR_ABSENT);
    assert_int_equal(sip_part_next(&rest, V("b"), &part), ERR_ABSENT);
}

static void headers_and_body_of_a_part_may_be_missing(void **state)
{
    (void)state;
    static const struct {
        struct view text, headers, body;
    } rows[] = {
        {{"--b\r\n\r\nx\r\n--b--", 18},    {"", 0},     {"x", 1}},
        {{"--b\r\nA: b\r\n--b--", 16},     {"A: b", 4}, {"", 0} },
        {{"--b\r\nA: b\r\n\r\n--b--", 18}, {"A: b", 4}, {"", 0} },
        {{"--b\r\n\r\n--b--", 12},         {"", 0},     {"", 0} },
        {{"--b\r\n--b--", 10},             {"", 0},     {"", 0} },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct view rest = rows[i].text;
        struct sip_part part;
        assert_int_equal(sip_part_next(&rest, V("b"), &part), ERR_OK);
        assert_true(view_equal(part.headers, rows[i].headers));
        assert_true(view_equal(part.body, rows[i].body));
        assert_null(part.content_type.ptr);
        assert_int_equal(sip_part_next(&rest, V("b"), &part), ERR_ABSENT);
    }
}

static void what_is_no_multipart_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "--",
        "--b",
        "--b\r",
        "--b\r\n",
        "--b\r\n\r\nno end\r\n",
        "--b\r\n\r\nx\r\n--bb\r\n", /* begins with the boundary: RFC 2046 §5.1.1 */
        "--bx\r\n\r\nx\r\n--b--",
        "--b\n\nline feeds\n--b--\n",
        "no delimiter at all\r\n",
        "x--b\r\n\r\nnot at the line's begin",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct view rest = view_of(texts[i]);
        struct sip_part part;
        enum err err = sip_part_next(&rest, V("b"), &part);
        if (err == ERR_OK)
            err = sip_part_next(&rest, V("b"), &part);
        if (err != ERR_SYNTAX)
            fail_msg("\"%s\" is no multipart", texts[i]);
    }
    struct view rest = V("--b--"); /* only a close-delimiter: no part, and nothing to refuse */
    struct sip_part part;
    assert_int_equal(sip_part_next(&rest, V("b"), &part), ERR_ABSENT);
    assert_int_equal(sip_part_next(&rest, V(""), &part), ERR_SYNTAX);
}

/* Each level is a body of its own: whoever reads on, decides how deep. */
static void a_thousand_levels_are_read_one_by_one(void **state)
{
    (void)state;
    enum { DEEP = 1000 };
    struct buf buf = {0};
    for (int i = DEEP; i > 0; i--)
        buf_printf(&buf, "--%dx\r\n\r\n", i);
    buf_add(&buf, V("core"));
    for (int i = 1; i <= DEEP; i++)
        buf_printf(&buf, "\r\n--%dx--", i);
    struct view body = buf_view(&buf);
    for (int i = DEEP; i > 0; i--) {
        char boundary[16];
        struct sip_part part;
        snprintf(boundary, sizeof boundary, "%dx", i);
        assert_int_equal(sip_part_next(&body, view_of(boundary), &part), ERR_OK);
        body = part.body;
    }
    assert_view(body, "core");
    buf_deinit(&buf);
}

static enum err boundary_of(const char *type, struct view *out)
{
    struct buf buf = {0};
    buf_printf(&buf, "Content-Type: %s\r\n", type);
    buf_add_char(&buf, '\0');
    struct sip_msg *msg = parse_with(buf.ptr);
    const struct sip_media_type *value = sip_msg_get(msg, SIP_HEADER_CONTENT_TYPE, 0);
    static char room[128];
    struct view found = {0};
    assert_non_null(value);
    enum err err = sip_boundary_find(value, &found);
    if (err == ERR_OK) {
        snprintf(room, sizeof room, "%.*s", VIEW_ARG(found));
        *out = view_of(room);
    }
    sip_msg_unref(msg);
    buf_deinit(&buf);
    return err;
}

static void boundaries_keep_to_the_grammar(void **state)
{
    (void)state;
    struct view boundary;
    assert_int_equal(boundary_of("multipart/mixed;boundary=++", &boundary), ERR_OK);
    assert_view(boundary, "++");
    assert_int_equal(boundary_of("Multipart/related;x;boundary=\"a b:'()+_,-./=?\"", &boundary),
                     ERR_OK);
    assert_view(boundary, "a b:'()+_,-./=?");
    static const char *const refused[] = {
        "text/plain;boundary=a",           "multipart/mixed",
        "multipart/mixed;boundary",        "multipart/mixed;boundary=\"\"",
        "multipart/mixed;boundary=\"a \"", "multipart/mixed;boundary=\"a\\\"b\"",
        "multipart/mixed;boundary=a*b",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_int_equal(boundary_of(refused[i], &boundary), ERR_SYNTAX);
    char text[128] = "multipart/mixed;boundary=";
    memset(text + strlen(text), 'x', 70);
    assert_int_equal(boundary_of(text, &boundary), ERR_OK);
    text[strlen(text)] = 'x';
    assert_int_equal(boundary_of(text, &boundary), ERR_SYNTAX);
}

static void read_parts(struct view text, void *ctx)
{
    struct sip_part part;
    (void)ctx;
    while (sip_part_next(&text, V("b"), &part) == ERR_OK)
        assert_true(part.headers.len + part.body.len <= sizeof TWO);
}

static void no_cut_is_read_past_its_end(void **state)
{
    (void)state;
    struct view text = V(TWO);
    for (size_t len = 0; len <= text.len; len++)
        test_guarded(view_head(text, len), read_parts, NULL);
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
        cmocka_unit_test(parts_come_in_order),
        cmocka_unit_test(headers_and_body_of_a_part_may_be_missing),
        cmocka_unit_test(what_is_no_multipart_is_refused),
        cmocka_unit_test(a_thousand_levels_are_read_one_by_one),
        cmocka_unit_test(boundaries_keep_to_the_grammar),
        cmocka_unit_test(no_cut_is_read_past_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, drop_pool);
}
