/* What a script can ask of a wire. */
#include "harness/api/agent_api.h"
#include "harness/api/aim.h"
#include "harness/api/connection_api.h"
#include "harness/api/draft.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/sip_api.h"
#include "harness/api/verbs.h"
#include "harness/api/wire_request.h"
#include "harness/impaired/resend.h"

/* The message at the index, made complete, in its place; sent again it is the same bytes. */
static struct message_info *outgoing(lua_State *L, int index, const struct wire *wire)
{
    struct message_info made = {0};

    if (lua_istable(L, index)) {
        struct draft *draft = draft_push(L);
        draft_read(L, draft, index, wire->party.name, "send");
        draft_finish(L, draft);
        lua_replace(L, index);
    }
    if (lua_type(L, index) == LUA_TSTRING) {
        made.bytes = blob_create(arg_view(L, index, "bytes"));
    } else {
        struct message_info *info = message_check(L, index);
        if (info->copy_key != 0 && info->sender == wire->party.number)
            return info;
        made.bytes = draft_complete(L, index, &wire->party);
    }
    if (made.bytes == NULL)
        luaL_error(L, "not enough memory");
    made.copy_key = ++wire->party.agents->copy_keys;
    made.sender = wire->party.number;
    message_push(L, &made);
    blob_unref(made.bytes);
    lua_replace(L, index);
    return message_check(L, index);
}

/* What no network takes is not sent, and nobody would know: it is the script's to mend. */
static void size_check(lua_State *L, const struct wire *wire, const struct addr *remote,
                       const struct blob *bytes)
{
    size_t most = link_udp_most(remote->family);

    if (wire->party.proto == PROTO_UDP && bytes->len > most)
        scene_misuse(L, "%.*s: %d bytes do not fit into a datagram, which takes %d over IPv%d",
                     VIEW_ARG(wire->party.name), (int)bytes->len, (int)most, (int)remote->family);
}

static void arrive_say(lua_State *waiting, struct buf *out)
{
    (void)waiting;
    buf_add(out, V("a wire: waiting until what it has sent has come"));
}

static int arrive_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind arrive_kind = {arrive_again, arrive_say, false};

/* The wire stands at 1, what was sent on top. On a bad network the script goes on when that has
 * come: what it does next counts on it. */
static int arrive(lua_State *L)
{
    struct scene *scene = scene_of(L);
    uint64_t until_us = resend_until_us(scene, wire_check(L, 1)->party.number);

    if (until_us > scene_now(scene) && sched_may_wait(L))
        return sched_wait_for(L, log_waiters(scene->log), until_us, 0, &arrive_kind);
    return 1;
}

static int arrive_again(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    return arrive(L);
}

static int transmit(lua_State *L, struct wire *wire, const struct addr *remote, int index)
{
    struct message_info *info = outgoing(L, index, wire);
    struct scene *scene = scene_of(L);

    if (!wire->party.up)
        return scene_misuse(L, "%.*s is down", VIEW_ARG(wire->party.name));
    size_check(L, wire, remote, info->bytes);
    uint64_t seq = world_send(scene->world, wire->party.number, wire->party.link, remote,
                              info->bytes, info->copy_key);
    resend_sent(scene, wire->party.number, remote, info->copy_key, seq);
    info->passage = log_passage(scene->log, seq);
    info->time_us = scene_now(scene);
    info->has_time = true;
    lua_pushvalue(L, index);
    return arrive(L);
}

static int wire_send_call(lua_State *L)
{
    struct wire *wire = wire_check(L, 1);

    lua_settop(L, 3);
    struct aim aim = aim_from(L, 2, "send", &wire->party);
    if (aim.remote.family == 0)
        aim.remote = aim_address(L, aim.uri);
    return transmit(L, wire, &aim.remote, 3);
}

/* RFC 3261 §18.2.2 and RFC 3581 §4: where it came from, by rport; else its port by Via. */
static struct addr way_back(lua_State *L, const struct message_info *request)
{
    struct sip_msg *msg = message_msg(L, request);
    const struct sip_via *via = msg == NULL ? NULL : sip_msg_via(msg, 0);
    struct addr addr = request->passage.source;

    if (via == NULL || (addr.family != 0 && proto_reliable(request->passage.proto)))
        return addr; /* of a stream: the connection that it came by */
    if (addr.family == 0 && addr_parse(via->host, &addr) != ERR_OK)
        return (struct addr){0};
    if (via->rport.ptr == NULL || addr.port == 0)
        addr.port = via->port != 0 ? via->port : 5060;
    return addr;
}

int wire_reply(lua_State *L)
{
    struct wire *wire = wire_check(L, 1);

    lua_settop(L, 4);
    struct addr remote = way_back(L, message_check(L, 2));
    if (remote.family == 0)
        return scene_misuse(L, "neither Via nor its source says where to reply to");
    response_push(L, 2, 3, 4, wire->party.name);
    return transmit(L, wire, &remote, lua_gettop(L));
}

/* w:ignore(pattern): such messages are passed over from now on. */
static int wire_ignore(lua_State *L)
{
    struct wire *wire = wire_check(L, 1);

    lua_settop(L, 2);
    want_at(L, 2);
    if (wire->ignored == 0) {
        lua_newtable(L);
        wire->ignored = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, wire->ignored);
    lua_pushvalue(L, 2);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    return 0;
}

/* The list is on top of the stack. */
static bool is_ignored(lua_State *L, const struct mail *mail)
{
    bool found = false;

    for (lua_Integer i = 1; !found && lua_rawgeti(L, -1, i) != LUA_TNIL; i++) {
        found = want_matches(L, lua_touserdata(L, -1), lua_gettop(L), mail, NULL);
        lua_pop(L, 1);
    }
    if (!found)
        lua_pop(L, 1);
    return found;
}

void wire_pass_ignored(lua_State *L, const struct station *station)
{
    struct post *post = &station->agents->post;
    const struct wire *wire = (const struct wire *)station->party;
    struct mail *mail;

    if (wire->ignored == 0)
        return;
    lua_rawgeti(L, LUA_REGISTRYINDEX, wire->ignored);
    while ((mail = inbox_next(post, station->inbox, NULL)) != NULL && is_ignored(L, mail)) {
        inbox_take(post, station->inbox, mail);
        mail_unlisted(post, mail);
    }
    lua_pop(L, 1);
}

bool wire_ignores(lua_State *L, const struct wire *wire, const struct mail *mail)
{
    if (wire->ignored == 0)
        return false;
    lua_rawgeti(L, LUA_REGISTRYINDEX, wire->ignored);
    bool ignored = is_ignored(L, mail);
    lua_pop(L, 1);
    return ignored;
}

static int wire_field(lua_State *L, void *record, const char *name)
{
    return party_field(L, &((struct wire *)record)->party, name);
}

static const luaL_Reg methods[] = {
    {"expect_request", wire_expect_request},
    {"send",           wire_send_call     },
    {"reply",          wire_reply         },
    {"ignore",         wire_ignore        },
    {"connect",        verb_connect       },
    {"expect_connect", verb_expect_connect},
    {"expect_close",   verb_expect_close  },
    {"write",          verb_write         },
    {"close",          verb_close         },
    {"reset",          verb_reset         },
    {"expect",         verb_expect        },
    {"expect_all",     verb_expect_all    },
    {"expect_none",    verb_expect_none   },
    {"maybe",          verb_maybe         },
    {NULL,             NULL               }
};
static const char *const fields[] = {"name", "uri", "address", "transport", NULL};
const struct handle_kind wire_kind = {
    .name = "wire", .methods = methods, .field = wire_field, .fields = fields};
