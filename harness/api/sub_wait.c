/* x:wait(state) of subscriptions and publications: reached or passed; fails when it never can be.
 */
#include "harness/agent/words.h"
#include "harness/api/failing.h"
#include "harness/api/kinds.h"
#include "harness/api/subscription_api.h"

#include <stdio.h>

static const char *const sub_states[] = {"waiting", "pending", "active", "terminated", NULL};
static const char *const pub_states[] = {"pending", "active", "terminated", NULL};
static const char *const names[] = {"within", "soft", NULL};

struct stateful { /* what can be waited for so */
    const char *thing;
    const char *const *states;
    const uint64_t *reached;
    unsigned state, last;
};

struct state_waiting {
    struct waiting waiting;
    unsigned state;
};

const char *subscription_state_word(const struct subscription *sub)
{
    return sub_states[sub->state];
}

const char *publication_state_word(const struct publication *pub)
{
    return pub_states[pub->state];
}

static struct stateful stateful_of(const struct station *station)
{
    const struct subscription *sub = station->subscription;
    const struct publication *pub = station->publication;

    if (sub != NULL)
        return (struct stateful){"the subscription", sub_states, sub->reached, sub->state,
                                 SIP_SUB_TERMINATED};
    return (struct stateful){"the publication", pub_states, pub->reached, pub->state,
                             SIP_PUB_TERMINATED};
}

static unsigned state_at(lua_State *L, int index, const struct stateful *stateful)
{
    struct view text = arg_view(L, index, "a state");
    char room[80];

    for (unsigned i = 0; i <= stateful->last; i++)
        if (view_equal(view_of(stateful->states[i]), text))
            return i;
    scene_misuse(L, "%s is never '%s'%s (pending, active, terminated)", stateful->thing,
                 lua_tostring(L, index),
                 mend(lua_tostring(L, index), stateful->states, room, sizeof room));
    return 0;
}

/* What made the state true is passed over, and used. */
static void pass(const struct station *station, uint64_t reached)
{
    struct post *post = &station->agents->post;

    for (struct mail *m = NULL; (m = inbox_next(post, station->inbox, m)) != NULL;)
        if (m->seq < reached && m->status >= 300)
            m->used = true;
    inbox_pass_seq(post, station->inbox, reached - 1);
}

struct ending {
    const char *how;
    uint16_t status;
    struct view reason;
};

static struct ending ending_of(const struct station *station)
{
    struct ending ending = {.how = NULL};
    struct sip_sub_info info;

    if (station->publication != NULL) {
        ending.how = publication_ended_word(station->publication);
        ending.status = station->publication->ended_status;
    } else if (subscription_info(station->subscription, &info) == ERR_OK) {
        ending.how = subscription_ended_word(&info);
        ending.status = info.ended_status;
        ending.reason = info.reason;
    }
    if (ending.how == NULL)
        ending.how = "its agent is down";
    return ending;
}

static struct view why_over(const struct station *station, char *room, size_t size)
{
    struct ending ending = ending_of(station);
    char status[16] = "";

    if (ending.status != 0)
        snprintf(status, sizeof status, " (%u)", ending.status);
    int len = snprintf(room, size, "it ended: %s%s%s%.*s", ending.how, status,
                       ending.reason.len > 0 ? ", reason " : "", VIEW_ARG(ending.reason));
    return (struct view){room, (size_t)len < size ? (size_t)len : size - 1};
}

static int failed(lua_State *L, const struct station *station, const struct stateful *stateful,
                  const struct state_waiting *waiting)
{
    char room[WORDS_MAX], why[120];
    struct handle asked = station->publication != NULL ? station->publication->request
                                                       : station->subscription->request;
    struct view text;

    if (stateful->state == stateful->last) {
        text = why_over(station, why, sizeof why);
    } else {
        uint64_t waited_us = scene_now(scene_of(L)) - waiting->waiting.began_us;
        struct view within = words_duration(waited_us, room);
        int len = snprintf(why, sizeof why, "it was still %s after %.*s",
                           stateful->states[stateful->state], VIEW_ARG(within));
        text = (struct view){why, (size_t)len < sizeof why ? (size_t)len : sizeof why - 1};
    }
    return failing_state(L, &(struct failing_state){.party = station->party,
                                                    .thing = stateful->thing,
                                                    .state = stateful->states[waiting->state],
                                                    .why = text,
                                                    .asked = agents_request(station->agents, asked),
                                                    .soft = waiting->waiting.soft});
}

static void wait_say(lua_State *waiting, struct buf *out)
{
    const struct state_waiting *kept = lua_touserdata(waiting, 4);
    const struct station *station = &kept->waiting.station;
    struct stateful stateful = stateful_of(station);

    buf_printf(out, "%.*s: waiting for %s to be %s", VIEW_ARG(station->party->name), stateful.thing,
               stateful.states[kept->state]);
}

static int wait_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind wait_kind = {wait_again, wait_say, false};

/* Stack: whose state it is, the state, the options, the wait. */
static int wait_again(lua_State *L, int status, lua_KContext ctx)
{
    struct station station = station_at(L, 1);
    struct state_waiting *waiting = lua_touserdata(L, 4);
    struct stateful stateful = stateful_of(&station);

    (void)status;
    (void)ctx;
    if (stateful.reached[waiting->state] != 0) {
        char room[60];
        int len = snprintf(room, sizeof room, "%s is %s", stateful.thing,
                           stateful.states[waiting->state]);
        pass(&station, stateful.reached[waiting->state]);
        verb_held(L, &station, (struct view){room, (size_t)len}, NULL);
        return 0;
    }
    uint64_t deadline_us = waiting_deadline(&waiting->waiting, &station, NULL);
    if (stateful.state == stateful.last || scene_now(scene_of(L)) >= deadline_us)
        return failed(L, &station, &stateful, waiting);
    return sched_wait_for(L, &station.inbox->waiters, deadline_us, 4, &wait_kind);
}

int stateful_wait(lua_State *L)
{
    struct station station = station_at(L, 1);
    struct state_waiting waiting = {
        .waiting = {.station = station, .within_us = NEVER}
    };

    lua_settop(L, 3);
    struct stateful stateful = stateful_of(&station);
    waiting.state = state_at(L, 2, &stateful);
    waiting.waiting.began_us = scene_now(scene_of(L));
    struct opts opts = opts_open(L, 3, "wait", names, NULL);
    opts_duration(&opts, "within", &waiting.waiting.within_us);
    waiting.waiting.soft = opts_true(&opts, "soft");
    struct state_waiting *kept = lua_newuserdatauv(L, sizeof *kept, 0);
    *kept = waiting;
    return wait_again(L, LUA_OK, 4);
}
