/* What a scenario waits for at this instant, and which timers its agents run: for whoever looks on
 * while it goes. Nothing here decides anything.
 *
 *     scene_waits(scene, L, ctx, each);
 */
#pragma once
#include "harness/lua/engine.h"
#include "harness/scene/scene.h"

#include <signal.h>

enum scene_wait_kind {
    SCENE_WAITS, /* a task of the script waits */
    SCENE_RUNS,  /* the script runs, at this line */
    SCENE_TIMER  /* of an agent */
};

struct scene_wait { /* views are good during the call */
    enum scene_wait_kind kind;
    struct view who; /* of a timer: the agent */
    struct view
        what; /* "bob: waiting for INVITE"; of a timer "Timer B of the INVITE client (calling)" */
    struct place place; /* in the script; line 0: not known */
    uint64_t until_us;  /* on the scenario's clock; NEVER: no bound */
};

/* Who looks on: asks by *asked, is answered at the next chance; scene_run keeps `scene`. */
struct scene_watch {
    const volatile sig_atomic_t *asked; /* not 0: somebody wants to know */
    /* running: where a script runs just now; NULL: all wait. Raises nothing. Sets *asked to 0. */
    void (*answer)(void *ctx, struct scene *scene, lua_State *running);
    void *ctx;
    struct scene *scene; /* what runs; NULL: nothing */
};

/* running as in struct scene_watch. Timers come last, by agent and then as they are due; of each
 * agent the first SCENE_TIMERS_MOST. */
enum { SCENE_TIMERS_MOST = 8 };
void scene_waits(const struct scene *scene, lua_State *running, void *ctx,
                 void (*each)(void *ctx, const struct scene_wait *wait));
