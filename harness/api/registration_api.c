#include "harness/api/registration_api.h"

#include "harness/agent/roles.h"
#include "harness/api/aim.h"
#include "harness/api/auth_opts.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/register_opts.h"
#include "harness/api/registrar_api.h"
#include "harness/api/send_opts.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {"aor",   "contacts", "expires",  "fetch",  "refresh", "auth",
                                    "retry", "q",        "instance", "reg_id", "gruu",    NULL};

static int registration_push(lua_State *L, const struct registration *registration)
{
    handle_push(L, &registration_kind, registration->handle);
    return 1;
}

/* A string of pieces that stays on the stack; absent pieces are left out. */
static struct view joined(lua_State *L, const struct view *pieces, size_t count)
{
    luaL_Buffer buffer;
    struct view text;

    luaL_buffinit(L, &buffer);
    for (size_t i = 0; i < count; i++)
        luaL_addlstring(&buffer, pieces[i].ptr == NULL ? "" : pieces[i].ptr, pieces[i].len);
    luaL_pushresult(&buffer);
    text.ptr = lua_tolstring(L, -1, &text.len);
    return text;
}

/* "example.com:5070": where a registrar is, or the domain that it is for. */
static struct view domain_of(const struct aim *aim)
{
    struct view uri = aim->uri;
    const struct party *party = aim->party;

    if (party != NULL && party->kind == PARTY_AGENT) {
        struct view domain = registrar_domain((const struct agent *)party);
        if (domain.ptr != NULL)
            return domain;
    }
    size_t at = view_find_char(uri, '@'), colon = view_find_char(uri, ':');
    return view_skip(uri, (at < uri.len ? at : colon) + 1);
}

/* RFC 3261 §10.2: the domain, without a user. */
static struct view registrar_uri(lua_State *L, const struct aim *aim, struct view domain)
{
    bool secure = view_starts_nocase(aim->uri, V("sips:"));

    return joined(L, (struct view[]){secure ? V("sips:") : V("sip:"), domain}, 2);
}

/* The agent's own address where it was given one; else its name at the registrar's domain. */
static struct view address_of(lua_State *L, const struct opts *opts, const struct agent *agent,
                              struct view domain)
{
    struct view aor;

    if (opts_view(opts, "aor", &aor) && view_find_char(aor, ':') == aor.len)
        scene_misuse(L, "option 'aor' of register is a URI, as in \"sip:bob@example.com\"");
    if (opts_view(opts, "aor", &aor))
        return joined(L, (struct view[]){V("<"), aor, V(">")}, 3);
    if (agent->named)
        return joined(L, (struct view[]){V("<"), agent->party.uri, V(">")}, 3);
    domain = view_head(domain, view_find_char(domain, ';'));
    return joined(L, (struct view[]){V("<sip:"), agent->party.name, V("@"), domain, V(">")}, 5);
}

int agent_register(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);
    struct sip_register_options options = {0};
    struct view contacts[REGISTER_CONTACTS_MAX];
    struct registration *registration;
    struct send_opts send;

    lua_settop(L, 3);
    struct aim aim = aim_from(L, 2, "register", &agent->party);
    struct opts opts = opts_open(L, 3, "register", send_names, names);
    send_opts_read(&opts, &agent->party, &send);
    send_opts_request(&send, &options.request);
    luaL_checkstack(L, 24, "register");
    struct view domain = domain_of(&aim);
    options.request.uri = registrar_uri(L, &aim, domain);
    options.request.to = address_of(L, &opts, agent, domain);
    options.request.remote = aim.remote;
    options.request.proto = aim.proto;
    options.request.again = agent->stack.again;
    auth_read(&opts, agent, &options.request);
    register_opts_read(&opts, agent, contacts, &options);
    command_traced(L, &agent->party, "REGISTER at %.*s", VIEW_ARG(options.request.uri));
    enum err err = registration_begin(agent, &options, &registration);
    if (err != ERR_OK)
        return command_failed(L, &agent->party, "REGISTER", err);
    return registration_push(L, registration);
}

static int again(lua_State *L, bool ends)
{
    struct registration *registration = registration_check(L, 1);
    struct party *party = &registration->agent->party;
    struct sip_reg_info info;
    struct request *request;

    command_traced(L, party, ends ? "unregister" : "refresh");
    enum err err = registration_info(registration, &info);
    if (err == ERR_OK)
        err = registration_again(registration, ends ? 0 : info.expires_s, &request);
    if (err == ERR_STATE)
        return scene_misuse(L, "its REGISTER before this one has no answer yet (RFC 3261 §10.2): "
                               "wait for a state first");
    if (err != ERR_OK)
        return command_failed(L, party, "REGISTER", err);
    return request_push(L, request);
}

static int registration_refresh(lua_State *L)
{
    return again(L, false);
}

static int registration_terminate(lua_State *L)
{
    return again(L, true);
}

static int expires_push(lua_State *L, const struct registration *registration)
{
    struct sip_reg_info info;

    return remaining_push(L,
                          registration_info(registration, &info) == ERR_OK ? info.until_us : NEVER);
}

static int gruu_push(lua_State *L, const struct registration *registration, bool temporary)
{
    struct sip_reg_info info;
    struct view uri = {0};

    if (registration_info(registration, &info) == ERR_OK)
        uri = temporary ? info.temp_gruu : info.pub_gruu;
    return view_push(L, uri);
}

static int response_push_last(lua_State *L, const struct registration *registration)
{
    if (registration->response == NULL)
        lua_pushnil(L);
    else
        message_push(L, &(struct message_info){.bytes = registration->response,
                                               .time_us = registration->answered_us,
                                               .has_time = true,
                                               .generated = registration->generated});
    return 1;
}

static int registration_field(lua_State *L, void *record, const char *name)
{
    struct registration *registration = record;
    struct view field = view_of(name);

    if (view_equal(field, V("state")))
        return view_push(L, view_of(registration_state_word(registration)));
    if (view_equal(field, V("last_response")))
        return response_push_last(L, registration);
    if (view_equal(field, V("expires")))
        return expires_push(L, registration);
    if (view_equal(field, V("pub_gruu")) || view_equal(field, V("temp_gruu")))
        return gruu_push(L, registration, name[0] == 't');
    return 0;
}

static const luaL_Reg methods[] = {
    {"wait",      registration_wait     },
    {"refresh",   registration_refresh  },
    {"terminate", registration_terminate},
    {NULL,        NULL                  }
};
static const char *const fields[] = {"state",    "last_response", "expires",
                                     "pub_gruu", "temp_gruu",     NULL};
const struct handle_kind registration_kind = {
    .name = "registration", .methods = methods, .field = registration_field, .fields = fields};
