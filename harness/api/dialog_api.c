/* sip.dialog(request, response): the dialog of a wire, with requests in it (RFC 3261 §12.2.1.1). */
#include "harness/api/draft.h"
#include "harness/api/draft_rows.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/api/sip_api.h"

#include <string.h>

static const char metatable_key;

struct dialog_box {
    struct blob *request, *response; /* that made it */
    uint32_t seq;                    /* of the newest request of this side */
    uint32_t invite;                 /* of its newest INVITE */
    bool caller;                     /* this side sent the request */
};

static struct dialog_box *dialog_at(lua_State *L, int index)
{
    struct dialog_box *box = lua_touserdata(L, index);

    if (box != NULL && lua_getmetatable(L, index)) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
        bool same = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
        if (same)
            return box;
    }
    scene_misuse(L, "expected a dialog, got %s", handle_type_text(L, index));
    return NULL;
}

static int dialog_gc(lua_State *L)
{
    struct dialog_box *box = lua_touserdata(L, 1);

    blob_unref(box->request);
    blob_unref(box->response);
    box->request = box->response = NULL;
    return 0;
}

/* sip.dialog(request, response): who sent the request is the caller; what came is the callee's. */
int sip_dialog(lua_State *L)
{
    struct message_info *request = message_check(L, 1), *response = message_check(L, 2);
    struct sip_msg *msg = message_msg(L, request);
    struct dialog_box *box = lua_newuserdatauv(L, sizeof *box, 0);

    *box = (struct dialog_box){0};
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(L, -2);
    if (msg == NULL || !sip_msg_is_request(msg) || sip_msg_cseq(msg) == NULL)
        return scene_misuse(L, "sip.dialog wants a request and a response to it");
    box->invite = sip_msg_cseq(msg)->number;
    box->caller = request->sender != 0;
    box->seq = box->caller ? box->invite : 0;
    msg = message_msg(L, response);
    if (msg == NULL || sip_msg_is_request(msg))
        return scene_misuse(L, "sip.dialog wants a request and a response to it");
    box->request = blob_ref(request->bytes);
    box->response = blob_ref(response->bytes);
    return 1;
}

struct parts { /* texts of one side's dialog; views into the two messages, which are held */
    struct sip_msg *request, *response;
    struct view local, remote, call_id, target;
};

static struct view row(const struct sip_msg *msg, enum sip_header_id id)
{
    const struct sip_line *line = sip_msg_find(msg, id, 0);

    return line == NULL ? (struct view){0} : line->value;
}

/* To with its tag stands in the response only. */
static struct parts parts_of(lua_State *L, const struct dialog_box *box)
{
    struct post *post = &agents_of_lua(L)->post;
    struct parts parts = {.request = sip_msg_ref(post_msg(post, box->request))};

    parts.response = sip_msg_ref(post_msg(post, box->response));
    struct view from = row(parts.request, SIP_HEADER_FROM), to = row(parts.response, SIP_HEADER_TO);
    struct sip_msg *theirs = box->caller ? parts.response : parts.request;
    const struct sip_name_addr *contact = sip_msg_contact(theirs, 0);
    parts.local = box->caller ? from : to;
    parts.remote = box->caller ? to : from;
    parts.call_id = row(parts.request, SIP_HEADER_CALL_ID);
    parts.target = contact == NULL ? sip_msg_request_uri_text(parts.request) : contact->uri.text;
    return parts;
}

static void parts_drop(struct parts *parts)
{
    sip_msg_unref(parts->request);
    sip_msg_unref(parts->response);
}

/* RFC 3261 §12.1: of the response reversed at the caller, of the request in order at the callee. */
static void routes_add(struct draft *draft, const struct dialog_box *box, const struct parts *parts)
{
    struct sip_msg *from = box->caller ? parts->response : parts->request;
    size_t count = sip_msg_count(from, SIP_HEADER_RECORD_ROUTE);

    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *route =
            sip_msg_record_route(from, box->caller ? count - 1 - i : i);
        if (route != NULL)
            sip_build_add(&draft->build, V("Route"), route->text);
    }
}

