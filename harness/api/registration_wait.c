/* registration:wait(state): holds when it is just so; fails when it never can be. */
#include "harness/agent/words.h"
#include "harness/api/failing.h"
#include "harness/api/kinds.h"
#include "harness/api/registration_api.h"

#include <stdio.h>
#include <string.h>

static const char *const states[] = {"asking", "registered", "failed", "unregistered", NULL};

const char *registration_state_word(const struct registration *registration)
{
    return states[registration->state];
}

struct registration *registration_check(lua_State *L, int index)
{
    return handle_check(L, index, &registration_kind);
}

struct reg_waiting {
    uint64_t began_us, deadline_us;
    enum sip_reg_state state;
    const struct party *party;
    bool soft;
};

static enum sip_reg_state state_at(lua_State *L, int index)
{
    const char *text = lua_tostring(L, index);
    char room[80];

    arg_view(L, index, "the state of a registration");
    for (int i = 1; states[i] != NULL; i++)
        if (strcmp(text, states[i]) == 0)
            return (enum sip_reg_state)i;
    scene_misuse(L, "a registration is never '%s'%s (registered, failed, unregistered)", text,
                 mend(text, states, room, sizeof room));
    return SIP_REG_ASKING;
}

static struct view why_not(const struct registration *registration,
                           const struct reg_waiting *waiting, char *room, size_t size)
{
    struct post *post = &registration->agent->party.agents->post;
    char text[WORDS_MAX], time[WORDS_MAX];
    int len;

    if (registration->lost) {
        len = snprintf(room, size, "its agent is down");
    } else if (registration->state == SIP_REG_FAILED) {
        struct sip_msg *msg = post_msg(post, registration->response);
        len = snprintf(room, size, "it failed: %.*s", VIEW_ARG(words_message(msg, text)));
    } else {
        uint64_t waited_us =
            scene_now(registration->agent->party.agents->scene) - waiting->began_us;
        len = snprintf(room, size, "it was still %s after %.*s", states[registration->state],
                       VIEW_ARG(words_duration(waited_us, time)));
    }
    return (struct view){room, (size_t)len < size ? (size_t)len : size - 1};
}

static int wait_failed(lua_State *L, const struct registration *registration,
                       const struct reg_waiting *waiting)
{
    char why[160];
    struct view actual = why_not(registration, waiting, why, sizeof why);

    return failing_state(
        L, &(struct failing_state){.party = &registration->agent->party,
                                   .thing = "the registration",
                                   .state = states[waiting->state],
                                   .why = actual,
                                   .asked = agents_request(agents_of_lua(L), registration->request),
                                   .soft = waiting->soft});
}

/* It cannot come true any more: nothing is under way that could change it. */
static bool is_over(const struct registration *registration, enum sip_reg_state wanted)
{
    struct sip_reg_info info;

    if (registration_info(registration, &info) != ERR_OK)
        return true;
    return wanted == SIP_REG_REGISTERED && info.state >= SIP_REG_FAILED && !info.busy;
}

static void wait_say(lua_State *waiting, struct buf *out)
{
    const struct reg_waiting *kept = lua_touserdata(waiting, 4);

    buf_printf(out, "%.*s: waiting for the registration to be %s", VIEW_ARG(kept->party->name),
               states[kept->state]);
}

static int wait_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind wait_kind = {wait_again, wait_say, false};

/* Stack: the registration, the state, the options, the wait. */
static int wait_again(lua_State *L, int status, lua_KContext ctx)
{
    struct registration *registration = registration_check(L, 1);
    struct reg_waiting *waiting = lua_touserdata(L, 4);
    struct scene *scene = scene_of(L);

    (void)status;
    (void)ctx;
    if (registration->state == waiting->state) {
        char held[120];
        snprintf(held, sizeof held, "%.*s: the registration is %s",
                 VIEW_ARG(registration->agent->party.name), states[waiting->state]);
        registration_used(registration);
        scene_held(L, view_of(held), V("it is"));
        return 0;
    }
    if (is_over(registration, waiting->state) || scene_now(scene) >= waiting->deadline_us)
        return wait_failed(L, registration, waiting);
    return sched_wait_for(L, &registration->waiters, waiting->deadline_us, 4, &wait_kind);
}

int registration_wait(lua_State *L)
{
    static const char *const wait_names[] = {"within", "soft", NULL};
    struct registration *registration = registration_check(L, 1);
    struct station station = {.agents = registration->agent->party.agents,
                              .party = &registration->agent->party};
    uint64_t within_us = NEVER;

    lua_settop(L, 3);
    struct reg_waiting waiting = {
        .state = state_at(L, 2), .began_us = scene_now(scene_of(L)), .party = station.party};
    struct opts opts = opts_open(L, 3, "wait", wait_names, NULL);
    waiting.soft = opts_true(&opts, "soft");
    waiting.deadline_us = opts_duration(&opts, "within", &within_us)
                              ? waiting.began_us + within_us
                              : station_deadline(&station, NULL, waiting.began_us);
    struct reg_waiting *kept = lua_newuserdatauv(L, sizeof *kept, 0);
    *kept = waiting;
    return wait_again(L, LUA_OK, 4);
}
