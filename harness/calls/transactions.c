/* Which messages belong together on one hop, which are copies, and what passes on what. */
#include "harness/calls/inside.h"

struct hops {
    struct sketch *sketch;
    struct numbers by_hop;    /* transaction + 1, by branch, CSeq and both parties */
    struct numbers by_client; /* likewise by branch, CSeq and the client, who may be answered by
                               another address than it asked */
    struct numbers arrived;   /* the newest one that brought a request to a party */
    struct numbers invites;   /* the newest INVITE's, by CSeq number and From tag */
    struct numbers seen;      /* message + 1, by its bytes and transaction */
};

static uint64_t parties_key(uint64_t key, uint16_t a, uint16_t b)
{
    uint16_t low = a < b ? a : b, high = a < b ? b : a;
    return rng_mix(key ^ ((uint64_t)high << 16 | low));
}

/* Branch, sent-by, CSeq; the number tells requests apart whose client gives them all one branch. 0:
 * there is no Via or CSeq. */
static uint64_t branch_key(struct sip_msg *msg, struct view method)
{
    const struct sip_via *via = sip_msg_via(msg, 0);
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    if (via == NULL || cseq == NULL)
        return 0;
    uint64_t key = key_mix(via->port, via->branch);
    key = key_mix(key, via->host);
    key = key_mix(key ^ cseq->number, method);
    return key | 1;
}

static uint16_t found(const struct numbers *index, uint64_t key)
{
    const uint32_t *at = numbers_find(index, key);
    return at == NULL || *at == 0 ? CALL_NONE : (uint16_t)(*at - 1);
}

static void point(struct hops *hops, struct numbers *index, uint64_t key, uint32_t value)
{
    bool made;
    *numbers_at(hops->sketch, index, key, &made) = value + 1;
}

static uint64_t invite_key(struct sip_msg *msg, uint32_t number)
{
    return cseq_key(msg, number, V("INVITE"));
}

/* The INVITE's that this one is about. */
static uint16_t of_invite(struct hops *hops, const struct call_message *message)
{
    struct sip_msg *msg = message->msg;
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    const struct sip_rack *rack = sip_msg_get(msg, SIP_HEADER_RACK, 0);
    enum sip_method method = sip_msg_method(msg);
    if (cseq == NULL || (method != SIP_ACK && method != SIP_CANCEL && method != SIP_PRACK))
        return CALL_NONE;
    uint64_t branch = branch_key(msg, V("INVITE"));
    uint16_t same = found(&hops->by_hop, parties_key(branch, message->from, message->to));
    if (method == SIP_PRACK)
        return rack == NULL ? CALL_NONE : found(&hops->invites, invite_key(msg, rack->cseq));
    return same != CALL_NONE ? same : found(&hops->invites, invite_key(msg, cseq->number));
}

static uint16_t status_of(const struct call *call, uint32_t message)
{
    return message == UINT32_MAX ? 0 : sip_msg_status(call->messages[message].msg);
}

static bool has_to_tag(struct sip_msg *msg)
{
    const struct sip_name_addr *to = sip_msg_to(msg);
    return to != NULL && to->tag.len > 0;
}

static uint16_t transaction_add(struct hops *hops, uint32_t index, uint16_t of)
{
    struct call *call = hops->sketch->call;
    const struct call_message *message = &call->messages[index];
    uint64_t key = message_key(message->msg);
    uint16_t number = call->transaction_count++;
    call->transactions[number] =
        (struct call_transaction){.method = sip_msg_method(message->msg),
                                  .client = message->from,
                                  .server = message->to,
                                  .request = index,
                                  .final = UINT32_MAX,
                                  .of = of,
                                  .upstream = found(&hops->arrived, rng_mix(key ^ message->from)),
                                  .in_dialog = has_to_tag(message->msg)};
    point(hops, &hops->arrived, rng_mix(key ^ message->to), number);
    if (sip_msg_method(message->msg) == SIP_INVITE)
        point(hops, &hops->invites, key, number);
    return number;
}

