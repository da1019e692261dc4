/* call:wait(state): reached or passed; fails when it never can be. */
#include "harness/agent/words.h"
#include "harness/api/call_api.h"
#include "harness/api/failing.h"
#include "harness/api/kinds.h"

#include <stdio.h>
#include <string.h>

static const char *const states[] = {"calling", "early", "confirmed", "terminated", NULL};
static const char *const names[] = {"within", "soft", NULL};

struct call_waiting {
    struct waiting waiting;
    enum sip_call_state state;
};

static enum sip_call_state state_at(lua_State *L, int index)
{
    struct view text = arg_view(L, index, "the state of a call");
    char room[80];

    for (int i = 0; states[i] != NULL; i++)
        if (view_equal(view_of(states[i]), text))
            return (enum sip_call_state)i;
    scene_misuse(L, "a call is never '%s'%s (calling, early, confirmed, terminated)",
                 lua_tostring(L, index), mend(lua_tostring(L, index), states, room, sizeof room));
    return SIP_CALL_CALLING;
}

static bool is_reached(const struct call *call, enum sip_call_state state)
{
    return state == SIP_CALL_CALLING || call->reached[state] != 0;
}

/* What made the state true is passed over, and used. */
static void pass(struct call *call, enum sip_call_state state)
{
    struct post *post = &call->agent->party.agents->post;
    uint64_t reached = call->reached[state];

    if (reached == 0)
        return;
    for (struct mail *m = NULL; (m = inbox_next(post, &call->inbox, m)) != NULL;)
        if (m->seq < reached && m->method == SIP_INVITE && m->status >= 300)
            m->used = true;
    inbox_pass_seq(post, &call->inbox, reached - 1);
}

static struct view final_text(const struct call *call, char *room)
{
    struct agents *agents = call->agent->party.agents;
    const struct request *invite = call->caller ? agents_request(agents, call->invite) : NULL;
    char what[WORDS_MAX], when[WORDS_MAX];

    if (invite == NULL || invite->status < 300 || invite->generated)
        return (struct view){0};
    struct view message = words_message(post_msg(&agents->post, invite->final), what);
    struct view time = words_time(invite->answered_us, when);
    int len = snprintf(room, 120, ", %.*s at %.*s", VIEW_ARG(message), VIEW_ARG(time));
    return (struct view){room, len < 120 ? (size_t)len : 119};
}

/* What invite() gave is the leg that rang first; of a fork another one may have been picked up. */
static const char *elsewhere(const struct call *call, enum sip_call_state wanted)
{
    const struct agents *agents = call->agent->party.agents;

    for (const struct call *leg = agents_call(agents, call->first); leg != NULL;
         leg = agents_call(agents, leg->next_leg))
        if (leg != call && wanted == SIP_CALL_CONFIRMED && leg->reached[wanted] != 0)
            return "; another leg of its fork is, see call:forks()";
    return "";
}

static int failed(lua_State *L, const struct call *call, const struct call_waiting *waiting,
                  struct view why)
{
    return failing_state(
        L, &(struct failing_state){
               .party = &call->agent->party,
               .thing = "the call",
               .state = states[waiting->state],
               .why = why,
               .asked = call->caller ? agents_request(agents_of_lua(L), call->invite) : NULL,
               .soft = waiting->waiting.soft});
}

static int never(lua_State *L, struct call *call, const struct call_waiting *waiting)
{
    const char *how = call_ended_word(call);
    char room[120], why[200];
    struct view final = final_text(call, room);
    int len =
        snprintf(why, sizeof why, "it ended: %s%.*s%s", how == NULL ? "its agent is down" : how,
                 VIEW_ARG(final), elsewhere(call, waiting->state));

    return failed(L, call, waiting, (struct view){why, len < 200 ? (size_t)len : 199});
}

static int late(lua_State *L, struct call *call, const struct call_waiting *waiting)
{
    char room[WORDS_MAX], why[200];
    uint64_t waited_us = scene_now(scene_of(L)) - waiting->waiting.began_us;
    struct view within = words_duration(waited_us, room);
    int len = snprintf(why, sizeof why, "it was still %s after %.*s%s", states[call->state],
                       VIEW_ARG(within), elsewhere(call, waiting->state));

    return failed(L, call, waiting, (struct view){why, len < 200 ? (size_t)len : 199});
}

static uint64_t deadline_of(const struct station *station, const struct call_waiting *waiting)
{
    /* Until it is confirmed a caller waits for a response, as expect does. */
    struct want response = {
        .bare = true, .response = station->call->caller && waiting->state < SIP_CALL_TERMINATED};

    return waiting_deadline(&waiting->waiting, station, &response);
}

static struct view is_now(enum sip_call_state state)
{
    static const struct view texts[] = {
        [SIP_CALL_CALLING] = {"the call is calling",    19},
        [SIP_CALL_EARLY] = {"the call is early",      17},
        [SIP_CALL_CONFIRMED] = {"the call is confirmed",  21},
        [SIP_CALL_TERMINATED] = {"the call is terminated", 22},
    };
    return texts[state];
}

static void wait_say(lua_State *waiting, struct buf *out)
{
    const struct call_waiting *kept = lua_touserdata(waiting, 4);

    buf_printf(out, "%.*s: waiting for the call to be %s",
               VIEW_ARG(kept->waiting.station.party->name), states[kept->state]);
}

static int wait_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind wait_kind = {wait_again, wait_say, false};

/* Stack: the call, the state, the options, the wait. */
static int wait_again(lua_State *L, int status, lua_KContext ctx)
{
    struct station station = station_at(L, 1);
    struct call_waiting *waiting = lua_touserdata(L, 4);
    struct call *call = station.call;

    (void)status;
    (void)ctx;
    if (is_reached(call, waiting->state)) {
        pass(call, waiting->state);
        verb_held(L, &station, is_now(waiting->state), NULL);
        return 0;
    }
    if (call->state == SIP_CALL_TERMINATED)
        return never(L, call, waiting);
    uint64_t deadline_us = deadline_of(&station, waiting);
    if (scene_now(scene_of(L)) >= deadline_us)
        return late(L, call, waiting);
    return sched_wait_for(L, &call->inbox.waiters, deadline_us, 4, &wait_kind);
}

int script_wait(lua_State *L)
{
    struct call_waiting waiting = {
        .waiting = {.station = station_at(L, 1), .within_us = NEVER}
    };

    call_check(L, 1);
    lua_settop(L, 3);
    waiting.state = state_at(L, 2);
    waiting.waiting.began_us = scene_now(scene_of(L));
    struct opts opts = opts_open(L, 3, "wait", names, NULL);
    opts_duration(&opts, "within", &waiting.waiting.within_us);
    waiting.waiting.soft = opts_true(&opts, "soft");
    struct call_waiting *kept = lua_newuserdatauv(L, sizeof *kept, 0);
    *kept = waiting;
    return wait_again(L, LUA_OK, 4);
}
