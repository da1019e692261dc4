#include "harness/run/config.h"
#include "harness/lua/handle.h"
#include "harness/run/value.h"

#include <lauxlib.h>

enum { LIST_MOST = 1000, NAME_MOST = 1000 };

/* What is read while Lua protects the reading: errors are Lua's, their texts the complaint. */
struct reading {
    struct targets *out;
    const char *wanted;
    const char *target; /* the name of the one being read */
    struct target *into;
};

static const char *const file_keys[] = {"targets", NULL};

/* Of the language, but not of this version: to be passed over would be a lie. */
static const char *const later_keys[] = {"addresses",      "accounts", "tls",   "start",
                                         "ready",          "actions",  "reset", "background",
                                         "known_failures", "exclude",  NULL};

static int memory_error(lua_State *L)
{
    return luaL_error(L, "there is not enough memory");
}

static struct view text_copy(lua_State *L, struct reading *r, int index)
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
    struct view text = text_copy(L, r, value);
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
        items[i] = text_copy(L, r, -1);
        lua_pop(L, 1);
    }
    *out = items;
    *out_count = (size_t)count;
    r->into->claims = true;
}

static void roles_read(lua_State *L, struct reading *r, int value)
{
    static const char *const roles[] = {"uas", "uac", "registrar", "proxy", "redirect", NULL};

    list_read(L, r, "roles", value, &r->into->roles, &r->into->role_count);
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

/* The key at -2, the value at -1: { "127.0.0.1", reg = "127.0.0.1:5080" }. */
static void bind_entry_read(lua_State *L, struct reading *r, struct target_bind *bind)
{
    bool all = lua_type(L, -2) == LUA_TNUMBER;

    if (!all && lua_type(L, -2) != LUA_TSTRING)
        luaL_error(L, "targets.%s.bind: expected names of agents, got a %s", r->target,
                   luaL_typename(L, -2));
    want_text(L, r, "bind", -1);
    bind->agent = all ? V("") : text_copy(L, r, -2);
    struct view text = text_copy(L, r, -1);
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

static const struct key_row {
    const char *name;
    void (*read)(lua_State *L, struct reading *r, int value);
} target_rows[] = {
    {"uri",         uri_read        },
    {"bind",        bind_read       },
    {"roles",       roles_read      },
    {"supports",    supports_read   },
    {"auto_answer", auto_answer_read},
    {"patience",    patience_read   },
    {"tolerance",   tolerance_read  },
};
enum { TARGET_ROW_COUNT = sizeof target_rows / sizeof *target_rows };

static void unknown_key(lua_State *L, const struct reading *r, const char *key)
{
    const char *names[TARGET_ROW_COUNT + sizeof later_keys / sizeof *later_keys] = {0};
    size_t count = 0;

    for (size_t i = 0; later_keys[i] != NULL; i++) {
        if (strcmp(later_keys[i], key) == 0)
            luaL_error(L, "targets.%s.%s: this version does not support it yet; take it out",
                       r->target, key);
        names[count++] = later_keys[i];
    }
    for (size_t i = 0; i < TARGET_ROW_COUNT; i++)
        names[count++] = target_rows[i].name;
    const char *near = suggest(key, names);
    if (near != NULL)
        luaL_error(L, "targets.%s: unknown key '%s'; did you mean '%s'?", r->target, key, near);
    luaL_error(L, "targets.%s: unknown key '%s'", r->target, key);
}

/* The key at -2, the value at -1. */
static void target_key_read(lua_State *L, struct reading *r)
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

/* Each target is read, so that a mistake in one is found before it is needed. */
static void target_read(lua_State *L, struct reading *r, int value)
{
    struct target target = {0};

    if (lua_type(L, -2) != LUA_TSTRING)
        luaL_error(L, "targets: expected names, got a %s", luaL_typename(L, -2));
    r->target = lua_tostring(L, -2);
    if (lua_type(L, value) != LUA_TTABLE)
        luaL_error(L, "targets.%s: expected a table, got a %s", r->target, luaL_typename(L, value));
    r->into = &target;
    target.name = text_copy(L, r, -2);
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1))
        target_key_read(L, r);
    if (target.uri.len == 0)
        luaL_error(L, "targets.%s: it has no uri, as in uri = \"sip:100@127.0.0.1:5070\"",
                   r->target);
    if (r->wanted != NULL && view_equal(target.name, view_of(r->wanted))) {
        r->out->chosen = target;
        r->out->has_chosen = true;
    }
}

