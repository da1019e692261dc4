/* Numbers of requests outside dialogs, and digest credentials: RFC 3261 §22, RFC 7616, RFC 8760. */
#include "harness/monitor/inside.h"

static uint64_t keyed(struct view a, struct view b, uint64_t c)
{
    return rng_mix(view_hash(a) ^ rng_mix(view_hash(b) ^ rng_mix(c))) | 1;
}

static bool has_credentials(const struct matter *matter)
{
    return sip_msg_find(matter->msg, SIP_HEADER_AUTHORIZATION, 0) != NULL ||
           sip_msg_find(matter->msg, SIP_HEADER_PROXY_AUTHORIZATION, 0) != NULL;
}

/* Of a Call-ID and From tag, outside of dialogs. */
static void number(const struct matter *matter)
{
    const struct sip_name_addr *from = sip_msg_from(matter->msg), *to = sip_msg_to(matter->msg);
    const struct sip_cseq *cseq = sip_msg_cseq(matter->msg);
    enum sip_method method = sip_msg_method(matter->msg);
    bool made;
    if (from == NULL || to == NULL || cseq == NULL || to->tag.len > 0 || method == SIP_ACK ||
        method == SIP_CANCEL || !is_original(matter))
        return;
    uint64_t key = keyed(sip_msg_call_id(matter->msg), from->uri.text, party_key(matter->seen));
    struct remembered *last = remember(matter->monitor, &matter->monitor->registers, key, &made);
    if (last == NULL)
        return;
    bool grows = made || cseq->number > last->number;
    if (!grows && method == SIP_REGISTER)
        blame(matter, RULE_REGISTER_CSEQ, last->seq, "CSeq is %u, and was %u", cseq->number,
              last->number);
    else if (!grows && has_credentials(matter))
        blame(matter, RULE_AUTH_CSEQ, last->seq, "CSeq is %u, and was %u", cseq->number,
              last->number);
    last->number = cseq->number;
    last->seq = matter->seen->seq;
}

static bool is_8lhex(struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') ||
              (text.ptr[i] >= 'a' && text.ptr[i] <= 'f')))
            return false;
    return text.len == 8;
}

static uint32_t from_hex(struct view text)
{
    uint64_t value = 0;
    (void)view_to_hex(text, UINT32_MAX, &value);
    return (uint32_t)value;
}

static void count(const struct matter *matter, struct view nonce, struct view nc)
{
    bool made;
    if (!is_8lhex(nc)) {
        blame(matter, RULE_AUTH_NC, 0, "nc is %.*s", VIEW_ARG(nc));
        return;
    }
    uint64_t key = keyed(nonce, sip_msg_call_id(matter->msg), party_key(matter->seen));
    struct remembered *last = remember(matter->monitor, &matter->monitor->nonces, key, &made);
    if (last == NULL)
        return;
    uint32_t number = from_hex(nc);
    /* On one host a proxy that hands it on looks like who made it. */
    bool handed_on = number == last->number && !is_original(matter);
    bool beside = last->seq == matter->seen->seq; /* for another challenge of the same nonce */
    if (!made && number <= last->number && !handed_on && !beside)
        blame(matter, RULE_AUTH_NC_STEP, last->seq, "nc is %08x, and was %08x", number,
              last->number);
    last->number = number;
    last->seq = matter->seen->seq;
}

static void credentials(const struct matter *matter, const struct sip_auth *auth)
{
    struct view uri, nonce, nc, qop;
    bool made;
    if (!view_equal_nocase(auth->scheme, V("Digest")))
        return;
    judge_digest_credentials(matter, auth);
    if (sip_param_find(&auth->params, V("uri"), &uri) && is_original(matter) &&
        !view_equal(sip_unquoted(uri), sip_msg_request_uri_text(matter->msg)))
        blame(matter, RULE_AUTH_URI, 0, "uri is %.*s", VIEW_ARG(uri));
    if (!sip_param_find(&auth->params, V("nonce"), &nonce))
        return;
    if (sip_param_find(&auth->params, V("nc"), &nc))
        count(matter, nonce, nc);
    struct remembered *asked = remember(matter->monitor, &matter->monitor->nonces,
                                        view_hash(sip_unquoted(nonce)) | 1, &made);
    if (asked != NULL && asked->qop && !sip_param_find(&auth->params, V("qop"), &qop))
        blame(matter, RULE_AUTH_QOP, asked->seq, "it has none");
}

static void challenges(const struct matter *matter, enum sip_header_id id)
{
    const struct sip_auth *auth;
    struct view nonce, qop;
    bool made;
    for (size_t i = 0; i < 16 && (auth = sip_msg_get(matter->msg, id, i)) != NULL; i++) {
        if (view_equal_nocase(auth->scheme, V("Digest")))
            judge_digest_challenge(matter, auth);
        if (!sip_param_find(&auth->params, V("nonce"), &nonce))
            continue;
        struct remembered *one = remember(matter->monitor, &matter->monitor->nonces,
                                          view_hash(sip_unquoted(nonce)) | 1, &made);
        if (one == NULL)
            return;
        one->qop = sip_param_find(&auth->params, V("qop"), &qop);
        one->seq = matter->seen->seq;
    }
}

void judge_credentials(const struct matter *matter)
{
    static const enum sip_header_id ids[] = {SIP_HEADER_AUTHORIZATION,
                                             SIP_HEADER_PROXY_AUTHORIZATION};
    const struct sip_auth *auth;
    enum sip_method method = sip_msg_method(matter->msg);
    if (!sip_msg_is_request(matter->msg)) {
        challenges(matter, SIP_HEADER_WWW_AUTHENTICATE);
        challenges(matter, SIP_HEADER_PROXY_AUTHENTICATE);
        return;
    }
    number(matter);
    if (method == SIP_ACK || method == SIP_CANCEL)
        return; /* they have those of their INVITE: RFC 3261 §22.1, §13.2.2.4 */
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < 16 && (auth = sip_msg_get(matter->msg, ids[k], i)) != NULL; i++)
            credentials(matter, auth);
}
