/* The scenario's coroutines. A task runs until it waits; the world turns only while all wait.
 *
 *     static int again(lua_State *L, int status, lua_KContext ctx)
 *     {
 *         if (inbox_take(...))
 *             return push_message(L);
 *         if (sched_expired(L))
 *             return scene_fail(L, &failure);
 *         return sched_wait_for(L, &inbox->waiters, deadline, ctx, &kind);
 *     }
 */
#pragma once
#include "core/core.h"

#include <lua.h>

struct sched;
struct task;

/* Stands in whatever can be waited for: an inbox, a call, the message log. Zeroed: nobody waits. */
struct wait_queue {
    struct task *first, *last;
};

struct sched_options {
    lua_State *lua;             /* the main thread */
    struct order *order;        /* of the world */
    uint64_t instruction_limit; /* of all tasks together; 0: the engine's */
    uint32_t task_limit;        /* 0: 1,000,000 */
    void *ctx;                  /* for ended */
    /* A task ended. LUA_OK: its results are all that is on `thread`; else the error is on top of it
     * and its frames are still there to be looked at. Not protected: may not raise. */
    void (*ended)(void *ctx, uint32_t task, lua_State *thread, int status);
};

enum err sched_create(const struct sched_options *options, struct sched **out) NODISCARD;
void sched_destroy(
    struct sched *sched); /* closes all coroutines; pending <close> values run no more */

/* The function and its arg_count arguments on top of L become a task (popped); it runs when the
 * caller waits. *out is its number, from 1 on: the trace's task. */
enum err sched_spawn(struct sched *sched, lua_State *L, int arg_count, uint32_t *out) NODISCARD;
/* Resumes tasks in the order in which they became ready until none is. due: the first deadline may
 * expire, if it has come; one at a time, for between two of one instant something else may be due.
 * True when any ran. */
bool sched_run_ready(struct sched *sched, uint64_t now_us, bool due);
struct moment sched_deadline(const struct sched *sched); /* the earliest of a waiting task */

/* What is waited for: how it goes on, and what it is called, for those that look on. */
struct wait_kind {
    lua_KFunction again;
    /* "bob: waiting for INVITE": reads the waiting thread's stack as sched_wait_for found it. It is
     * asked out of nowhere, so that it may neither raise nor push. */
    void (*say)(lua_State *waiting, struct buf *out);
    bool polls; /* its deadline is when it looks again, and no bound */
};
/* Parks the running task until the queue is woken or at_us has come; then `again` is called in it.
 * Use: return sched_wait_for(…). Raises where the coroutine cannot wait here (in a sort, in a hook
 * …). queue may be NULL (a sleep); at_us NEVER: no deadline. A task waits in one queue at a time.
 */
int sched_wait_for(lua_State *L, struct wait_queue *queue, uint64_t at_us, lua_KContext ctx,
                   const struct wait_kind *kind);
bool sched_may_wait(lua_State *L);
bool sched_expired(lua_State *L); /* in `again`: the deadline came, not a wake */
void sched_wake(struct sched *sched,
                struct wait_queue *queue);      /* all that wait there become ready */
uint32_t sched_task(lua_State *L);              /* number of the running task; 0: none */
uint32_t sched_live(const struct sched *sched); /* tasks not ended */
uint32_t sched_last(const struct sched *sched); /* number of the newest task */
struct wait_queue *sched_ended_queue(struct sched *sched,
                                     uint32_t task); /* woken at its end; NULL: ended */
/* Runs the function on top of L, with arg_count arguments, now, in a fresh coroutine that may not
 * wait: hooks, match functions, corrupt functions. Results (result_count) or the error go to L. */
int sched_call_now(struct sched *sched, lua_State *L, int arg_count, int result_count);
/* No task is resumed any more until sched_abandon has dropped them all: they never end, and are not
 * told to `ended`. */
void sched_stop(struct sched *sched);
void sched_abandon(struct sched *sched);
/* The budget was spent, or memory ran out, whatever a pcall made of it; NULL: all is well. */
const char *sched_broken(const struct sched *sched);
/* A word of the running task for whoever runs scenarios (t:given …); a task it spawns begins with
 * the same. NULL: no task runs. */
uint32_t *sched_word(lua_State *L);
/* How often the running task has drawn from math.random; NULL: no task runs. */
uint64_t *sched_draws(lua_State *L);
/* The tasks that wait: begin with 0; false at the end. */
struct sched_waiting {
    uint32_t task;
    uint64_t until_us; /* NEVER: until it is woken */
    lua_State *thread; /* whose stack it is: the task's, or a coroutine's of the script */
    const struct wait_kind *kind;
};
bool sched_waiting_next(const struct sched *sched, uint32_t *number, struct sched_waiting *out);
/* The threads of the tasks that have not ended, to be looked at: begin with 0; NULL at the end. */
lua_State *sched_thread_next(const struct sched *sched, uint32_t *number);
