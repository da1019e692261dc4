/* What a script can ask of an agent. */
#include "harness/api/agent_api.h"

#include "harness/api/again_opts.h"
#include "harness/api/agent_opts.h"
#include "harness/api/aim.h"
#include "harness/api/auth_opts.h"
#include "harness/api/hooks.h"
#include "harness/api/invite.h"
#include "harness/api/kinds.h"
#include "harness/api/publish_api.h"
#include "harness/api/registrar_api.h"
#include "harness/api/registration_api.h"
#include "harness/api/send_opts.h"
#include "harness/api/subscription_api.h"
#include "harness/api/verbs.h"

static const char *const again_names[] = {"follow", "retry", "auth", NULL};

/* Stack: the agent, the target, the options. */
int agent_send(lua_State *L, struct agent *agent, struct view method, struct view text)
{
    struct aim aim = aim_from(L, 2, "a request", &agent->party);
    struct opts opts = opts_open(L, 3, "request", send_names, again_names);
    struct sip_request_options options = {.method = method};
    struct send_opts send;
    struct request *request;

    send_opts_read(&opts, &agent->party, &send);
    send_opts_request(&send, &options);
    options.uri = aim.uri;
    options.remote = aim.remote;
    options.proto = aim.proto;
    options.again = again_read(&opts, agent->stack.again);
    auth_read(&opts, agent, &options);
    if (send.sdp == SDP_GIVEN)
        options.body = send.sdp_text;
    if (text.ptr != NULL && options.body.ptr == NULL) {
        options.body = text;
        if (options.content_type.ptr == NULL)
            options.content_type = V("text/plain");
    }
    command_traced(L, &agent->party, "%.*s to %.*s", VIEW_ARG(method), VIEW_ARG(aim.uri));
    enum err err = request_send(agent, &options, &request, NULL);
    if (err != ERR_OK)
        return command_failed(L, &agent->party, lua_pushlstring(L, method.ptr, method.len), err);
    request->script = true;
    request->peer = aim.peer;
    return request_push(L, request);
}

static int agent_request(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);

    lua_settop(L, 4);
    struct view method = arg_view(L, 2, "a method");
    lua_rotate(L, 2, -1); /* target and options to where agent_send wants them */
    return agent_send(L, agent, method, (struct view){0});
}

static int agent_options(lua_State *L)
{
    lua_settop(L, 3);
    return agent_send(L, agent_check(L, 1), V("OPTIONS"), (struct view){0});
}

static int agent_message(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);

    lua_settop(L, 4);
    struct view text = lua_isnil(L, 3) ? V("") : arg_view(L, 3, "the text of a message");
    lua_insert(L, 3); /* the options to where agent_send wants them; the text stays behind */
    return agent_send(L, agent, V("MESSAGE"), text);
}

static int agent_auto(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);

    lua_settop(L, 2);
    if (lua_isboolean(L, 2) && !lua_toboolean(L, 2)) {
        agent->automatic = (struct automatic){0};
        return 0;
    }
    if (!lua_istable(L, 2))
        return scene_misuse(L, "auto wants {ring = \"1s\", answer = \"2s\", …}, or false");
    automatic_read(L, 2, &agent->automatic);
    return 0;
}

static int agent_stop_call(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);

    command_traced(L, &agent->party, "stop");
    agent_stop(agent);
    return 0;
}

static int agent_crash_call(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);

    command_traced(L, &agent->party, "crash");
    agent_crash(agent);
    return 0;
}

static int agent_restart_call(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);

    command_traced(L, &agent->party, "restart");
    enum err err = agent_restart(agent);
    if (err != ERR_OK)
        return command_failed(L, &agent->party, "restart", err);
    return 0;
}

static int codecs_push(lua_State *L, const struct agent *agent)
{
    lua_createtable(L, (int)agent->codec_count, 0);
    for (size_t i = 0; i < agent->codec_count; i++) {
        view_push(L, agent->codecs[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

int party_field(lua_State *L, const struct party *party, const char *name)
{
    char room[ADDR_TEXT_MAX];
    struct view field = view_of(name);

    if (view_equal(field, V("name")))
        return view_push(L, party->name);
    if (view_equal(field, V("uri")))
        return view_push(L, party->uri);
    if (view_equal(field, V("address")))
        return view_push(L, addr_text(&party->local, room));
    if (view_equal(field, V("transport")))
        return view_push(L, view_of(proto_text(party->proto)));
    return 0;
}

static int agent_field(lua_State *L, void *record, const char *name)
{
    struct agent *agent = record;

    if (view_equal(view_of(name), V("codecs")))
        return codecs_push(L, agent);
    if (view_equal(view_of(name), V("media_received"))) {
        uint64_t heard = world_silent_heard(scene_of(L)->world, agent->party.number);
        lua_pushinteger(L, (lua_Integer)heard);
        return 1;
    }
    return party_field(L, &agent->party, name);
}

static const luaL_Reg methods[] = {
    {"invite",           agent_invite          },
    {"expect_invite",    agent_expect_invite   },
    {"request",          agent_request         },
    {"options",          agent_options         },
    {"message",          agent_message         },
    {"on_send",          agent_on_send         },
    {"on_receive",       agent_on_receive      },
    {"auto",             agent_auto            },
    {"stop",             agent_stop_call       },
    {"crash",            agent_crash_call      },
    {"restart",          agent_restart_call    },
    {"register",         agent_register        },
    {"bindings",         agent_bindings        },
    {"new_nonce",        agent_new_nonce       },
    {"subscribe",        agent_subscribe       },
    {"expect_subscribe", agent_expect_subscribe},
    {"publish",          agent_publish         },
    {"expect_publish",   agent_expect_publish  },
    {"refer",            agent_refer           },
    {"expect_refer",     agent_expect_refer    },
    VERBS,
    {NULL,               NULL                  }
};
static const char *const fields[] = {"name",           "uri", "address", "transport", "codecs",
                                     "media_received", NULL};
const struct handle_kind agent_kind = {
    .name = "agent",
    .methods = methods,
    .field = agent_field,
    .fields = fields,
    .gives = &call_kind,
    .how = "local call = alice:invite(bob), local leg = bob:expect_invite()"};
