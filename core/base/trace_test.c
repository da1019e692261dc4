#include "core/base/trace.h"

#include "core/base/alloc.h"
#include "core/base/trace_codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static struct trace *trace_new(size_t limit)
{
    struct trace *trace = NULL;
    struct trace_options options = {.limit = limit};
    assert_int_equal(trace_create(&options, &trace), ERR_OK);
    return trace;
}

static uint64_t log_append(struct trace *trace, uint64_t time_us, struct view text)
{
    struct trace_event event = {.time_us = time_us, .kind = TRACE_LOG};
    event.u.note.text = text;
    return trace_append(trace, &event);
}

/* Hands everything out as the pipe would, and counts the events in it. */
static uint64_t unsent_count(struct trace *trace)
{
    uint64_t count = 0;
    for (struct view run; (run = trace_unsent(trace)).len > 0;)
        while (run.len > 0) {
            struct trace_event event;
            size_t took = trace_decode(run, NULL, &event);
            assert_true(took != 0 && took != SIZE_MAX);
            run = view_skip(run, took);
            count++;
        }
    return count;
}

static void events_are_found_by_seq(void **state)
{
    (void)state;
    struct trace *trace = trace_new(0);
    struct trace_event event;
    assert_int_equal(trace_last(trace), 0);
    assert_false(trace_get(trace, 0, &event));
    for (uint64_t i = 1; i <= 20000; i++) {
        char text[8] = {(char)('a' + i % 26)};
        assert_int_equal(log_append(trace, i * 10, (struct view){text, i % 8}), i);
    }
    for (uint64_t i = 1; i <= 20000; i++) {
        assert_true(trace_get(trace, i, &event));
        assert_int_equal(event.seq, i);
        assert_int_equal(event.time_us, i * 10);
        assert_int_equal(event.u.note.text.len, i % 8);
    }
    assert_false(trace_get(trace, 20001, &event));
    assert_false(trace_cut(trace));
    trace_destroy(trace);
}

static void what_was_read_stays_while_more_is_appended(void **state)
{
    (void)state;
    struct trace *trace = trace_new(0);
    struct trace_event first;
    log_append(trace, 1, V("first"));
    assert_true(trace_get(trace, 1, &first));
    for (int i = 0; i < 50000; i++)
        log_append(trace, 2, V("more and more"));
    assert_true(view_equal(first.u.note.text, V("first")));
    trace_destroy(trace);
}

static void nothing_of_the_caller_is_borrowed(void **state)
{
    (void)state;
    struct trace *trace = trace_new(0);
    struct trace_event event;
    char text[] = "text", file[] = "a.lua";
    trace_source_set(trace, (struct trace_source){view_of(file), 7, 1});
    log_append(trace, 1, view_of(text));
    memset(text, 'x', 4);
    memset(file, 'x', 5);
    assert_true(trace_get(trace, 1, &event));
    assert_true(view_equal(event.u.note.text, V("text")));
    assert_true(view_equal(event.source.file, V("a.lua")));
    trace_destroy(trace);
}

static void an_event_has_the_line_set_last_or_its_own(void **state)
{
    (void)state;
    struct trace *trace = trace_new(0);
    struct trace_event event = {.kind = TRACE_LOG}, back;
    trace_source_set(trace, (struct trace_source){V("a.lua"), 7, 1});
    trace_append(trace, &event);
    assert_int_equal(event.source.line, 0); /* the caller's event may be used again */
    trace_source_set(trace, (struct trace_source){V("longer.lua"), 9, 2});
    trace_append(trace, &event);
    event.source = (struct trace_source){V("own.lua"), 3, 4};
    trace_append(trace, &event);
    assert_true(trace_get(trace, 1, &back));
    assert_int_equal(back.source.line, 7);
    assert_true(trace_get(trace, 2, &back));
    assert_int_equal(back.source.line, 9);
    assert_int_equal(back.source.task, 2);
    assert_true(view_equal(back.source.file, V("longer.lua")));
    assert_true(trace_get(trace, 3, &back));
    assert_true(view_equal(back.source.file, V("own.lua")));
    trace_destroy(trace);
}

static void secrets_are_blacked_out_in_every_view(void **state)
{
    (void)state;
    struct trace *trace = trace_new(0);
    struct trace_event event = {.kind = TRACE_MESSAGE}, back;
    event.u.wire.bytes = V("xhunter2hunter2hunter");
    event.u.wire.label = V("hunter2");
    event.source.file = V("hunter2.lua");
    trace_append(trace, &event);
    assert_int_equal(unsent_count(trace), 1);
    assert_int_equal(trace_secret_add(trace, V("hunter2")), ERR_OK);
    assert_int_equal(trace_secret_add(trace, V("")), ERR_OK);
    trace_append(trace, &event);
    struct view run = trace_unsent(trace);
    assert_true(view_find(run, V("hunter2")) == run.len);
    assert_true(trace_get(trace, 1, &back));
    assert_true(view_equal(back.u.wire.label, V("hunter2"))); /* from now on, not before */
    assert_true(trace_get(trace, 2, &back));
    assert_true(view_equal(back.u.wire.bytes, V("x**************hunter")));
    assert_true(view_equal(back.u.wire.label, V("*******")));
    assert_true(view_equal(back.source.file, V("*******.lua")));
    trace_destroy(trace);
}

