#include "harness/api/connection_api.h"

#include "harness/agent/connection.h"
#include "harness/agent/words.h"
#include "harness/api/aim.h"
#include "harness/api/failing.h"
#include "harness/api/verbs.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {"within", "soft", NULL};

static struct station station_of(struct wire *wire)
{
    return (struct station){.kind = AT_WIRE,
                            .agents = wire->party.agents,
                            .party = &wire->party,
                            .inbox = &wire->party.inbox};
}

/* The connection itself, or the wire's newest. */
static struct connection *connection_at(lua_State *L, int index)
{
    struct connection *connection = handle_test(L, index, &connection_kind);

    if (connection != NULL)
        return connection;
    struct wire *wire = wire_check(L, index);
    if (wire->newest == NULL)
        scene_misuse(L,
                     "%.*s has no connection: w:connect(target) opens one, w:expect_connect() "
                     "waits for one",
                     VIEW_ARG(wire->party.name));
    return wire->newest;
}

static int push(lua_State *L, const struct connection *connection)
{
    handle_push(L, &connection_kind, connection->handle);
    return 1;
}

int verb_connect(lua_State *L)
{
    struct wire *wire = wire_check(L, 1);
    struct connection *connection;

    lua_settop(L, 2);
    struct aim aim = aim_from(L, 2, "connect", &wire->party);
    if (aim.remote.family == 0)
        aim.remote = aim_address(L, aim.uri);
    if (!proto_reliable(wire->party.proto))
        return scene_misuse(L, "%.*s has no connections: give it transport = \"tcp\"",
                            VIEW_ARG(wire->party.name));
    command_traced(L, &wire->party, "connect to %.*s", VIEW_ARG(aim.uri));
    enum err err = connection_open(wire, &aim.remote, aim_domain(L, aim.uri), &connection);
    return err == ERR_OK ? push(L, connection) : command_failed(L, &wire->party, "connection", err);
}

static struct view sentence(char *room, size_t size, int len)
{
    return (struct view){room, len < 0 ? 0 : (size_t)len < size ? (size_t)len : size - 1};
}

static bool is_late(lua_State *L, struct wire *wire, const struct waiting *waiting,
                    uint64_t *out_deadline_us)
{
    struct station station = station_of(wire);

    *out_deadline_us = waiting_deadline(waiting, &station, NULL);
    return scene_now(scene_of(L)) >= *out_deadline_us;
}

static void connect_say(lua_State *waiting, struct buf *out)
{
    waiting_say(lua_touserdata(waiting, 3), V("a connection"), out);
}

static int connect_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind connect_kind = {connect_again, connect_say, false};

/* Stack: the wire, the options, the wait. */
static int connect_again(lua_State *L, int status, lua_KContext ctx)
{
    struct wire *wire = wire_check(L, 1);
    struct station station = station_of(wire);
    struct waiting *waiting = lua_touserdata(L, 3);
    struct connection *connection = connection_untaken(wire);
    uint64_t deadline_us;

    (void)status;
    (void)ctx;
    if (connection != NULL) {
        connection->taken = true;
        verb_held(L, &station, V("a connection was opened to it"), NULL);
        return push(L, connection);
    }
    if (is_late(L, wire, waiting, &deadline_us))
        return failing_connection(L, &wire->party, waiting, V("a connection"));
    return sched_wait_for(L, &wire->party.inbox.waiters, deadline_us, 3, &connect_kind);
}

int verb_expect_connect(lua_State *L)
{
    struct wire *wire = wire_check(L, 1);
    struct station station = station_of(wire);

    lua_settop(L, 2);
    struct opts opts = opts_open(L, 2, "expect_connect", names, NULL);
    waiting_push(L, &station, &opts);
    return connect_again(L, LUA_OK, 3);
}

static void close_say(lua_State *waiting, struct buf *out)
{
    waiting_say(lua_touserdata(waiting, 3), V("the end of its connection"), out);
}

static int close_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind close_kind = {close_again, close_say, false};

/* Stack: the connection, the options, the wait. Gives how it ended, and the bytes that came. */
static int close_again(lua_State *L, int status, lua_KContext ctx)
{
    struct connection *connection = connection_at(L, 1);
    struct wire *wire = connection->wire;
    struct station station = station_of(wire);
    struct waiting *waiting = lua_touserdata(L, 3);
    const char *how = connection_end(connection);
    char room[80];
    uint64_t deadline_us;

    (void)status;
    (void)ctx;
    if (how != NULL) {
        int len = snprintf(room, sizeof room, "the connection ended: %s", how);
        verb_held(L, &station, sentence(room, sizeof room, len), NULL);
        lua_pushstring(L, how);
        lua_pushinteger(L, (lua_Integer)connection->got);
        return 2;
    }
    if (is_late(L, wire, waiting, &deadline_us))
        return failing_connection(L, &wire->party, waiting, V("the end of a connection"));
    return sched_wait_for(L, &wire->party.inbox.waiters, deadline_us, 3, &close_kind);
}

