#include "harness/pattern/msg_fixture.h"
#include "harness/pattern/pattern.h"
#include "harness/pattern/regex.h"

static const char headers[] = "Contact: <sip:a@192.0.2.1>;expires=60\r\n"
                              "Require: 100rel, timer\r\n"
                              "X-Foo: 12\r\n";

struct pattern_row {
    const char *text;
    bool match;
};

static bool matches(const char *text, struct sip_msg *msg, struct vars *vars)
{
    struct arena arena = {0};
    struct pattern_error error;
    struct pattern *pattern;
    struct pattern_subject subject = {.msg = msg};
    if (pattern_parse(view_of(text), &arena, &pattern, &error) != ERR_OK)
        fail_msg("%s: %s", text, error.sentence);
    bool matched = pattern_match(pattern, &subject, vars, NULL);
    arena_deinit(&arena);
    return matched;
}

static void assert_patterns(struct sip_msg *msg, const struct pattern_row *rows, size_t count)
{
    struct vars *vars;
    assert_int_equal(vars_create(&vars), ERR_OK);
    for (size_t i = 0; i < count; i++) {
        if (matches(rows[i].text, msg, vars) != rows[i].match)
            fail_msg("%s", rows[i].text);
        vars_reset(vars, 0);
    }
    vars_destroy(vars);
    sip_msg_unref(msg);
}

#define ASSERT_PATTERNS(msg, rows) assert_patterns(msg, rows, sizeof(rows) / sizeof(rows)[0])

static void tells_which_request_is_meant(void **state)
{
    (void)state;
    static const struct pattern_row rows[] = {
        {"INVITE",          true },
        {" INVITE ",        true },
        {"BYE",             false},
        {"BYE|INVITE",      true },
        {"BYE | INVITE",    true },
        {"BYE|ACK",         false},
        {"*",               true },
        {"200",             false},
        {"2xx",             false},
        {"200 INVITE",      false},
        {"\"INVITE\"",      true },
        {"\"invite\"",      false},
        {"\"FOO\"",         false},
        {"timeout",         false},
        {"unreachable",     false},
        {"* [!Contact]",    false},
        {"* [Contact]",     true },
        {"INVITE[Contact]", true },
    };
    ASSERT_PATTERNS(test_request("INVITE", headers, ""), rows);
}

static void tells_which_response_is_meant(void **state)
{
    (void)state;
    static const struct pattern_row rows[] = {
        {"180",            true },
        {"180 INVITE",     true },
        {"180 BYE",        false},
        {"1xx",            true },
        {"1XX INVITE",     true },
        {"2xx",            false},
        {"180|183",        true },
        {"183|180 INVITE", true },
        {"183|180 BYE",    false},
        {"200|1xx",        true },
        {"timeout|180",    true },
        {"timeout",        false},
        {"INVITE",         false},
        {"*",              true },
        {"180 \"INVITE\"", true },
        {"183",            false},
    };
    ASSERT_PATTERNS(test_response(180, "INVITE", "", ""), rows);
}

static void takes_a_method_in_quotes(void **state)
{
    (void)state;
    static const struct pattern_row rows[] = {
        {"\"FOO\"",        true },
        {"\"foo\"",        false},
        {"INVITE|\"FOO\"", true },
        {"INVITE",         false}
    };
    ASSERT_PATTERNS(test_request("FOO", "", ""), rows);
}

