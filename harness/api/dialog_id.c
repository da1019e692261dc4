#include "harness/api/dialog_id.h"

#include "harness/api/kinds.h"

/* The tags turn round with the side: what is local to the call's own agent is remote to others. */
static struct view read(const struct opts *opts, const char *name, uint32_t peer, const char *to,
                        const char *from, const char *more)
{
    lua_State *L = opts->L;
    struct sip_call_info info;

    if (!opts_push(opts, name))
        return (struct view){0};
    if (lua_type(L, -1) == LUA_TSTRING)
        return arg_view(L, -1, name);
    struct call *call = handle_test(L, -1, &call_kind);
    if (call == NULL)
        opts_wrong(opts, name, "a call, or the header's value as a string");
    if (call_dialog(call, &info) != ERR_OK || !info.has_dialog)
        scene_misuse(L, "option '%s': this call has no dialog so far: wait for a 18x or 2xx", name);
    bool own = peer == call->agent->party.number;
    struct view to_tag = own ? info.local_tag : info.remote_tag;
    struct view from_tag = own ? info.remote_tag : info.local_tag;
    const char *call_id = lua_pushlstring(L, info.call_id.ptr, info.call_id.len);
    const char *to_text =
        lua_pushlstring(L, to_tag.len > 0 ? to_tag.ptr : "0", to_tag.len > 0 ? to_tag.len : 1);
    const char *from_text = lua_pushlstring(L, from_tag.len > 0 ? from_tag.ptr : "0",
                                            from_tag.len > 0 ? from_tag.len : 1);
    lua_pushfstring(L, "%s;%s=%s;%s=%s%s", call_id, to, to_text, from, from_text, more);
    return arg_view(L, -1, name);
}

struct view replaces_read(const struct opts *opts, uint32_t peer)
{
    return read(opts, "replaces", peer, "to-tag", "from-tag",
                opts_true(opts, "early_only") ? ";early-only" : "");
}

struct view join_read(const struct opts *opts, uint32_t peer)
{
    return read(opts, "join", peer, "to-tag", "from-tag", "");
}

/* RFC 4538 §4: local-tag is that of the one who gets it. */
struct view target_dialog_read(const struct opts *opts, uint32_t peer)
{
    return read(opts, "target_dialog", peer, "local-tag", "remote-tag", "");
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           view_find_char(V("-_.!~*'()[]/?:+$"), c) < 16;
}

void header_escape(struct buf *buf, struct view value)
{
    for (size_t i = 0; i < value.len; i++)
        if (is_plain(value.ptr[i]))
            buf_add_char(buf, value.ptr[i]);
        else
            buf_printf(buf, "%%%02X", (unsigned char)value.ptr[i]);
}
