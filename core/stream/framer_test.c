#include "core/stream/framer.h"

#include "core/base/guard_fixture.h"
#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define HEAD "OPTIONS sip:a SIP/2.0\r\n"
#define EMPTY HEAD "Content-Length: 0\r\n\r\n"

/* What comes out, in letters: M message, B broken, b broken without its head, i ping, o pong. */
static void letters(struct framer *framer, struct buf *out)
{
    struct framed framed;
    while (framer_next(framer, &framed) == ERR_OK) {
        static const char names[] = {'M', 'i', 'o', 'B'};
        bool headless = framed.kind == FRAMED_BROKEN && framed.bytes == NULL;
        buf_add_char(out, headless ? 'b' : names[framed.kind]);
        if (framed.kind == FRAMED_MESSAGE) {
            buf_add_uint(out, framed.bytes->len);
            buf_add_char(out, ' ');
        }
        buf_add_uint(out, framed.end);
        buf_add_char(out, ' ');
        blob_unref(framed.bytes);
    }
}

static void give(struct framer *framer, struct view bytes)
{
    assert_int_equal(framer_give(framer, bytes), ERR_OK);
}

static void give_whole(struct view bytes, void *ctx)
{
    struct framer framer;
    framer_init(&framer, NULL);
    give(&framer, bytes);
    letters(&framer, ctx);
    framer_deinit(&framer);
}

/* In pieces of so many bytes; the first one of another size. */
static void expect_in_pieces(struct view bytes, size_t first, size_t size, struct view expected)
{
    struct framer framer;
    struct buf got = {0};
    framer_init(&framer, NULL);
    give(&framer, view_head(bytes, first));
    letters(&framer, &got);
    for (size_t at = first; at < bytes.len; at += size) {
        give(&framer, view_head(view_skip(bytes, at), size));
        letters(&framer, &got);
    }
    if (!view_equal(buf_view(&got), expected))
        fail_msg("first %zu, then %zu: %.*s, not %.*s", first, size, VIEW_ARG(buf_view(&got)),
                 VIEW_ARG(expected));
    framer_deinit(&framer);
    buf_deinit(&got);
}

/* B29: split at every byte, and one byte per segment, it gives the same. */
static void expect_framed(struct view bytes, const char *expected)
{
    struct buf got = {0};
    test_guarded(bytes, give_whole, &got);
    if (!view_equal(buf_view(&got), view_of(expected)))
        fail_msg("%.*s gives %.*s, not %s", VIEW_ARG(bytes), VIEW_ARG(buf_view(&got)), expected);
    for (size_t first = 0; first <= bytes.len; first++)
        expect_in_pieces(bytes, first, bytes.len, buf_view(&got));
    expect_in_pieces(bytes, 0, 1, buf_view(&got));
    buf_deinit(&got);
}

static void a_message_is_cut_by_its_content_length(void **state)
{
    (void)state;
    expect_framed(V(EMPTY), "M44 44 ");
    expect_framed(V(HEAD "Content-Length: 4\r\n\r\nabcd"), "M48 48 ");
    expect_framed(V(HEAD "l:4\r\n\r\nabcdefg"), "M34 34 ");
    expect_framed(V(HEAD "CONTENT-LENGTH \t :\r\n  \t4 \r\nX: y\r\n\r\nabcd"), "M62 62 ");
    expect_framed(V(HEAD "Content-Length: 00000000000000004\r\n\r\nabcd"), "M64 64 ");
    expect_framed(V(HEAD "X: y\r\n Content-Length: 9\r\nl: 0\r\n\r\n"), "M57 57 ");
}

/* Who reads the message ends lines at LF as well: both must see the same end of its head. */
static void a_bare_line_feed_ends_a_line(void **state)
{
    (void)state;
    expect_framed(V("OPTIONS sip:a SIP/2.0\nl: 2\n\nab"), "M30 30 ");
    expect_framed(V("OPTIONS sip:a SIP/2.0\r\nl: 2\n\r\nab" EMPTY), "M32 32 M44 76 ");
}

/* B30 */
static void messages_may_follow_each_other_in_one_segment(void **state)
{
    (void)state;
    expect_framed(V(EMPTY EMPTY EMPTY), "M44 44 M44 88 M44 132 ");
    expect_framed(V(EMPTY HEAD "Content-Length: 4\r\n\r\nabcd" EMPTY), "M44 44 M48 92 M44 136 ");
    expect_framed(V(EMPTY "OPTIONS sip:b SIP/2.0\r\nConte"), "M44 44 ");
}

static void crlfs_between_messages_are_keep_alives(void **state)
{
    (void)state;
    expect_framed(V("\r\n\r\n"), "o2 i4 ");
    expect_framed(V("\r\n\r\n\r\n\r\n"), "o2 i4 o6 i8 ");
    expect_framed(V("\r\n" EMPTY "\r\n" EMPTY), "o2 M44 46 o48 M44 92 ");
    expect_framed(V(EMPTY "\r"), "M44 44 ");
}

