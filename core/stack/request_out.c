#include "core/stack/credentials.h"
#include "core/stack/usages.h"
#include "core/stack/sending.h"
#include "core/stack/session.h"

enum { DATAGRAM_MOST = 1300 };

/* A Via of the user's has a branch of its own, by which the responses come back. */
static bool key_of(struct sip_stack *stack, const struct sending *s, struct tx_key *out)
{
    const struct sip_bound *bound = layer_bound(&stack->layer, &s->plan.hop);
    if (s->adopted != NULL && match_key(&stack->layer, s->adopted, out)) {
        out->merge = (struct view){0};
        out->to_tag = (struct view){0};
        return true;
    }
    return match_key_own(&stack->layer, s->plan.branch, bound, s->plan.method, out);
}

static enum err new_call(struct sip_stack *stack, struct sending *s)
{
    const struct request_plan *plan = &s->plan;
    struct dialog_ids ids = plan_ids(plan);
    enum err err = call_create(stack, true, &s->call);
    if (err != ERR_OK)
        return err;
    err = dialog_call(&s->call->dialog, &ids);
    s->call->dialog.hop = s->by_size ? s->small : plan->hop;
    s->call->dialog.account = s->account;
    s->call->dialog.secure = hop_secures(stack, &s->call->dialog.hop, plan->options->uri);
    return err;
}

static enum err keep_credentials(struct sip_call *call, const struct request_plan *plan)
{
    const struct sip_request_options *options = plan->options;
    struct buf rows = {0};
    buf_add(&rows, plan->credentials);
    for (size_t i = 0; i < options->row_count; i++) {
        const struct sip_row *row = &options->rows[i];
        credentials_row(&rows, sip_header_find(row->name), row->name, row->value);
    }
    return credentials_keep(call, &rows);
}

static enum err attach(struct sending *s, struct sip_tx *tx)
{
    struct sip_call *call = s->call;
    tx->seq = s->plan.seq;
    tx->again = s->plan.options->again;
    tx->account = s->account;
    if (s->by_size)
        tx->again |= SIP_AGAIN_BY_UDP;
    if (s->sub != NULL)
        tx->sub = s->sub->handle;
    tx->initial = tx->machine->invite && handle_none(s->plan.options->call);
    if (call == NULL)
        return ERR_OK;
    if (tx->machine->invite)
        call->manual |= s->plan.options->manual;
    tx->call = call->handle;
    if (!tx->machine->invite)
        return ERR_OK;
    enum err err = keep_credentials(call, &s->plan);
    if (err != ERR_OK)
        return err;
    if (tx->initial)
        call->initial = tx->handle;
    call->invite = tx->handle;
    call->invite_seq = tx->seq;
    return ERR_OK;
}

static void described(struct sip_stack *stack, struct sending *s, struct blob *blob)
{
    offer_asked(stack, s->call, s->plan.id, s->plan.options, blob);
    if (s->tx->initial)
        refresh_configure(stack, s->call, s->plan.options->refresh);
    if (s->tx->initial)
        s->call->offered = s->call->session.oa.state == OA_IN_INVITE;
}

static enum err start(struct sip_stack *stack, struct sending *s, struct blob *blob)
{
    bool invite = s->plan.id == SIP_INVITE;
    struct tx_key key;
    if (!key_of(stack, s, &key))
        return layer_failed(&stack->layer);
    enum err err = tx_create(&stack->layer, invite ? &tx_invite_client : &tx_non_invite_client,
                             &key, &s->plan.hop, &s->tx);
    if (err != ERR_OK)
        return err;
    err = attach(s, s->tx);
    if (err == ERR_OK && s->call != NULL)
        described(stack, s, blob);
    if (err != ERR_OK) {
        tx_end(&stack->layer, s->tx, V("out of memory"));
        return err;
    }
    s->tx->known = !s->own;
    request_located(stack, s->tx, s->plan.lookup);
    s->plan.lookup = (struct handle){0};
    if (hop_known(&s->plan.hop))
        tx_start(&stack->layer, s->tx, blob_ref(blob));
    else /* when it is: seek.c */
        s->tx->out.bytes = blob_ref(blob);
    return ERR_OK;
}

/* RFC 3261 §18.1.1, for a hop that was found when the request had been written. */
void hop_by_size(struct sip_stack *stack, size_t len, struct sip_hop *hop)
{
    struct sip_hop other;
    if (len > DATAGRAM_MOST && layer_bound(&stack->layer, hop)->proto == PROTO_UDP &&
        hop_from(stack, PROTO_TCP, &hop->remote, &other) == ERR_OK)
        *hop = other;
}

void request_located(struct sip_stack *stack, struct sip_tx *tx, struct handle lookup)
{
    if (handle_none(lookup))
        return;
    tx->lookup = lookup;
    tx->again |= SIP_AGAIN_ELSEWHERE;
    seek_own(stack, lookup, SEEK_REQUEST, tx->handle);
}

