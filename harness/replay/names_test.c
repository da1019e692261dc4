#include "harness/replay/names.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define REQUEST "INVITE sip:a@x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\nCSeq: 1 INVITE\r\n"
#define RESPONSE "SIP/2.0 183 Progress\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\nCSeq: 1 INVITE\r\n"

static struct sip_msg *message(const char *head, const char *rows)
{
    struct buf text = {0};
    struct sip_msg *msg = NULL;
    buf_printf(&text, "%s%s\r\n", head, rows);
    struct blob *bytes = blob_create(buf_view(&text));
    assert_non_null(bytes);
    assert_int_equal(sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    blob_unref(bytes);
    buf_deinit(&text);
    return msg;
}

static void learn(struct names *names, const char *head, const char *captured, const char *live)
{
    struct sip_msg *was = message(head, captured), *is = message(head, live);
    assert_int_equal(names_learn(names, was, is), ERR_OK);
    sip_msg_unref(was);
    sip_msg_unref(is);
}

static void assert_is(struct view found, const char *expected)
{
    if (!view_equal(found, view_of(expected)))
        fail_msg("'%.*s' and not '%s'", VIEW_ARG(found), expected);
}

static void what_is_ours_is_drawn_once(void **state)
{
    struct arena arena = {0};
    struct names names = {.arena = &arena, .ids = {7}}, others = {.arena = &arena, .ids = {8}};
    struct view one, again, other;
    (void)state;
    assert_int_equal(names_own(&names, NAME_TAG, V("a"), &one), ERR_OK);
    assert_int_equal(names_own(&names, NAME_TAG, V("a"), &again), ERR_OK);
    assert_int_equal(names_own(&others, NAME_TAG, V("a"), &other), ERR_OK);
    assert_true(one.len > 8 && view_equal(one, again));
    assert_false(view_equal(one, other));
    assert_int_equal(names_own(&names, NAME_CALL_ID, V("a"), &other), ERR_OK);
    assert_false(view_equal(one, other));
    assert_false(view_equal(names_branch(&names), names_branch(&names)));
    arena_deinit(&arena);
}

static void the_other_sides_names_are_learnt(void **state)
{
    struct arena arena = {0};
    struct names names = {.arena = &arena};
    (void)state;
    learn(&names, RESPONSE,
          "Call-ID: one\r\nFrom: <sip:a@x>;tag=a\r\nTo: <sip:b@y>;tag=b\r\nRSeq: 7\r\n",
          "Call-ID: two\r\nFrom: <sip:a@x>;tag=q\r\nTo: <sip:b@y>;tag=z\r\nRSeq: 400\r\n"
          "Contact: <sip:b@192.0.2.9;x=1?h=2>\r\nRecord-Route: <sip:p1;lr>, <sip:p2;lr>\r\n"
          "Record-Route: <sip:p3;lr>\r\n");
    assert_is(names_find(&names, NAME_CALL_ID, V("one")), "two");
    assert_is(names_find(&names, NAME_TAG, V("b")), "z");
    assert_null(names_find(&names, NAME_TAG, V("a")).ptr); /* that one is ours */
    assert_is(names_rseq(&names, V("b"), 7), "400");
    assert_null(names_rseq(&names, V("c"), 7).ptr);
    const struct far *far = names_far(&names, V("b"));
    assert_non_null(far);
    assert_is(far->target, "sip:b@192.0.2.9;x=1");
    assert_int_equal(far->route_count, 3);
    assert_is(far->routes[0], "<sip:p3;lr>"); /* RFC 3261 §12.1.2: backwards */
    assert_is(far->routes[2], "<sip:p1;lr>");
    arena_deinit(&arena);
}

static void a_request_gives_its_routes_in_order_and_its_target_moves(void **state)
{
    struct arena arena = {0};
    struct names names = {.arena = &arena};
    const char *rows = "Call-ID: one\r\nFrom: <sip:a@x>;tag=a\r\nTo: <sip:b@y>\r\n"
                       "Contact: <sip:a@192.0.2.1>\r\nRecord-Route: <sip:p1;lr>, <sip:p2;lr>\r\n";
    const char *later = "Call-ID: one\r\nFrom: <sip:a@x>;tag=a\r\nTo: <sip:b@y>;tag=b\r\n"
                        "Contact: <sip:a@192.0.2.7>\r\nRecord-Route: <sip:p9;lr>\r\n";
    (void)state;
    learn(&names, REQUEST, rows, rows);
    learn(&names, REQUEST, later, later);
    const struct far *far = names_far(&names, V("a"));
    assert_non_null(far);
    assert_int_equal(far->route_count, 2); /* §12.2: the route set stays, the target does not */
    assert_is(far->routes[0], "<sip:p1;lr>");
    assert_is(far->target, "sip:a@192.0.2.7");
    arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_ours_is_drawn_once),
        cmocka_unit_test(the_other_sides_names_are_learnt),
        cmocka_unit_test(a_request_gives_its_routes_in_order_and_its_target_moves),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sip_msg_pool_drop();
    return failed;
}
