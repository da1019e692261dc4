#include "harness/api/invite.h"

#include "harness/agent/session.h"
#include "harness/api/again_opts.h"
#include "harness/api/agent_opts.h"
#include "harness/api/aim.h"
#include "harness/api/auth_opts.h"
#include "harness/api/dialog_id.h"
#include "harness/api/kinds.h"
#include "harness/api/rows_more.h"
#include "harness/api/send_opts.h"
#include "harness/api/session_opts.h"

static const char *const invite_names[] = {"manual",  "follow",   "retry", "auth",       "session",
                                           "refresh", "replaces", "join",  "early_only", NULL};

/* The offer of a call that is not there yet: made as if by it, then given to it. */
static enum err offer_make(struct call *draft, const struct send_opts *send, struct buf *sdp)
{
    if (send->sdp == SDP_NONE || (send->sdp == SDP_UNSAID && send->body.ptr != NULL))
        return ERR_OK;
    if (send->sdp == SDP_GIVEN) {
        buf_add(sdp, send->sdp_text);
        return sdp->failed;
    }
    return session_offer(draft, sdp);
}

static enum err invite_send(struct agent *agent, const struct send_opts *send,
                            struct sip_request_options *options, struct call **out)
{
    struct call draft = {.agent = agent};
    struct buf sdp = {0};
    struct request *request;
    uint32_t manual = options->manual;

    enum err err = offer_make(&draft, send, &sdp);
    if (sdp.len > 0)
        options->body = buf_view(&sdp);
    if (err == ERR_OK)
        err = request_send(agent, options, &request, out);
    if (err == ERR_OK && *out != NULL) {
        request->script = true;
        (*out)->manual |= manual;
        (*out)->again = options->again;
        (*out)->session = draft.session;
    }
    buf_deinit(&sdp);
    return err;
}

struct call *invite_begin(lua_State *L, struct agent *agent, const struct aim *aim, int opts_index,
                          const struct refer *refer)
{
    struct sip_request_options options = {.method = V("INVITE")};
    struct send_opts send;
    struct call *call = NULL;

    struct opts opts = opts_open(L, opts_index, "invite", send_names, invite_names);
    luaL_checkstack(L, 40, "invite");
    send_opts_read(&opts, &agent->party, &send);
    send_opts_request(&send, &options);
    options.uri = aim->uri;
    options.remote = aim->remote;
    options.proto = aim->proto;
    options.manual = manual_read(&opts);
    options.again = again_read(&opts, agent->stack.again);
    auth_read(&opts, agent, &options);
    struct sip_refresh_options refresh = session_opts_read(&opts, &agent->stack.refresh);
    if (opts_has(&opts, "session") || opts_has(&opts, "refresh"))
        options.refresh = &refresh;
    rows_more(L, &options.rows, &options.row_count, V("Replaces"), replaces_read(&opts, aim->peer));
    rows_more(L, &options.rows, &options.row_count, V("Join"), join_read(&opts, aim->peer));
    for (size_t i = 0; refer != NULL && i < refer->row_count; i++)
        rows_more(L, &options.rows, &options.row_count, refer->rows[i].name, refer->rows[i].value);
    command_traced(L, &agent->party, "INVITE to %.*s", VIEW_ARG(aim->uri));
    enum err err = invite_send(agent, &send, &options, &call);
    if (err != ERR_OK || call == NULL)
        command_failed(L, &agent->party, "INVITE", err);
    call->peer = aim->peer;
    struct request *request = agents_request(agents_of_lua(L), call->invite);
    request->peer = aim->peer;
    return call;
}

int agent_invite(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);

    lua_settop(L, 3);
    struct aim aim = aim_from(L, 2, "invite", &agent->party);
    return call_push(L, invite_begin(L, agent, &aim, 3, NULL));
}