static void tells_by_its_checks(void **state)
{
    (void)state;
    static const struct pattern_row rows[] = {
        {"INVITE [Max-Forwards = 70]",                        true },
        {"INVITE [max_forwards=70]",                          true },
        {"INVITE [Max-Forwards = 69]",                        false},
        {"INVITE [Max-Forwards != 69]",                       true },
        {"INVITE [Max-Forwards != 70]",                       false},
        {"INVITE [Max-Forwards < 71]",                        true },
        {"INVITE [Max-Forwards < 70]",                        false},
        {"INVITE [Max-Forwards > 69, Max-Forwards < 71]",     true },
        {"INVITE [Max-Forwards > 70]",                        false},
        {"INVITE [Max-Forwards > -1]",                        true },
        {"INVITE [CSeq.number > 1]",                          true },
        {"INVITE [CSeq = 5]",                                 true },
        {"INVITE [From.tag ~ \"^a\"]",                        true },
        {"INVITE [From.tag ~ \"^b\"]",                        false},
        {"INVITE [From.tag ~ ^a]",                            true },
        {"INVITE [From.tag = alice-1]",                       true },
        {"INVITE [From.tag = \"alice-1\"]",                   true },
        {"INVITE [From.display = \"Alice\"]",                 true },
        {"INVITE [Require = 100rel]",                         true },
        {"INVITE [Require = replaces]",                       false},
        {"INVITE [Require != replaces]",                      true },
        {"INVITE [Require ~ \"^t\"]",                         true },
        {"INVITE [Require ~ \"^x\"]",                         false},
        {"INVITE [Contact[1].expires = 60]",                  true },
        {"INVITE [Contact.expires < 61]",                     true },
        {"INVITE [Contact]",                                  true },
        {"INVITE [!Contact]",                                 false},
        {"INVITE [Route]",                                    false},
        {"INVITE [!Route, !Record-Route]",                    true },
        {"INVITE [Route = x]",                                false},
        {"INVITE [Route != x]",                               true },
        {"INVITE [Route[1].uri.lr]",                          false},
        {"INVITE [Via[2].branch = z9hG4bK-2]",                true },
        {"INVITE [\"X-Foo\" = 12]",                           true },
        {"INVITE [\"X-Foo\" > 11]",                           true },
        {"INVITE [\"X-Foo\"]",                                true },
        {"INVITE [!\"X-Foo\"]",                               false},
        {"INVITE [!\"X-Bar\"]",                               true },
        {"INVITE [Via.transport = udp]",                      true },
        {"INVITE [uri.user = bob, uri.host = B.EXAMPLE.COM]", true },
        {"INVITE [uri.user = Bob]",                           false},
        {"INVITE [To.uri.lr]",                                true },
        {"INVITE [From.tag < 5]",                             false},
        {"INVITE [body = \"\"]",                              false},
        {"INVITE [Subject = \"a, b] \\\"c\\\"\"]",            false},
    };
    ASSERT_PATTERNS(test_request("INVITE", headers, ""), rows);
    static const struct pattern_row quoted[] = {
        {"INVITE [Subject = \"a, b] \\\"c\\\"\"]", true}
    };
    ASSERT_PATTERNS(test_request("INVITE", "Subject: a, b] \"c\"\r\n", ""), quoted);
}

static void refuses(const char *text, const char *sentence)
{
    struct arena arena = {0};
    struct pattern_error error;
    struct pattern *pattern;
    assert_int_equal(pattern_parse(view_of(text), &arena, &pattern, &error), ERR_SYNTAX);
    assert_string_equal(error.sentence, sentence);
    assert_true(error.offset <= strlen(text));
    arena_deinit(&arena);
}