/* RFC 3261 §17.1.1.3: the ACK of what is no 2xx belongs to the INVITE's. */
static bool belongs_to_invite(const struct call *call, struct sip_msg *msg, uint16_t invite)
{
    return sip_msg_method(msg) == SIP_ACK && invite != CALL_NONE &&
           status_of(call, call->transactions[invite].final) >= 300;
}

static void acked_note(struct hops *hops, struct sip_msg *msg)
{
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    bool made;
    if (sip_msg_method(msg) == SIP_ACK && cseq != NULL)
        *numbers_at(hops->sketch, &hops->sketch->acked, invite_key(msg, cseq->number), &made) = 1;
}

static void request_place(struct hops *hops, uint32_t index)
{
    struct call *call = hops->sketch->call;
    struct call_message *message = &call->messages[index];
    uint64_t branch = branch_key(message->msg, sip_msg_method_name(message->msg));
    uint64_t hop = parties_key(branch, message->from, message->to);
    uint16_t there = branch == 0 ? CALL_NONE : found(&hops->by_hop, hop);
    acked_note(hops, message->msg);
    if (there != CALL_NONE && call->transactions[there].client == message->from) {
        message->transaction = there;
        return;
    }
    uint16_t of = of_invite(hops, message);
    bool belongs = belongs_to_invite(call, message->msg, of);
    message->transaction = belongs ? of : transaction_add(hops, index, of);
    if (branch == 0)
        return;
    point(hops, &hops->by_hop, hop, message->transaction);
    point(hops, &hops->by_client, rng_mix(branch ^ message->from), message->transaction);
}

static void response_place(struct hops *hops, uint32_t index)
{
    struct call *call = hops->sketch->call;
    struct call_message *message = &call->messages[index];
    const struct sip_cseq *cseq = sip_msg_cseq(message->msg);
    uint64_t branch = cseq == NULL ? 0 : branch_key(message->msg, cseq->method_name);
    if (branch == 0)
        return;
    uint16_t there = found(&hops->by_hop, parties_key(branch, message->from, message->to));
    if (there == CALL_NONE || call->transactions[there].client != message->to)
        there = found(&hops->by_client, rng_mix(branch ^ message->to));
    message->transaction = there;
    if (there != CALL_NONE && sip_msg_status(message->msg) >= 200 &&
        call->transactions[there].final == UINT32_MAX)
        call->transactions[there].final = index;
}

/* A further transmission on the same hop has the same bytes; a request is known by its branch. */
static void copy_find(struct hops *hops, uint32_t index)
{
    struct call *call = hops->sketch->call;
    struct call_message *message = &call->messages[index];
    struct view raw = sip_msg_raw(message->msg);
    bool made;
    uint64_t key = key_mix(message->transaction, raw);
    if (sip_msg_is_request(message->msg))
        key = rng_mix(branch_key(message->msg, sip_msg_method_name(message->msg)) ^
                      message->transaction);
    key = parties_key(key, message->from, message->to);
    uint32_t *first = numbers_at(hops->sketch, &hops->seen, key, &made);
    if (made)
        *first = index + 1;
    else
        message->copy_of = *first;
}

void transactions_find(struct sketch *sketch)
{
    struct call *call = sketch->call;
    struct hops hops = {.sketch = sketch};
    call->transactions =
        sketch_alloc(sketch, sketch->arena, call->message_count, sizeof *call->transactions);
    for (uint32_t i = 0; i < call->message_count && sketch->failure == ERR_OK; i++) {
        if (sip_msg_is_request(call->messages[i].msg))
            request_place(&hops, i);
        else
            response_place(&hops, i);
        copy_find(&hops, i);
    }
    numbers_clear(&hops.by_hop);
    numbers_clear(&hops.by_client);
    numbers_clear(&hops.arrived);
    numbers_clear(&hops.invites);
    numbers_clear(&hops.seen);
}
