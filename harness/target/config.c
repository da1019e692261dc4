#include "harness/target/config.h"
#include "harness/lua/handle.h"
#include "harness/target/target_keys.h"

#include <lauxlib.h>
#include <string.h>

enum { NAME_MOST = 1000, NAMES_SHOWN = 8 };

/* What sipwright.lua returned, while Lua protects its reading. */
struct file_reading {
    struct targets *out;
    const char *wanted;
    const char *folder; /* the suite's root */
};

static const char *const file_keys[] = {"targets", NULL};

/* Each target is read, so that a mistake in one is found before it is needed. */
static void target_read(lua_State *L, const struct file_reading *file, int value)
{
    struct target *target = arena_zalloc(&file->out->arena, sizeof *target);
    struct reading r = {.arena = &file->out->arena, .into = target};

    if (target == NULL)
        reading_memory_error(L);
    if (lua_type(L, -2) != LUA_TSTRING)
        luaL_error(L, "targets: expected names, got a %s", luaL_typename(L, -2));
    r.target = lua_tostring(L, -2);
    if (lua_type(L, value) != LUA_TTABLE)
        luaL_error(L, "targets.%s: expected a table, got a %s", r.target, luaL_typename(L, value));
    target->folder = file->folder;
    target->name = reading_copy(L, &r, -2);
    target_keys_read(L, &r, value);
    if (target->uri.len == 0)
        luaL_error(L, "targets.%s: it has no uri, as in uri = \"sip:100@127.0.0.1:5070\"",
                   r.target);
    if (target->ready.port != 0) {
        uint16_t port = target->ready.port;
        target->ready = target->addr;
        target->ready.port = port;
    }
    target->next = file->out->first;
    file->out->first = target;
    if (file->wanted != NULL && view_equal(target->name, view_of(file->wanted))) {
        file->out->chosen = *target;
        file->out->has_chosen = true;
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

/* In order of their bytes: a table has none. */
static size_t names_sorted(lua_State *L, int targets, const char *names[NAME_MOST + 1])
{
    size_t count = 0;

    for (lua_pushnil(L); lua_next(L, targets) != 0 && count < NAME_MOST; lua_pop(L, 1)) {
        size_t at = count++;
        for (; at > 0 && strcmp(names[at - 1], lua_tostring(L, -2)) > 0; at--)
            names[at] = names[at - 1];
        names[at] = lua_tostring(L, -2);
    }
    return count;
}

static void wanted_missing(lua_State *L, const struct file_reading *r, int targets)
{
    const char *names[NAME_MOST + 1] = {0};
    size_t count = targets != 0 ? names_sorted(L, targets, names) : 0;
    const char *near = suggest(r->wanted, names);

    lua_settop(L, targets != 0 ? targets : lua_gettop(L)); /* a walk may not have come to its end */
    if (near != NULL)
        luaL_error(L, "--target: there is no target '%s'; did you mean '%s'?", r->wanted, near);
    lua_pushfstring(L, "--target: there is no target '%s'", r->wanted);
    for (size_t i = 0; i < count && i < NAMES_SHOWN; i++)
        lua_pushfstring(L, "%s%s%s", lua_tostring(L, -1), i == 0 ? "; there are " : ", ", names[i]);
    luaL_error(L, "%s%s", lua_tostring(L, -1), count > NAMES_SHOWN ? " …" : "");
}

/* Argument 1: what sipwright.lua returned; 2: the reading. */
static int file_read(lua_State *L)
{
    const struct file_reading *r = lua_touserdata(L, 2);
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
    r->out->chosen.others = r->out->first;
    return 0;
}

static enum err table_read(lua_State *L, struct file_reading *reading, struct buf *complaint)
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

static enum err file_load(const struct suite_options *options, struct file_reading *reading,
                          struct buf *complaint)
{
    struct load_error error = {0};
    struct config *config = NULL;
    enum err err = suite_config_load(options, &config, &error);

    if (err == ERR_OK) {
        reading->out->config = config; /* its functions may be called later on */
        return table_read(config_lua(config), reading, complaint);
    }
    buf_printf(complaint, "%.*s", VIEW_ARG(error.file));
    if (error.line != 0)
        buf_printf(complaint, ":%u", error.line);
    buf_printf(complaint, ": %.*s", VIEW_ARG(error.sentence));
    if (error.hint.len > 0)
        buf_printf(complaint, "; %.*s", VIEW_ARG(error.hint));
    return ERR_SYNTAX;
}

enum err targets_read(const struct suite_options *options, bool configured, const char *wanted,
                      struct targets *out, struct buf *complaint)
{
    bool uri = wanted != NULL && target_is_uri(view_of(wanted));
    struct file_reading reading = {
        .out = out, .wanted = uri ? NULL : wanted, .folder = options->root};

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
    config_destroy(targets->config);
    arena_deinit(&targets->arena);
    *targets = (struct targets){0};
}
