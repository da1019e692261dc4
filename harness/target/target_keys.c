#include "harness/target/target_keys.h"
#include "harness/catalogue/requirement.h"
#include "harness/lua/handle.h"
#include "harness/options/value.h"

#include <lauxlib.h>

enum { LIST_MOST = 1000 };

static int memory_error(lua_State *L)
{
    return luaL_error(L, "there is not enough memory");
}

struct view reading_text(lua_State *L, struct reading *r, int index)
{
    size_t len = 0;
    const char *text = lua_tolstring(L, index, &len);
    struct view copy = arena_copy(&r->out->arena, (struct view){text, len});

    if (copy.ptr == NULL)
        memory_error(L);
    return copy;
}

static void want_text(lua_State *L, const struct reading *r, const char *key, int index)
{
    if (lua_type(L, index) != LUA_TSTRING)
        luaL_error(L, "targets.%s.%s: expected a text, got a %s", r->target, key,
                   luaL_typename(L, index));
}

static void want_table(lua_State *L, const struct reading *r, const char *key, int index)
{
    if (lua_type(L, index) != LUA_TTABLE)
        luaL_error(L, "targets.%s.%s: expected a table, got a %s", r->target, key,
                   luaL_typename(L, index));
}

static void uri_read(lua_State *L, struct reading *r, int value)
{
    struct buf complaint = {0};

    want_text(L, r, "uri", value);
    struct view text = reading_text(L, r, value);
    enum err err = target_uri_set(r->into, text, &r->out->arena, &complaint);
    if (err == ERR_SYNTAX)
        lua_pushlstring(L, complaint.ptr, complaint.len);
    buf_deinit(&complaint);
    if (err == ERR_SYNTAX)
        luaL_error(L, "targets.%s.uri: %s", r->target, lua_tostring(L, -1));
    if (err != ERR_OK)
        memory_error(L);
}

static void list_read(lua_State *L, struct reading *r, const char *key, int value,
                      const struct view **out, size_t *out_count)
{
    want_table(L, r, key, value);
    lua_Unsigned count = lua_rawlen(L, value);
    if (count > LIST_MOST)
        luaL_error(L, "targets.%s.%s: more than %d entries", r->target, key, LIST_MOST);
    struct view *items = arena_alloc(&r->out->arena, ((size_t)count + 1) * sizeof *items);
    if (items == NULL)
        memory_error(L);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, value, (lua_Integer)i + 1);
        want_text(L, r, key, -1);
        items[i] = reading_text(L, r, -1);
        lua_pop(L, 1);
    }
    *out = items;
    *out_count = (size_t)count;
}

static void roles_read(lua_State *L, struct reading *r, int value)
{
    static const char *const roles[] = {"uas", "uac", "registrar", "proxy", "redirect", NULL};

    list_read(L, r, "roles", value, &r->into->roles, &r->into->role_count);
    r->into->claims = true;
    for (size_t i = 0; i < r->into->role_count; i++) {
        const char *role = r->into->roles[i].ptr;
        size_t known = 0;
        while (roles[known] != NULL && strcmp(roles[known], role) != 0)
            known++;
        const char *near = roles[known] == NULL ? suggest(role, roles) : NULL;
        if (roles[known] == NULL)
            luaL_error(L, "targets.%s.roles: unknown role '%s'; %s%s%s", r->target, role,
                       near != NULL ? "did you mean '" : "there are uas, uac, registrar, proxy",
                       near != NULL ? near : "", near != NULL ? "'?" : " and redirect");
    }
}

static void supports_read(lua_State *L, struct reading *r, int value)
{
    list_read(L, r, "supports", value, &r->into->supports, &r->into->support_count);
    r->into->claims = true;
}

/* { "REGISTER", "SUBSCRIBE" } */
static void background_read(lua_State *L, struct reading *r, int value)
{
    struct target *target = r->into;

    list_read(L, r, "background", value, &target->background, &target->background_count);
    for (size_t i = 0; i < target->background_count; i++) {
        enum sip_method method = sip_method_find(target->background[i]);
        if (method == SIP_INVITE || method == SIP_ACK || method == SIP_BYE ||
            method == SIP_CANCEL || method == SIP_PRACK)
            luaL_error(L, "targets.%s.background: %s is what calls are made of: it is judged",
                       r->target, target->background[i].ptr);
    }
}