/* The request's rows; opts at the index go over them. */
static int request_push_in(lua_State *L, struct dialog_box *box, struct view method, uint32_t seq,
                           int opts_index)
{
    struct draft *draft = draft_push(L);
    struct parts parts = parts_of(L, box);
    struct buf cseq = {0};

    sip_build_request(&draft->build, method, parts.target);
    sip_build_add(&draft->build, V("Max-Forwards"), V("70"));
    sip_build_add(&draft->build, V("From"), parts.local);
    sip_build_add(&draft->build, V("To"), parts.remote);
    sip_build_add(&draft->build, V("Call-ID"), parts.call_id);
    buf_printf(&cseq, "%u %.*s", seq, VIEW_ARG(method));
    sip_build_add(&draft->build, V("CSeq"), buf_view(&cseq));
    buf_deinit(&cseq);
    routes_add(draft, box, &parts);
    parts_drop(&parts);
    draft->method = draft_keep(L, draft, method);
    if (lua_istable(L, opts_index)) {
        struct opts opts = {.L = L, .index = opts_index, .whose = "a request"};
        struct view branch = {0};
        opts_view(&opts, "branch", &branch);
        draft->branch = draft_keep(L, draft, branch);
    }
    draft_read_opts(L, draft, opts_index, "a request");
    return draft_finish(L, draft);
}

static int dialog_request(lua_State *L)
{
    struct dialog_box *box = dialog_at(L, 1);
    uint64_t seq = (uint64_t)box->seq + 1;

    lua_settop(L, 3);
    struct view method = arg_view(L, 2, "a method");
    struct opts opts = {.L = L, .index = lua_istable(L, 3) ? 3 : 0, .whose = "a request"};
    opts_uint(&opts, "cseq", UINT32_MAX, &seq);
    if (seq > box->seq)
        box->seq = (uint32_t)seq;
    if (view_equal(method, V("INVITE")))
        box->invite = (uint32_t)seq;
    return request_push_in(L, box, method, (uint32_t)seq, 3);
}

/* Of the newest INVITE, RFC 3261 §13.2.2.4. */
static int dialog_ack(lua_State *L)
{
    struct dialog_box *box = dialog_at(L, 1);
    uint64_t seq = box->invite;

    lua_settop(L, 2);
    struct opts opts = {.L = L, .index = lua_istable(L, 2) ? 2 : 0, .whose = "an ACK"};
    opts_uint(&opts, "cseq", UINT32_MAX, &seq);
    return request_push_in(L, box, V("ACK"), (uint32_t)seq, 2);
}

static int tag_push(lua_State *L, const struct sip_name_addr *addr)
{
    return view_push(L, addr == NULL ? (struct view){0} : addr->tag);
}

static int field_push(lua_State *L, const struct dialog_box *box, const struct parts *parts,
                      const char *name)
{
    const struct sip_name_addr *from = sip_msg_from(parts->request);
    const struct sip_name_addr *to = sip_msg_to(parts->response);

    if (strcmp(name, "call_id") == 0)
        return view_push(L, parts->call_id);
    if (strcmp(name, "local_tag") == 0)
        return tag_push(L, box->caller ? from : to);
    if (strcmp(name, "remote_tag") == 0)
        return tag_push(L, box->caller ? to : from);
    if (strcmp(name, "remote_target") == 0)
        return view_push(L, parts->target);
    if (strcmp(name, "local_seq") != 0)
        return 0;
    lua_pushinteger(L, (lua_Integer)box->seq);
    return 1;
}

/* Upvalue 1: the methods. */
static int dialog_index(lua_State *L)
{
    static const char *const names[] = {"request",    "ack",           "call_id",   "local_tag",
                                        "remote_tag", "remote_target", "local_seq", NULL};
    struct dialog_box *box = dialog_at(L, 1);
    const char *name = luaL_checkstring(L, 2);
    char room[80];

    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    struct parts parts = parts_of(L, box);
    int pushed = field_push(L, box, &parts, name);
    parts_drop(&parts);
    if (pushed != 0)
        return pushed;
    return scene_misuse(L, "unknown method or field '%s' of a dialog%s", name,
                        mend(name, names, room, sizeof room));
}

void dialog_open(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"request", dialog_request},
        {"ack",     dialog_ack    },
        {NULL,      NULL          }
    };

    lua_newtable(L);
    lua_pushcfunction(L, dialog_gc);
    lua_setfield(L, -2, "__gc");
    luaL_newlib(L, methods);
    lua_pushcclosure(L, dialog_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "dialog");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
}
