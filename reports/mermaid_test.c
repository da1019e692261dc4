#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void golden_mermaid(const char *name, const struct report_case *one)
{
    struct buf out = {0};
    report_mermaid_write(&out, one);
    assert_int_equal(out.failed, ERR_OK);
    golden_check(name, buf_view(&out));
    buf_deinit(&out);
}

static void diagrams_are_as_in_the_golden_files(void **state)
{
    struct run_fixture *fixture = *state;
    golden_mermaid("call.mermaid", &fixture->cases[RUN_CALL]);
    golden_mermaid("busy.mermaid", &fixture->cases[RUN_BUSY]);
    golden_mermaid("copies.mermaid", &fixture->cases[RUN_COPIES]);
    golden_mermaid("crossed.mermaid", &fixture->cases[RUN_CROSSED]);
    golden_mermaid("device.mermaid", &fixture->cases[RUN_DEVICE]);
    golden_mermaid("hostile.mermaid", &fixture->cases[RUN_HOSTILE]);
}

static void labels_are_patterns(void **state)
{
    static const struct {
        const char *label, *want;
    } rows[] = {
        {"INVITE",     "other->>other: INVITE\n"                            },
        {"200 INVITE", "other->>other: 200 INVITE\n"                        },
        {"FOO",        "other->>other: \"FOO\"\n"                           },
        {"299 FOO",    "other->>other: 299 \"FOO\"\n"                       },
        {"200 Foo;#",  "%% no SIP message: other->>other: 200 Foo#59;#35;\n"},
        {"",           "%% no SIP message: other->>other: \n"               },
        {"a\"b",       "%% no SIP message: other->>other: a\"b\n"           },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trace_event event = {.kind = TRACE_MESSAGE};
        struct buf encoded = {0}, out = {0};
        event.u.wire.label = view_of(rows[i].label);
        trace_encode(&encoded, &event);
        struct report_case one = {.events = buf_view(&encoded)};
        report_mermaid_write(&out, &one);
        assert_true(view_ends(buf_view(&out), view_of(rows[i].want)));
        buf_deinit(&encoded);
        buf_deinit(&out);
    }
}

static void no_memory_is_said(void **state)
{
    struct run_fixture *fixture = *state;
    for (uint64_t nth = 1; nth <= 3; nth++) {
        struct buf out = {0};
        mem_fail_at(nth, false);
        report_mermaid_write(&out, &fixture->cases[RUN_COPIES]);
        mem_fail_at(0, false);
        assert_int_equal(out.failed, ERR_MEMORY);
        buf_deinit(&out);
    }
}

int main(void)
{
    struct run_fixture *fixture = run_fixture_create();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(diagrams_are_as_in_the_golden_files, fixture),
        cmocka_unit_test(labels_are_patterns),
        cmocka_unit_test_prestate(no_memory_is_said, fixture),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    run_fixture_destroy(fixture);
    return failed;
}