static void says_what_is_wrong_and_how_to_mend_it(void **state)
{
    (void)state;
    refuses("", "nothing is named: write a method, a status or *");
    refuses("INVTIE", "unknown method 'INVTIE'; did you mean INVITE? (one that is not registered "
                      "stands in quotes)");
    refuses("invite", "unknown method 'invite'; did you mean INVITE? (one that is not registered "
                      "stands in quotes)");
    refuses("FROBNICATE",
            "unknown method 'FROBNICATE' (one that is not registered stands in quotes)");
    refuses("200 INVTIE",
            "unknown method 'INVTIE'; did you mean INVITE? (one that is not registered "
            "stands in quotes)");
    refuses("700", "'700' is no status: they go from 100 to 699, classes from 1xx to 6xx");
    refuses("7xx", "'7xx' is no status: they go from 100 to 699, classes from 1xx to 6xx");
    refuses("20", "'20' is no status: write 180, 2xx or 180|183");
    refuses("2000", "'2000' is no status: write 180, 2xx or 180|183");
    refuses("INVITE|200", "requests and responses cannot stand for each other");
    refuses("INVITE BYE", "'BYE' is not understood here: checks stand in [ ]");
    refuses("INVITE [Fro.tag = x]", "unknown field 'Fro'; did you mean From? (a header that is not "
                                    "registered stands in quotes)");
    refuses("INVITE [From.tga = x]", "unknown field 'tga'; did you mean tag?");
    refuses("INVITE [X-Foo = 1]",
            "unknown field 'X-Foo' (a header that is not registered stands in "
            "quotes)");
    refuses("INVITE [Via[0].branch]", "'[0].branch' is no place in a list: count from [1] on");
    refuses("INVITE [Via[x].branch]", "a place in a list is a number from 1 on: Via[2]");
    refuses("INVITE [Contact", "here a , or the ] that closes the checks is missing");
    refuses("INVITE [Contact To]", "here a , or the ] that closes the checks is missing");
    refuses("INVITE []", "a check begins with a field, as in [Max-Forwards = 70]");
    refuses("INVITE [Contact,]", "a check begins with a field, as in [Max-Forwards = 70]");
    refuses("INVITE [!Contact = 5]", "! in front means absent and takes no value: write !=");
    refuses("INVITE [Contact == 5]", "write = != ~ < or >: there is no other comparison");
    refuses("INVITE [Max-Forwards >= 5]", "write = != ~ < or >: there is no other comparison");
    refuses("INVITE [Contact =]", "a value is missing; an empty one is written \"\"");
    refuses("INVITE [Max-Forwards > x]", "'x' is no number: < and > compare numbers");
    refuses("INVITE [From.tag = \"abc]", "the quote that begins here is not closed: add a \"");
    refuses("INVITE [From.tag ~ \"(\"]", "the regular expression is wrong: missing closing "
                                         "parenthesis");
    refuses("INVITE [From.tag ~ $b]", "~ takes a regular expression, not a variable");
    refuses("INVITE [From.tag = $]", "a variable has a name: $b");
    refuses("INVITE ] x", "'] x' is not understood here: checks stand in [ ]");
}

static void binds_a_variable_once(void **state)
{
    (void)state;
    struct vars *vars;
    assert_int_equal(vars_create(&vars), ERR_OK);
    struct sip_msg *msg = test_request("INVITE", headers, "");
    assert_false(matches("INVITE [From.tag != $a]", msg, vars));
    assert_false(matches("INVITE [Max-Forwards < $n]", msg, vars));
    assert_true(matches("INVITE [From.tag = $a, Max-Forwards = $n]", msg, vars));
    assert_true(matches("INVITE [From.tag = $a]", msg, vars));
    assert_false(matches("INVITE [To.tag = $a]", msg, vars));
    assert_true(matches("INVITE [To.tag != $a]", msg, vars));
    assert_true(matches("INVITE [CSeq.number < $n]", msg, vars));
    assert_false(matches("INVITE [Route = $r]", msg, vars));
    assert_true(matches("INVITE [Require = $q, Require = $q]", msg, vars));
    sip_msg_unref(msg);
    vars_destroy(vars);
}

static void unbinds_what_a_failed_match_has_bound(void **state)
{
    (void)state;
    struct vars *vars;
    assert_int_equal(vars_create(&vars), ERR_OK);
    struct sip_msg *msg = test_request("INVITE", headers, "");
    assert_false(matches("INVITE [From.tag = $a, Max-Forwards = 1]", msg, vars));
    assert_int_equal(vars_mark(vars), 0);
    assert_true(matches("INVITE [To.tag = $a]", msg, vars));
    size_t mark = vars_mark(vars);
    assert_true(matches("INVITE [From.tag = $b]", msg, vars));
    vars_reset(vars, mark);
    assert_true(matches("INVITE [Call-ID = $b]", msg, vars));
    assert_false(matches("INVITE [Call-ID = $a]", msg, vars));
    sip_msg_unref(msg);
    vars_destroy(vars);
}

static void has_a_limit_of_variables(void **state)
{
    (void)state;
    struct vars *vars;
    assert_int_equal(vars_create(&vars), ERR_OK);
    struct sip_msg *msg = test_request("INVITE", headers, "");
    bool bound = true;
    for (size_t i = 0; i < 1100 && bound; i++) {
        char text[64];
        snprintf(text, sizeof text, "INVITE [From.tag = $v%zu]", i);
        bound = matches(text, msg, vars);
    }
    assert_false(bound);
    assert_int_equal(vars_mark(vars), 1024);
    sip_msg_unref(msg);
    vars_destroy(vars);
}

