#include "harness/api/draft.h"

#include "harness/api/draft_rows.h"
#include "harness/api/header_rows.h"
#include "harness/api/kinds.h"
#include "harness/api/sdp_api.h"
#include "harness/api/opts.h"

#include <stdio.h>

static const char metatable_key;

const char *const draft_own[] = {"method", "uri",    "status",   "reason", "headers", "body",
                                 "sdp",    "to_tag", "from_tag", "branch", "cseq",    NULL};

static int draft_gc(lua_State *L)
{
    struct draft *draft = lua_touserdata(L, 1);

    sip_build_deinit(&draft->build);
    return 0;
}

void draft_open(lua_State *L)
{
    lua_newtable(L);
    lua_pushcfunction(L, draft_gc);
    lua_setfield(L, -2, "__gc");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
}

struct draft *draft_push(lua_State *L)
{
    struct draft *draft = lua_newuserdatauv(L, sizeof *draft, 0);

    *draft = (struct draft){0};
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(L, -2);
    return draft;
}

struct view draft_keep(lua_State *L, struct draft *draft, struct view text)
{
    if (text.ptr == NULL)
        return text;
    struct view kept = arena_copy(&draft->build.arena, text);
    if (kept.ptr == NULL)
        luaL_error(L, "not enough memory");
    return kept;
}

struct view draft_id(lua_State *L, struct draft *draft, const char *head, struct view maker)
{
    struct buf buf = {0};
    struct view kept = {0};

    buf_add(&buf, view_of(head));
    agents_id_write(agents_of_lua(L), maker, &buf);
    if (buf.failed == ERR_OK)
        kept = arena_copy(&draft->build.arena, buf_view(&buf));
    buf_deinit(&buf);
    if (kept.ptr == NULL)
        luaL_error(L, "not enough memory");
    return kept;
}

static void start_line(lua_State *L, struct draft *draft, const struct opts *opts,
                       const char *whose)
{
    struct view reason = {0};
    uint64_t status;

    if (opts_uint(opts, "status", 999, &status)) {
        opts_view(opts, "reason", &reason);
        if (reason.ptr == NULL)
            reason = sip_status_reason((uint16_t)status);
        sip_build_response(&draft->build, (uint16_t)status, reason);
        return;
    }
    struct view method = {0}, uri = {0};
    if (!opts_view(opts, "method", &method) || !opts_view(opts, "uri", &uri))
        scene_misuse(L, "%s wants {method = \"OPTIONS\", uri = \"sip:…\"}, or {status = 200}",
                     whose);
    sip_build_request(&draft->build, method, uri);
    draft->method = draft_keep(L, draft, method);
    draft->uri = draft_keep(L, draft, uri);
}

/* Body and what belongs to it. Content-Type that the rows name goes first. */
static void body_read(lua_State *L, struct draft *draft, const struct opts *opts)
{
    struct view body = {0};
    struct view type = {0};

    opts_view(opts, "body", &body);
    opts_view(opts, "content_type", &type);
    if (opts_push(opts, "sdp")) {
        if (lua_isboolean(L, -1) && !lua_toboolean(L, -1))
            return;
        body = sdp_text_at(L, lua_gettop(L), NULL);
    }
    if (body.ptr == NULL)
        return;
    sip_build_body(&draft->build, body);
    if (!sip_build_has(&draft->build, V("Content-Type")))
        sip_build_set(&draft->build, V("Content-Type"),
                      type.ptr != NULL ? type : V("application/sdp"));
}

static void own_read(lua_State *L, struct draft *draft, const struct opts *opts,
                     struct draft_values *out)
{
    uint64_t cseq;

    *out = (struct draft_values){0};
    opts_view(opts, "to_tag", &out->to_tag);
    opts_view(opts, "from_tag", &out->from_tag);
    opts_view(opts, "branch", &out->branch);
    if (opts_push(opts, "cseq")) {
        if (lua_isinteger(L, -1) && opts_uint(opts, "cseq", UINT32_MAX, &cseq)) {
            out->cseq = (uint32_t)cseq;
            out->has_cseq = true;
        } else {
            opts_view(opts, "cseq", &out->cseq_text);
        }
        lua_pop(L, 1);
    }
    draft->from_tag = draft_keep(L, draft, out->from_tag);
    draft->branch = draft_keep(L, draft, out->branch);
}

void draft_read(lua_State *L, struct draft *draft, int index, struct view maker, const char *whose)
{
    struct opts opts = {.L = L, .index = lua_absindex(L, index), .whose = whose};
    struct draft_values values;

    if (!lua_istable(L, index))
        scene_misuse(L, "%s wants a table, not %s", whose, handle_type_text(L, index));
    struct header_rows *rows = header_rows_push(L, opts.index, true, draft_own, whose);
    start_line(L, draft, &opts, whose);
    own_read(L, draft, &opts, &values);
    draft_rows_add(L, draft, rows, &values, maker);
    body_read(L, draft, &opts);
}

void draft_read_opts(lua_State *L, struct draft *draft, int index, const char *whose)
{
    struct opts opts = {.L = L, .whose = whose};

    if (lua_isnoneornil(L, index))
        return;
    if (!lua_istable(L, index))
        scene_misuse(L, "the options of %s are a table, not %s", whose, handle_type_text(L, index));
    opts.index = lua_absindex(L, index);
    struct header_rows *rows = header_rows_push(L, opts.index, true, draft_own, whose);
    draft_rows_replace(draft, rows);
    body_read(L, draft, &opts);
}

int draft_finish(lua_State *L, struct draft *draft)
{
    struct blob *bytes = NULL;

    if (draft->no_length)
        sip_build_omit_length(&draft->build);
    enum err err = sip_build_finish(&draft->build, &bytes);
    if (err != ERR_OK)
        return scene_misuse(L, "this message cannot be made: %s", err_text(err));
    message_push(L, &(struct message_info){
                        .bytes = bytes, .draft = true, .omitted = (uint8_t)draft->omitted});
    blob_unref(bytes);
    lua_createtable(L, 0, 2);
    view_push(L, draft->from_tag);
    lua_setfield(L, -2, "from_tag");
    view_push(L, draft->branch);
    lua_setfield(L, -2, "branch");
    lua_setiuservalue(L, -2, 1);
    return 1;
}
