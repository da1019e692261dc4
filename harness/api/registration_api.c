#include "harness/api/registration_api.h"

#include "harness/agent/roles.h"
#include "harness/api/aim.h"
#include "harness/api/auth_opts.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/registrar_api.h"
#include "harness/api/send_opts.h"

#include <stdio.h>
#include <string.h>

enum { CONTACTS_MAX = 64, EXPIRES_USUAL_S = 3600 };

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

    if (opts_view(opts, "aor", &aor))
        return joined(L, (struct view[]){V("<"), aor, V(">")}, 3);
    if (agent->named)
        return joined(L, (struct view[]){V("<"), agent->party.uri, V(">")}, 3);
    domain = view_head(domain, view_find_char(domain, ';'));
    return joined(L, (struct view[]){V("<sip:"), agent->party.name, V("@"), domain, V(">")}, 5);
}

/* "instance", else of its own making where it needs one: RFC 5626 §4.1, the same after a restart.
 * Absent: none. A string that stays on the stack. */
static struct view instance_of(lua_State *L, const struct opts *opts, const struct agent *agent)
{
    struct view instance;
    char room[64];

    if (opts_view(opts, "instance", &instance) || !opts_has(opts, "gruu"))
        return opts_has(opts, "instance") ? instance : (struct view){0};
    struct rng ids = rng_stream(agent->party.agents->scene->rng, V("instance"));
    uint64_t high = rng_at(ids, agent->party.name, 0), low = rng_at(ids, agent->party.name, 1);
    snprintf(room, sizeof room, "urn:uuid:%08x-%04x-4%03x-%04x-%012llx", (unsigned)(high >> 32),
             (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff),
             (unsigned)(0x8000 | (low >> 48 & 0x3fff)), (unsigned long long)(low & 0xffffffffffff));
    lua_pushstring(L, room);
    instance.ptr = lua_tolstring(L, -1, &instance.len);
    return instance;
}

/* gruu = true, "public", "temporary": what is asked for, and used as Contact from then on. */
static enum sip_gruu gruu_read(lua_State *L, const struct opts *opts)
{
    struct view text = V("public");
    bool on = true;

    if (!opts_push(opts, "gruu"))
        return SIP_GRUU_NONE;
    if (lua_isboolean(L, -1))
        on = lua_toboolean(L, -1);
    else if (lua_isstring(L, -1))
        text.ptr = lua_tolstring(L, -1, &text.len);
    else
        text = V("");
    lua_pop(L, 1);
    if (!view_equal(text, V("public")) && !view_equal(text, V("temporary")))
        scene_misuse(L, "option 'gruu' of register is true, \"public\" or \"temporary\" "
                        "(RFC 5627)");
    return !on                                ? SIP_GRUU_NONE
           : view_equal(text, V("temporary")) ? SIP_GRUU_TEMPORARY
                                              : SIP_GRUU_PUBLIC;
}

/* What the options say of our one Contact: q, instance, reg_id. */
static struct view own_contact(lua_State *L, const struct opts *opts, const struct agent *agent)
{
    struct view instance = instance_of(L, opts, agent);
    uint64_t reg_id;
    bool plain = !opts_has(opts, "q") && instance.ptr == NULL;

    if (opts_has(opts, "reg_id") && instance.ptr == NULL)
        scene_misuse(L, "reg_id wants an instance: { instance = \"urn:uuid:…\", reg_id = 1 } "
                        "(RFC 5626 §4.2)");
    if (plain)
        return (struct view){0};
    joined(L, (struct view[]){V("<sip:"), agent->party.name, V("@")}, 3);
    char room[ADDR_TEXT_MAX];
    struct view address = addr_text(&agent->party.local, room);
    lua_pushlstring(L, address.ptr, address.len);
    lua_pushstring(L, agent->party.proto == PROTO_UDP ? "" : ";transport=");
    lua_pushstring(L, agent->party.proto == PROTO_UDP ? "" : proto_text(agent->party.proto));
    lua_pushstring(L, ">");
    int pieces = 5;
    if (opts_push(opts, "q")) {
        lua_pushfstring(L, ";q=%s", luaL_tolstring(L, -1, NULL));
        lua_remove(L, -2);
        lua_remove(L, -2);
        pieces++;
    }
    if (instance.ptr != NULL) {
        lua_pushliteral(L, ";+sip.instance=\"<");
        lua_pushlstring(L, instance.ptr, instance.len);
        lua_pushliteral(L, ">\"");
        pieces += 3;
    }
    if (opts_uint(opts, "reg_id", INT32_MAX, &reg_id)) {
        lua_pushfstring(L, ";reg-id=%d", (int)reg_id);
        pieces++;
    }
    lua_concat(L, pieces);
    struct view text;
    text.ptr = lua_tolstring(L, -1, &text.len);
    return text;
}

static void contacts_read(lua_State *L, const struct opts *opts, struct agent *agent,
                          struct view *room, struct sip_register_options *out)
{
    struct view one = out->request.contact;

    out->request.contact = (struct view){0};
    if (opts_push(opts, "contacts")) {
        int list = lua_gettop(L);
        size_t count = list_count(L, list, "option 'contacts'");
        if (count > CONTACTS_MAX)
            scene_misuse(L, "a REGISTER has %d contacts at most", CONTACTS_MAX);
        for (size_t i = 0; i < count; i++)
            room[i] = list_item(L, list, i + 1, "option 'contacts'");
        out->contacts = room;
        out->contact_count = count;
        return; /* the list stays on the stack, and its strings with it */
    }
    if (one.ptr == NULL)
        one = own_contact(L, opts, agent);
    if (opts_true(opts, "fetch")) {
        out->contacts = room;
    } else if (one.ptr != NULL) {
        room[0] = one;
        out->contacts = room;
        out->contact_count = 1;
    }
}

static void times_read(const struct opts *opts, struct sip_register_options *out)
{
    bool on;

    out->expires_s = EXPIRES_USUAL_S;
    opts_seconds(opts, "expires", &out->expires_s);
    if (opts_bool(opts, "refresh", &on))
        out->no_refresh = !on;
    out->request.again |= SIP_AGAIN_EXPIRES;
    if (opts_bool(opts, "retry", &on) && !on)
        out->request.again &= ~(uint32_t)SIP_AGAIN_EXPIRES;
}

int agent_register(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);
    struct sip_register_options options = {0};
    struct view contacts[CONTACTS_MAX];
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
    times_read(&opts, &options);
    options.gruu = gruu_read(L, &opts);
    contacts_read(L, &opts, agent, contacts, &options);
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