static void names_the_check_that_failed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *failed;
    } rows[] = {
        {"INVITE [From.tag = alice-1, Max-Forwards = 69]", "Max-Forwards = 69 (it is 70)"                 },
        {"INVITE [Route]",                                 "Route (there is none)"                        },
        {"INVITE [ !Contact ]",                            "!Contact (it is <sip:a@192.0.2.1>;expires=60)"},
        {"INVITE [To.tag ~ \"^x\"]",                       "To.tag ~ \"^x\" (it is bob-2)"                },
        {"INVITE [To.tag != $z]",                          "To.tag != $z (it is bound to nothing yet)"    },
    };
    struct sip_msg *msg = test_request("INVITE", headers, "");
    struct vars *vars;
    assert_int_equal(vars_create(&vars), ERR_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = {0};
        struct pattern_error error;
        struct pattern *pattern;
        struct pattern_subject subject = {.msg = msg};
        struct view failed;
        char text[200];
        assert_int_equal(pattern_parse(view_of(rows[i].text), &arena, &pattern, &error), ERR_OK);
        assert_false(pattern_match(pattern, &subject, vars, &failed));
        snprintf(text, sizeof text, "%.*s", VIEW_ARG(failed));
        assert_string_equal(text, rows[i].failed);
        arena_deinit(&arena);
    }
    vars_destroy(vars);
    sip_msg_unref(msg);
}

static void knows_what_the_stack_made_itself(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum net_error error;
        bool match;
    } rows[] = {
        {"timeout",             NET_TIMEOUT, true },
        {"timeout",             NET_REFUSED, false},
        {"unreachable",         NET_REFUSED, true },
        {"unreachable",         NET_RESET,   true },
        {"unreachable",         NET_TIMEOUT, false},
        {"408",                 NET_TIMEOUT, false},
        {"4xx",                 NET_TIMEOUT, false},
        {"*",                   NET_TIMEOUT, false},
        {"timeout|unreachable", NET_RESET,   true },
        {"timeout INVITE",      NET_TIMEOUT, true },
        {"timeout BYE",         NET_TIMEOUT, false},
        {"408|timeout",         NET_TIMEOUT, true },
    };
    struct sip_msg *msg = test_response(408, "INVITE", "", "");
    struct vars *vars;
    assert_int_equal(vars_create(&vars), ERR_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = {0};
        struct pattern_error error;
        struct pattern *pattern;
        struct pattern_subject subject = {msg, true, rows[i].error};
        assert_int_equal(pattern_parse(view_of(rows[i].text), &arena, &pattern, &error), ERR_OK);
        if (pattern_match(pattern, &subject, vars, NULL) != rows[i].match)
            fail_msg("%s", rows[i].text);
        arena_deinit(&arena);
    }
    vars_destroy(vars);
    sip_msg_unref(msg);
}

static void tells_what_kind_of_pattern_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool response, method, final;
    } rows[] = {
        {"INVITE",      false, false, false},
        {"*",           false, false, false},
        {"180",         true,  false, false},
        {"200",         true,  false, true },
        {"2xx|486",     true,  false, true },
        {"1xx|200 BYE", true,  true,  false},
        {"200 BYE",     true,  true,  true },
        {"timeout",     true,  false, true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = {0};
        struct pattern_error error;
        struct pattern *pattern;
        assert_int_equal(pattern_parse(view_of(rows[i].text), &arena, &pattern, &error), ERR_OK);
        assert_int_equal(pattern_is_response(pattern), rows[i].response);
        assert_int_equal(pattern_names_method(pattern), rows[i].method);
        assert_int_equal(pattern_wants_final(pattern), rows[i].final);
        assert_true(view_equal(pattern_text(pattern), view_of(rows[i].text)));
        arena_deinit(&arena);
    }
}

static void reads_a_line(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct pattern_error error;
    struct pattern_line line;
    assert_int_equal(
        pattern_line_parse(V("alice->>bob_2: INVITE [Contact]"), &arena, &line, &error), ERR_OK);
    assert_true(view_equal(line.from, V("alice")));
    assert_true(view_equal(line.to, V("bob_2")));
    assert_true(view_equal(pattern_text(line.pattern), V("INVITE [Contact]")));
    assert_int_equal(pattern_line_parse(V(" dut -->> * : 200"), &arena, &line, &error), ERR_OK);
    assert_true(view_equal(line.from, V("dut")));
    assert_true(view_equal(line.to, V("*")));
    assert_int_equal(pattern_line_parse(V("*->>*:*"), &arena, &line, &error), ERR_OK);
    arena_deinit(&arena);
}

