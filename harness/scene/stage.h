/* What the scenario core itself knows of a scenario beyond what every binding sees: private to
 * harness/scene and harness/expect.
 *
 *     struct stage *stage = stage_of(scene);
 */
#pragma once
#include "harness/lua/engine.h"
#include "harness/lua/source.h"
#include "harness/scene/part.h"
#include "harness/scene/run.h"
#include "harness/scene/suite.h"
#include "harness/scene/verdicts.h"
#include "harness/scene/waits.h"

/* An expect(v) whose check is still to come. */
struct unchecked {
    struct unchecked *next, *prev;
    struct place place; /* its file is the source's name: it outlives the state */
    uint32_t task;
    uint64_t serial;
};

struct stage {
    struct scene scene; /* first: what bindings get is this */
    struct engine *engine;
    struct suite *suite;
    struct loading *loading; /* what the top level registered in this state */
    const struct scene_part *const *parts;
    const struct scene_options *options;
    size_t index;
    const void *t;    /* the script's t */
    uint64_t stop_us; /* the scenario's timeout, or that of a piece of the tidy-up */
    bool timed_out;
    bool over;        /* a failure was raised to the end: nothing of the script goes on */
    uint32_t watched; /* the task that the loop runs for */
    bool watched_ended;
    struct unchecked *unchecked; /* newest first */
    uint64_t unchecked_serial;
    uint32_t collected; /* t:all() gave the results of tasks up to this number */
    uint64_t closed_us; /* the clock when the world was taken down */
};

struct stage *stage_of(struct scene *scene);
/* Starts what `push` leaves on the stack (a function and its arguments) as the watched task and
 * turns the world until it has ended, the scenario is over or the limit of time is reached; what
 * stopped it is recorded. `what` names it in sentences. True: it ended by itself, and well. */
bool stage_run(struct stage *stage, void (*push)(lua_State *L, void *ctx), void *ctx,
               uint64_t limit_us, const char *what);
/* Tells who looks on, if he has asked; running: as in struct scene_watch. */
void stage_answer_watch(struct stage *stage, lua_State *running);
/* Turns the world until nothing is under way. */
void stage_settle(struct stage *stage);
/* What a scenario that returned is still charged with. */
void stage_end(struct stage *stage);
/* after_each, cleanups, tidy-up: whatever happened. */
void stage_tear_down(struct stage *stage);
/* Lines of the script on this thread's stack, innermost first. */
void traceback_write(lua_State *thread, struct buf *out);
/* Misuse was raised (struct engine): recorded as ERROR. */
void scene_misused(lua_State *L, struct view text, struct view raised);
/* t, and t:spawn's tasks. */
void t_open(lua_State *L); /* pushes t for this scenario */
void task_open(lua_State *L);
int t_spawn(lua_State *L);
int t_all(lua_State *L);
/* Keeps what the task returned for t:all; its results are all that is on thread. */
void task_keep_results(lua_State *L, uint32_t task, lua_State *thread);
/* Cleanups of t:cleanup, last first: pushes the next and gives true, or false. */
bool t_next_cleanup(lua_State *L);
/* The verdict out of what was recorded: fills reason and detail. */
/* With a target: SKIP where it was not used, INCONCLUSIVE where it never spoke. */
void stage_judge_silence(struct stage *stage, struct scene_result *out);
void stage_judge(struct stage *stage, struct scene_result *out);
/* Told by the scheduler. */
void stage_ended(void *ctx, uint32_t task, lua_State *thread, int status);
struct world_user stage_world_user(struct stage *stage);
void stage_begin_traced(struct stage *stage);
void stage_end_traced(struct stage *stage, const struct scene_result *result);
