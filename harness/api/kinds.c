#include "harness/api/kinds.h"

#include "harness/api/certificate_api.h"
#include "harness/api/faults.h"
#include "harness/api/message.h"
#include "harness/api/registration_api.h"
#include "harness/lua/engine.h"

#include <stdarg.h>
#include <stdio.h>

void kinds_open(struct scene *scene)
{
    lua_State *L = scene->lua;
    struct agents *agents = scene->agents;

    handle_kind_table(L, &agent_kind, &agents->agents);
    handle_kind_table(L, &wire_kind, &agents->wires);
    handle_kind_table(L, &device_kind, &agents->devices);
    handle_kind_table(L, &call_kind, &agents->calls);
    handle_kind_table(L, &request_kind, &agents->requests);
    handle_kind_table(L, &registration_kind, &agents->registrations);
    handle_kind_table(L, &transaction_kind, &agents->transactions);
    handle_kind_table(L, &subscription_kind, &agents->subscriptions);
    handle_kind_table(L, &connection_kind, &agents->connections);
    handle_kind_table(L, &publication_kind, &agents->publications);
    handle_kind_table(L, &fault_kind, &scene->faults->table);
    handle_kind_table(L, &certificate_kind, &agents->security.pems);
}

struct agents *agents_of_lua(lua_State *L)
{
    return scene_of(L)->agents;
}

struct agent *agent_check(lua_State *L, int index)
{
    return handle_check(L, index, &agent_kind);
}

struct call *call_check(lua_State *L, int index)
{
    return handle_check(L, index, &call_kind);
}

struct request *request_check(lua_State *L, int index)
{
    return handle_check(L, index, &request_kind);
}

struct transaction *transaction_check(lua_State *L, int index)
{
    return handle_check(L, index, &transaction_kind);
}

struct subscription *subscription_check(lua_State *L, int index)
{
    return handle_check(L, index, &subscription_kind);
}

struct publication *publication_check(lua_State *L, int index)
{
    return handle_check(L, index, &publication_kind);
}

struct wire *wire_check(lua_State *L, int index)
{
    return handle_check(L, index, &wire_kind);
}

struct party *party_test(lua_State *L, int index)
{
    static const struct handle_kind *const kinds[] = {&agent_kind, &wire_kind, &device_kind};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        void *record = handle_test(L, index, kinds[i]);
        if (record != NULL)
            return record; /* each begins with its struct party */
    }
    return NULL;
}

int agent_push(lua_State *L, const struct agent *agent)
{
    handle_push(L, &agent_kind, agent->party.handle);
    return 1;
}

int call_push(lua_State *L, const struct call *call)
{
    handle_push(L, &call_kind, call->handle);
    return 1;
}

int request_push(lua_State *L, struct request *request)
{
    request->shown = true;
    handle_push(L, &request_kind, request->handle);
    return 1;
}

int transaction_push(lua_State *L, const struct transaction *tx)
{
    handle_push(L, &transaction_kind, tx->handle);
    return 1;
}

int subscription_push(lua_State *L, const struct subscription *sub)
{
    handle_push(L, &subscription_kind, sub->handle);
    return 1;
}

int publication_push(lua_State *L, const struct publication *pub)
{
    handle_push(L, &publication_kind, pub->handle);
    return 1;
}

int party_push(lua_State *L, const struct party *party)
{
    static const struct handle_kind *const kinds[] = {
        [PARTY_AGENT] = &agent_kind, [PARTY_WIRE] = &wire_kind, [PARTY_DEVICE] = &device_kind};

    handle_push(L, kinds[party->kind], party->handle);
    return 1;
}

int view_push(lua_State *L, struct view text)
{
    if (text.ptr == NULL)
        lua_pushnil(L);
    else
        lua_pushlstring(L, text.ptr, text.len);
    return 1;
}

int remaining_push(lua_State *L, uint64_t until_us)
{
    uint64_t now_us = scene_now(scene_of(L));

    if (until_us == NEVER || until_us < now_us)
        lua_pushnil(L);
    else
        lua_pushnumber(L, (lua_Number)(until_us - now_us) / (lua_Number)US_PER_S);
    return 1;
}

void member_set(lua_State *L, const char *name, struct view text)
{
    view_push(L, text);
    lua_setfield(L, -2, name);
}

void member_set_uint(lua_State *L, const char *name, uint32_t number)
{
    lua_pushinteger(L, (lua_Integer)number);
    lua_setfield(L, -2, name);
}

int blob_message_push(lua_State *L, struct blob *bytes)
{
    if (bytes == NULL) {
        lua_pushnil(L);
        return 1;
    }
    return message_push(L, &(struct message_info){.bytes = bytes});
}

int command_failed(lua_State *L, const struct party *party, const char *doing, enum err err)
{
    struct view name = party->name;

    switch (err) {
    case ERR_STATE:
        return scene_refused(L,
                             "%.*s: the state forbids this %s; wait for the right one, or do it "
                             "all the same with {force = true}",
                             VIEW_ARG(name), doing);
    case ERR_GONE:
        return scene_refused(L, "%.*s: no %s any more: the transaction or call has ended",
                             VIEW_ARG(name), doing);
    case ERR_ABSENT:
        return scene_refused(L,
                             "%.*s: no address to send this %s to: give an agent, or a URI with an "
                             "IP address, sip:bob@192.0.2.7:5060; where a name is, t.net:dns says",
                             VIEW_ARG(name), doing);
    case ERR_SYNTAX:
        return scene_refused(L,
                             "%.*s: what this %s would answer cannot be read as an offer; give "
                             "{sdp = …} or {sdp = false}",
                             VIEW_ARG(name), doing);
    case ERR_UNSUPPORTED:
        return scene_refused(L,
                             "%.*s: nothing in the offer can be accepted in this %s; reject(488), "
                             "or give {sdp = …}",
                             VIEW_ARG(name), doing);
    default:
        return scene_refused(L, "%.*s: this %s failed: %s", VIEW_ARG(name), doing, err_text(err));
    }
}

void command_traced(lua_State *L, const struct party *party, const char *format, ...)
{
    struct scene *scene = scene_of(L);
    char text[160];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct trace_event event = {
        .time_us = scene_now(scene), .kind = TRACE_COMMAND, .party = party->number};
    struct place place = place_of(L, 1);
    event.source = (struct trace_source){place.file, place.line, sched_task(L)};
    event.u.note.name = party->name;
    event.u.note.text = (struct view){text, len < 0                  ? 0
                                            : len < (int)sizeof text ? (size_t)len
                                                                     : sizeof text - 1};
    trace_append(scene->trace, &event);
}
