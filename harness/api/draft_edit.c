/* What a script says in short about a message that is made from another: to_tag, branch, cseq … */
#include "harness/api/draft.h"
#include "harness/api/draft_rows.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"

/* `whole` with the run `part` of it replaced; a part that does not stand in it is added behind. */
static void replaced(struct buf *out, struct view whole, struct view part, struct view by,
                     struct view glue)
{
    bool inside =
        part.ptr != NULL && part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len;
    size_t head = inside ? (size_t)(part.ptr - whole.ptr) : whole.len;

    buf_add(out, view_head(whole, head));
    if (!inside)
        buf_add(out, glue);
    buf_add(out, by);
    if (inside)
        buf_add(out, view_skip(whole, head + part.len));
}

static void row_edit(lua_State *L, struct draft *draft, const struct sip_line *line,
                     struct view part, struct view by, struct view glue)
{
    struct buf value = {0};

    if (line == NULL)
        return;
    replaced(&value, line->value, part, by, glue);
    enum err err = value.failed;
    if (err == ERR_OK)
        sip_build_set(&draft->build, line->name, buf_view(&value));
    buf_deinit(&value);
    if (err != ERR_OK)
        luaL_error(L, "not enough memory");
}

static void tag_edit(lua_State *L, struct draft *draft, struct sip_msg *msg, bool to,
                     struct view tag)
{
    const struct sip_name_addr *addr = to ? sip_msg_to(msg) : sip_msg_from(msg);
    const struct sip_line *line = sip_msg_find(msg, to ? SIP_HEADER_TO : SIP_HEADER_FROM, 0);

    row_edit(L, draft, line, addr == NULL ? (struct view){0} : addr->tag, tag, V(";tag="));
}

static void branch_edit(lua_State *L, struct draft *draft, struct sip_msg *msg, struct view branch)
{
    const struct sip_via *via = sip_msg_via(msg, 0);
    const struct sip_line *line;
    struct buf value = {0};

    if (via == NULL)
        return;
    replaced(&value, sip_msg_find(msg, SIP_HEADER_VIA, 0)->value, via->branch, branch,
             V(";branch="));
    sip_build_set(&draft->build, V("Via"), buf_view(&value));
    for (size_t i = 1; (line = sip_msg_find(msg, SIP_HEADER_VIA, i)) != NULL; i++)
        sip_build_add(&draft->build, V("Via"), line->value);
    enum err err = value.failed;
    buf_deinit(&value);
    if (err != ERR_OK)
        luaL_error(L, "not enough memory");
}

/* A number: with the method that is there (or that the start line has now); a string as it is. */
static void cseq_edit(lua_State *L, struct draft *draft, struct sip_msg *msg,
                      const struct opts *opts, struct view method)
{
    struct view text;

    if (!opts_push(opts, "cseq"))
        return;
    if (method.ptr == NULL)
        method = sip_msg_method_name(msg);
    if (lua_isinteger(L, -1)) {
        lua_Integer number = lua_tointeger(L, -1);
        const char *name = lua_pushlstring(L, method.ptr, method.len);
        lua_pushfstring(L, "%I %s", (LUAI_UACINT)number, name);
    }
    if (lua_type(L, -1) != LUA_TSTRING)
        opts_wrong(opts, "cseq", "a number or a string");
    text.ptr = lua_tolstring(L, -1, &text.len);
    sip_build_set(&draft->build, V("CSeq"), text);
}

void draft_edit(lua_State *L, struct draft *draft, struct sip_msg *msg, int index,
                const char *whose)
{
    struct opts opts = {.L = L, .whose = whose};
    struct view text;
    int top = lua_gettop(L);

    if (lua_isnoneornil(L, index))
        return;
    opts.index = lua_absindex(L, index);
    if (opts_view(&opts, "to_tag", &text))
        tag_edit(L, draft, msg, true, text);
    if (opts_view(&opts, "from_tag", &text))
        tag_edit(L, draft, msg, false, text);
    if (opts_view(&opts, "branch", &text))
        branch_edit(L, draft, msg, text);
    cseq_edit(L, draft, msg, &opts, draft->method);
    lua_settop(L, top);
}
