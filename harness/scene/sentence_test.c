#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/scene/excerpt.h"
#include "harness/scene/hint.h"
#include "harness/scene/json.h"
#include "harness/scene/scene_test.h"

static void strings_become_json_whatever_their_bytes(void **state)
{
    (void)state;
    static const struct {
        struct view text;
        const char *json;
    } rows[] = {
        {{"plain", 5},                "\"plain\""                       },
        {{"\"\\/\n\r\t", 6},          "\"\\\"\\\\/\\n\\r\\t\""          },
        {{"\0\x01\x7f", 3},           "\"\\u0000\\u0001\\u007f\""       },
        {{"\xc3\xa9\xe2\x86\x92", 5}, "\"\xc3\xa9\xe2\x86\x92\""        },
        {{"\xf0\x9f\x93\x9e", 4},     "\"\xf0\x9f\x93\x9e\""            },
        {{"\xff\x80", 2},             "\"\\ufffd\\ufffd\""              },
        {{"\xc0\xaf", 2},             "\"\\ufffd\\ufffd\""              },
        {{"\xe0\x80\x80", 3},         "\"\\ufffd\\ufffd\\ufffd\""       },
        {{"\xed\xa0\x80", 3},         "\"\\ufffd\\ufffd\\ufffd\""       },
        {{"\xf4\x90\x80\x80", 4},     "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
        {{"a\xe2\x82", 3},            "\"a\\ufffd\\ufffd\""             },
        {{"", 0},                     "\"\""                            },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf buf = {0};
        json_string(&buf, rows[i].text);
        buf_add_char(&buf, '\0');
        assert_string_equal(buf.ptr, rows[i].json);
        buf_deinit(&buf);
    }
}

static void absent_members_are_left_out(void **state)
{
    (void)state;
    struct buf buf = {0};
    buf_add_char(&buf, '{');
    json_text(&buf, "a", (struct view){0});
    json_text(&buf, "b", V(""));
    json_number(&buf, "c", 7);
    buf_add_char(&buf, '}');
    buf_add_char(&buf, '\0');
    assert_string_equal(buf.ptr, "{\"b\":\"\",\"c\":7}");
    buf_deinit(&buf);
}

static void errors_of_lua_get_a_hint(void **state)
{
    (void)state;
    static const struct {
        const char *error, *hint;
    } rows[] = {
        {"attempt to call a nil value (method 'fnd')",   "there is no 'fnd'; did you mean 'find'?"       },
        {"attempt to call a nil value (field 'conct')",
         "there is no 'conct'; did you mean 'concat'?"                                                   },
        {"attempt to call a nil value (field '?')",      "there is no function '?' there*"               },
        {"attempt to call a nil value",                  "what is called is nil*"                        },
        {"attempt to call a table value (local 'opts')",
         "a table is called: is a comma missing before '{'?"                                             },
        {"attempt to call a string value",               "a line that begins with '('*"                  },
        {"attempt to index a nil value (local 'msg')",   "'msg' is nil: a header that is absent*"        },
        {"attempt to index a nil value",                 "it is nil*"                                    },
        {"attempt to perform arithmetic on a nil value", "one of the values is absent*"                  },
        {"attempt to compare number with nil",           "one of the values is absent*"                  },
        {"stack overflow",                               "a function calls itself without end"           },
        {"'end' expected near <eof>",                    "an 'end' or a closing bracket is missing above"},
        {"anything else",                                ""                                              },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf buf = {0};
        hint_for_error(&buf, view_of(rows[i].error));
        buf_add_char(&buf, '\0');
        if (!result_fits(buf.ptr, rows[i].hint))
            fail_msg("%s\n  gave %s", rows[i].error, buf.ptr);
        buf_deinit(&buf);
    }
}

static void write_excerpt(struct buf *buf, const char *text, uint32_t line)
{
    struct sources *sources;
    struct source *source;
    assert_int_equal(sources_create(NULL, &sources), ERR_OK);
    assert_int_equal(source_add(sources, V("a.lua"), view_of(text), &source), ERR_OK);
    excerpt_json(buf, source, line);
    buf_add_char(buf, '\0');
    sources_destroy(sources);
}

static void an_excerpt_marks_the_statement(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
        const char *json;
    } rows[] = {
        {"one",            1, "\"excerpt\":[{\"line\":1,\"text\":\"one\"}],\"caret\":[1,3]"},
        {"  one  -- why",  1,
         "\"excerpt\":[{\"line\":1,\"text\":\"  one  -- why\"}],\"caret\":[3,3]"           },
        {"a\r\n\r\nc\r\n", 2,
         "\"excerpt\":[{\"line\":1,\"text\":\"a\"},{\"line\":2,\"text\":\"\"},{\"line\":3,\"text\":"
         "\"c\"}]"                                                                         },
        {"a\nb",           3, ""                                                           },
        {"a\nb",           0, ""                                                           },
        {"",               1, ""                                                           },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf buf = {0};
        write_excerpt(&buf, rows[i].text, rows[i].line);
        assert_string_equal(buf.ptr, rows[i].json);
        buf_deinit(&buf);
    }
}

static void thousands_of_failures_keep_their_verdict(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"for i = 1, 5000 do expect.soft(i):equals(0) end error('last')",                       "error 1: last"            },
        {"for i = 1, 5000 do expect.soft(i):equals(0) end",                                     "fail 1: expected 0, got 1"},
        {"t:given(function() for i = 1, 5000 do expect.soft(i):equals(0) end end) t:fail('x')",
         "fail 1: x"                                                                                                       },
        {"t:fail('a\\nb\\tc ')",                                                                "fail 1: a b c"            },
        {"t:fail(('long '):rep(1000))",                                                         "fail 1: long long*"       },
        {"error(('e'):rep(100000))",                                                            "error 1: eee*"            },
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_become_json_whatever_their_bytes),
        cmocka_unit_test(absent_members_are_left_out),
        cmocka_unit_test(errors_of_lua_get_a_hint),
        cmocka_unit_test(an_excerpt_marks_the_statement),
        cmocka_unit_test(thousands_of_failures_keep_their_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
