#include "core/stack/again.h"
#include "core/stack/usages.h"
#include "core/stack/session.h"

/* RFC 3261 §8.1.3.3 (one Via), §18.1.2 with RFC 6026 §8.9 (no transaction: gone), §7.2. Who
 * forwards sees what other hops wait for, RFC 3261 §16.7. */
static const char *refuses(const struct sip_stack *stack, struct sip_msg *msg,
                           const struct sip_tx *tx)
{
    if (sip_msg_fatal(msg) != NULL)
        return sip_msg_fatal(msg)->rule;
    if (sip_msg_count(msg, SIP_HEADER_VIA) > 1 && !stack->forwards)
        return "a response with another Via below ours";
    if (tx == NULL && !stack->forwards)
        return "a response that no request waits for";
    if (stack->strict && sip_msg_fault_count(msg) > 0)
        return sip_msg_fault(msg, 0)->rule;
    return NULL;
}

/* sent: the request, which its transaction forgets when it is answered. */
static bool goes_on(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                    struct blob *sent)
{
    struct tell tell = tell_of(SIP_TELL_RESPONSE, tx);
    tell.msg = msg;
    tell.status = sip_msg_status(msg);
    return sent != NULL && again_begin(stack, tx, sent, &tell);
}

static void respond(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                    struct blob *sent)
{
    tx->status = sip_msg_status(msg);
    if (tx->machine->invite)
        cancel_release(stack, tx);
    if (tx->status == 422)
        refresh_refused(stack, tx, msg);
    if (goes_on(stack, tx, msg, sent))
        return;
    if (!handle_none(tx->sub) || handle_none(tx->call))
        stack_tell_response(stack, tx, call_find(stack, tx->call), msg);
    else
        caller_response(stack, tx, msg);
    usages_response(stack, tx, msg, tx->status); /* beside the call's: RFC 5057 §5 */
}

void response_receive(struct sip_stack *stack, struct sip_msg *msg)
{
    struct tx_key key;
    struct sip_tx *tx =
        match_key(&stack->layer, msg, &key) ? match_client(&stack->layer, &key) : NULL;
    const char *why = refuses(stack, msg, tx);
    if (why != NULL) {
        stack_discard(stack, msg, why);
        return;
    }
    if (tx == NULL) {
        relay_stray(stack, msg);
        return;
    }
    char room[UINT_TEXT_MAX];
    uint16_t status = sip_msg_status(msg);
    struct tx_input input = {.msg = msg, .why = view_of_uint(status, room)};
    struct blob *sent = tx->again != 0 && status >= 300 ? blob_ref(tx->out.bytes) : NULL;
    uint32_t doing = sip_tx_step(&stack->layer, tx, tx_event_received(status), &input);
    if ((doing & TELL_USER) != 0)
        respond(stack, tx, msg, sent);
    blob_unref(sent);
}

/* RFC 3261 §8.1.3.1: as if it had come from the wire; it is made of the request, and none saw it.
 */
static struct sip_msg *generate(struct sip_stack *stack, const struct sip_tx *tx, uint16_t status)
{
    struct sip_msg *request, *response = NULL;
    struct sip_response_options options = {.status = status};
    if (tx->out.bytes == NULL ||
        sip_msg_parse(tx->out.bytes, SIP_FRAMING_DATAGRAM, &request) != ERR_OK)
        return NULL;
    struct response_plan plan = {.options = &options, .request = request};
    struct blob *bytes = response_write(stack, &plan);
    if (bytes != NULL)
        layer_fail(&stack->layer, sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &response));
    blob_unref(bytes);
    sip_msg_unref(request);
    return response;
}

static void usage_failed(struct sip_stack *stack, struct sip_tx *tx, uint16_t status)
{
    usages_response(stack, tx, NULL, status);
    if (handle_none(tx->sub) && handle_none(tx->reg) && handle_none(tx->pub))
        caller_failed(stack, tx, status);
}

void stack_tx_failed(struct sip_stack *stack, struct sip_tx *tx, uint16_t status,
                     enum net_error error)
{
    struct sip_msg *msg = generate(stack, tx, status);
    if (msg == NULL) {
        layer_fail(&stack->layer, ERR_MEMORY);
        usage_failed(stack, tx, status);
        return;
    }
    struct tell tell = tell_of(SIP_TELL_RESPONSE, tx);
    tell.msg = msg;
    tell.error = error;
    tell.status = status;
    tell.generated = true;
    bool goes_on = again_begin(stack, tx, tx->out.bytes, &tell);
    if (!goes_on)
        layer_tell(&stack->layer, &tell);
    sip_msg_unref(msg);
    if (tx->machine->invite)
        cancel_release(stack, tx);
    if (!goes_on)
        usage_failed(stack, tx, status);
}
