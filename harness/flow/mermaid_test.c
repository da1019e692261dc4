#include "harness/flow/flow_fixture.h"

static void refuses(const char *text, uint32_t line, const char *sentence)
{
    struct test_flow t;
    test_flow_begin(&t);
    if (test_flow_parse(&t, text) != ERR_SYNTAX)
        fail_msg("taken: %s", text);
    assert_string_equal(t.error.sentence, sentence);
    assert_int_equal(t.error.line, line);
    test_flow_end(&t);
}

static void takes_every_line_of_the_table(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "sequenceDiagram\nalice->>bob: INVITE",
        "  sequenceDiagram  \n\n\tautonumber\r\n  alice->>bob: INVITE\r\n",
        "participant dut as desk phone\nalice->>dut: INVITE",
        "participant alice",
        "PARTICIPANT alice\nalice->>bob: INVITE",
        "alice->>bob: INVITE\nNote over alice,bob: text, and -> more: of it",
        "alice->>bob: INVITE\nnote over alice : text",
        "%% a; comment # with anything\nalice->>bob: INVITE",
        "alice->>bob: INVITE [Subject = \"a#59;b#35;\"]",
        "alice->>bob:INVITE",
        "alice ->> bob: INVITE",
        "alice->>bob: 180|183",
        "alice->>bob: 200|487 INVITE ?",
        "alice->>bob: INVITE x7 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 15.5s, 31.5s",
        "alice->>bob: INVITE @ 0 x1 [Contact]",
        "alice->>bob: INVITE [Contact] [To.tag] ? @ ..2m",
        "alice->>bob: INVITE @ 500ms \xc2\xb1 10ms",
        "alice->>bob: INVITE @ 500ms +- 10ms",
        "alice->>bob: INVITE @ 500ms+/-10us",
        "alice->>bob: INVITE @ 2.1s .. 4s",
        "alice->>bob: INVITE @32s..",
        "alice->>bob: *",
        "alice->>bob: **",
        "alice->>bob: * x2",
        "alice->>bob: \"FOO\"+",
        "opt\nalice->>bob: INVITE\nend",
        "opt why - not: so\nalice->>bob: INVITE\nend",
        "alt a\nalice->>bob: INVITE\nelse b\nelse c\nalice->>bob: BYE\nend",
        "par\nalice->>bob: INVITE\nand\nbob->>alice: BYE\nend",
        "loop 3 times\nalice->>bob: INVITE\nend",
        "opt_1->>end_2: INVITE",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct test_flow t;
        test_flow_begin(&t);
        if (test_flow_parse(&t, texts[i]) != ERR_OK)
            fail_msg("%s\nline %u: %s", texts[i], t.error.line, t.error.sentence);
        test_flow_end(&t);
    }
}

static void names_its_participants(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    assert_int_equal(test_flow_parse(&t, "participant dut as it\nbob->>alice: INVITE\n"
                                         "Note over carol,bob: hello\nalice->>dave: BYE"),
                     ERR_OK);
    static const char *const names[] = {"dut", "bob", "alice", "carol", "dave"};
    assert_int_equal(flow_participant_count(t.flow), 5);
    for (size_t i = 0; i < 5; i++)
        assert_true(view_equal(flow_participant(t.flow, i), view_of(names[i])));
    test_flow_end(&t);
}

