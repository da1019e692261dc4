/* What comes to a stack whose role forwards: RFC 3261 §16.2, §16.3, §16.10. A request is refused
 * only for what a forwarder cannot do without; the role does the rest. */
#include "core/stack/self.h"

void relay_stray(struct sip_stack *stack, struct sip_msg *msg)
{
    struct tell tell = {.what = SIP_TELL_STRAY, .msg = msg};
    if (stack->packet != NULL)
        tell.source = stack->packet->remote;
    layer_tell(&stack->layer, &tell);
}

static bool needed(enum sip_header_id id)
{
    return id == SIP_HEADER_VIA || id == SIP_HEADER_FROM || id == SIP_HEADER_TO ||
           id == SIP_HEADER_CALL_ID || id == SIP_HEADER_CSEQ || id == SIP_HEADER_MAX_FORWARDS ||
           id == SIP_HEADER_ROUTE || id == SIP_HEADER_PROXY_REQUIRE ||
           id == SIP_HEADER_CONTENT_LENGTH;
}

/* The header of the row that a fault was found in; before all rows it is the start line's. */
static bool concerns_us(const struct sip_msg *msg, const struct sip_fault *fault)
{
    const struct sip_line *at = NULL;
    for (size_t i = 0; i < sip_msg_line_count(msg); i++) {
        const struct sip_line *line = sip_msg_line(msg, i);
        if (line->name.ptr > sip_msg_raw(msg).ptr + fault->offset)
            break;
        at = line;
    }
    return at == NULL || needed(at->id);
}

/* Values that a forwarder goes by, and cannot where they make no sense. */
static bool unreadable(struct sip_msg *msg)
{
    static const enum sip_header_id ids[] = {SIP_HEADER_MAX_FORWARDS, SIP_HEADER_ROUTE,
                                             SIP_HEADER_VIA};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        size_t count = sip_msg_count(msg, ids[i]);
        for (size_t k = 0; k < count; k++)
            if (sip_msg_get(msg, ids[i], k) == NULL)
                return true;
    }
    return false;
}

/* RFC 3261 §16.3 item 1: what is not looked at may be as it likes. */
static uint16_t unfit(const struct sip_stack *stack, struct sip_msg *msg)
{
    if (!view_equal_nocase(sip_msg_version(msg), V("SIP/2.0")))
        return 505;
    for (size_t i = 0; i < sip_msg_fault_count(msg); i++) {
        const struct sip_fault *fault = sip_msg_fault(msg, i);
        if (view_equal(view_of(fault->rule), V("version")))
            continue;
        if (fault->fatal ? concerns_us(msg, fault) : stack->strict)
            return 400;
    }
    return unreadable(msg) ? 400 : 0;
}

/* §16.10: its own transaction, its own 200, and no context; one that means nothing here is sent on
 * as it came. */
static void receive_cancel(struct sip_stack *stack, struct sip_msg *msg, const struct tx_key *key)
{
    struct sip_tx *invite = match_cancelled(&stack->layer, key), *tx;
    if (invite == NULL) {
        relay_stray(stack, msg);
        return;
    }
    enum err err = request_new(stack, msg, key, &tx);
    layer_fail(&stack->layer, err);
    if (err != ERR_OK)
        return;
    if (invite->to_tag.ptr != NULL)
        layer_fail(&stack->layer, tx_tag_set(tx, invite->to_tag));
    stack_answer(stack, tx, 200, NULL, 0);
    if (invite->machine->invite && !tx_final(invite))
        stack_tell_tx(stack, SIP_TELL_CANCELLED, invite, msg, 200);
}

static void receive_new(struct sip_stack *stack, struct sip_msg *msg, const struct tx_key *key)
{
    struct sip_tx *tx;
    enum err err = request_new(stack, msg, key, &tx);
    layer_fail(&stack->layer, err);
    if (err != ERR_OK)
        return;
    uint16_t status = unfit(stack, msg);
    if (status != 0)
        stack_answer(stack, tx, status, NULL, 0);
    else
        stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
}

/* RFC 6026 §7.1: in Accepted an ACK is the core's, too. */
static void receive_ack(struct sip_stack *stack, struct sip_msg *msg, struct sip_tx *tx)
{
    if (unfit(stack, msg) != 0)
        stack_discard(stack, msg, "an ACK that cannot be forwarded");
    else if (tx == NULL || (sip_tx_step(&stack->layer, tx, RECV_ACK, NULL) & TELL_USER) != 0)
        relay_stray(stack, msg);
}

void relay_request(struct sip_stack *stack, struct sip_msg *msg, const struct tx_key *key)
{
    struct sip_tx *tx = match_server(&stack->layer, key);
    if (sip_msg_method(msg) == SIP_ACK)
        receive_ack(stack, msg, tx);
    else if (tx != NULL)
        sip_tx_step(&stack->layer, tx, RECV_REQUEST, NULL);
    else if (stack->forwards == SIP_FORWARDS_STATELESS)
        relay_stray(stack, msg);
    else if (sip_msg_method(msg) == SIP_CANCEL)
        receive_cancel(stack, msg, key);
    else
        receive_new(stack, msg, key);
}
