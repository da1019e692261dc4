/* While a name is looked up the request that goes there stands ready, and no transaction runs: its
 * timers begin when it goes out. RFC 3263 §4. */
#include "core/stack/again.h"

/* The same message from another address of ours: its Via has to say so. NULL: memory, which the
 * layer knows. Seq: of its CSeq. */
static struct blob *from_elsewhere(struct sip_stack *stack, struct blob *bytes,
                                   const struct sip_hop *hop, uint32_t seq)
{
    struct again again = {.stack = stack, .hop = *hop, .keep_vias = true};
    struct blob *written = NULL;
    enum err err = sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &again.request);
    layer_fail(&stack->layer, err);
    if (err != ERR_OK)
        return NULL;
    const struct sip_via *via = sip_msg_via(again.request, 0);
    written = via == NULL ? blob_ref(bytes) : again_write(&again, via->branch, seq);
    sip_msg_unref(again.request);
    return written;
}

static bool via_branch(struct sip_stack *stack, struct blob *bytes, struct view *out)
{
    struct sip_msg *msg;
    if (sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg) != ERR_OK)
        return false;
    const struct sip_via *via = sip_msg_via(msg, 0);
    *out = via == NULL ? (struct view){0} : arena_copy(&stack->scratch, via->branch);
    sip_msg_unref(msg);
    return out->ptr != NULL;
}

/* Where the Via is the user's own it stays, and so does the key by which answers come back. */
static void move(struct sip_stack *stack, struct sip_tx *tx, const struct sip_hop *hop)
{
    struct tx_layer *layer = &stack->layer;
    struct tx_key key;
    struct view branch;
    if (!via_branch(stack, tx->out.bytes, &branch) ||
        !match_key_own(layer, branch, layer_bound(layer, &tx->hop), tx->key.method, &key) ||
        !view_equal(key.text, tx->key.text))
        return;
    struct blob *bytes = from_elsewhere(stack, tx->out.bytes, hop, tx->seq);
    if (bytes == NULL)
        return;
    blob_unref(tx->out.bytes);
    tx->out.bytes = bytes;
    if (match_key_own(layer, branch, layer_bound(layer, hop), tx->key.method, &key))
        layer_fail(layer, tx_rekey(layer, tx, &key));
}

static void go(struct sip_stack *stack, struct sip_tx *tx, const struct sip_hop *hop)
{
    struct sip_dialog *dialog = dialog_of_tx(stack, tx);
    struct sip_hop sized = *hop;
    hop_by_size(stack, tx->out.bytes->len, &sized);
    if (sized.bound != hop->bound)
        tx->again |= SIP_AGAIN_BY_UDP;
    if (sized.bound != tx->hop.bound)
        move(stack, tx, &sized);
    tx->hop = sized;
    if (dialog != NULL && !hop_known(&dialog->hop))
        dialog->hop = *hop;
    if (again_is_next(stack, tx)) {
        again_go(stack, tx);
        return;
    }
    struct blob *bytes = tx->out.bytes;
    tx->out.bytes = NULL;
    tx_start(&stack->layer, tx, bytes);
}

static void found(struct sip_stack *stack, struct sip_tx *tx)
{
    struct sip_hop hop;
    const struct sip_dialog *dialog = dialog_of_tx(stack, tx);
    enum located located = hop_take(stack, tx->lookup, &hop);
    if (located == LOCATE_WAITS)
        return;
    if (located == LOCATED) {
        go(stack, tx, &hop);
    } else if (dialog != NULL && hop_known(&dialog->hop) && !tx->initial) {
        hop = dialog->hop; /* the name means nothing to us: where its messages come from */
        go(stack, tx, &hop);
    } else {
        tx_end(&stack->layer, tx, V("its target has no address"));
        stack_tx_failed(stack, tx, 503, NET_UNREACHABLE);
    }
}

static void ack_found(struct sip_stack *stack, struct sip_call *call, struct handle lookup)
{
    struct sip_hop hop;
    enum located located = hop_take(stack, lookup, &hop);
    if (located == LOCATE_WAITS)
        return;
    if (located == LOCATE_NONE)
        hop = call->dialog.hop;
    if (hop.bound != call->ack_hop.bound) {
        struct blob *bytes = from_elsewhere(stack, call->ack.bytes, &hop, call->ack_seq);
        if (bytes != NULL)
            out_set(&stack->layer, &call->ack, bytes);
    }
    call->ack_hop = hop;
    layer_send(&stack->layer, &call->ack, &call->ack_hop);
    locate_end(stack->locate, lookup);
}

static void wake(struct sip_stack *stack, struct handle lookup, struct locate_owner owner)
{
    struct sip_tx *tx = tx_find(&stack->layer, owner.object);
    struct sip_call *call = call_find(stack, owner.object);
    if (owner.kind == SEEK_ACK && call != NULL && call->ack.bytes != NULL)
        ack_found(stack, call, lookup);
    else if (owner.kind == SEEK_REQUEST && tx != NULL && tx->state == TX_WAITING)
        found(stack, tx);
    else if (owner.kind == SEEK_RESPONSE && tx != NULL && tx->state != TERMINATED)
        way_back_found(stack, tx);
    else
        locate_end(stack->locate, lookup);
}

static void ask(struct sip_stack *stack)
{
    struct locate_question question;
    while (locate_question(stack->locate, &question)) {
        struct effect effect = {.kind = DO_QUERY,
                                .query = question.number,
                                .name = question.name,
                                .type = question.type,
                                .cause = stack->layer.cause};
        layer_fail(&stack->layer, ring_push(&stack->layer.ring, &effect));
    }
}

void seek_run(struct sip_stack *stack)
{
    struct handle lookup;
    struct locate_owner owner;
    while (locate_ready(stack->locate, &lookup, &owner))
        wake(stack, lookup, owner);
    ask(stack);
}

void seek_own(struct sip_stack *stack, struct handle lookup, enum seek_kind kind,
              struct handle object)
{
    locate_own(stack->locate, lookup, (struct locate_owner){.object = object, .kind = kind});
}

bool seek_waits(const struct sip_tx *tx)
{
    return tx->state == TX_WAITING && !handle_none(tx->lookup);
}
