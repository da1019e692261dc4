/* One closed Lua state: what a file's top level and one scenario run in, with its limits.
 *
 *     struct engine *engine;
 *     enum err err = engine_create(&options, &engine);
 *     int status = engine_call(engine, open_globals, &ctx, &error);
 *     engine_destroy(engine);
 *
 * Every binding finds its engine by the lua_State, coroutines' too.
 */
#pragma once
#include "core/core.h"

#include <lauxlib.h>
#include <lua.h>
#include <signal.h>

struct sched;
struct scene;
struct sources;
struct loading;
struct suite_options;

struct engine_options {
    size_t memory_limit; /* 0: 256 MiB */
    uint64_t
        instruction_limit; /* 0: 1e9; a tenth of it without the clock moving on is too much, too */
    struct rng rng;        /* of math.random: stream "script" is taken from it */
    int64_t epoch_s;       /* os.time at instant 0 */
    bool unsafe;           /* Lua's own io, os, debug, package and load stay */
    struct sources *sources; /* borrowed; for require and file(); NULL: there are none */
};

struct engine {
    lua_State *lua;          /* the main thread */
    struct sched *sched;     /* NULL: nothing may wait here */
    struct scene *scene;     /* NULL: a top level is being loaded */
    void *ctx;               /* for whoever made the engine */
    struct loading *loading; /* harness/scene: what registers scenarios; NULL outside of it */
    const struct suite_options
        *suite; /* harness/scene: what the command line said; NULL: nothing */
    struct sources *sources;
    struct rng random;     /* stream "script" */
    uint64_t random_key;   /* draws are named by who draws; 0: the task's own number */
    uint64_t random_count; /* draws so far with that key */
    int64_t epoch_s;
    uint64_t (*now_us)(const struct engine *engine); /* NULL: 0 */
    /* Misuse by the script is made known here before it is raised: its text, and the same with the
     * position as it is raised. NULL: only raised. */
    void (*misuse)(lua_State *L, struct view text, struct view raised);
    void (*print)(lua_State *L, struct view text); /* NULL: nowhere */
    /* Whether an unknown global is a method of t, so that the mend can be named. NULL: there is no
     * t */
    bool (*is_of_t)(lua_State *L, const char *name);

    size_t memory_used, memory_limit;
    void *refused_ptr; /* the request that was refused last, until it is known whether Lua mended it
                        */
    size_t refused_len;
    bool refused, memory_hit;

    uint64_t instructions, instruction_limit;
    uint64_t instant_us,
        instant_begin;    /* the clock as the hook saw it last; instructions by then */
    bool spent;           /* the budget of instructions is */
    char spent_file[256]; /* where: the line that ran then */
    uint32_t spent_line;
    uint32_t blocked; /* frames between the scheduler and the running code that cannot yield */
    lua_State *inner; /* the script's own coroutine that runs, innermost; NULL: none */
    bool in_hook;     /* inside sched_call_now: for the error's words */
    bool parked;      /* a yield is on its way out to the scheduler */
    /* Somebody looks on and, when this is not 0, is told where the script runs; NULL: nobody. */
    const volatile sig_atomic_t *asked;
    void (*answer)(lua_State *L);
    uint64_t object_count; /* tables, functions … that were printed: their numbers */
    bool unsafe;
};

enum err engine_create(const struct engine_options *options, struct engine **out) NODISCARD;
void engine_destroy(struct engine *engine);
struct engine *engine_of(lua_State *L);

/* lua_resetthread, in which nothing may wait: closes what is to be closed; gives its status. */
int engine_reset(struct engine *engine, lua_State *thread);

/* Calls fn(L) with ctx as light userdata at index 1, protected. LUA_OK, or the error's status with
 * its text (position first) in out_error, which lives until the next call. */
int engine_call(struct engine *engine, lua_CFunction fn, void *ctx, struct view *out_error);

/* The budget was spent or memory ran out, whatever a pcall made of it; NULL: all is well. */
const char *engine_broken(const struct engine *engine);

/* After a broken budget was told: room for what cleans up, not more. */
void engine_pardon(struct engine *engine, uint64_t instructions);

/* Misuse by the script: recorded as ERROR where a scenario runs, and raised with file and line. */
int misuse(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct place { /* of a script's line; file borrowed from the state */
    struct view file;
    uint32_t line; /* 0: no script is running */
};
/* The innermost line of a script on this thread's stack, from `level` on. */
struct place place_of(lua_State *L, int level);
/* Pushes "file:line: text", or the text alone where no script is running. */
struct view push_placed(lua_State *L, struct place place, struct view text);
/* Text of the error value at index, tostring's where it is no string; valid while it is on the
 * stack. */
struct view error_text(lua_State *L, int index);