static void refuses_what_is_no_line(void **state)
{
    (void)state;
    refuses("", 1, "the flow is empty: write a line such as alice->>bob: INVITE");
    refuses("sequenceDiagram\n%% nothing", 1,
            "the flow is empty: write a line such as alice->>bob: INVITE");
    refuses("alice->>bob: INVITE\nhello", 2,
            "'hello' is no line of a flow: write alice->>bob: INVITE, a Note over, or a block");
    refuses("particpant alice", 1,
            "'particpant alice' is no line of a flow; did you mean participant?");
    refuses("\n\nsequencediagramm", 3,
            "'sequencediagramm' is no line of a flow; did you mean sequenceDiagram?");
    refuses("sequenceDiagram TB", 1, "'TB' is one too many here");
    refuses("alice->>bob: INVITE\nautonumber", 2,
            "this line may stand at the head only, before the first message");
    refuses("opt\nparticipant alice\nend", 2,
            "this line may stand at the head only, before the first message");
    refuses("participant", 1, "a name is missing here: letters, digits and _, a letter first");
    refuses("participant 1st", 1, "a name is missing here: letters, digits and _, a letter first");
    refuses("participant a-b", 1, "a name is missing here: letters, digits and _, a letter first");
    refuses("participant alice as", 1, "after `as` comes the text to show");
    refuses("participant alice bob", 1, "'bob' is one too many here");
    refuses("alice->>bob: INVITE; bob->>alice: 200", 1, "Mermaid ends the line at ';': write #59;");
    refuses("alice->>bob: INVITE #35; #", 1, "Mermaid ends the line at '#': write #35;");
    refuses("Note left of alice: hi", 1,
            "a note stands over one or two: Note over alice,bob: text");
    refuses("Note over a,b,c: hi", 1, "a note stands over two at most");
    refuses("Note over alice", 1, "a note's text follows a colon: Note over alice,bob: text");
    refuses("Note over : hi", 1, "a name is missing here: letters, digits and _, a letter first");
    refuses("alice->bob: INVITE", 1,
            "an arrow is missing here: ->>, -x for a lost message, -) for either");
    refuses("alice->>+bob: INVITE", 1, "a name is missing: a line begins alice->>bob:");
    refuses("alice->>bob INVITE", 1,
            "after the names comes a colon and the message: alice->>bob: INVITE");
    refuses("*->>bob: INVITE", 1, "a name is missing: a line begins alice->>bob:");
}

static void refuses_messages_that_are_none(void **state)
{
    (void)state;
    refuses("alice->>bob: ", 1, "nothing is named: write a method, a status or *");
    refuses("alice->>bob: INVTIE", 1,
            "unknown method 'INVTIE'; did you mean INVITE? (one that is not registered stands in "
            "quotes)");
    refuses("alice->>bob: 200 OK", 1,
            "unknown method 'OK' (one that is not registered stands in quotes)");
    refuses("alice->>bob: timeout", 1,
            "timeout and unreachable are never on the wire: no flow has them");
    refuses("alice->>bob: INVITE ??", 1, "a line has one count: ?, *, + or x7");
    refuses("alice->>bob: INVITE x3 +", 1, "a line has one count: ?, *, + or x7");
    refuses("alice->>bob: INVITE x0", 1, "x0: a count goes from x1 to x1000");
    refuses("alice->>bob: INVITE x1001", 1, "x1001: a count goes from x1 to x1000");
    refuses("alice->>bob: INVITE 7x", 1,
            "'7x' is not understood here: checks [ ], a count ? * + x7, or times @ 500ms");
    refuses("alice->>bob: INVITE [Fro]", 1,
            "unknown field 'Fro'; did you mean From? (a header that is not registered stands in "
            "quotes)");
    refuses("alice->>bob: INVITE @", 1, "'' is no time: write 500ms, 1.5s or 2m");
    refuses("alice->>bob: INVITE @ soon", 1, "'soon' is no time: write 500ms, 1.5s or 2m");
    refuses("alice->>bob: INVITE @ 500", 1, "'500' is no time: write 500ms, 1.5s or 2m");
    refuses("alice->>bob: INVITE @ 5 s", 1, "'5' is no time: write 500ms, 1.5s or 2m");
    refuses("alice->>bob: INVITE @ 1.0000005s", 1,
            "'1.0000005s' is no time: write 500ms, 1.5s or 2m");
    refuses("alice->>bob: INVITE @ 99999999999999999999s", 1,
            "'99999999999999999999s' is no time: write 500ms, 1.5s or 2m");
    refuses("alice->>bob: INVITE @ -5ms", 1, "'-5ms' is no time: write 500ms, 1.5s or 2m");
    refuses("alice->>bob: INVITE @ 4s..2s", 1, "this range ends before it begins");
    refuses("alice->>bob: INVITE @ ..", 1, "'' is no time: write 500ms, 1.5s or 2m");
    refuses("alice->>bob: INVITE @ 1s @ 2s", 1, "a line has its times once, behind one @");
    refuses("alice->>bob: INVITE @ 0, 500ms", 1, "2 times are those of 2 copies: write x2");
    refuses("alice->>bob: INVITE x3 @ 0, 500ms", 1, "2 times are those of 2 copies: write x2");
    refuses("alice->>bob: INVITE x2 @ 1ms, 500ms", 1,
            "the first of several times is 0: they are counted from the first copy");
}

