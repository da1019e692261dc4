#include "harness/target/target_keys.h"

#include <lauxlib.h>

enum { DNS_PORT = 53 };

void key_uri(lua_State *L, struct reading *r, int value)
{
    struct buf complaint = {0};

    struct view text = reading_text(L, r, "uri", value);
    enum err err = target_uri_set(r->into, text, r->arena, &complaint);
    if (err == ERR_SYNTAX)
        lua_pushlstring(L, complaint.ptr, complaint.len);
    buf_deinit(&complaint);
    if (err == ERR_SYNTAX)
        luaL_error(L, "targets.%s.uri: %s", r->target, lua_tostring(L, -1));
    if (err != ERR_OK)
        reading_memory_error(L);
}

/* The key at -2, the value at -1: { "127.0.0.1", reg = "127.0.0.1:5080" }. */
static void bind_entry_read(lua_State *L, struct reading *r, struct target_bind *bind)
{
    bool all = lua_type(L, -2) == LUA_TNUMBER;

    if (!all && lua_type(L, -2) != LUA_TSTRING)
        luaL_error(L, "targets.%s.bind: expected names of agents, got a %s", r->target,
                   luaL_typename(L, -2));
    struct view text = reading_text(L, r, "bind", -1);
    bind->agent = all ? V("") : reading_copy(L, r, -2);
    if (addr_parse(text, &bind->addr) != ERR_OK)
        luaL_error(L, "targets.%s.bind: '%s' is no IP address, as in \"127.0.0.1:5080\"", r->target,
                   text.ptr);
}

void key_bind(lua_State *L, struct reading *r, int value)
{
    size_t count = 0;

    reading_want_table(L, r, "bind", value);
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1))
        if (++count > READING_LIST_MOST)
            luaL_error(L, "targets.%s.bind: more than %d entries", r->target, READING_LIST_MOST);
    struct target_bind *binds = arena_zalloc(r->arena, (count + 1) * sizeof *binds);
    if (binds == NULL)
        reading_memory_error(L);
    count = 0;
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1))
        bind_entry_read(L, r, &binds[count++]);
    r->into->binds = binds;
    r->into->bind_count = count;
}

/* { tls = "127.0.0.1:5071" } */
void key_addresses(lua_State *L, struct reading *r, int value)
{
    struct target *target = r->into;

    reading_names_count(L, r, "addresses", value);
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        enum proto proto = reading_transport(L, r, "addresses", -2);
        if (addr_parse(reading_text(L, r, "addresses", -1), &target->addresses[proto]) != ERR_OK ||
            target->addresses[proto].port == 0)
            luaL_error(L,
                       "targets.%s.addresses: '%s' is no IP address with a port, as in "
                       "\"127.0.0.1:5071\"",
                       r->target, lua_tostring(L, -1));
        target->has_addresses = true;
    }
}

void key_dns(lua_State *L, struct reading *r, int value)
{
    if (addr_parse(reading_text(L, r, "dns", value), &r->into->dns) != ERR_OK)
        luaL_error(L, "targets.%s.dns: '%s' is no IP address, as in \"127.0.0.1:5353\"", r->target,
                   lua_tostring(L, value));
    if (r->into->dns.port == 0)
        r->into->dns.port = DNS_PORT;
}
