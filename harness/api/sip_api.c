#include "harness/api/sip_api.h"

#include "harness/api/certificate_api.h"
#include "harness/api/auth_api.h"
#include "harness/api/draft.h"
#include "harness/api/draft_rows.h"
#include "harness/api/field_value.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/api/sdp_api.h"

static int id_push(lua_State *L, const char *head)
{
    struct buf buf = {0};

    buf_add(&buf, view_of(head));
    agents_id_write(agents_of_lua(L), V("sip"), &buf);
    if (buf.failed == ERR_OK)
        view_push(L, buf_view(&buf));
    enum err err = buf.failed;
    buf_deinit(&buf);
    return err == ERR_OK ? 1 : luaL_error(L, "not enough memory");
}

static int sip_branch(lua_State *L)
{
    return id_push(L, "z9hG4bK");
}

static int sip_tag(lua_State *L)
{
    return id_push(L, "");
}

static int sip_request_call(lua_State *L)
{
    lua_settop(L, 1);
    struct draft *draft = draft_push(L);
    draft_read(L, draft, 1, V("sip"), "sip.request");
    return draft_finish(L, draft);
}

static void rows_copy(struct draft *draft, const struct sip_msg *msg, enum sip_header_id id)
{
    const struct sip_line *line;

    for (size_t i = 0; (line = sip_msg_find(msg, id, i)) != NULL; i++)
        sip_build_add(&draft->build, sip_header_name(id), line->value);
}

/* RFC 3261 §8.2.6.2: a To tag in all but a 100, the same one in all responses to one request. */
static void to_tagged(lua_State *L, struct draft *draft, struct sip_msg *msg, uint16_t status,
                      struct view maker)
{
    const struct sip_name_addr *to = sip_msg_to(msg);
    const struct sip_line *line = sip_msg_find(msg, SIP_HEADER_TO, 0);
    struct buf value = {0};

    if (line == NULL)
        return;
    buf_add(&value, line->value);
    if (status > 100 && to != NULL && to->tag.ptr == NULL) {
        uint64_t key = view_hash(sip_msg_call_id(msg)) ^ rng_mix(view_hash(sip_msg_from_tag(msg)));
        buf_add(&value, V(";tag="));
        agents_tag_write(agents_of_lua(L), maker, key, &value);
    }
    enum err err = value.failed;
    if (err == ERR_OK)
        sip_build_set(&draft->build, V("To"), buf_view(&value));
    buf_deinit(&value);
    if (err != ERR_OK)
        luaL_error(L, "not enough memory");
}

static struct sip_msg *request_at(lua_State *L, int index, const char *whose)
{
    struct sip_msg *msg = message_msg(L, message_check(L, index));

    if (msg == NULL || !sip_msg_is_request(msg))
        scene_misuse(L, "%s wants a request", whose);
    return msg;
}

int response_push(lua_State *L, int request, int status_index, int opts_index, struct view maker)
{
    struct sip_msg *msg = request_at(L, request, "a response");
    lua_Integer status = lua_isinteger(L, status_index) ? lua_tointeger(L, status_index) : 0;
    struct opts opts = {
        .L = L, .index = lua_istable(L, opts_index) ? opts_index : 0, .whose = "a response"};
    struct view reason;

    if (status < 100 || status > 999)
        return scene_misuse(L, "a response wants a status from 100 to 699");
    reason = sip_status_reason((uint16_t)status);
    opts_view(&opts, "reason", &reason);
    struct draft *draft = draft_push(L);
    sip_build_response(&draft->build, (uint16_t)status, reason);
    rows_copy(draft, msg, SIP_HEADER_VIA);
    rows_copy(draft, msg, SIP_HEADER_FROM);
    to_tagged(L, draft, msg, (uint16_t)status, maker);
    rows_copy(draft, msg, SIP_HEADER_CALL_ID);
    rows_copy(draft, msg, SIP_HEADER_CSEQ);
    if (status > 100 && status < 300)
        rows_copy(draft, msg, SIP_HEADER_RECORD_ROUTE); /* RFC 3261 §12.1.1 */
    if (status == 100)
        rows_copy(draft, msg, SIP_HEADER_TIMESTAMP); /* RFC 3261 §8.2.6.1 */
    draft_read_opts(L, draft, opts_index, "a response");
    draft_edit(L, draft, msg, opts_index, "a response");
    return draft_finish(L, draft);
}

static int sip_response(lua_State *L)
{
    lua_settop(L, 3);
    return response_push(L, 1, 2, 3, V("sip"));
}

/* RFC 3261 §9.1 and §17.1.1.3: what a CANCEL and the ACK of a failure take from the INVITE. */
static struct draft *of_invite(lua_State *L, struct sip_msg *invite, struct view method)
{
    struct draft *draft = draft_push(L);
    const struct sip_cseq *cseq = sip_msg_cseq(invite);
    const struct sip_via *via = sip_msg_via(invite, 0);

