#include "harness/gate/baseline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct fixture {
    struct baseline baseline;
    struct buf complaint;
};

static int make(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){0};
    *state = &fixture;
    return 0;
}

static int unmake(void **state)
{
    struct fixture *f = *state;
    baseline_deinit(&f->baseline);
    buf_deinit(&f->complaint);
    return 0;
}

static void again(struct fixture *f)
{
    baseline_deinit(&f->baseline);
    buf_clear(&f->complaint);
}

static void takes(struct fixture *f, const char *file, const char *text)
{
    enum err err = baseline_read(&f->baseline, view_of(text), view_of(file), &f->complaint);
    if (err != ERR_OK)
        fail_msg("%.*s", VIEW_ARG(buf_view(&f->complaint)));
}

static void settles(struct fixture *f)
{
    if (baseline_settle(&f->baseline, &f->complaint) != ERR_OK)
        fail_msg("%.*s", VIEW_ARG(buf_view(&f->complaint)));
}

static void a_line_is_an_entry_with_all_that_is_said(void **state)
{
    struct fixture *f = *state;
    struct buf words = {0};
    takes(f, "b",
          "{\"baseline\":1,\"target\":\"phone\",\"net\":\"real\"}\n"
          "{\"id\":\"b.lua: hold\",\"status\":\"fail\",\"since\":\"2026-01-02\",\"reason\":\"no "
          "hold\",\"issue\":\"#17\",\"owner\":\"anna\",\"expires\":\"2026-12-31\"}\n"
          "\n"
          "{\"id\":\"a.lua: call\",\"status\":\"pass\"}\r\n");
    settles(f);
    assert_int_equal(f->baseline.count, 2);
    assert_true(view_equal(f->baseline.target, V("phone")));
    assert_true(view_equal(f->baseline.net, V("real")));
    assert_true(view_equal(f->baseline.entries[0]->id, V("a.lua: call")));
    const struct entry *hold = baseline_find(&f->baseline, V("b.lua: hold"));
    assert_non_null(hold);
    assert_int_equal(hold->status, ENTRY_FAIL);
    assert_int_equal(hold->line, 2);
    assert_true(view_equal(hold->since, V("2026-01-02")));
    entry_words(hold, &words);
    assert_true(view_equal(buf_view(&words), V("no hold, #17, anna, until 2026-12-31")));
    assert_null(baseline_find(&f->baseline, V("b.lua: hol")));
    buf_deinit(&words);
}

static void a_list_by_hand_is_one_of_failures(void **state)
{
    struct fixture *f = *state;
    takes(f, "known", "# what fails\n\n  s.lua: refuses   # ticket 17\ns.lua: busy");
    settles(f);
    assert_int_equal(f->baseline.count, 2);
    const struct entry *refuses = baseline_find(&f->baseline, V("s.lua: refuses"));
    assert_int_equal(refuses->status, ENTRY_FAIL);
    assert_true(view_equal(refuses->reason, V("ticket 17")));
    assert_null(baseline_find(&f->baseline, V("s.lua: busy"))->reason.ptr);
}

static void it_holds_until_the_end_of_its_day(void **state)
{
    const struct entry entry = {.expires = V("2026-11-23")}, forever = {0};
    (void)state;
    assert_false(entry_expired(&entry, V("2026-11-22")));
    assert_false(entry_expired(&entry, V("2026-11-23")));
    assert_true(entry_expired(&entry, V("2026-11-24")));
    assert_false(entry_expired(&forever, V("9999-12-31")));
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"\n{\"id\":\"a\",\"status\":\"fail\",\"resaon\":\"x\"}",
         "b:2: unknown key 'resaon'; did you mean 'reason'?"                                                                                     },
        {"{\"id\":\"a\",\"status\":\"fial\"}",
         "b:1: 'status' is one of pass, fail, skip and quarantined"                                                                              },
        {"{\"id\":\"a\"}",                                                             "b:1: 'status' is one of pass, fail, skip and quarantined"},
        {"{\"status\":\"fail\"}",
         "b:1: an entry wants the id of a scenario: \"id\":\"calls.lua: hold\""                                                                  },
        {"{\"id\":7,\"status\":\"fail\"}",                                             "b:1: 'id' wants a text between quotes"                   },
        {"{\"id\":\"a\",\"status\":\"fail\",\"expires\":\"31.12.2026\"}",
         "b:1: 'expires' wants a day, as in \"2026-12-31\""                                                                                      },
        {"{\"id\":\"a\",\"status\":\"fail\",\"since\":\"2026-13-01\"}",
         "b:1: 'since' wants a day, as in \"2026-12-31\""                                                                                        },
        {"{\"id\":\"a\",\"status\":\"quarantined\",\"owner\":\"o\",\"reason\":\"r\"}",
         "b:1: a quarantine wants owner, reason and expires (the day it ends)"                                                                   },
        {"{\"id\":\"a\",",
         "b:1: no JSON object, as in {\"id\":\"calls.lua: hold\",\"status\":\"fail\"}"                                                           },
        {"{\"baseline\":2}",
         "b:1: a baseline of another version; make it anew with this sipwright"                                                                  },
        {"{\"baseline\":1,\"since\":\"2026-11-23\"}",
         "b:1: unknown key 'since'; there are baseline, target, net"                                                                             },
        {"{\"id\":\"a\",\"colour\":\"red\"}",
         "b:1: unknown key 'colour'; there are id, status, reason, issue, owner, since, expires"                                                 },
        {"{\"baseline\":1,\"taget\":\"x\"}",                                           "b:1: unknown key 'taget'; did you mean 'target'?"        },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        again(f);
        assert_int_equal(baseline_read(&f->baseline, view_of(rows[i].text), V("b"), &f->complaint),
                         ERR_SYNTAX);
        if (!view_equal(buf_view(&f->complaint), view_of(rows[i].said)))
            fail_msg("%.*s", VIEW_ARG(buf_view(&f->complaint)));
    }
}

