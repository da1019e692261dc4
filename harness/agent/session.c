#include "harness/agent/session.h"
#include "harness/agent/agents.h"

enum { MEDIA_PORT_FIRST = 40000, MEDIA_PORTS = 10000 };

static struct blob *last_of(const struct call *call)
{
    struct sip_call_info info;

    return call_dialog(call, &info) == ERR_OK ? info.local_sdp : NULL;
}

bool session_owes(const struct call *call, enum sip_oa_state where)
{
    struct sip_call_info info;

    return call_dialog(call, &info) == ERR_OK && info.offer.state == where && !info.offer.ours;
}

bool session_asked(const struct call *call)
{
    struct sip_call_info info;

    return call_dialog(call, &info) == ERR_OK && info.offer.state == OA_FREE && info.offer.asked &&
           !info.offer.asked_by_us;
}

/* RFC 3264 §8: one o= line for the whole session, but for its version. */
static void origin_keep(const struct sip_sdp *last, struct sip_sdp_options *own)
{
    uint64_t id, version;

    if (!view_to_uint(last->origin.session_id, UINT64_MAX, &id) ||
        !view_to_uint(last->origin.session_version, UINT64_MAX - 1, &version))
        return;
    own->session_id = id;
    own->session_version = version;
    own->user = last->origin.user;
}

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
    own.session_version = 1;
    return own;
}

enum err session_offer(struct call *call, struct buf *out)
{
    struct blob *last = last_of(call);

    if (last != NULL) {
        buf_add(out, blob_view(last));
        return out->failed;
    }
    struct sip_sdp_options own = own_of(call);
    sip_sdp_offer(out, &own);
    return out->failed;
}

/* With the version of our last description, where it says the same, else with the next one. */
static enum err answer_write(struct call *call, const struct sip_sdp *offer, struct arena *arena,
                             struct buf *out)
{
    struct sip_sdp_options own = own_of(call);
    struct blob *last = last_of(call);
    struct sip_sdp before;
    size_t accepted = 0;
    bool again = last != NULL && sip_sdp_parse(blob_view(last), arena, &before) == ERR_OK;

    if (again)
        origin_keep(&before, &own);
    enum err err = sip_sdp_answer(out, offer, &own, &accepted);
    if (err == ERR_OK && again && !view_equal(buf_view(out), blob_view(last))) {
        buf_clear(out);
        own.session_version++;
        err = sip_sdp_answer(out, offer, &own, &accepted);
    }
    return err == ERR_OK && accepted == 0 ? ERR_UNSUPPORTED : err;
}

enum err session_answer(struct call *call, struct buf *out)
{
    struct arena arena = {0};
    struct sip_call_info info;
    struct sip_sdp offer;

    if (session_asked(call))
        return session_offer(call, out);
    if (call_dialog(call, &info) != ERR_OK || info.offer.state == OA_FREE || info.offer.ours)
        return ERR_OK;
    enum err err = sip_sdp_parse(blob_view(info.remote_sdp), &arena, &offer);
    if (err == ERR_OK)
        err = answer_write(call, &offer, &arena, out);
    arena_deinit(&arena);
    return err == ERR_OK ? out->failed : err;
}

enum err session_hold(struct call *call, bool hold, struct buf *out)
{
    struct blob *said = last_of(call);
    struct arena arena = {0};
    struct sip_sdp last;

    if (said == NULL)
        return ERR_STATE;
    enum err err = sip_sdp_parse(blob_view(said), &arena, &last);
    if (err == ERR_OK)
        err =
            hold ? sip_sdp_hold(out, &last) : sip_sdp_with_direction(out, &last, SIP_SDP_SENDRECV);
    arena_deinit(&arena);
    return err == ERR_OK ? out->failed : err;
}
