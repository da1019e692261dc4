#include "harness/api/send_opts.h"

#include "harness/agent/session.h"
#include "harness/api/header_rows.h"
#include "harness/api/kinds.h"
#include "harness/api/sdp_api.h"

const char *const send_names[] = {"headers", "body",         "content_type", "sdp",  "contact",
                                  "to_tag",  "from_tag",     "branch",       "cseq", "call_id",
                                  "route",   "max_forwards", "force",        NULL};
const char *const answer_names[] = {"headers", "body",   "content_type", "sdp", "contact",
                                    "to_tag",  "reason", "force",        NULL};

static void headers_read(const struct opts *opts, struct send_opts *out)
{
    const struct header_rows *rows =
        header_rows_push(opts->L, opts->index, false, NULL, opts->whose);

    out->rows = rows->items;
    out->row_count = rows->count;
}

static void route_read(const struct opts *opts, struct send_opts *out)
{
    lua_State *L = opts->L;

    if (!opts_push(opts, "route"))
        return;
    int list = lua_gettop(L);
    size_t count = lua_istable(L, list) ? lua_rawlen(L, list) : 1;
    struct view *routes = lua_newuserdatauv(L, (count + 1) * sizeof *routes, 0);
    if (lua_type(L, list) == LUA_TSTRING)
        routes[0].ptr = lua_tolstring(L, list, &routes[0].len);
    else
        for (size_t i = 0; i < count; i++)
            routes[i] = list_item(L, list, i + 1, "option 'route'");
    out->routes = routes;
    out->route_count = count;
}

static void sdp_read(const struct opts *opts, const struct party *party, struct send_opts *out)
{
    lua_State *L = opts->L;

    if (!opts_push(opts, "sdp"))
        return;
    if (lua_isboolean(L, -1)) {
        out->sdp = lua_toboolean(L, -1) ? SDP_OURS : SDP_NONE;
        return;
    }
    out->sdp = SDP_GIVEN;
    out->sdp_next = !sdp_names_session(L, lua_gettop(L));
    out->sdp_text = sdp_text_at(L, lua_gettop(L), party);
}

void send_opts_read(const struct opts *opts, const struct party *party, struct send_opts *out)
{
    uint64_t number;

    *out = (struct send_opts){0};
    if (opts->index == 0)
        return;
    luaL_checkstack(opts->L, 16, "options");
    headers_read(opts, out);
    opts_view(opts, "body", &out->body);
    opts_view(opts, "content_type", &out->content_type);
    opts_view(opts, "contact", &out->contact);
    opts_view(opts, "to_tag", &out->to_tag);
    opts_view(opts, "from_tag", &out->from_tag);
    opts_view(opts, "reason", &out->reason);
    opts_view(opts, "branch", &out->branch);
    opts_view(opts, "call_id", &out->call_id);
    if (opts_uint(opts, "cseq", UINT32_MAX, &number))
        out->cseq = (uint32_t)number;
    out->has_max_forwards = opts_uint(opts, "max_forwards", 65535, &number);
    if (out->has_max_forwards)
        out->max_forwards = (uint16_t)number;
    out->force = opts_true(opts, "force");
    route_read(opts, out);
    sdp_read(opts, party, out);
    if (out->sdp == SDP_GIVEN && out->body.ptr != NULL)
        scene_misuse(opts->L, "%s has a body and an sdp: the sdp is the body; give one of them",
                     opts->whose);
}

enum err send_opts_sdp(const struct send_opts *send, struct call *call, struct buf *out)
{
    if (send->sdp_next)
        return session_next(call, send->sdp_text, out);
    buf_add(out, send->sdp_text);
    return out->failed;
}

/* What a message of the stack's would have had otherwise, by what the script gives. */
static enum blob_told told_by_row(const struct sip_row *row)
{
    switch (sip_header_find(row->name)) {
    case SIP_HEADER_OTHER:
    case SIP_HEADER_SUBJECT:
    case SIP_HEADER_PRIORITY:
    case SIP_HEADER_USER_AGENT:
    case SIP_HEADER_SERVER:
        return TOLD_NOTHING; /* no stack minds it */
    case SIP_HEADER_VIA:
    case SIP_HEADER_FROM:
    case SIP_HEADER_TO:
    case SIP_HEADER_CALL_ID:
    case SIP_HEADER_CSEQ:
    case SIP_HEADER_CONTACT:
    case SIP_HEADER_ROUTE:
    case SIP_HEADER_RECORD_ROUTE:
    case SIP_HEADER_RSEQ:
    case SIP_HEADER_RACK:
        return TOLD_IDENTITY;
    default:
        return TOLD_PART;
    }
}

static enum blob_told told(const struct send_opts *send)
{
    enum blob_told most = TOLD_NOTHING;
    if (send->body.ptr != NULL || send->content_type.ptr != NULL || send->sdp == SDP_GIVEN ||
        send->sdp == SDP_NONE || send->has_max_forwards)
        most = TOLD_PART;
    for (size_t i = 0; i < send->row_count; i++) {
        enum blob_told row = told_by_row(&send->rows[i]);
        most = row > most ? row : most;
    }
    bool identity = send->contact.ptr != NULL || send->to_tag.ptr != NULL ||
                    send->from_tag.ptr != NULL || send->branch.ptr != NULL ||
                    send->call_id.ptr != NULL || send->cseq != 0 || send->routes != NULL;
    return identity || send->force ? TOLD_IDENTITY : most;
}

void send_opts_request(const struct send_opts *send, struct sip_request_options *out)
{
    out->rows = send->rows;
    out->row_count = send->row_count;
    out->body = send->body;
    out->content_type = send->content_type;
    out->contact = send->contact;
    out->to_tag = send->to_tag;
    out->from_tag = send->from_tag;
    out->branch = send->branch;
    out->call_id = send->call_id;
    out->cseq = send->cseq;
    out->max_forwards = send->max_forwards;
    out->has_max_forwards = send->has_max_forwards;
    out->routes = send->routes;
    out->route_count = send->route_count;
    out->force = send->force;
    out->told = told(send);
}

void send_opts_response(const struct send_opts *send, struct sip_response_options *out)
{
    out->reason = send->reason;
    out->to_tag = send->to_tag;
    out->contact = send->contact;
    out->rows = send->rows;
    out->row_count = send->row_count;
    out->body = send->body;
    out->content_type = send->content_type;
    out->force = send->force;
    out->told = told(send);
}
