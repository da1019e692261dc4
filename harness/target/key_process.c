#include "harness/target/target_keys.h"

#include <lauxlib.h>

void key_start(lua_State *L, struct reading *r, int value)
{
    r->into->start = reading_command(L, r, "start", value);
}

void key_reset(lua_State *L, struct reading *r, int value)
{
    r->into->reset = reading_command(L, r, "reset", value);
}

/* "udp:5070", of the host that the URI names: found when all keys are there; or false. */
void key_ready(lua_State *L, struct reading *r, int value)
{
    struct target *target = r->into;
    uint64_t port = 0;

    if (lua_type(L, value) == LUA_TBOOLEAN && !lua_toboolean(L, value)) {
        target->unasked = true;
        return;
    }
    reading_want_text(L, r, "ready", value);
    struct view text = view_of(lua_tostring(L, value));
    size_t colon = view_find_char(text, ':');
    bool known = proto_parse(view_head(text, colon), &target->ready_proto) == ERR_OK;
    if (!known || !view_to_uint(view_skip(text, colon + 1), UINT16_MAX, &port) || port == 0)
        luaL_error(L,
                   "targets.%s.ready: '%s' is no place where it answers OPTIONS, as in "
                   "\"udp:5070\" or \"tcp:5070\"; false: it answers none",
                   r->target, lua_tostring(L, value));
    target->ready.port = (uint16_t)port;
}