static void refuses_line(const char *text, const char *sentence)
{
    struct arena arena = {0};
    struct pattern_error error;
    struct pattern_line line;
    assert_int_equal(pattern_line_parse(view_of(text), &arena, &line, &error), ERR_SYNTAX);
    assert_string_equal(error.sentence, sentence);
    arena_deinit(&arena);
}

static void refuses_what_is_no_line(void **state)
{
    (void)state;
    refuses_line("INVITE", "an arrow is missing here: ->>, -x for a lost message, -) for either");
    refuses_line("", "a name is missing: a line begins alice->>bob:");
    refuses_line("->>bob: INVITE", "a name is missing: a line begins alice->>bob:");
    refuses_line("alice->>: INVITE", "a name is missing: a line begins alice->>bob:");
    refuses_line("alice->bob: INVITE",
                 "an arrow is missing here: ->>, -x for a lost message, -) for "
                 "either");
    refuses_line("alice-xbob: INVITE", "the arrow here is ->>");
    refuses_line("alice->>bob INVITE",
                 "after the names comes a colon and the message: alice->>bob: "
                 "INVITE");
    refuses_line("alice->>bob:", "nothing is named: write a method, a status or *");
}

static void tells_when_there_is_no_memory(void **state)
{
    (void)state;
    struct pattern_error error;
    struct pattern *pattern;
    struct arena arena = {0};
    mem_fail_at(1, true);
    enum err err = pattern_parse(V("INVITE [Contact, To = $b]"), &arena, &pattern, &error);
    mem_fail_at(0, false);
    assert_int_equal(err, ERR_MEMORY);
    arena_deinit(&arena);
}

/* A text that a machine made is refused or taken, and nothing worse. */
static void survives_every_cut_and_every_changed_byte(void **state)
{
    (void)state;
    static const char text[] =
        "180|\"FO\\\"O\"|2xx INVITE [\"X-Foo\"[2] ~ \"^a\\\\\", !Via[2].branch, "
        "CSeq.number > 1, Require = 100rel, To.tag = $b]";
    static const char bytes[] = {'"', '\\', '[', ']', '|', '$', '\0', 'x', '\n', (char)0xff};
    for (size_t i = 0; i < sizeof text - 1; i++) {
        for (size_t b = 0; b <= sizeof bytes; b++) {
            char *copy =
                mem_alloc(sizeof text - 1); /* without room, so that an over-read is seen */
            struct arena arena = {0};
            struct pattern_error error;
            struct pattern *pattern;
            memcpy(copy, text, sizeof text - 1);
            if (b < sizeof bytes)
                copy[i] = bytes[b];
            enum err err = pattern_parse(
                view_head((struct view){copy, sizeof text - 1}, b < sizeof bytes ? sizeof text : i),
                &arena, &pattern, &error);
            assert_true(err == ERR_OK || err == ERR_SYNTAX);
            arena_deinit(&arena);
            mem_free(copy);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_which_request_is_meant),
        cmocka_unit_test(tells_which_response_is_meant),
        cmocka_unit_test(takes_a_method_in_quotes),
        cmocka_unit_test(tells_by_its_checks),
        cmocka_unit_test(says_what_is_wrong_and_how_to_mend_it),
        cmocka_unit_test(binds_a_variable_once),
        cmocka_unit_test(unbinds_what_a_failed_match_has_bound),
        cmocka_unit_test(has_a_limit_of_variables),
        cmocka_unit_test(names_the_check_that_failed),
        cmocka_unit_test(knows_what_the_stack_made_itself),
        cmocka_unit_test(tells_what_kind_of_pattern_it_is),
        cmocka_unit_test(reads_a_line),
        cmocka_unit_test(refuses_what_is_no_line),
        cmocka_unit_test(tells_when_there_is_no_memory),
        cmocka_unit_test(survives_every_cut_and_every_changed_byte),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    regex_cache_drop();
    sip_msg_pool_drop();
    return failed;
}
