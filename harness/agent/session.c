#include "harness/agent/session.h"
#include "harness/agent/agents.h"

static const struct sip_row refused[] = {
    {.name = {"Warning", 7}, .value = {"305 sipwright \"incompatible media format\"", 41}},
};
const struct sip_response_options session_refusal = {
    .status = 488, .rows = refused, .row_count = 1};

enum { MEDIA_PORT_FIRST = 40000, MEDIA_PORT_LAST = 65000, MEDIA_STEP = 2 };

/* Its calls share a few ports, which are bound when they are described first; even ones, as RTP
 * likes them (RFC 3550 §11). On a real network others may have them already: then the next. */
static enum err media_port(struct agent *agent, uint32_t session, uint16_t *out)
{
    uint16_t *port = &agent->media_ports[session % AGENT_MEDIA_PORTS];
    uint32_t wanted = MEDIA_PORT_FIRST + session % AGENT_MEDIA_PORTS * MEDIA_STEP;
    struct addr addr = agent->party.local;
    enum err err = *port != 0 ? ERR_OK : ERR_CONFLICT;

    for (; err == ERR_CONFLICT && wanted < MEDIA_PORT_LAST;
         wanted += AGENT_MEDIA_PORTS * MEDIA_STEP) {
        addr.port = (uint16_t)wanted;
        err = world_silent_bind(agent->party.agents->scene->world, agent->party.number, &addr);
    }
    if (err == ERR_OK && *port == 0)
        *port = addr.port;
    *out = *port;
    return err;
}

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

/* RFC 3264 §8: descriptions of one version are the same, also where the first was refused. So what
 * comes after `last` and differs from it goes by a version that was never said. */
static enum err version_raise(const struct call *call, struct arena *arena, struct sip_sdp *last)
{
    struct buf text = {0};
    uint64_t version;

    if (!view_to_uint(last->origin.session_version, UINT64_MAX, &version) ||
        version >= call->session_version)
        return ERR_OK;
    buf_add_uint(&text, call->session_version);
    last->origin.session_version = arena_copy(arena, buf_view(&text));
    buf_deinit(&text);
    return last->origin.session_version.ptr == NULL ? ERR_MEMORY : ERR_OK;
}

static void version_said(struct call *call, struct arena *arena, const struct buf *out)
{
    struct sip_sdp said;
    uint64_t version;

    if (out->failed == ERR_OK && sip_sdp_parse(buf_view(out), arena, &said) == ERR_OK &&
        view_to_uint(said.origin.session_version, UINT64_MAX - 1, &version) &&
        version > call->session_version)
        call->session_version = version;
}

static enum err own_of(struct call *call, struct sip_sdp_options *out)
{
    struct agent *agent = call->agent;

    if (call->session == 0)
        call->session = ++agent->media_count;
    *out = (struct sip_sdp_options){.address = agent->party.local,
                                    .codecs = agent->codecs,
                                    .codec_count = agent->codec_count,
                                    .direction = SIP_SDP_SENDRECV,
                                    .user = agent->party.name,
                                    .session_id = call->session,
                                    .session_version = 1};
    return media_port(agent, call->session, &out->address.port);
}

enum err session_offer(struct call *call, struct buf *out)
{
    struct blob *last = last_of(call);

    if (last != NULL) {
        buf_add(out, blob_view(last));
        return out->failed;
    }
    struct sip_sdp_options own;
    enum err err = own_of(call, &own);
    if (err != ERR_OK)
        return err;
    sip_sdp_offer(out, &own);
    return out->failed;
}

/* With the version of our last description, where it says the same, else with the next one. */
static enum err answer_write(struct call *call, const struct sip_sdp *offer, struct arena *arena,
                             struct buf *out)
{
    struct sip_sdp_options own;
    struct blob *last = last_of(call);
    struct sip_sdp before, shorter = *offer;
    size_t accepted = 0;
    bool again = last != NULL && sip_sdp_parse(blob_view(last), arena, &before) == ERR_OK;

