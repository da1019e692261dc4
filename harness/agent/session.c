#include "harness/agent/session.h"
#include "harness/agent/agents.h"

enum { MEDIA_PORT_FIRST = 40000, MEDIA_PORTS = 10000 };

static struct sip_sdp_options own_of(struct call *call)
{
    struct agent *agent = call->agent;
    struct sip_sdp_options own = {.address = agent->party.local,
                                  .codecs = agent->codecs,
                                  .codec_count = agent->codec_count,
                                  .direction = SIP_SDP_SENDRECV,
                                  .user = agent->party.name};

    if (call->session == 0)
        call->session = ++agent->media_count;
    own.address.port = (uint16_t)(MEDIA_PORT_FIRST + call->session % MEDIA_PORTS * 2);
    own.session_id = call->session;
    own.session_version = ++call->session_version;
    return own;
}

enum err session_offer(struct call *call, struct buf *out)
{
    if (call->local_sdp != NULL) {
        buf_add(out, blob_view(call->local_sdp));
        return out->failed;
    }
    struct sip_sdp_options own = own_of(call);
    sip_sdp_offer(out, &own);
    return out->failed;
}

enum err session_answer(struct call *call, struct buf *out)
{
    struct agents *agents = call->agent->party.agents;
    struct arena arena = {0};
    struct sip_sdp offer;
    size_t accepted = 0;

    if (!call->answer_due)
        return session_offer(call, out);
    struct sip_msg *msg = post_msg(&agents->post, call->remote_sdp);
    if (msg == NULL)
        return ERR_MEMORY;
    enum err err = sip_sdp_parse(sip_sdp_body(msg), &arena, &offer);
    if (err == ERR_OK) {
        struct sip_sdp_options own = own_of(call);
        err = sip_sdp_answer(out, &offer, &own, &accepted);
    }
    if (err == ERR_OK && accepted == 0)
        err = ERR_UNSUPPORTED;
    arena_deinit(&arena);
    return err == ERR_OK ? out->failed : err;
}

enum err session_redirect(struct call *call, enum sip_sdp_direction direction, struct buf *out)
{
    struct arena arena = {0};
    struct sip_sdp last;

    if (call->local_sdp == NULL)
        return ERR_STATE;
    enum err err = sip_sdp_parse(blob_view(call->local_sdp), &arena, &last);
    if (err == ERR_OK)
        err = sip_sdp_with_direction(out, &last, direction);
    arena_deinit(&arena);
    if (err == ERR_OK)
        call->session_version++;
    return err == ERR_OK ? out->failed : err;
}

enum err session_said(struct call *call, struct view text)
{
    struct blob *said = blob_create(text);

    if (said == NULL)
        return ERR_MEMORY;
    blob_unref(call->local_sdp);
    call->local_sdp = said;
    call->answer_due = false;
    return ERR_OK;
}

void session_came(struct call *call, struct sip_msg *msg)
{
    bool request = sip_msg_is_request(msg);
    enum sip_method method = sip_msg_method(msg);

    if (request && (method == SIP_INVITE || method == SIP_UPDATE))
        call->answer_due = false; /* a new round begins, whatever became of the last one */
    if (sip_msg_body(msg).len == 0 || sip_sdp_body(msg).ptr == NULL)
        return;
    blob_unref(call->remote_sdp);
    call->remote_sdp = blob_ref(sip_msg_blob(msg));
    if (request)
        call->answer_due = method != SIP_ACK && method != SIP_PRACK;
    else
        call->answer_due = !call->offered;
}