static void a_list_of_bytes_is_none(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(baseline_read(&f->baseline, V("a.lua\0: x"), V("b"), &f->complaint),
                     ERR_SYNTAX);
    assert_true(view_equal(buf_view(&f->complaint), V("b:1: this is no text: it has a NUL byte")));
}

static enum err make_and_drop(void)
{
    struct baseline baseline = {0};
    struct buf complaint = {0};
    enum err err =
        baseline_read(&baseline, V("b.lua: y # why\na.lua: x\na.lua: z"), V("b"), &complaint);
    if (err == ERR_OK)
        err = baseline_settle(&baseline, &complaint);
    baseline_deinit(&baseline);
    buf_deinit(&complaint);
    return err;
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    bool failed = true;
    for (uint64_t nth = 1; failed; nth++) {
        uint64_t live = mem_live(), count = mem_count();
        mem_fail_at(nth, true);
        enum err err = make_and_drop();
        mem_fail_at(0, false);
        failed = mem_count() - count >= nth;
        assert_int_equal(err, failed ? ERR_MEMORY : ERR_OK);
        assert_int_equal(mem_live(), live);
    }
}

static void twice_is_once_too_often(void **state)
{
    struct fixture *f = *state;
    takes(f, "b", "a.lua: x\na.lua: y\na.lua: x");
    assert_int_equal(baseline_settle(&f->baseline, &f->complaint), ERR_SYNTAX);
    assert_true(view_equal(buf_view(&f->complaint),
                           V("b:3: 'a.lua: x' stands at line 1 already; keep one of the two")));
}

static void a_quarantine_in_a_file_of_its_own_wins(void **state)
{
    struct fixture *f = *state;
    static const char quarantine[] = "{\"id\":\"a.lua: x\",\"status\":\"quarantined\",\"owner\":"
                                     "\"o\",\"reason\":\"r\",\"expires\":\"2026-12-31\"}";
    for (int turned = 0; turned < 2; turned++) {
        again(f);
        takes(f, turned ? "q" : "b", turned ? quarantine : "a.lua: x");
        takes(f, turned ? "b" : "q", turned ? "a.lua: x" : quarantine);
        settles(f);
        assert_int_equal(f->baseline.count, 1);
        assert_int_equal(f->baseline.entries[0]->status, ENTRY_QUARANTINED);
    }
}

static void two_files_that_contradict_each_other_are_refused(void **state)
{
    struct fixture *f = *state;
    takes(f, "b", "a.lua: x");
    takes(f, "c", "{\"id\":\"a.lua: x\",\"status\":\"pass\"}");
    assert_int_equal(baseline_settle(&f->baseline, &f->complaint), ERR_SYNTAX);
    assert_true(
        view_equal(buf_view(&f->complaint),
                   V("'a.lua: x' is 'fail' at b:1 and 'pass' at c:1; take one of them out")));
}

static void what_is_written_is_read_again(void **state)
{
    struct fixture *f = *state;
    static const char text[] =
        "{\"baseline\":1,\"target\":\"phone\"}\n"
        "{\"id\":\"a.lua: \\\"x\\\"\",\"status\":\"pass\"}\n"
        "{\"id\":\"b.lua: y\",\"status\":\"quarantined\",\"since\":\"2026-01-02\",\"reason\":\"r\","
        "\"issue\":\"#1\",\"owner\":\"o\",\"expires\":\"2026-12-31\"}\n";
    struct buf out = {0};
    takes(f, "b", text);
    settles(f);
    baseline_write(&f->baseline, &out);
    assert_true(view_equal(buf_view(&out), view_of(text)));
    buf_deinit(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_is_an_entry_with_all_that_is_said),
        TEST(a_list_by_hand_is_one_of_failures),
        TEST(it_holds_until_the_end_of_its_day),
        TEST(what_is_wrong_is_said_with_its_line),
        TEST(a_list_of_bytes_is_none),
        TEST(without_memory_it_says_so),
        TEST(twice_is_once_too_often),
        TEST(a_quarantine_in_a_file_of_its_own_wins),
        TEST(two_files_that_contradict_each_other_are_refused),
        TEST(what_is_written_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
