/* What a message makes true of its dialog, once it is judged. */
#include "harness/monitor/inside.h"

static bool has_sdp(struct sip_msg *msg)
{
    return sip_sdp_body(msg).len > 0;
}

static bool refreshes_target(enum sip_method method)
{
    return method == SIP_INVITE || method == SIP_UPDATE || method == SIP_SUBSCRIBE ||
           method == SIP_NOTIFY || method == SIP_REFER;
}

static void sight_copy(struct sight *to, const struct sight *from)
{
    struct sight copy = *from;
    sip_msg_ref(copy.msg);
    sight_drop(to);
    *to = copy;
}

static void request_learn(const struct matter *matter)
{
    struct talk *talk = matter->talk;
    struct talk_side *mine = &talk->sides[matter->side];
    const struct sip_cseq *cseq = sip_msg_cseq(matter->msg);
    enum sip_method method = sip_msg_method(matter->msg);
    if (method == SIP_ACK) {
        talk->acked = true;
        return;
    }
    struct exchange *invite = exchange_peek(matter->monitor, mine->invite_key);
    if (method == SIP_PRACK && invite != NULL)
        invite->pracked = true;
    if (cseq != NULL && method != SIP_CANCEL && cseq->number > mine->cseq)
        mine->cseq = cseq->number;
    if (method == SIP_INVITE && matter->exchange != NULL)
        mine->invite_key = matter->exchange->key;
    if (method == SIP_UPDATE && matter->exchange != NULL && has_sdp(matter->msg))
        mine->update_key = matter->exchange->key;
    mine->bye |= method == SIP_BYE;
    if (has_sdp(matter->msg)) {
        sight_set(&mine->sdp, matter->seen);
        mine->refused = false;
    }
}

static bool makes_talk(enum sip_method method, uint16_t status)
{
    if (method == SIP_INVITE)
        return status > 100 && status < 300;
    return (method == SIP_SUBSCRIBE || method == SIP_REFER) && status / 100 == 2;
}

/* Its first response made it: the request is its beginning. */
static void talk_begin(const struct matter *matter, struct talk *talk)
{
    const struct exchange *exchange = matter->exchange;
    const struct sip_cseq *cseq = sip_msg_cseq(matter->msg);
    sight_copy(&talk->maker, &exchange->request);
    sight_copy(&talk->sides[0].target, &exchange->request);
    if (has_sdp(exchange->request.msg))
        sight_copy(&talk->sides[0].sdp, &exchange->request);
    talk->sides[0].cseq = cseq == NULL ? 0 : cseq->number;
    talk->sides[0].invite_key = exchange->key;
    talk->session = exchange->method == SIP_INVITE;
    sight_set(&talk->record, matter->seen);
}

/* RFC 6141 §4.7: an unreliable provisional response tells it only where it makes the dialog. */
static bool tells_target(const struct matter *matter, uint16_t status)
{
    const struct exchange *exchange = matter->exchange;
    const struct sip_name_addr *to = exchange == NULL ? NULL : sip_msg_to(exchange->request.msg);
    bool within = to != NULL && to->tag.len > 0;
    return status >= 200 ||
           (status > 100 && (!within || sip_msg_find(matter->msg, SIP_HEADER_RSEQ, 0) != NULL));
}

static void response_learn(const struct matter *matter, struct talk *talk, int side)
{
    enum sip_method method = sip_msg_method(matter->msg);
    uint16_t status = sip_msg_status(matter->msg);
    const struct sip_number *rseq = sip_msg_get(matter->msg, SIP_HEADER_RSEQ, 0);
    struct exchange *exchange = matter->exchange;
    if (refreshes_target(method) && status < 300 && tells_target(matter, status)) {
        sight_set(&talk->sides[side].target, matter->seen);
        struct sight *other = &talk->sides[!side].target;
        if (status >= 200 && exchange != NULL && exchange->request.seq > other->seq)
            sight_copy(other, &exchange->request); /* an UPDATE may have come behind it */
    }
    if (has_sdp(matter->msg)) {
        sight_set(&talk->sides[side].sdp, matter->seen);
        talk->sides[side].refused = false;
    }
    if (status >= 300 && exchange != NULL && talk->sides[!side].sdp.seq == exchange->request.seq)
        talk->sides[!side].refused = true;
    if (method == SIP_INVITE && status / 100 == 2 && !talk->confirmed) {
        sight_set(&talk->record, matter->seen); /* RFC 3261 §13.2.2.4 */
        talk->confirmed = true;
        talk->confirmed_us = matter->seen->time_us;
    }
    if (rseq != NULL && status < 200) {
        talk->rseq_first = talk->rseq == 0 ? (uint32_t)rseq->value : talk->rseq_first;
        talk->rseq = (uint32_t)rseq->value;
        talk->rseq_key = exchange == NULL ? 0 : exchange->key;
        talk->rseq_cseq = sip_msg_cseq(matter->msg) == NULL ? 0 : sip_msg_cseq(matter->msg)->number;
    }
    if (method == SIP_BYE && (status == 401 || status == 407))
        talk->sides[!side].bye = false; /* it is sent again, with credentials */
    else
        talk->ended |= method == SIP_BYE && status >= 200;
}

void talk_learn(const struct matter *matter)
{
    enum sip_method method = sip_msg_method(matter->msg);
    uint16_t status = sip_msg_status(matter->msg);
    struct talk *talk = matter->talk;
    int side = matter->side;
    if (status == 0) {
        if (talk != NULL)
            request_learn(matter);
        return;
    }
    if (talk == NULL && matter->exchange != NULL && makes_talk(method, status)) {
        talk = talk_of(matter->monitor, matter->seen, true, &side);
        if (talk != NULL)
            talk_begin(matter, talk);
    }
    if (talk != NULL)
        response_learn(matter, talk, side);
}