/* B03, B31, B32: nothing is read behind what cannot be told the end of. */
static void doubt_about_the_end_breaks_the_stream(void **state)
{
    static const char *const lengths[] = {
        "",
        "Content-Length:\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: +1\r\n",
        "Content-Length: five\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: 0x10\r\n",
        "Content-Length: 1 1\r\n",
        "Content-Length: 1\r\n 1\r\n",
        "Content-Length: 5\r\nl: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 2147483648\r\n",
        "Content-Length: 4294967328\r\n",           /* CVE-2026-23457 */
        "Content-Length: 18446744073709551616\r\n", /* 2^64 */
        "Content-Length\x01: 5\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct buf bytes = {0}, expected = {0};
        buf_printf(&bytes, "%s%s%s\r\n", EMPTY, HEAD, lengths[i]);
        buf_printf(&expected, "M44 44 B%zu ", bytes.len);
        buf_printf(&bytes, "%s%s", "abcde", EMPTY);
        buf_add_char(&expected, '\0');
        expect_framed(buf_view(&bytes), expected.ptr);
        buf_deinit(&bytes);
        buf_deinit(&expected);
    }
}

static void what_can_be_no_message_breaks_the_stream_at_once(void **state)
{
    (void)state;
    expect_framed(V("\x16\x03\x01\x02"), "b0 ");
    expect_framed(V(EMPTY " " EMPTY), "M44 44 b44 ");
    expect_framed(V("\n" EMPTY), "b0 ");
    expect_framed(V("\rx" EMPTY), "b0 ");
    expect_framed((struct view){"\0\0\0", 3}, "b0 ");
}

/* B34: an endless header, with and without lines. */
static void a_head_without_end_breaks_the_stream_at_its_limit(void **state)
{
    struct framer_limits limits = {.head = 100};
    (void)state;
    for (int lines = 0; lines < 2; lines++) {
        struct framer framer;
        struct buf got = {0};
        framer_init(&framer, &limits);
        for (int i = 0; i < 200; i++)
            give(&framer, i % 10 == 9 && lines == 1 ? V("\n") : V("x"));
        letters(&framer, &got);
        assert_true(view_equal(buf_view(&got), V("b0 ")));
        give(&framer, V(EMPTY));
        assert_int_equal(framer_rest(&framer).len, 200);
        framer_deinit(&framer);
        buf_deinit(&got);
    }
}

static void a_body_beyond_the_limit_is_not_waited_for(void **state)
{
    struct framer_limits limits = {.body = 3};
    struct framer framer;
    struct buf got = {0};
    (void)state;
    framer_init(&framer, &limits);
    give(&framer, V(HEAD "l: 3\r\n\r\nabc" HEAD "l: 4\r\n\r\n"));
    letters(&framer, &got);
    assert_true(view_equal(buf_view(&got), V("M34 34 B65 ")));
    framer_deinit(&framer);
    buf_deinit(&got);
}

static void it_tells_whether_a_message_has_begun(void **state)
{
    struct framer framer;
    struct buf got = {0};
    (void)state;
    framer_init(&framer, NULL);
    assert_false(framer_inside(&framer));
    give(&framer, V(EMPTY "\r\n"));
    letters(&framer, &got);
    assert_false(framer_inside(&framer));
    give(&framer, V("O"));
    letters(&framer, &got);
    assert_true(framer_inside(&framer));
    framer_deinit(&framer);
    buf_deinit(&got);
}

/* B35: what has been taken leaves nothing behind. */
static void a_flood_of_pings_needs_no_memory(void **state)
{
    struct framer framer;
    uint64_t live = mem_live();
    (void)state;
    framer_init(&framer, NULL);
    for (int i = 0; i < 100000; i++) {
        struct framed framed;
        give(&framer, V("\r\n\r\n\r\n\r\n"));
        while (framer_next(&framer, &framed) == ERR_OK)
            assert_null(framed.bytes);
        assert_true(framer.buf.size <= 4096);
    }
    framer_deinit(&framer);
    assert_int_equal(mem_live(), live);
}

static enum err frame_two(void *ctx)
{
    struct framer framer;
    struct framed framed;
    (void)ctx;
    framer_init(&framer, NULL);
    enum err err = framer_give(&framer, V(EMPTY HEAD "\r\n"));
    while (err == ERR_OK && (err = framer_next(&framer, &framed)) == ERR_OK)
        blob_unref(framed.bytes);
    framer_deinit(&framer);
    return err == ERR_ABSENT ? ERR_OK : err;
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    test_each_oom(frame_two, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_cut_by_its_content_length),
        cmocka_unit_test(a_bare_line_feed_ends_a_line),
        cmocka_unit_test(messages_may_follow_each_other_in_one_segment),
        cmocka_unit_test(crlfs_between_messages_are_keep_alives),
        cmocka_unit_test(doubt_about_the_end_breaks_the_stream),
        cmocka_unit_test(what_can_be_no_message_breaks_the_stream_at_once),
        cmocka_unit_test(a_head_without_end_breaks_the_stream_at_its_limit),
        cmocka_unit_test(a_body_beyond_the_limit_is_not_waited_for),
        cmocka_unit_test(it_tells_whether_a_message_has_begun),
        cmocka_unit_test(a_flood_of_pings_needs_no_memory),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