    sip_build_request(&draft->build, method, sip_msg_request_uri_text(invite));
    draft->method = draft_keep(L, draft, method);
    if (via != NULL)
        sip_build_add(&draft->build, V("Via"), via->text);
    sip_build_add(&draft->build, V("Max-Forwards"), V("70"));
    rows_copy(draft, invite, SIP_HEADER_FROM);
    rows_copy(draft, invite, SIP_HEADER_TO);
    rows_copy(draft, invite, SIP_HEADER_CALL_ID);
    if (cseq != NULL) {
        lua_pushfstring(L, "%I %s", (LUAI_UACINT)cseq->number, method.ptr);
        sip_build_add(&draft->build, V("CSeq"), arg_view(L, -1, "a CSeq"));
        lua_pop(L, 1);
    }
    rows_copy(draft, invite, SIP_HEADER_ROUTE);
    return draft;
}

static int sip_ack(lua_State *L)
{
    lua_settop(L, 3);
    struct draft *draft = of_invite(L, request_at(L, 1, "sip.ack"), V("ACK"));
    struct sip_msg *response = message_msg(L, message_check(L, 2));
    if (response == NULL || sip_msg_status(response) < 300)
        return scene_misuse(L, "sip.ack is for responses of 300 to 699; for a 2xx use "
                               "sip.dialog(request, response):ack()");
    const struct sip_line *to = sip_msg_find(response, SIP_HEADER_TO, 0);
    if (to != NULL)
        sip_build_set(&draft->build, V("To"), to->value);
    draft_read_opts(L, draft, 3, "sip.ack");
    draft_edit(L, draft, response, 3, "sip.ack");
    return draft_finish(L, draft);
}

static int sip_cancel(lua_State *L)
{
    lua_settop(L, 2);
    struct sip_msg *invite = request_at(L, 1, "sip.cancel");
    struct draft *draft = of_invite(L, invite, V("CANCEL"));
    draft_read_opts(L, draft, 2, "sip.cancel");
    draft_edit(L, draft, invite, 2, "sip.cancel");
    return draft_finish(L, draft);
}

static int sip_parse(lua_State *L)
{
    struct blob *bytes = blob_create(arg_view(L, 1, "bytes"));

    if (bytes == NULL)
        return luaL_error(L, "not enough memory");
    message_push(L, &(struct message_info){.bytes = bytes});
    blob_unref(bytes);
    if (message_msg(L, message_check(L, -1)) == NULL)
        lua_pushnil(L); /* nothing like a start line */
    return 1;
}

/* The URI of a message that is made for it: so its parts are read as a message's are. */
static int sip_uri_call(lua_State *L)
{
    struct view text = arg_view(L, 1, "a URI");

    lua_pushfstring(L, "OPTIONS %s SIP/2.0\r\n\r\n", lua_pushlstring(L, text.ptr, text.len));
    struct blob *bytes = blob_create(arg_view(L, -1, "a URI"));
    if (bytes == NULL)
        return luaL_error(L, "not enough memory");
    struct sip_msg *msg = post_msg(&agents_of_lua(L)->post, bytes);
    blob_unref(bytes);
    if (msg == NULL) {
        lua_pushnil(L);
        return 1;
    }
    struct field all = field_of_message(msg);
    return field_value_push(L, field_member(all, V("uri")), all, V("uri"));
}

static const char *const sip_names[] = {
    "request", "response", "ack",     "cancel",      "dialog",    "sdp",       "parse",  "uri",
    "branch",  "tag",      "call_id", "certificate", "challenge", "authorize", "verify", NULL};

static int sip_unknown(lua_State *L)
{
    const char *name = luaL_checkstring(L, 2);
    char room[80];

    return scene_misuse(L, "unknown function sip.%s%s", name,
                        mend(name, sip_names, room, sizeof room));
}

void sip_open(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"request",     sip_request_call  },
        {"response",    sip_response      },
        {"ack",         sip_ack           },
        {"cancel",      sip_cancel        },
        {"dialog",      sip_dialog        },
        {"sdp",         sip_sdp_call      },
        {"parse",       sip_parse         },
        {"uri",         sip_uri_call      },
        {"branch",      sip_branch        },
        {"tag",         sip_tag           },
        {"challenge",   sip_challenge_call},
        {"authorize",   sip_authorize_call},
        {"verify",      sip_verify_call   },
        {"call_id",     sip_tag           },
        {"certificate", sip_certificate   },
        {NULL,          NULL              }
    };

    luaL_newlib(L, functions);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, sip_unknown);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_setglobal(L, "sip");
}