/* An ACK is no transaction, RFC 3261 §17.1: it goes straight to the transport, and waits for no
 * name. */
static enum err send_bare(struct sip_stack *stack, struct sending *s, struct blob *blob)
{
    struct sip_out out = {0};
    if (!hop_known(&s->plan.hop))
        return ERR_ABSENT;
    out_set(&stack->layer, &out, blob_ref(blob));
    layer_send(&stack->layer, &out, &s->plan.hop);
    out_drop(&out);
    return ERR_OK;
}

static enum err send_written(struct sip_stack *stack, struct sending *s, struct blob *blob)
{
    bool makes_call = s->plan.id == SIP_INVITE && handle_none(s->plan.options->call);
    if (s->plan.id == SIP_ACK)
        return send_bare(stack, s, blob);
    enum err err = makes_call        ? new_call(stack, s)
                   : s->asks != NULL ? stack_subscriptions.begin(stack, s)
                                     : ERR_OK;
    bool begun = err == ERR_OK;
    if (begun)
        err = start(stack, s, blob);
    if (err != ERR_OK && makes_call && s->call != NULL)
        call_free(stack, s->call);
    if (err != ERR_OK && begun && s->asks != NULL)
        stack_subscriptions.undo(stack, s);
    return err;
}

/* What the dialog has been asked for once it brings along by itself. */
static enum err bring_credentials(struct sip_stack *stack, struct sending *s)
{
    const struct sip_dialog *dialog = s->sub != NULL    ? s->sub->dialog
                                      : s->call != NULL ? &s->call->dialog
                                                        : NULL;
    if (dialog != NULL)
        s->spaces |= dialog->spaces;
    s->account = s->plan.options->account;
    if (s->account == 0 && dialog != NULL)
        s->account = dialog->account;
    if (s->spaces == 0 || (s->plan.options->again & SIP_AGAIN_AUTH) == 0)
        return ERR_OK;
    return credentials_write(stack, &s->plan, s->spaces, &s->plan.credentials);
}

/* RFC 3261 §18.1.1: what is longer than 1,300 bytes goes by a transport that knows congestion, and
 * Via says so. A Via that the user has written stays, and so does the way that it names. */
static struct blob *write_sized(struct sip_stack *stack, struct sending *s)
{
    const struct sip_request_options *options = s->plan.options;
    struct blob *blob = request_write(stack, &s->plan);
    struct sip_hop hop;
    if (blob == NULL || blob->len <= DATAGRAM_MOST ||
        layer_bound(&stack->layer, &s->plan.hop)->proto != PROTO_UDP ||
        sip_row_find(options->rows, options->row_count, SIP_HEADER_VIA) != NULL ||
        hop_from(stack, PROTO_TCP, &s->plan.hop.remote, &hop) != ERR_OK)
        return blob;
    blob_unref(blob);
    s->small = s->plan.hop;
    s->by_size = true;
    s->plan.hop = hop;
    return request_write(stack, &s->plan);
}

static enum err send_planned(struct sip_stack *stack, struct sending *s)
{
    struct blob *blob = write_sized(stack, s);
    if (blob == NULL)
        return layer_failed(&stack->layer);
    enum err err = plan_adopt(s, blob);
    if (err == ERR_OK)
        err = send_written(stack, s, blob);
    if (s->adopted != NULL)
        sip_msg_unref(s->adopted);
    blob_unref(blob);
    return err;
}

enum err sending_send(struct sip_stack *stack, struct sending *s)
{
    enum err err = plan_request(stack, s);
    if (err == ERR_OK)
        err = bring_credentials(stack, s);
    if (err == ERR_OK)
        err = send_planned(stack, s);
    locate_end(stack->locate, s->plan.lookup); /* nobody's */
    return err;
}

enum err sip_request_send(struct sip_stack *stack, uint64_t now_us,
                          const struct sip_request_options *options, struct handle *out_request,
                          struct handle *out_call)
{
    struct sending s = {.plan = {.options = options}};
    enum err err = command_enter(stack, now_us);
    if (err != ERR_OK)
        return err;
    err = sending_send(stack, &s);
    if (err == ERR_OK && s.plan.id == SIP_BYE && s.call != NULL) {
        call_end(s.call, SIP_ENDED_BYE, 0);
        call_step(stack, s.call, BYE_SENT);
    }
    err = command_leave(stack, err);
    if (err != ERR_OK)
        return err;
    *out_request = s.tx == NULL ? (struct handle){0} : s.tx->handle;
    if (out_call != NULL)
        *out_call = s.call == NULL ? (struct handle){0} : s.call->handle;
    return ERR_OK;
}

enum err request_of_stack(struct sip_stack *stack, struct sip_call *call,
                          struct sip_request_options *options)
{
    struct sending s = {.plan = {.options = options}, .own = true};
    options->call = call->handle;
    options->force = true;
    options->again |= stack->again;
    return sending_send(stack, &s);
}