static void file_keys_check(lua_State *L, int table)
{
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
        if (key == NULL)
            luaL_error(L, "it returns a %s as a key; expected { targets = { … } }",
                       luaL_typename(L, -2));
        if (strcmp(key, "targets") != 0) {
            const char *near = suggest(key, file_keys);
            luaL_error(L, "unknown key '%s'%s", key,
                       near != NULL ? "; did you mean 'targets'?" : "; there is only 'targets'");
        }
    }
}

static void wanted_missing(lua_State *L, const struct reading *r, int targets)
{
    const char *names[NAME_MOST + 1] = {0};
    size_t count = 0;

    if (targets != 0)
        for (lua_pushnil(L); lua_next(L, targets) != 0 && count < NAME_MOST; lua_pop(L, 1))
            names[count++] = lua_tostring(L, -2);
    const char *near = suggest(r->wanted, names);
    luaL_error(L, "--target: there is no target '%s'%s%s%s", r->wanted,
               near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
               near != NULL ? "'?" : "");
}

/* Argument 1: what sipwright.lua returned; 2: the reading. */
static int file_read(lua_State *L)
{
    struct reading *r = lua_touserdata(L, 2);
    int targets = 0;

    if (lua_type(L, 1) != LUA_TTABLE)
        luaL_error(L, "expected that it returns a table, got a %s", luaL_typename(L, 1));
    file_keys_check(L, 1);
    lua_pushliteral(L, "targets");
    if (lua_rawget(L, 1) == LUA_TTABLE) {
        targets = lua_gettop(L);
        for (lua_pushnil(L); lua_next(L, targets) != 0; lua_pop(L, 1))
            target_read(L, r, lua_gettop(L));
    } else if (lua_type(L, -1) != LUA_TNIL) {
        luaL_error(L, "targets: expected a table, got a %s", luaL_typename(L, -1));
    }
    if (r->wanted != NULL && !r->out->has_chosen)
        wanted_missing(L, r, targets);
    return 0;
}

static enum err table_read(lua_State *L, struct reading *reading, struct buf *complaint)
{
    lua_pushcfunction(L, file_read);
    lua_insert(L, -2);
    lua_pushlightuserdata(L, reading);
    if (lua_pcall(L, 2, 0, 0) == LUA_OK)
        return ERR_OK;
    const char *sentence = lua_tostring(L, -1);
    buf_printf(complaint, "sipwright.lua: %s", sentence != NULL ? sentence : "it cannot be read");
    return ERR_SYNTAX;
}

static enum err file_load(const struct suite_options *options, struct reading *reading,
                          struct buf *complaint)
{
    struct load_error error = {0};
    struct config *config = NULL;
    enum err err = suite_config_load(options, &config, &error);

    if (err == ERR_OK) {
        err = table_read(config_lua(config), reading, complaint);
        config_destroy(config);
        return err;
    }
    buf_printf(complaint, "%.*s", VIEW_ARG(error.file));
    if (error.line != 0)
        buf_printf(complaint, ":%u", error.line);
    buf_printf(complaint, ": %.*s", VIEW_ARG(error.sentence));
    if (error.hint.len > 0)
        buf_printf(complaint, "; %.*s", VIEW_ARG(error.hint));
    return ERR_SYNTAX;
}

static bool is_uri(const char *wanted)
{
    return view_starts_nocase(view_of(wanted), V("sip:")) ||
           view_starts_nocase(view_of(wanted), V("sips:"));
}

enum err targets_read(const struct suite_options *options, bool configured, const char *wanted,
                      struct targets *out, struct buf *complaint)
{
    bool uri = wanted != NULL && is_uri(wanted);
    struct reading reading = {.out = out, .wanted = uri ? NULL : wanted};

    if (configured) {
        enum err err = file_load(options, &reading, complaint);
        if (err != ERR_OK)
            return err;
    } else if (wanted != NULL && !uri) {
        buf_printf(complaint,
                   "--target %s: there is no sipwright.lua that names it; give a SIP URI, as in "
                   "sip:100@127.0.0.1:5070",
                   wanted);
        return ERR_SYNTAX;
    }
    if (!uri)
        return ERR_OK;
    out->has_chosen = true;
    enum err err = target_uri_set(&out->chosen, view_of(wanted), &out->arena, complaint);
    out->chosen.name = out->chosen.uri;
    return err;
}

const struct target *targets_chosen(const struct targets *targets)
{
    return targets->has_chosen ? &targets->chosen : NULL;
}

void targets_deinit(struct targets *targets)
{
    arena_deinit(&targets->arena);
    *targets = (struct targets){0};
}
