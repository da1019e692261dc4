/* sub:wait(state): reached or passed; fails when it never can be. */
#include "harness/agent/words.h"
#include "harness/api/failing.h"
#include "harness/api/kinds.h"
#include "harness/api/subscription_api.h"

#include <stdio.h>

static const char *const states[] = {"waiting", "pending", "active", "terminated", NULL};
static const char *const names[] = {"within", "soft", NULL};

struct sub_waiting {
    struct waiting waiting;
    enum sip_sub_state state;
};

const char *subscription_state_word(const struct subscription *sub)
{
    return states[sub->state];
}

static enum sip_sub_state state_at(lua_State *L, int index)
{
    struct view text = arg_view(L, index, "the state of a subscription");
    char room[80];

    for (int i = 1; states[i] != NULL; i++)
        if (view_equal(view_of(states[i]), text))
            return (enum sip_sub_state)i;
    scene_misuse(L, "a subscription is never '%s'%s (pending, active, terminated)",
                 lua_tostring(L, index), mend(lua_tostring(L, index), states, room, sizeof room));
    return SIP_SUB_WAITING;
}

/* What made the state true is passed over, and used. */
static void pass(struct subscription *sub, enum sip_sub_state state)
{
    struct post *post = &sub->agent->party.agents->post;
    uint64_t reached = sub->reached[state];

    for (struct mail *m = NULL; (m = inbox_next(post, &sub->inbox, m)) != NULL;)
        if (m->seq < reached && m->status >= 300)
            m->used = true;
    inbox_pass_seq(post, &sub->inbox, reached - 1);
}

static struct view why_over(const struct subscription *sub, char *room, size_t size)
{
    struct sip_sub_info info = {.ended_status = 0};
    const char *how = "its agent is down";
    char status[16] = "";

    if (subscription_info(sub, &info) == ERR_OK && subscription_ended_word(&info) != NULL)
        how = subscription_ended_word(&info);
    if (info.ended_status != 0)
        snprintf(status, sizeof status, " (%u)", info.ended_status);
    int len = snprintf(room, size, "it ended: %s%s%s%.*s", how, status,
                       info.reason.len > 0 ? ", reason " : "", VIEW_ARG(info.reason));
    return (struct view){room, (size_t)len < size ? (size_t)len : size - 1};
}

static int failed(lua_State *L, const struct subscription *sub, const struct sub_waiting *waiting)
{
    char room[WORDS_MAX], why[120];
    struct view text;

    if (sub->state == SIP_SUB_TERMINATED) {
        text = why_over(sub, why, sizeof why);
    } else {
        uint64_t waited_us = scene_now(scene_of(L)) - waiting->waiting.began_us;
        struct view within = words_duration(waited_us, room);
        int len = snprintf(why, sizeof why, "it was still %s after %.*s", states[sub->state],
                           VIEW_ARG(within));
        text = (struct view){why, (size_t)len < sizeof why ? (size_t)len : sizeof why - 1};
    }
    return failing_state(L, &sub->agent->party, "the subscription", states[waiting->state], text,
                         waiting->waiting.soft);
}

/* Stack: the subscription, the state, the options, the wait. */
static int wait_again(lua_State *L, int status, lua_KContext ctx)
{
    struct station station = station_at(L, 1);
    struct sub_waiting *waiting = lua_touserdata(L, 4);
    struct subscription *sub = station.subscription;

    (void)status;
    (void)ctx;
    if (sub->reached[waiting->state] != 0) {
        char room[40];
        int len = snprintf(room, sizeof room, "the subscription is %s", states[waiting->state]);
        pass(sub, waiting->state);
        verb_held(L, &station, (struct view){room, (size_t)len}, NULL);
        return 0;
    }
    uint64_t deadline_us = waiting_deadline(&waiting->waiting, &station, NULL);
    if (sub->state == SIP_SUB_TERMINATED || scene_now(scene_of(L)) >= deadline_us)
        return failed(L, sub, waiting);
    return sched_wait(L, &sub->inbox.waiters, deadline_us, 4, wait_again);
}

int subscription_wait(lua_State *L)
{
    struct sub_waiting waiting = {.waiting = {.within_us = NEVER}};

    subscription_check(L, 1);
    lua_settop(L, 3);
    waiting.state = state_at(L, 2);
    waiting.waiting.began_us = scene_now(scene_of(L));
    struct opts opts = opts_open(L, 3, "wait", names, NULL);
    opts_duration(&opts, "within", &waiting.waiting.within_us);
    waiting.waiting.soft = opts_true(&opts, "soft");
    struct sub_waiting *kept = lua_newuserdatauv(L, sizeof *kept, 0);
    *kept = waiting;
    return wait_again(L, LUA_OK, 4);
}