/* A secret may be any bytes: those of lengths and numbers must not be touched. */
static void a_short_secret_breaks_no_frame(void **state)
{
    (void)state;
    struct trace *trace = trace_new(0);
    for (unsigned c = 0; c < 256; c++) {
        char byte = (char)c;
        assert_int_equal(trace_secret_add(trace, (struct view){&byte, 1}), ERR_OK);
    }
    struct trace_event back;
    log_append(trace, 77, V("everything"));
    assert_int_equal(unsent_count(trace), 1);
    assert_true(trace_get(trace, 1, &back));
    assert_int_equal(back.time_us, 77);
    assert_true(view_equal(back.u.note.text, V("**********")));
    trace_destroy(trace);
}

static void evidence_is_read_back_from_the_trace(void **state)
{
    (void)state;
    struct trace *trace = trace_new(0);
    uint64_t seqs[] = {4, 8, 15};
    struct trace_event event = {.kind = TRACE_FINDING}, back;
    event.u.finding.rule = V("MSG-1");
    event.u.finding.evidence = seqs;
    event.u.finding.evidence_count = 3;
    log_append(trace, 0, V("x"));
    trace_append(trace, &event);
    seqs[0] = 0;
    assert_true(trace_get(trace, 2, &back));
    assert_int_equal(back.u.finding.evidence_count, 3);
    assert_int_equal(back.u.finding.evidence[0], 4);
    assert_int_equal(back.u.finding.evidence[2], 15);
    trace_destroy(trace);
}

static void a_full_trace_is_cut_but_tells_its_end(void **state)
{
    (void)state;
    struct trace *trace = trace_new(64 << 10);
    struct trace_event event = {.kind = TRACE_VERDICT}, back;
    uint64_t last = 0, seq;
    while ((seq = log_append(trace, 1, V("some line of a log"))) != 0)
        last = seq;
    assert_true(last > 500);
    assert_true(trace_cut(trace));
    assert_int_equal(log_append(trace, 1, V("")), 0); /* no gaps: nothing more is kept */
    event.u.verdict.reason = V("too much");
    assert_int_equal(trace_append(trace, &event), last + 1);
    event = (struct trace_event){.kind = TRACE_END};
    assert_int_equal(trace_append(trace, &event), last + 2);
    assert_true(trace_get(trace, last + 1, &back));
    assert_true(view_equal(back.u.verdict.reason, V("too much")));
    trace_destroy(trace);
}

static void an_event_beyond_every_limit_is_refused(void **state)
{
    (void)state;
    struct trace *trace = trace_new(64 << 10);
    assert_int_equal(log_append(trace, 1, (struct view){"x", SIZE_MAX}), 0);
    assert_true(trace_cut(trace));
    trace_destroy(trace);
}

static void a_large_event_has_a_chunk_of_its_own(void **state)
{
    (void)state;
    struct trace *trace = trace_new(0);
    struct trace_event back;
    size_t len = 3 << 20;
    char *bytes = mem_alloc(len);
    memset(bytes, 'a', len);
    log_append(trace, 1, V("before"));
    assert_int_equal(log_append(trace, 1, (struct view){bytes, len}), 2);
    log_append(trace, 1, V("after"));
    assert_true(trace_get(trace, 2, &back));
    assert_int_equal(back.u.note.text.len, len);
    assert_int_equal(unsent_count(trace), 3);
    mem_free(bytes);
    trace_destroy(trace);
}

static void each_event_is_handed_out_once(void **state)
{
    (void)state;
    struct trace *trace = trace_new(0);
    assert_int_equal(unsent_count(trace), 0);
    for (int round = 0; round < 40; round++) {
        for (int i = 0; i < 501; i++)
            log_append(trace, 1, V("a line that takes its place"));
        assert_int_equal(unsent_count(trace), 501);
        assert_int_equal(unsent_count(trace), 0);
    }
    trace_destroy(trace);
}

static void dropping_keeps_what_was_not_handed_out(void **state)
{
    (void)state;
    struct trace *trace = trace_new(0);
    struct trace_event back;
    for (int i = 0; i < 10; i++)
        log_append(trace, 1, V("kept"));
    trace_drop(trace, 11);
    assert_true(trace_get(trace, 1, &back));
    assert_int_equal(unsent_count(trace), 10);
    log_append(trace, 1, V("new"));
    trace_drop(trace, 5);
    assert_false(trace_get(trace, 4, &back));
    assert_true(trace_get(trace, 5, &back));
    trace_drop(trace, 100);
    assert_false(trace_get(trace, 10, &back));
    assert_true(trace_get(trace, 11, &back));
    assert_int_equal(unsent_count(trace), 1);
    trace_destroy(trace);
}