static uint64_t duration_read(lua_State *L, struct reading *r, const char *key, int value)
{
    uint64_t us = 0;

    if (lua_type(L, value) == LUA_TNUMBER) {
        lua_Number seconds = lua_tonumber(L, value);
        if (seconds > 0 && seconds < 31536000)
            return (uint64_t)(seconds * (lua_Number)US_PER_S);
    } else if (lua_type(L, value) == LUA_TSTRING) {
        size_t len = 0;
        const char *text = lua_tolstring(L, value, &len);
        if (value_duration((struct view){text, len}, &us) && us > 0)
            return us;
    }
    luaL_error(L, "targets.%s.%s: expected a duration, as in \"20ms\" or 1.5 (seconds)", r->target,
               key);
    return 0;
}

static void patience_read(lua_State *L, struct reading *r, int value)
{
    r->into->patience_us = duration_read(L, r, "patience", value);
}

static void tolerance_read(lua_State *L, struct reading *r, int value)
{
    r->into->tolerance_us = duration_read(L, r, "tolerance", value);
}

static void auto_answer_read(lua_State *L, struct reading *r, int value)
{
    if (lua_type(L, value) != LUA_TBOOLEAN)
        luaL_error(L, "targets.%s.auto_answer: expected true or false", r->target);
    r->into->auto_answer = lua_toboolean(L, value);
}

/* Of the file below the suite's root that is named at the index. */
static struct view file_text(lua_State *L, struct reading *r, int index)
{
    index = lua_absindex(L, index);
    lua_getglobal(L, "file");
    lua_pushvalue(L, index);
    lua_call(L, 1, 1);
    struct view text = reading_text(L, r, -1);
    lua_pop(L, 1);
    return text;
}

/* PEM, or the name of a file that has it. */
static struct view pem_read(lua_State *L, struct reading *r, const char *key, int value)
{
    want_text(L, r, key, value);
    if (strstr(lua_tostring(L, value), "-----BEGIN ") != NULL)
        return reading_text(L, r, value);
    return file_text(L, r, value);
}

/* How many keys a table has; each has to be a name. */
static size_t names_count(lua_State *L, const struct reading *r, const char *key, int value)
{
    size_t count = 0;

    want_table(L, r, key, value);
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            luaL_error(L, "targets.%s.%s: expected names, got a %s", r->target, key,
                       luaL_typename(L, -2));
        if (++count > LIST_MOST)
            luaL_error(L, "targets.%s.%s: more than %d entries", r->target, key, LIST_MOST);
    }
    return count;
}

static void known_failures_read(lua_State *L, struct reading *r, int value)
{
    want_text(L, r, "known_failures", value);
    r->into->known_failures = file_text(L, r, value);
}

/* { "baresip", "-f", "ci/targets/baresip" } */
static const char *const *command_read(lua_State *L, struct reading *r, const char *key, int value)
{
    want_table(L, r, key, value);
    lua_Unsigned count = lua_rawlen(L, value);
    if (count == 0 || count > LIST_MOST)
        luaL_error(L, "targets.%s.%s: a program and its arguments, as in { \"baresip\", \"-v\" }",
                   r->target, key);
    const char **argv = arena_zalloc(&r->out->arena, ((size_t)count + 1) * sizeof *argv);
    if (argv == NULL)
        memory_error(L);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, value, (lua_Integer)i + 1);
        want_text(L, r, key, -1);
        argv[i] = reading_text(L, r, -1).ptr;
        lua_pop(L, 1);
    }
    return argv;
}

/* The key at -2, the value at -1. */
static void action_read(lua_State *L, struct reading *r, struct target_action *out)
{
    out->name = reading_text(L, r, -2);
    switch (lua_type(L, -1)) {
    case LUA_TTABLE:
        out->argv = command_read(L, r, "actions", lua_gettop(L));
        break;
    case LUA_TSTRING:
        out->ask = reading_text(L, r, -1);
        break;
    case LUA_TFUNCTION:
        lua_pushvalue(L, -1);
        out->function = luaL_ref(L, LUA_REGISTRYINDEX);
        break;
    default:
        luaL_error(L,
                   "targets.%s.actions: '%s' is a program and its arguments, a function that gives "
                   "them, or what a person is to do, not a %s",
                   r->target, out->name.ptr, luaL_typename(L, -1));
    }
}

/* { call = function(uri) return { "ci/dial", uri } end, hangup = "Put the receiver down." } */
static void actions_read(lua_State *L, struct reading *r, int value)
{
    size_t count = names_count(L, r, "actions", value);
    struct target_action *actions = arena_zalloc(&r->out->arena, (count + 1) * sizeof *actions);

    if (actions == NULL)
        memory_error(L);
    count = 0;
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1))
        action_read(L, r, &actions[count++]);
    r->into->actions = actions;
    r->into->action_count = count;
    r->into->lua = L;
}

static void start_read(lua_State *L, struct reading *r, int value)
{
    r->into->start = command_read(L, r, "start", value);
}

