/* call.state, call.dialog, call.last_response … */
#include "harness/api/call_api.h"
#include "harness/api/field_value.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"

#include <string.h>

const char *const script_field_names[] = {"state",         "ended",     "dialog",     "request",
                                          "last_response", "local_sdp", "remote_sdp", "sdp_faults",
                                          "agent",         NULL};

/* nil until there is a To tag. */
static int dialog_push(lua_State *L, const struct call *call)
{
    struct sip_call_info info;

    if (call_dialog(call, &info) != ERR_OK || !info.has_dialog) {
        lua_pushnil(L);
        return 1;
    }
    lua_createtable(L, 0, 8);
    member_set(L, "call_id", info.call_id);
    member_set(L, "local_tag", info.local_tag);
    member_set(L, "remote_tag", info.remote_tag);
    member_set(L, "remote_target", info.remote_target);
    member_set_uint(L, "local_seq", info.local_seq);
    member_set_uint(L, "remote_seq", info.remote_seq);
    lua_pushboolean(L, info.secure);
    lua_setfield(L, -2, "secure");
    lua_createtable(L, (int)info.route_count, 0);
    for (size_t i = 0; i < info.route_count; i++) {
        view_push(L, info.route_set[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "route_set");
    return 1;
}

static int sdp_push(lua_State *L, const struct call *call, bool local)
{
    struct sip_call_info info;

    if (call_dialog(call, &info) != ERR_OK)
        return view_push(L, (struct view){0});
    return sdp_push_text(L, blob_view(local ? info.local_sdp : info.remote_sdp));
}

enum { FAULTS_MAX = 32 };

static size_t exchange_check(const struct sip_call_info *info, struct sip_fault *out, size_t room)
{
    struct blob *offer = info->offer.ours ? info->local_sdp : info->remote_sdp;
    struct blob *answer = info->offer.ours ? info->remote_sdp : info->local_sdp;
    struct arena arena = {0};
    struct sip_sdp offered, answered;
    size_t count = 0;

    if (sip_sdp_parse(blob_view(offer), &arena, &offered) == ERR_OK &&
        sip_sdp_parse(blob_view(answer), &arena, &answered) == ERR_OK)
        count = sip_sdp_answer_check(&offered, &answered, out, room);
    arena_deinit(&arena);
    return count;
}

/* In what the answer of the last exchange departs from its offer; nil while there is none. */
static int sdp_faults_push(lua_State *L, const struct call *call)
{
    struct sip_fault faults[FAULTS_MAX];
    struct sip_call_info info;

    if (call_dialog(call, &info) != ERR_OK || !info.offer.agreed || info.offer.state != OA_FREE) {
        lua_pushnil(L);
        return 1;
    }
    size_t count = exchange_check(&info, faults, FAULTS_MAX);
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_createtable(L, 0, 2);
        member_set(L, "rule", view_of(faults[i].rule));
        member_set(L, "section", view_of(faults[i].section));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* call.request is its INVITE, and call:request(…) sends another one: a message can be called. */
static int request_push_callable(lua_State *L, const struct call *call)
{
    if (call->request != NULL)
        return blob_message_push(L, call->request);
    lua_pushcfunction(L, script_request);
    return 1;
}

static int last_response_push(lua_State *L, const struct call *call)
{
    const struct request *invite = agents_request(call->agent->party.agents, call->invite_out);
    struct message_info info = {.bytes = call->last_response};

    if (info.bytes == NULL)
        return blob_message_push(L, NULL);
    if (invite != NULL && invite->final == info.bytes) {
        info.generated = invite->generated;
        info.error = invite->error;
        info.time_us = invite->answered_us;
        info.has_time = true;
    }
    return message_push(L, &info);
}

int script_field(lua_State *L, void *record, const char *name)
{
    struct call *call = record;

    if (strcmp(name, "state") == 0)
        return view_push(L, view_of(call_state_word((enum sip_call_state)call->state)));
    if (strcmp(name, "ended") == 0)
        return view_push(L, view_of(call_ended_word(call)));
    if (strcmp(name, "dialog") == 0)
        return dialog_push(L, call);
    if (strcmp(name, "request") == 0)
        return request_push_callable(L, call);
    if (strcmp(name, "last_response") == 0)
        return last_response_push(L, call);
    if (strcmp(name, "local_sdp") == 0)
        return sdp_push(L, call, true);
    if (strcmp(name, "remote_sdp") == 0)
        return sdp_push(L, call, false);
    if (strcmp(name, "sdp_faults") == 0)
        return sdp_faults_push(L, call);
    if (strcmp(name, "agent") == 0)
        return agent_push(L, call->agent);
    return 0;
}

/* All legs of one INVITE that have a To tag, in the order in which they came. */
int script_forks(lua_State *L)
{
    struct call *call = call_check(L, 1);
    struct agents *agents = call->agent->party.agents;
    struct sip_call_info info;
    lua_Integer count = 0;

    lua_newtable(L);
    for (struct call *leg = agents_call(agents, call->first); leg != NULL;
         leg = agents_call(agents, leg->next_leg)) {
        if (call_dialog(leg, &info) != ERR_OK || !info.has_dialog)
            continue;
        call_push(L, leg);
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}
