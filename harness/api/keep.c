#include "harness/api/keep.h"

#include "harness/api/kinds.h"

void *keep_room(lua_State *L, size_t len)
{
    void *room = arena_zalloc(&agents_of_lua(L)->arena, len);

    if (room == NULL)
        luaL_error(L, "not enough memory");
    return room;
}

struct view keep_text(lua_State *L, struct view text)
{
    struct view copy = arena_copy(&agents_of_lua(L)->arena, text);

    if (copy.ptr == NULL)
        luaL_error(L, "not enough memory");
    return copy;
}

struct view keep_buf(lua_State *L, struct buf *buf)
{
    struct view copy = {0};

    if (buf->failed == ERR_OK)
        copy = arena_copy(&agents_of_lua(L)->arena, buf_view(buf));
    buf_deinit(buf);
    if (copy.ptr == NULL)
        luaL_error(L, "not enough memory");
    return copy;
}
