#include "harness/api/rows_more.h"

void rows_more(lua_State *L, const struct sip_row **rows, size_t *count, struct view name,
               struct view value)
{
    if (value.ptr == NULL)
        return;
    for (size_t i = 0; i < *count; i++)
        if (view_equal_nocase((*rows)[i].name, name))
            return;
    luaL_checkstack(L, 4, "headers");
    struct sip_row *more = lua_newuserdatauv(L, (*count + 1) * sizeof *more, 0);
    for (size_t i = 0; i < *count; i++)
        more[i] = (*rows)[i];
    more[*count] = (struct sip_row){.name = name, .value = value};
    *rows = more;
    *count += 1;
}