static void reset_read(lua_State *L, struct reading *r, int value)
{
    r->into->reset = command_read(L, r, "reset", value);
}

/* "udp:5070", of the host that the URI names: found when all keys are there. */
static void ready_read(lua_State *L, struct reading *r, int value)
{
    struct target *target = r->into;
    uint64_t port = 0;

    want_text(L, r, "ready", value);
    struct view text = view_of(lua_tostring(L, value));
    size_t colon = view_find_char(text, ':');
    bool known = proto_parse(view_head(text, colon), &target->ready_proto) == ERR_OK &&
                 (target->ready_proto == PROTO_UDP || target->ready_proto == PROTO_TCP);
    if (!known || !view_to_uint(view_skip(text, colon + 1), UINT16_MAX, &port) || port == 0)
        luaL_error(
            L,
            "targets.%s.ready: '%s' is no place where it answers OPTIONS, as in \"udp:5070\" "
            "or \"tcp:5070\"",
            r->target, lua_tostring(L, value));
    target->ready.port = (uint16_t)port;
}

/* { ca = "ci/ca.pem", ca_key = "ci/ca.key" } */
static void tls_read(lua_State *L, struct reading *r, int value)
{
    want_table(L, r, "tls", value);
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "[1]";
        if (strcmp(key, "ca") == 0)
            r->into->tls_ca = pem_read(L, r, "tls.ca", lua_gettop(L));
        else if (strcmp(key, "ca_key") == 0)
            r->into->tls_ca_key = pem_read(L, r, "tls.ca_key", lua_gettop(L));
        else
            luaL_error(L, "targets.%s.tls: unknown key '%s'; there are ca and ca_key", r->target,
                       key);
    }
    if (r->into->tls_ca.len == 0)
        luaL_error(L, "targets.%s.tls: ca is missing: the certificate that it trusts", r->target);
}

/* The key at -2, the value at -1: { "127.0.0.1", reg = "127.0.0.1:5080" }. */
static void bind_entry_read(lua_State *L, struct reading *r, struct target_bind *bind)
{
    bool all = lua_type(L, -2) == LUA_TNUMBER;

    if (!all && lua_type(L, -2) != LUA_TSTRING)
        luaL_error(L, "targets.%s.bind: expected names of agents, got a %s", r->target,
                   luaL_typename(L, -2));
    want_text(L, r, "bind", -1);
    bind->agent = all ? V("") : reading_text(L, r, -2);
    struct view text = reading_text(L, r, -1);
    if (addr_parse(text, &bind->addr) != ERR_OK)
        luaL_error(L, "targets.%s.bind: '%s' is no IP address, as in \"127.0.0.1:5080\"", r->target,
                   text.ptr);
}

static void bind_read(lua_State *L, struct reading *r, int value)
{
    size_t count = 0;

    want_table(L, r, "bind", value);
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1))
        if (++count > LIST_MOST)
            luaL_error(L, "targets.%s.bind: more than %d entries", r->target, LIST_MOST);
    struct target_bind *binds = arena_zalloc(&r->out->arena, (count + 1) * sizeof *binds);
    if (binds == NULL)
        memory_error(L);
    count = 0;
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1))
        bind_entry_read(L, r, &binds[count++]);
    r->into->binds = binds;
    r->into->bind_count = count;
}

/* { tls = "127.0.0.1:5071" } */
static void addresses_read(lua_State *L, struct reading *r, int value)
{
    struct target *target = r->into;

    names_count(L, r, "addresses", value);
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        enum proto proto;
        if (proto_parse(view_of(lua_tostring(L, -2)), &proto) != ERR_OK)
            luaL_error(L,
                       "targets.%s.addresses: '%s' is no transport; there are udp, tcp, tls, "
                       "ws and wss",
                       r->target, lua_tostring(L, -2));
        want_text(L, r, "addresses", -1);
        if (addr_parse(reading_text(L, r, -1), &target->addresses[proto]) != ERR_OK ||
            target->addresses[proto].port == 0)
            luaL_error(L,
                       "targets.%s.addresses: '%s' is no IP address with a port, as in "
                       "\"127.0.0.1:5071\"",
                       r->target, lua_tostring(L, -1));
        target->has_addresses = true;
    }
}

enum { DNS_PORT = 53 };

static void dns_read(lua_State *L, struct reading *r, int value)
{
    want_text(L, r, "dns", value);
    if (addr_parse(reading_text(L, r, value), &r->into->dns) != ERR_OK)
        luaL_error(L, "targets.%s.dns: '%s' is no IP address, as in \"127.0.0.1:5353\"", r->target,
                   lua_tostring(L, value));
    if (r->into->dns.port == 0)
        r->into->dns.port = DNS_PORT;
}

