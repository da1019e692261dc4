#include "reports/detail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void all_keys_are_read(void **state)
{
    struct detail detail, more;
    (void)state;
    detail_init(
        &detail,
        V("{\"file\":\"a.lua\",\"line\":4,\"expected\":\"e\",\"actual\":\"\",\"hint\":\"h\","
          "\"section\":\"s\",\"message\":17,\"mark\":\"m\",\"traceback\":\"t\","
          "\"ghost\":{\"from\":\"a\",\"to\":\"b\",\"label\":\"180\",\"at_us\":5},"
          "\"excerpt\":[{\"line\":3,\"text\":\"x\"},{\"line\":4,\"text\":\"y\"}],"
          "\"caret\":[2,3],\"more\":[{\"reason\":\"r\",\"line\":9}]}"));
    assert_true(view_equal(detail.file, V("a.lua")));
    assert_int_equal(detail.line, 4);
    assert_true(view_equal(detail.expected, V("e")));
    assert_true(detail.actual.ptr != NULL && detail.actual.len == 0);
    assert_true(view_equal(detail.hint, V("h")));
    assert_true(view_equal(detail.section, V("s")));
    assert_true(view_equal(detail.mark, V("m")));
    assert_true(view_equal(detail.traceback, V("t")));
    assert_int_equal(detail.message, 17);
    assert_true(view_equal(detail.ghost.label, V("180")));
    assert_int_equal(detail.ghost.at_us, 5);
    assert_int_equal(detail.line_count, 2);
    assert_int_equal(detail.lines[1].number, 4);
    assert_true(view_equal(detail.lines[1].text, V("y")));
    assert_int_equal(detail.caret_column, 2);
    assert_int_equal(detail.caret_len, 3);
    assert_int_equal(detail.more_count, 1);
    detail_more(&detail, 0, &more);
    assert_true(view_equal(more.reason, V("r")));
    assert_int_equal(more.line, 9);
    detail_deinit(&detail);
}

static void a_ghost_may_be_a_line_of_a_flow(void **state)
{
    struct detail detail;
    (void)state;
    detail_init(&detail, V("{\"ghost\":\"bob->>alice: 180 INVITE\",\"ghost_at_us\":7}"));
    assert_true(view_equal(detail.ghost.from, V("bob")));
    assert_true(view_equal(detail.ghost.to, V("alice")));
    assert_true(view_equal(detail.ghost.label, V("180 INVITE")));
    assert_int_equal(detail.ghost.at_us, 7);
    detail_deinit(&detail);
    detail_init(&detail, V("{\"ghost\":\"nonsense\"}"));
    assert_int_equal(detail.ghost.label.len, 0);
    assert_int_equal(detail.ghost.at_us, NEVER);
    detail_deinit(&detail);
}

/* Whatever a script or a later version puts there: nothing, never a fault. */
static void what_has_another_shape_is_absent(void **state)
{
    static const char *const rows[] = {
        "",
        "null",
        "[]",
        "{",
        "\"text\"",
        "{\"file\":1,\"line\":\"4\",\"expected\":null,\"message\":-1,\"ghost\":7}",
        "{\"excerpt\":{},\"caret\":\"x\",\"more\":1,\"hint\":[],\"section\":{}}",
        "{\"line\":1e99,\"caret\":[1.5],\"excerpt\":[1,null,[]],\"more\":[1]}",
        "{\"line\":99999999999}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct detail detail, more;
        detail_init(&detail, view_of(rows[i]));
        assert_null(detail.file.ptr);
        assert_null(detail.expected.ptr);
        assert_int_equal(detail.line, 0);
        assert_int_equal(detail.message, 0);
        assert_int_equal(detail.caret_column, 0);
        assert_int_equal(detail.ghost.label.len, 0);
        detail_more(&detail, 0, &more);
        assert_null(more.reason.ptr);
        detail_deinit(&detail);
    }
}

static void long_lists_are_cut(void **state)
{
    struct buf json = {0};
    struct detail detail;
    (void)state;
    buf_add(&json, V("{\"excerpt\":["));
    for (int i = 0; i < 1000; i++)
        buf_printf(&json, "%s{\"line\":%d,\"text\":\"\"}", i > 0 ? "," : "", i);
    buf_add(&json, V("]}"));
    detail_init(&detail, buf_view(&json));
    assert_int_equal(detail.line_count, DETAIL_LINES_MOST);
    detail_deinit(&detail);
    buf_deinit(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_keys_are_read),
        cmocka_unit_test(a_ghost_may_be_a_line_of_a_flow),
        cmocka_unit_test(what_has_another_shape_is_absent),
        cmocka_unit_test(long_lists_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