static void refuses_blocks_that_do_not_close(void **state)
{
    (void)state;
    refuses("alice->>bob: BYE\nopt\nalice->>bob: INVITE", 2,
            "this block is never closed: add an `end`");
    refuses("alt\nalice->>bob: INVITE\nelse", 3, "this block is never closed: add an `end`");
    refuses("alice->>bob: INVITE\nend", 2,
            "`end` without a block: opt, alt, par or loop opens one");
    refuses("opt\nelse\nend", 2, "`else` stands inside of `alt … end` only");
    refuses("else", 1, "`else` stands inside of `alt … end` only");
    refuses("alt\nand\nend", 2, "`and` stands inside of `par … end` only");
    refuses("loop\nend", 1, "a loop says how often, from 1 to 1000: loop 3");
    refuses("loop forever\nend", 1, "a loop says how often, from 1 to 1000: loop 3");
    refuses("loop 0\nend", 1, "a loop says how often, from 1 to 1000: loop 3");
    refuses("loop 1001\nend", 1, "a loop says how often, from 1 to 1000: loop 3");
    refuses("opt\nend opt", 2, "'opt' is one too many here");
}

static void repeat(struct buf *buf, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buf_add(buf, view_of(text));
    buf_add_char(buf, '\0');
}

static void has_limits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t times;
        const char *sentence;
    } rows[] = {
        {"opt\n",                 33,   "nested more than 32 deep"        },
        {"alice->>bob: INVITE\n", 1001, "at most 1000 messages"           },
        {"opt\nend\n",            4001, "at most 4000 messages and blocks"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct test_flow t;
        struct buf buf = {0};
        test_flow_begin(&t);
        repeat(&buf, rows[i].text, rows[i].times);
        assert_int_equal(test_flow_parse(&t, buf.ptr), ERR_SYNTAX);
        assert_string_equal(t.error.sentence, rows[i].sentence);
        buf_deinit(&buf);
        test_flow_end(&t);
    }
    struct test_flow t;
    struct buf buf = {0};
    test_flow_begin(&t);
    for (unsigned i = 0; i < 65; i++)
        buf_printf(&buf, "participant p%u\n", i);
    buf_add_char(&buf, '\0');
    assert_int_equal(test_flow_parse(&t, buf.ptr), ERR_SYNTAX);
    assert_string_equal(t.error.sentence, "at most 64 participants");
    buf_deinit(&buf);
    test_flow_end(&t);
}

static void survives_every_cut_and_every_changed_byte(void **state)
{
    (void)state;
    static const char text[] =
        "sequenceDiagram\nparticipant a as b\nloop 2\na->>b: INVITE x2 @ 0, 5ms\xc2\xb1 1ms "
        "[To.tag = $b]\n"
        "alt x\nb--xa: 180|2xx \"F\"? @ ..2s\nelse\nNote over a,b: #59;\nend\nend\n";
    static const char bytes[] = {'\n', ':', '-', '.', '"', '[', '@', '\0', (char)0xff};
    for (size_t i = 0; i < sizeof text - 1; i++) {
        for (size_t b = 0; b <= sizeof bytes; b++) {
            size_t len = b < sizeof bytes ? sizeof text - 1 : i;
            char *copy = mem_alloc(len);
            struct test_flow t;
            test_flow_begin(&t);
            if (len != 0)
                memcpy(copy, text, len);
            if (b < sizeof bytes)
                copy[i] = bytes[b];
            enum err err = flow_parse((struct view){copy, len}, &t.arena, &t.flow, &t.error);
            assert_true(err == ERR_OK || err == ERR_SYNTAX);
            assert_true(err == ERR_OK || t.error.sentence[0] != '\0');
            mem_free(copy);
            test_flow_end(&t);
        }
    }
}

static void tells_when_there_is_no_memory(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth < 8; nth++) {
        struct test_flow t;
        test_flow_begin(&t);
        mem_fail_at(nth, true);
        enum err err = test_flow_parse(&t, "alice->>bob: INVITE\nopt\nbob->>alice: 200\nend");
        mem_fail_at(0, false);
        assert_true(err == ERR_MEMORY || (err == ERR_OK && nth > 3));
        test_flow_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_every_line_of_the_table),
        cmocka_unit_test(names_its_participants),
        cmocka_unit_test(refuses_what_is_no_line),
        cmocka_unit_test(refuses_messages_that_are_none),
        cmocka_unit_test(refuses_blocks_that_do_not_close),
        cmocka_unit_test(has_limits),
        cmocka_unit_test(survives_every_cut_and_every_changed_byte),
        cmocka_unit_test(tells_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
