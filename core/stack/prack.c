/* Reliable provisional responses at the caller, RFC 3262 §4: their order, and the PRACK. */
#include "core/stack/sending.h"
#include "core/stack/session.h"

/* NULL: it is to be processed; else why it is not. The numbers are of one INVITE in one dialog. */
const char *reliable_came(struct sip_call *call, const struct sip_tx *tx, struct sip_msg *msg)
{
    const struct sip_number *rseq = sip_msg_get(msg, SIP_HEADER_RSEQ, 0);
    ASSERT(rseq != NULL && rseq->value <= UINT32_MAX);
    bool first = call->rseq_got == 0 || call->rseq_got_invite != tx->seq;
    if (!first && rseq->value <= call->rseq_got)
        return "a copy of a reliable response";
    if (!first && rseq->value != (uint64_t)call->rseq_got + 1)
        return "a reliable response ahead of its turn";
    call->rseq_got = (uint32_t)rseq->value;
    call->rseq_got_invite = tx->seq;
    return NULL;
}

static struct view rack_write(const struct sip_stack *stack, const struct sip_call *call,
                              struct buf *buf)
{
    bool wrong = (stack->layer.mutants & SIP_MUTANT_RACK_WRONG) != 0;
    buf_add_uint(buf, (uint64_t)call->rseq_got + wrong);
    buf_add_char(buf, ' ');
    buf_add_uint(buf, call->rseq_got_invite);
    buf_add(buf, V(" INVITE"));
    return buf_view(buf);
}

void prack_send(struct sip_stack *stack, struct sip_call *call)
{
    char room[40];
    struct buf buf = {.ptr = room, .size = sizeof room, .limit = sizeof room};
    if ((stack->layer.mutants & SIP_MUTANT_NO_PRACK) != 0 || call->state >= CALL_ENDING)
        return;
    struct sip_row rack = {
        .id = SIP_HEADER_RACK, .name = V("RAck"), .value = rack_write(stack, call, &buf)};
    struct sip_request_options options = {.method = V("PRACK"), .rows = &rack, .row_count = 1};
    layer_fail(&stack->layer, request_of_stack(stack, call, &options));
}
