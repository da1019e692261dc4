/* While a name is looked up the request that goes there stands ready, and no transaction runs: its
 * timers begin when it goes out. RFC 3263 §4. */
#include "core/stack/again.h"
#include "core/stack/sending.h"

/* The same message from another address of ours: its Via has to say so. NULL: memory, which the
 * layer knows. Seq: of its CSeq. */
static struct blob *from_elsewhere(struct sip_stack *stack, struct sip_msg *msg,
                                   const struct sip_hop *hop, uint32_t seq)
{
    struct again again = {.stack = stack, .request = msg, .hop = *hop, .keep_vias = true};
    return again_write(&again, sip_msg_via(msg, 0)->branch, seq);
}

/* Where the Via is the user's own it stays, and so does the key by which answers come back. */
static bool is_own(struct sip_stack *stack, const struct sip_tx *tx, const struct sip_via *via)
{
    struct tx_key key;
    return match_key_own(&stack->layer, via->branch, layer_bound(&stack->layer, &tx->hop),
                         tx->key.method, &key) &&
           view_equal(key.text, tx->key.text);
}

static void move(struct sip_stack *stack, struct sip_tx *tx, const struct sip_hop *hop)
{
    struct tx_layer *layer = &stack->layer;
    struct sip_msg *msg;
    struct tx_key key;
    enum err err = sip_msg_parse(tx->out.bytes, SIP_FRAMING_DATAGRAM, &msg);
    layer_fail(layer, err == ERR_MEMORY ? err : ERR_OK); /* else its bytes are the user's own */
    if (err != ERR_OK)
        return;
    const struct sip_via *via = sip_msg_via(msg, 0);
    struct blob *bytes = NULL;
    if (via != NULL && is_own(stack, tx, via))
        bytes = from_elsewhere(stack, msg, hop, tx->seq);
    if (bytes != NULL) {
        blob_unref(tx->out.bytes);
        tx->out.bytes = bytes;
        if (match_key_own(layer, via->branch, layer_bound(layer, hop), tx->key.method, &key))
            layer_fail(layer, tx_rekey(layer, tx, &key));
    }
    sip_msg_unref(msg);
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

static void ack_move(struct sip_stack *stack, struct sip_call *call, const struct sip_hop *hop)
{
    struct sip_msg *ack;
    enum err err = sip_msg_parse(call->ack.bytes, SIP_FRAMING_DATAGRAM, &ack);
    layer_fail(&stack->layer, err);
    if (err != ERR_OK)
        return;
    struct blob *bytes =
        sip_msg_via(ack, 0) == NULL ? NULL : from_elsewhere(stack, ack, hop, call->ack_seq);
    if (bytes != NULL)
        out_set(&stack->layer, &call->ack, bytes);
    sip_msg_unref(ack);
}

static void ack_found(struct sip_stack *stack, struct sip_call *call, struct handle lookup)
{
    struct sip_hop hop;
    enum located located = hop_take(stack, lookup, &hop);
    if (located == LOCATE_WAITS)
        return;
    if (located == LOCATE_NONE)
        hop = call->dialog.hop;
    if (hop.bound != call->ack_hop.bound)
        ack_move(stack, call, &hop);
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
