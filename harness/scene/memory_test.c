#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/pattern/regex.h"
#include "harness/scene/scene_test.h"
#include "mock/mock.h"

/* A scenario with a bit of everything, and its run with allocations failing. */
static const char code[] =
    "local cases = {}\n"
    "for i = 1, 3 do cases[i] = 'case ' .. i end\n"
    "before_each(function(t) t:cleanup(function() t:log('cleaned') end) end)\n"
    "group('g', {tags = {'a'}}, function()\n"
    "  for _, name in ipairs(cases) do\n"
    "    scenario(name, {covers = {'CTI-001'}}, function(t)\n"
    "      local task = t:spawn(function() t:sleep(1) return 7 end)\n"
    "      expect(t:all(task)):equals(7)\n"
    "      expect(function() t:fail('x') end):raises('x')\n"
    "      local s = '' for k, v in pairs({a = 1, b = 2}) do s = s .. k end\n"
    "      expect(s):matches('^ab$')\n"
    "    end)\n"
    "  end\n"
    "end)\n";

struct run {
    struct driver *driver;
    struct trace *trace;
    struct suite *suite;
    enum err err;
    struct scene_result result;
};

static void open_run(struct run *run)
{
    struct suite_options options = {.name = V("test.lua"), .text = view_of(code)};
    struct load_error error;
    *run = (struct run){0};
    assert_int_equal(mock_create(&(struct mock_options){0}, &run->driver), ERR_OK);
    assert_int_equal(trace_create(&(struct trace_options){0}, &run->trace), ERR_OK);
    assert_int_equal(suite_load(&options, &run->suite, &error), ERR_OK);
}

static void play(struct run *run)
{
    struct scene_options options = {.driver = run->driver, .trace = run->trace, .seed = 7};
    run->err = scene_run(run->suite, 1, &options, &run->result);
}

static void close_run(struct run *run)
{
    run->driver->ops->destroy(run->driver);
    trace_destroy(run->trace);
    suite_destroy(run->suite);
}

/* True: the run went well, for nothing failed any more. A scenario that passes although memory
 * failed must have passed in truth: every assertion was executed. */
static bool survives(uint64_t nth, bool and_all_after)
{
    struct run run;
    open_run(&run);
    uint64_t before = mem_count();
    mem_fail_at(nth, and_all_after);
    play(&run);
    bool untouched = mem_count() - before < nth;
    mem_fail_at(0, false);
    if (run.err == ERR_OK && run.result.verdict == VERDICT_PASS)
        assert_true(run.result.assertions >= 3);
    else
        assert_true(run.err == ERR_MEMORY || run.result.verdict == VERDICT_ERROR);
    close_run(&run);
    regex_cache_drop();
    return untouched;
}

static void every_failed_allocation_is_an_error_and_no_crash(void **state)
{
    (void)state;
    uint64_t live = mem_live();
    for (uint64_t nth = 1; !survives(nth, true); nth += 1 + nth / 40)
        assert_true(mem_live() == live);
    for (uint64_t nth = 1; !survives(nth, false); nth += 1 + nth / 40)
        assert_true(mem_live() == live);
}

static void loading_survives_failed_allocations(void **state)
{
    (void)state;
    struct suite_options options = {.name = V("test.lua"), .text = view_of(code)};
    struct load_error error;
    struct suite *suite = NULL;
    enum err err = ERR_MEMORY;
    for (uint64_t nth = 1; err != ERR_OK; nth += 1 + nth / 40) {
        mem_fail_at(nth, true);
        err = suite_load(&options, &suite, &error);
        mem_fail_at(0, false);
        assert_true(err == ERR_OK || err == ERR_MEMORY || err == ERR_SYNTAX);
    }
    suite_destroy(suite);
}

static void a_run_gives_all_memory_back(void **state)
{
    (void)state;
    struct run run;
    open_run(&run);
    play(&run);
    uint64_t live = mem_live();
    for (int i = 0; i < 5; i++)
        play(&run);
    assert_int_equal(run.result.verdict, VERDICT_PASS);
    assert_true(mem_live() < live + 5 * 40); /* the trace keeps its events */
    close_run(&run);
}

static struct view encoded(struct run *run, struct buf *out)
{
    struct view part;
    while ((part = trace_unsent(run->trace)).len > 0)
        buf_add(out, part);
    return buf_view(out);
}

static void the_same_seed_gives_the_same_trace(void **state)
{
    (void)state;
    struct buf first = {0};
    for (int i = 0; i < 3; i++) {
        struct run run;
        struct buf bytes = {0};
        open_run(&run);
        play(&run);
        if (i == 0)
            encoded(&run, &first);
        else
            assert_true(view_equal(encoded(&run, &bytes), buf_view(&first)));
        buf_deinit(&bytes);
        close_run(&run);
    }
    assert_true(first.len > 0);
    buf_deinit(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failed_allocation_is_an_error_and_no_crash),
        cmocka_unit_test(loading_survives_failed_allocations),
        cmocka_unit_test(a_run_gives_all_memory_back),
        cmocka_unit_test(the_same_seed_gives_the_same_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
