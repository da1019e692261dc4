/* Reliable provisional responses at the callee, RFC 3262 §3: RSeq, copies, and the PRACK. */
#include "core/stack/session.h"

/* RFC 3262 §3: between 1 and 2^31 - 1, uniformly. */
static uint32_t first_rseq(struct sip_stack *stack)
{
    uint64_t draw = rng_at(stack->ids, V("rseq"), ++stack->rseq_count);
    return (uint32_t)(draw % (UINT32_C(0x7fffffff))) + 1;
}

/* The next number of this INVITE; they do not wrap around. */
static enum err next_rseq(struct sip_stack *stack, const struct sip_call *call,
                          const struct sip_tx *tx, uint32_t *out)
{
    bool frozen = (stack->layer.mutants & SIP_MUTANT_RSEQ_FROZEN) != 0;
    if (call->rseq == 0 || call->rseq_invite != tx->seq)
        *out = first_rseq(stack);
    else if (call->rseq == UINT32_MAX)
        return ERR_LIMIT;
    else
        *out = call->rseq + (frozen ? 0 : 1);
    return ERR_OK;
}

/* A number of the user's own is what the PRACK will name. */
static uint32_t given_rseq(const struct sip_response_options *options)
{
    const struct sip_row *row = sip_row_find(options->rows, options->row_count, SIP_HEADER_RSEQ);
    uint64_t value;
    return row != NULL && view_to_uint(row->value, UINT32_MAX, &value) ? (uint32_t)value : 0;
}

static bool is_wanted(const struct sip_tx *tx, const struct sip_response_options *options)
{
    return options->reliable || sip_msg_lists(tx->request, SIP_HEADER_REQUIRE, V("100rel"));
}

enum err reliable_plan(struct sip_stack *stack, struct sip_tx *tx,
                       const struct sip_response_options *options, uint32_t *out_rseq)
{
    const struct sip_call *call = call_find(stack, tx->call);
    uint16_t status = options->status;
    if (call == NULL || !tx->machine->invite || tx->request == NULL)
        return ERR_OK;
    if (status >= 200 && status < 300 && !options->force)
        for (const struct sip_reliable *at = call->unacked; at != NULL; at = at->next)
            if (at->described && at->cseq == tx->seq)
                return ERR_STATE; /* RFC 3262 §5: the 2xx waits for its PRACK */
    if (status <= 100 || status >= 200 || !is_wanted(tx, options))
        return ERR_OK;
    bool understood = sip_msg_lists(tx->request, SIP_HEADER_SUPPORTED, V("100rel")) ||
                      sip_msg_lists(tx->request, SIP_HEADER_REQUIRE, V("100rel"));
    if (!options->force && !understood)
        return ERR_UNSUPPORTED;
    if (!options->force && call->unacked != NULL)
        return ERR_STATE;
    uint32_t given = given_rseq(options);
    *out_rseq = given;
    return given != 0 ? ERR_OK : next_rseq(stack, call, tx, out_rseq);
}

void reliable_sent(struct sip_stack *stack, struct sip_tx *tx, uint32_t rseq, bool described)
{
    struct sip_call *call = call_find(stack, tx->call);
    ASSERT(call != NULL);
    call->rseq = rseq;
    call->rseq_invite = tx->seq;
    struct sip_reliable first = {
        .call = call,
        .repeat = {.owner = tx->handle, .out = tx->out, .hop = tx->hop},
        .rseq = rseq,
        .cseq = tx->seq,
        .described = described
    };
    layer_fail(&stack->layer, reliable_create(&stack->layer, &first, &call->unacked));
}

/* §3: 64*T1 without PRACK: the INVITE is refused with a 5xx. */
void reliable_expire(struct sip_stack *stack, struct sip_reliable *reliable)
{
    struct sip_call *call = reliable->call;
    struct sip_tx *tx = tx_find(&stack->layer, reliable->repeat.owner);
    if (!reliable_fire(&stack->layer, reliable))
        return;
    if (tx == NULL || tx_final(tx))
        return;
    if (tx->initial)
        call_end(call, SIP_ENDED_TIMEOUT, 500);
    struct sip_response_options refused = {.status = 500};
    layer_fail(&stack->layer, stack_respond(stack, tx, &refused));
}

static bool prack_matches(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg)
{
    const struct sip_rack *rack = sip_msg_get(msg, SIP_HEADER_RACK, 0);
    return rack != NULL && rack->method == SIP_INVITE &&
           reliable_take(&stack->layer, &call->unacked, rack->rseq, rack->cseq);
}

/* §3: 481 to what matches nothing, 2xx to what does. With an offer it is the user's to answer,
 * §5. */
void prack_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                   struct sip_call *call)
{
    if (!prack_matches(stack, call, msg)) {
        stack_answer(stack, tx, 481, NULL, 0);
        return;
    }
    uint32_t doing = offer_came(stack, call, msg);
    if ((call->manual & SIP_MANUAL_PRACK) != 0 || (doing & OA_OFFER) != 0)
        stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
    else
        stack_answer(stack, tx, 200, NULL, 0);
}
