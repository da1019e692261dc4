/* Runs snippets of Lua in an engine with a scheduler and a clock that jumps: for tests.
 *
 *     struct lua_fixture *f = lua_fixture_create(NULL);
 *     assert_string_equal(lua_run(f, "sleep(5) return now()"), "5.0");
 *     lua_fixture_destroy(f);
 *
 * Beside the sandbox, a snippet has sleep(seconds), now(), spawn(fn, …) and hook(fn, …), the last
 * by sched_call_now.
 */
#pragma once
#include "harness/lua/engine.h"
#include "harness/lua/sched.h"

struct lua_fixture {
    struct engine *engine;
    struct sched *sched;
    struct order order;
    uint64_t now_us;
    struct buf log;    /* how each task ended but the first: "2: error text\n" */
    struct buf result; /* of the first: its results' text, or its error's */
    bool done;
};

struct lua_fixture *lua_fixture_create(const struct engine_options *options);
void lua_fixture_destroy(struct lua_fixture *f);
/* The snippet as chunk "@test.lua" in a task, until nothing is left to do: its results as text with
 * blanks between, or "error: …"; "stuck" where it never ended; or what broke the engine. */
const char *lua_run(struct lua_fixture *f, const char *code);
