/* Where a finding points. */
#include "harness/monitor/monitor_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void a_finding_points_at_the_line_that_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *what, *with, *line;
    } rows[] = {
        {"Max-Forwards: 70\r\n", "",                       "INVITE sip:bob" }, /* it is nowhere: the message is wrong */
        {"Allow: INVITE",        "Allow\r\nAllow: INVITE", "Allow\r\n"      },
        {"Max-Forwards: 70",     "Max-Forwards: x",        "Max-Forwards: x"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watched w;
        struct view text =
            text_changed(view_of(flow_call[INVITE].text), rows[i].what, rows[i].with);
        watched_init(&w, true);
        watched_see(&w, ALICE, text);
        watched_end(&w);
        size_t line = view_find(text, view_of(rows[i].line));
        assert_true(w.offset >= line && w.offset <= line + strlen(rows[i].line));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_points_at_the_line_that_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
