#include "harness/api/tidy_task.h"

#include "harness/agent/tidy.h"
#include "harness/agent/wire_leg.h"

#include "harness/api/kinds.h"

enum { TIDY_REAL_S = 2, TIDY_SIM_S = 64 };

static void tidy_say(lua_State *waiting, struct buf *out)
{
    (void)waiting;
    buf_add(out, V("the tidy-up: waiting for what is still up to end"));
}

static int tidy_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind tidy_kind = {tidy_again, tidy_say, true};

/* ctx: the second it began. */
static int tidy_again(lua_State *L, int status, lua_KContext ctx)
{
    struct scene *scene = scene_of(L);
    uint64_t began_us = (uint64_t)ctx, now_us = scene_now(scene);
    uint64_t limit_us = (scene->clock.real ? TIDY_REAL_S : TIDY_SIM_S) * US_PER_S;
    struct wire *open = wire_legs_tidy(scene->agents);
    struct call *up = agents_tidy(scene->agents, now_us >= began_us + US_PER_S);
    struct subscription *sub = agents_tidy_subscriptions(scene->agents);
    struct publication *pub = agents_tidy_publications(scene->agents);
    struct registration *registered =
        up == NULL && sub == NULL && pub == NULL ? registrations_tidy(scene->agents, NULL) : NULL;
    struct wait_queue *waiters = up != NULL           ? &up->inbox.waiters
                                 : sub != NULL        ? &sub->inbox.waiters
                                 : pub != NULL        ? &pub->inbox.waiters
                                 : registered != NULL ? &registered->waiters
                                 : open != NULL       ? &open->party.inbox.waiters
                                                      : NULL;

    (void)status;
    if (waiters == NULL)
        return 0;
    if (now_us >= began_us + limit_us) {
        scene->untidy = true;
        return 0;
    }
    uint64_t next_us =
        now_us + US_PER_S < began_us + limit_us ? now_us + US_PER_S : began_us + limit_us;
    return sched_wait_for(L, waiters, next_us, ctx, &tidy_kind);
}

int tidy_run(lua_State *L)
{
    struct scene *scene = scene_of(L);

    scene->agents->tidying = true;
    wire_legs_find(scene->agents);
    return tidy_again(L, LUA_OK, (lua_KContext)scene_now(scene));
}