static struct view account_text(lua_State *L, struct reading *r, const char *name, int account)
{
    if (lua_getfield(L, account, name) != LUA_TSTRING)
        luaL_error(L,
                   "targets.%s.accounts: each wants user and password: "
                   "{ [\"1001\"] = { user = \"1001\", password = secret(\"PHONE\") } }",
                   r->target);
    struct view text = reading_text(L, r, -1);
    lua_pop(L, 1);
    return text;
}

static void accounts_read(lua_State *L, struct reading *r, int value)
{
    size_t count = names_count(L, r, "accounts", value);
    struct target_account *accounts = arena_zalloc(&r->out->arena, (count + 1) * sizeof *accounts);

    if (accounts == NULL)
        memory_error(L);
    count = 0;
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        want_table(L, r, "accounts", lua_gettop(L));
        int account = lua_gettop(L);
        accounts[count].name = reading_text(L, r, -2);
        accounts[count].user = account_text(L, r, "user", account);
        accounts[count++].password = account_text(L, r, "password", account);
    }
    r->into->accounts = accounts;
    r->into->account_count = count;
}

/* One that the catalogue has. */
static struct view requirement_id(lua_State *L, struct reading *r, int index)
{
    struct view id = reading_text(L, r, index);

    if (requirement_find(id) != NULL)
        return id;
    const char *near = requirement_near(id.ptr);
    luaL_error(L, "targets.%s.exclude: the catalogue has no '%s'%s%s%s", r->target, id.ptr,
               near != NULL ? "; did you mean '" : ", whose ids look like UAS-005",
               near != NULL ? near : "", near != NULL ? "'?" : "");
    return id;
}

/* { ["UAS-005"] = "no Require handling, ticket 17" } */
static void exclude_read(lua_State *L, struct reading *r, int value)
{
    size_t count = names_count(L, r, "exclude", value);
    struct target_exclude *excludes = arena_zalloc(&r->out->arena, (count + 1) * sizeof *excludes);

    if (excludes == NULL)
        memory_error(L);
    count = 0;
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        want_text(L, r, "exclude", -1);
        if (lua_rawlen(L, -1) == 0)
            luaL_error(L, "targets.%s.exclude: say why: { [\"UAS-005\"] = \"ticket 17\" }",
                       r->target);
        excludes[count].id = requirement_id(L, r, -2);
        excludes[count++].why = reading_text(L, r, -1);
    }
    r->into->excludes = excludes;
    r->into->exclude_count = count;
}

static const struct key_row {
    const char *name;
    void (*read)(lua_State *L, struct reading *r, int value);
} target_rows[] = {
    {"uri",            uri_read           },
    {"bind",           bind_read          },
    {"roles",          roles_read         },
    {"supports",       supports_read      },
    {"auto_answer",    auto_answer_read   },
    {"patience",       patience_read      },
    {"tolerance",      tolerance_read     },
    {"tls",            tls_read           },
    {"addresses",      addresses_read     },
    {"accounts",       accounts_read      },
    {"dns",            dns_read           },
    {"exclude",        exclude_read       },
    {"background",     background_read    },
    {"actions",        actions_read       },
    {"start",          start_read         },
    {"reset",          reset_read         },
    {"ready",          ready_read         },
    {"known_failures", known_failures_read},
};
enum { TARGET_ROW_COUNT = sizeof target_rows / sizeof *target_rows };

static void unknown_key(lua_State *L, const struct reading *r, const char *key)
{
    const char *names[TARGET_ROW_COUNT + 1] = {0};

    for (size_t i = 0; i < TARGET_ROW_COUNT; i++)
        names[i] = target_rows[i].name;
    const char *near = suggest(key, names);
    if (near != NULL)
        luaL_error(L, "targets.%s: unknown key '%s'; did you mean '%s'?", r->target, key, near);
    luaL_error(L, "targets.%s: unknown key '%s'", r->target, key);
}

/* The key at -2, the value at -1. */
void target_key_read(lua_State *L, struct reading *r)
{
    if (lua_type(L, -2) != LUA_TSTRING)
        luaL_error(L, "targets.%s: expected named keys (uri = …), got a %s", r->target,
                   luaL_typename(L, -2));
    const char *key = lua_tostring(L, -2);
    for (size_t i = 0; i < TARGET_ROW_COUNT; i++)
        if (strcmp(target_rows[i].name, key) == 0) {
            target_rows[i].read(L, r, lua_gettop(L));
            return;
        }
    unknown_key(L, r, key);
}