    enum err err = own_of(call, &own);
    if (err != ERR_OK)
        return err;
    if (again)
        origin_keep(&before, &own);
    if ((call->agent->stack.mutants & SIP_MUTANT_ANSWER_SHORT) != 0 && shorter.media_count > 1)
        shorter.media_count--;
    offer = &shorter;
    err = sip_sdp_answer(out, offer, &own, &accepted);
    if (err == ERR_OK && again && !view_equal(buf_view(out), blob_view(last))) {
        buf_clear(out);
        if (own.session_version < call->session_version)
            own.session_version = call->session_version;
        own.session_version++;
        err = sip_sdp_answer(out, offer, &own, &accepted);
    }
    version_said(call, arena, out);
    return err == ERR_OK && accepted == 0 ? ERR_UNSUPPORTED : err;
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
        err = version_raise(call, &arena, &last);
    if (err == ERR_OK)
        err =
            hold ? sip_sdp_hold(out, &last) : sip_sdp_with_direction(out, &last, SIP_SDP_SENDRECV);
    version_said(call, &arena, out);
    arena_deinit(&arena);
    return err == ERR_OK ? out->failed : err;
}

/* The same as the last one has its version. */
static enum err next_write(const struct call *call, struct arena *arena, struct sip_sdp *before,
                           const struct sip_sdp *next, struct buf *out)
{
    struct sip_sdp after = *next;

    after.origin = before->origin;
    enum err err = sip_sdp_same(before, &after) ? ERR_OK : version_raise(call, arena, before);
    return err == ERR_OK ? sip_sdp_succeed(out, before, next) : err;
}

enum err session_next(struct call *call, struct view text, struct buf *out)
{
    struct blob *said = last_of(call);
    struct arena arena = {0};
    struct sip_sdp before, next;
    enum err err = ERR_ABSENT;

    if (said != NULL && sip_sdp_parse(blob_view(said), &arena, &before) == ERR_OK &&
        sip_sdp_parse(text, &arena, &next) == ERR_OK)
        err = next_write(call, &arena, &before, &next, out);
    version_said(call, &arena, out);
    arena_deinit(&arena);
    if (err != ERR_OK) { /* there is nothing to go on from */
        buf_clear(out);
        buf_add(out, text);
    }
    return out->failed;
}

/* Whether it can stand for the one before, RFC 3264 §8. */
static bool may_follow(struct view before, struct view after)
{
    struct arena arena = {0};
    struct sip_sdp sdps[2];
    struct sip_fault fault;
    bool may = sip_sdp_parse(before, &arena, &sdps[0]) == ERR_OK &&
               sip_sdp_parse(after, &arena, &sdps[1]) == ERR_OK &&
               sdps[0].media_count == sdps[1].media_count &&
               sip_sdp_change_check(&sdps[0], &sdps[1], &fault, 1) == 0;

    arena_deinit(&arena);
    return may;
}

static enum sip_sdp_direction direction_of(struct view text)
{
    struct arena arena = {0};
    struct sip_sdp sdp;
    enum sip_sdp_direction direction = SIP_SDP_SENDRECV;

    if (sip_sdp_parse(text, &arena, &sdp) == ERR_OK && sdp.media_count > 0)
        direction = sdp.media[0].direction;
    arena_deinit(&arena);
    return direction;
}

/* RFC 3261 §14.2: who is asked for an offer says all that he can, as in a new call. */
static enum err offer_anew(struct call *call, struct buf *out)
{
    struct blob *last = last_of(call);
    struct sip_sdp_options own;
    struct buf anew = {0}, next = {0};

    enum err err = last == NULL ? ERR_ABSENT : own_of(call, &own);
    if (err == ERR_OK) {
        own.direction = direction_of(blob_view(last));
        sip_sdp_offer(&anew, &own);
        err = session_next(call, buf_view(&anew), &next);
    }
    if (err == ERR_OK && may_follow(blob_view(last), buf_view(&next)))
        buf_add(out, buf_view(&next));
    else
        err = session_offer(call, out);
    buf_deinit(&anew);
    buf_deinit(&next);
    return err == ERR_OK ? out->failed : err;
}

enum err session_answer(struct call *call, struct buf *out)
{
    struct arena arena = {0};
    struct sip_call_info info;
    struct sip_sdp offer;

    if (session_asked(call))
        return offer_anew(call, out);
    if (call_dialog(call, &info) != ERR_OK || info.offer.state == OA_FREE || info.offer.ours)
        return ERR_OK;
    enum err err = sip_sdp_parse(blob_view(info.remote_sdp), &arena, &offer);
    if (err == ERR_OK && call->agent->plays && offer.fault_count > 0)
        err = ERR_SYNTAX; /* RFC 8866 §5: what is not understood is rejected as a whole */
    if (err == ERR_OK)
        err = answer_write(call, &offer, &arena, out);
    arena_deinit(&arena);
    return err == ERR_OK ? out->failed : err;
}