static void memory_stays_flat_when_it_is_dropped(void **state)
{
    (void)state;
    struct trace *trace = trace_new(1 << 20); /* a fraction of what goes through it */
    struct trace_event back;
    for (uint64_t i = 1; i <= 60000; i++) {
        assert_int_equal(log_append(trace, i, V("a line that takes about a hundred bytes of room")),
                         i);
        if (i % 700 == 0) {
            assert_int_equal(unsent_count(trace), 700);
            trace_drop(trace, i - 100);
            assert_true(trace_get(trace, i - 100, &back));
            assert_int_equal(back.time_us, i - 100);
            assert_false(trace_get(trace, i - 101, &back));
        }
    }
    assert_false(trace_cut(trace));
    trace_destroy(trace);
}

static void thin_to_a_quarter(void *ctx, struct trace *trace)
{
    ++*(uint32_t *)ctx;
    trace_thin(trace, 1 << 18);
}

/* What a long load leaves: who took part, and the newest events without a gap. */
static void thinning_leaves_the_parties_and_the_newest(void **state)
{
    (void)state;
    uint32_t asked = 0;
    struct trace *trace;
    struct trace_options options = {
        .limit = 2 << 20, .window = 1 << 20, .full = thin_to_a_quarter, .ctx = &asked};
    assert_int_equal(trace_create(&options, &trace), ERR_OK);
    for (uint64_t i = 1; i <= 60000; i++) {
        struct trace_event party = {.kind = TRACE_PARTY, .party = (uint32_t)i};
        party.u.note.name = V("alice");
        if (i % 10000 == 1)
            assert_int_equal(trace_append(trace, &party), i);
        else
            assert_int_equal(log_append(trace, i, V("a line that takes some room")), i);
    }
    assert_true(asked > 2);
    assert_false(trace_cut(trace));
    struct trace_event event;
    uint64_t parties = 0, events = 0, last = 0, gaps = 0;
    for (struct view run; (run = trace_unsent(trace)).len > 0;)
        for (size_t len; run.len > 0; run = view_skip(run, len)) {
            len = trace_decode(run, NULL, &event);
            assert_true(event.seq > last);
            parties += event.kind == TRACE_PARTY;
            gaps += event.kind != TRACE_PARTY && event.seq != last + 1;
            last = event.seq;
            events++;
        }
    assert_int_equal(parties, 6);
    assert_int_equal(gaps, 1);
    assert_int_equal(last, 60000);
    assert_int_equal(events + trace_thinned(trace), 60000);
    trace_destroy(trace);
}

/* Each allocation fails in turn: the trace is cut or says so, and what it kept is right. */
static void no_memory_cuts_the_trace_and_breaks_nothing(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth < 60; nth++) {
        struct trace *trace = NULL;
        struct trace_event back;
        mem_fail_at(nth, false);
        enum err err = trace_create(NULL, &trace), secret = ERR_OK;
        for (int i = 0; err == ERR_OK && i < 3000; i++) {
            trace_source_set(trace, (struct trace_source){V("a.lua"), 1, 0});
            secret = i == 0 ? trace_secret_add(trace, V("word")) : secret;
            log_append(trace, 1, V("a word of some length in a line of a log that takes its room"));
        }
        mem_fail_at(0, false);
        assert_true(err == ERR_OK || err == ERR_MEMORY);
        for (uint64_t seq = 1; err == ERR_OK && seq <= trace_last(trace); seq++)
            assert_true(trace_get(trace, seq, &back));
        if (err == ERR_OK && secret == ERR_OK)
            assert_true(trace_cut(trace) || trace_last(trace) == 3000);
        trace_destroy(trace);
    }
    assert_int_equal(mem_live(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_found_by_seq),
        cmocka_unit_test(what_was_read_stays_while_more_is_appended),
        cmocka_unit_test(nothing_of_the_caller_is_borrowed),
        cmocka_unit_test(an_event_has_the_line_set_last_or_its_own),
        cmocka_unit_test(secrets_are_blacked_out_in_every_view),
        cmocka_unit_test(a_short_secret_breaks_no_frame),
        cmocka_unit_test(evidence_is_read_back_from_the_trace),
        cmocka_unit_test(a_full_trace_is_cut_but_tells_its_end),
        cmocka_unit_test(an_event_beyond_every_limit_is_refused),
        cmocka_unit_test(a_large_event_has_a_chunk_of_its_own),
        cmocka_unit_test(each_event_is_handed_out_once),
        cmocka_unit_test(dropping_keeps_what_was_not_handed_out),
        cmocka_unit_test(memory_stays_flat_when_it_is_dropped),
        cmocka_unit_test(thinning_leaves_the_parties_and_the_newest),
        cmocka_unit_test(no_memory_cuts_the_trace_and_breaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
