#include "core/dialog/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct sip_msg *message(const char *rows)
{
    struct buf buf = {0};
    struct sip_msg *msg;
    buf_printf(&buf, "SIP/2.0 200 OK\r\n%sCSeq: 1 INVITE\r\n\r\n", rows);
    struct blob *blob = blob_create(buf_view(&buf));
    assert_int_equal(sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    blob_unref(blob);
    buf_deinit(&buf);
    return msg;
}

static void assert_view(struct view view, const char *text)
{
    assert_true(view_equal(view, view_of(text)));
}

/* RFC 3261 §12.1.1, §12.1.2 */
static void a_route_set_is_learnt_in_order_or_turned_round(void **state)
{
    (void)state;
    struct route_set routes = {0};
    struct sip_msg *msg = message("Record-Route: <sip:p3;lr>;x=\"a,b\", <sip:p2;lr>\r\n"
                                  "X: y\r\nrecord-route: \"P\" <sip:p1;lr=on>\r\n");
    assert_int_equal(route_learn(&routes, msg, false), ERR_OK);
    assert_int_equal(routes.count, 3);
    assert_view(routes.values[0], "<sip:p3;lr>;x=\"a,b\"");
    assert_view(routes.values[2], "\"P\" <sip:p1;lr=on>");
    assert_int_equal(route_learn(&routes, msg, true), ERR_OK);
    assert_view(routes.values[0], "\"P\" <sip:p1;lr=on>");
    assert_view(routes.values[1], "<sip:p2;lr>");
    assert_view(routes.values[2], "<sip:p3;lr>;x=\"a,b\"");
    sip_msg_unref(msg);
    msg = message("");
    assert_int_equal(route_learn(&routes, msg, true), ERR_OK); /* "even if empty, overrides" */
    assert_int_equal(routes.count, 0);
    sip_msg_unref(msg);
    route_drop(&routes);
    sip_msg_pool_drop();
}

/* B57 */
static void seventy_routes_are_as_good_as_one(void **state)
{
    (void)state;
    struct buf rows = {0};
    struct route_set routes = {0};
    for (int i = 0; i < 70; i++)
        buf_printf(&rows, "Record-Route: <sip:p%d%s>\r\n", i, i % 2 == 0 ? ";lr" : "");
    buf_add_char(&rows, '\0');
    struct sip_msg *msg = message(rows.ptr);
    assert_int_equal(route_learn(&routes, msg, true), ERR_OK);
    assert_int_equal(routes.count, 70);
    assert_view(routes.values[69], "<sip:p0;lr>");
    sip_msg_unref(msg);
    route_drop(&routes);
    buf_deinit(&rows);
    sip_msg_pool_drop();
}

/* RFC 3261 §12.2.1.1, with its own example. */
static void a_plan_is_loose_or_strict_by_the_first_route(void **state)
{
    (void)state;
    static const struct {
        const char *routes[4];
        const char *uri, *first, *last;
        size_t count;
    } rows[] = {
        {{NULL},                                                              "sip:user@remoteua",        NULL,                           NULL,                0},
        {{"<sip:p1;lr>", "<sip:p2>"},                                         "sip:user@remoteua",        "<sip:p1;lr>",                  NULL,                2},
        {{"<sip:p1;LR=true>"},                                                "sip:user@remoteua",        "<sip:p1;LR=true>",             NULL,                1},
        {{"\"x;lr\" <sip:lr@p1;x=lr;lr>"},
         "sip:user@remoteua",                                                                             "\"x;lr\" <sip:lr@p1;x=lr;lr>",
         NULL,                                                                                                                                                 1},
        {{"<sip:proxy1>", "<sip:proxy2>", "<sip:proxy3;lr>", "<sip:proxy4>"},
         "sip:proxy1",                                                                                    "<sip:proxy2>",
         "sip:user@remoteua",                                                                                                                                  3},
        {{"<sip:a;lr@proxy1;transport=udp?x=y>;lr"},
         "sip:a;lr@proxy1;transport=udp",                                                                 NULL,
         "sip:user@remoteua",                                                                                                                                  0},
        {{"<sip:proxy1;lrx;nolr;x=lr>"},                                      "sip:proxy1;lrx;nolr;x=lr", NULL,                           "sip:user@remoteua", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct view routes[4];
        size_t count = 0;
        for (; count < 4 && rows[i].routes[count] != NULL; count++)
            routes[count] = view_of(rows[i].routes[count]);
        struct route_plan plan = route_plan(routes, count, V("sip:user@remoteua"));
        assert_view(plan.uri, rows[i].uri);
        assert_int_equal(plan.count, rows[i].count);
        if (rows[i].first != NULL)
            assert_view(plan.routes[0], rows[i].first);
        assert_true(rows[i].last == NULL ? plan.last.ptr == NULL
                                         : view_equal(plan.last, view_of(rows[i].last)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_route_set_is_learnt_in_order_or_turned_round),
        cmocka_unit_test(seventy_routes_are_as_good_as_one),
        cmocka_unit_test(a_plan_is_loose_or_strict_by_the_first_route),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
