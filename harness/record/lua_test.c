#include "harness/record/lua.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_written(struct buf *buf, const char *wanted)
{
    if (!view_equal(buf_view(buf), view_of(wanted)))
        fail_msg("%.*s\n  and not\n%s", VIEW_ARG(buf_view(buf)), wanted);
    buf_clear(buf);
}

static void what_came_over_the_wire_is_escaped(void **state)
{
    (void)state;
    const struct {
        struct view text;
        const char *lua;
    } rows[] = {
        {V("plain"),              "\"plain\""             },
        {V("a\"b\\c"),            "\"a\\\"b\\\\c\""       },
        {V("a\r\n\tb"),           "\"a\\r\\n\\tb\""       },
        {V("\0"
           "1\x7f\xff"),
         "\"\\0001\\127\\255\""                           },
        {V("\") os.exit() --"),   "\"\\\") os.exit() --\""},
        {V(""),                   "\"\""                  },
    };
    struct buf buf = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        lua_text(&buf, rows[i].text);
        assert_written(&buf, rows[i].lua);
    }
    lua_comment(&buf, V("a\nos.exit()\x1b[1m"));
    assert_written(&buf, "a?os.exit()?[1m");
    buf_deinit(&buf);
}

static void durations_are_as_short_as_they_can_be(void **state)
{
    (void)state;
    static const struct {
        uint32_t ms;
        const char *text;
    } rows[] = {
        {50,     "50ms"  },
        {990,    "990ms" },
        {1000,   "1s"    },
        {1500,   "1.5s"  },
        {3010,   "3.01s" },
        {3017,   "3.017s"},
        {600000, "600s"  },
        {1090,   "1.09s" }
    };
    struct buf buf = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        lua_duration(&buf, rows[i].ms);
        assert_written(&buf, rows[i].text);
    }
    buf_deinit(&buf);
}

static void a_statement_is_a_line(void **state)
{
    (void)state;
    struct words words = {0};
    struct buf buf = {0};
    struct step *step = words_step(&words, V("tx"), V("alice"));
    struct said *said = step_say(&words, step, V("request"));
    said_text(&words, said, V("INFO"));
    said_name(&words, said, V("bob"));
    struct word *opts = said_table(&words, said);
    struct word *headers =
        table_set(&words, opts, V("headers"), word_make(&words, WORD_TABLE, V("")));
    table_text(&words, headers, V("X-A"), V("1"));
    table_text(&words, headers, V("end"), V("2"));
    table_number(&words, opts, V("cseq"), 7);
    step->sleep_ms = 70;
    lua_step(&buf, step, 2);
    assert_written(&buf,
                   "  t:sleep(\"70ms\")\n"
                   "  local tx = alice:request(\"INFO\", bob, { headers = { [\"X-A\"] = \"1\", "
                   "[\"end\"] = \"2\" }, cseq = 7 })\n");
    step = words_step(&words, V(""), V("leg"));
    said = step_say(&words, step, V("ring"));
    table_name(&words, said_table(&words, said), V("sdp"), V("true"));
    step_say(&words, step, V("wait"));
    lua_step(&buf, step, 0);
    assert_written(&buf, "leg:ring { sdp = true }:wait()\n");
    buf_deinit(&buf);
    arena_deinit(&words.arena);
}

static void calls_of_functions_are_values(void **state)
{
    (void)state;
    struct words words = {0};
    struct buf buf = {0};
    struct word *secret = word_make(&words, WORD_CALL, V("secret"));
    table_text(&words, secret, (struct view){0}, V("ALICE"));
    lua_word(&buf, secret);
    assert_written(&buf, "secret(\"ALICE\")");
    struct word *challenge = word_make(&words, WORD_CALL, V("sip.challenge"));
    table_text(&words, challenge, V("realm"), V("r"));
    lua_word(&buf, challenge);
    assert_written(&buf, "sip.challenge { realm = \"r\" }");
    buf_deinit(&buf);
    arena_deinit(&words.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_over_the_wire_is_escaped),
        cmocka_unit_test(durations_are_as_short_as_they_can_be),
        cmocka_unit_test(a_statement_is_a_line),
        cmocka_unit_test(calls_of_functions_are_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