int verb_expect_close(lua_State *L)
{
    struct connection *connection = connection_at(L, 1);
    struct station station = station_of(connection->wire);

    lua_settop(L, 2);
    struct opts opts = opts_open(L, 2, "expect_close", names, NULL);
    push(L, connection);
    lua_replace(L, 1); /* whatever is opened meanwhile */
    waiting_push(L, &station, &opts);
    return close_again(L, LUA_OK, 3);
}

int verb_write(lua_State *L)
{
    struct connection *connection = connection_at(L, 1);
    struct scene *scene = scene_of(L);
    struct party *party = &connection->wire->party;

    lua_settop(L, 2);
    struct blob *bytes = blob_create(arg_view(L, 2, "bytes"));
    if (bytes == NULL)
        return luaL_error(L, "not enough memory");
    enum err err = world_write(scene->world, party->number, connection->flow, bytes);
    blob_unref(bytes);
    if (err == ERR_GONE)
        return scene_refused(L, "%.*s: this connection has ended: %s", VIEW_ARG(party->name),
                             connection_end(connection) == NULL ? "by us"
                                                                : connection_end(connection));
    if (err != ERR_OK)
        return command_failed(L, party, "write", err);
    lua_settop(L, 1);
    return 1;
}

static int end(lua_State *L, bool reset)
{
    struct connection *connection = connection_at(L, 1);
    struct scene *scene = scene_of(L);
    struct party *party = &connection->wire->party;
    struct flows *flows = world_flows(scene->world, party->number);

    command_traced(L, party, reset ? "reset" : "close");
    if (flows != NULL && reset)
        flows_reset(flows, scene_now(scene), connection->flow, V("reset by the script"));
    else if (flows != NULL)
        flows_close(flows, scene_now(scene), connection->flow);
    world_flows_run(scene->world, party->number);
    return 0;
}

int verb_close(lua_State *L)
{
    return end(L, false);
}

int verb_reset(lua_State *L)
{
    return end(L, true);
}

static uint64_t bytes_got(lua_State *L, const struct connection *connection)
{
    struct flows *flows = world_flows(scene_of(L)->world, connection->wire->party.number);
    struct flow_info info;

    if (flows != NULL && flows_info(flows, connection->flow, &info) == ERR_OK)
        return info.got;
    return connection->got;
}

/* nil where there is no TLS. */
static void tls_push(lua_State *L, const struct connection *connection)
{
    const struct connection_tls *tls = &connection->tls;

    if (!proto_secure(connection->proto)) {
        lua_pushnil(L);
        return;
    }
    lua_createtable(L, 0, 5);
    member_set(L, "version", tls->version);
    member_set(L, "cipher", tls->cipher);
    member_set(L, "sni", tls->sni);
    member_set(L, "peer", tls->peer);
    member_set(L, "error", tls->error);
}

static int field(lua_State *L, void *record, const char *name)
{
    const struct connection *connection = record;
    char room[ADDR_TEXT_MAX];

    if (strcmp(name, "transport") == 0)
        lua_pushstring(L, proto_text(connection->proto));
    else if (strcmp(name, "remote") == 0)
        view_push(L, addr_text(&connection->remote, room));
    else if (strcmp(name, "state") == 0)
        lua_pushstring(L, connection->gone ? "closed" : connection->open ? "open" : "opening");
    else if (strcmp(name, "bytes") == 0)
        lua_pushinteger(L, (lua_Integer)bytes_got(L, connection));
    else if (strcmp(name, "tls") == 0)
        tls_push(L, connection);
    else
        return 0;
    return 1;
}

static const luaL_Reg methods[] = {
    {"expect_close", verb_expect_close},
    {"write",        verb_write       },
    {"close",        verb_close       },
    {"reset",        verb_reset       },
    {NULL,           NULL             }
};
static const char *const fields[] = {"transport", "remote", "state", "bytes", "tls", NULL};
const struct handle_kind connection_kind = {
    .name = "connection", .methods = methods, .field = field, .fields = fields};
