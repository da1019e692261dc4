#include "core/stack/again.h"

#include "core/base/alloc.h"
#include "core/stack/credentials.h"
#include "core/stack/usages.h"
#include "core/stack/sending.h"
#include "core/stack/session.h"

#include <stddef.h>

void again_row(struct again *again, struct view name, struct view value)
{
    if (name.ptr == NULL || value.ptr == NULL)
        again->failed = ERR_MEMORY;
    else if (again->row_count < AGAIN_ROWS_MAX)
        again->rows[again->row_count++] = (struct sip_row){.name = name, .value = value};
}

static enum err tries_make(struct sip_stack *stack, struct sip_tx *tx, struct tries **out)
{
    *out = table_find(&stack->tries, tx->tries);
    if (*out != NULL)
        return ERR_OK;
    struct tries *tries = mem_zalloc(sizeof *tries);
    if (tries == NULL)
        return ERR_MEMORY;
    enum err err = table_add(&stack->tries, tries, &tries->handle);
    if (err != ERR_OK) {
        mem_free(tries);
        return err;
    }
    tries->tx = tx->handle;
    tries->timer.id = TIMER_AGAIN;
    tx->tries = tries->handle;
    *out = tries;
    return ERR_OK;
}

static void tries_free(struct sip_stack *stack, struct tries *tries)
{
    timer_stop(&stack->layer, &tries->timer, tries->tx);
    table_remove(&stack->tries, tries->handle);
    arena_deinit(&tries->texts);
    mem_free(tries);
}

static bool has_reason(struct again *again)
{
    if (again->tries->count >= AGAIN_TRIES_MAX)
        return false;
    for (again_reason *const *reason = again_reasons; *reason != NULL; reason++) {
        again->uri = (struct view){0};
        again->hop = again->tx->hop;
        again->row_count = 0;
        again->lookup = (struct handle){0};
        again->keep_seq = false;
        if (!(*reason)(again))
            continue;
        if (handle_none(again->lookup) && again->hop.bound == again->tx->hop.bound &&
            addr_equal(&again->hop.remote, &again->tx->hop.remote)) {
            again->lookup = again->tx->lookup; /* to the same place: what is left comes along */
            again->tx->lookup = (struct handle){0};
        }
        return true;
    }
    return false;
}

/* RFC 3261 §8.1.3.5: the number of the new request is one higher. */
static uint32_t next_seq(const struct again *again)
{
    const struct sip_dialog *dialog = dialog_of_tx(again->stack, again->tx);
    bool frozen = dialog != NULL && (again->stack->layer.mutants & SIP_MUTANT_CSEQ_FROZEN) != 0;
    if (again->keep_seq || frozen)
        return again->tx->seq;
    return (dialog == NULL ? again->tx->seq : dialog->local_seq) + 1;
}

/* A new one; what the user had put behind the old one, by which loops are seen, stays (RFC 3261
 * §16.6 item 8). */
static struct view next_branch(const struct again *again, const struct id *id)
{
    struct sip_stack *stack = again->stack;
    const struct sip_via *via = sip_msg_via(again->request, 0);
    size_t tail = again->tx->branch_tail;
    if (tail == 0 || via == NULL || via->branch.len < tail)
        return id_view(id);
    buf_clear(&stack->list);
    buf_add(&stack->list, id_view(id));
    buf_add(&stack->list, view_skip(via->branch, via->branch.len - tail));
    layer_fail(&stack->layer, stack->list.failed);
    return arena_copy(&stack->scratch, buf_view(&stack->list));
}

/* RFC 3261 §18.1.1: with credentials it may have become too long for UDP. Where nothing came it is
 * the way that was wrong, and not the size. */
static struct blob *write_sized(struct again *again, struct view branch, uint32_t seq,
                                bool *out_by_size)
{
    struct blob *bytes = again_write(again, branch, seq);
    struct sip_hop sized = again->hop;
    if (bytes == NULL || again->response == NULL || !hop_known(&again->hop))
        return bytes;
    hop_by_size(again->stack, bytes->len, &sized);
    *out_by_size = sized.bound != again->hop.bound;
    if (!*out_by_size)
        return bytes;
    again->hop = sized;
    blob_unref(bytes);
    return again_write(again, branch, seq);
}

/* The next transaction, which waits; its request stands ready in it. */
static enum err next_create(struct again *again, struct sip_tx **out)
{
    struct sip_stack *stack = again->stack;
    struct sip_tx *tx = again->tx, *next;
    struct id id;
    struct tx_key key;
    uint32_t seq = next_seq(again);
    id_branch_new(stack, &id);
    struct view branch = next_branch(again, &id);
    if (branch.ptr == NULL)
        return ERR_MEMORY;
    bool by_size = false;
    struct blob *bytes = write_sized(again, branch, seq, &by_size);
    if (bytes == NULL)
        return layer_failed(&stack->layer);
    const struct sip_bound *bound = layer_bound(&stack->layer, &again->hop);
    enum err err = ERR_MEMORY;
    if (match_key_own(&stack->layer, branch, bound, tx->key.method, &key))
        err = tx_create(&stack->layer, tx->machine, &key, &again->hop, &next);
    if (err != ERR_OK) {
        blob_unref(bytes);
        return err;
    }
    next->out.bytes = bytes;
    next->seq = seq;
    next->call = tx->call;
    next->sub = tx->sub;
    next->pub = tx->pub;
    next->owner = tx->owner;
    next->known = tx->known;
    next->initial = tx->initial;
    next->branch_tail = tx->branch_tail;
    next->again = tx->again | (by_size ? SIP_AGAIN_BY_UDP : 0u);
    next->account = tx->account;
    next->reg = tx->reg;
    next->tries = again->tries->handle;
    request_located(stack, next, again->lookup);
    *out = next;
    return ERR_OK;
}

static void tell_again(struct sip_stack *stack, const struct sip_tx *tx, struct handle before,
                       bool sent)
{
    struct tell tell = tell_of(SIP_TELL_AGAIN, tx);
    tell.object = before;
    tell.next = tx->handle;
    tell.state = sent;
    layer_tell(&stack->layer, &tell);
}

/* The newest ones are those that the ACK has. */
static enum err keep_credentials(struct sip_call *call, struct sip_msg *request)
{
    struct buf rows = {0};
    for (size_t i = 0; i < sip_msg_line_count(request); i++) {
        const struct sip_line *line = sip_msg_line(request, i);
        credentials_row(&rows, line->id, line->name, line->value);
    }
    return credentials_keep(call, &rows);
}

/* The dialog and its call go on with this transaction. */
static enum err attach(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request)
{
    struct sip_dialog *dialog = dialog_of_tx(stack, tx);
    struct sip_call *call = call_find(stack, tx->call);
    if (dialog != NULL && tx->seq > dialog->local_seq)
        dialog->local_seq = tx->seq;
    usages_again(stack, tx, request);
    if (call != NULL)
        offer_again(stack, call, request);
    if (call == NULL || !tx->machine->invite)
        return ERR_OK;
    call->invite = tx->handle;
    call->invite_seq = tx->seq;
    return keep_credentials(call, request);
}

/* Takes the bytes. */
static void send(struct sip_stack *stack, struct sip_tx *tx, struct blob *bytes)
{
    struct sip_msg *request;
    enum err err = sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &request);
    if (err == ERR_OK) {
        err = attach(stack, tx, request);
        sip_msg_unref(request);
    }
    layer_fail(&stack->layer, err);
    tx_start(&stack->layer, tx, bytes);
    tell_again(stack, tx, tx->handle, true);
}

void again_go(struct sip_stack *stack, struct sip_tx *tx)
{
    struct blob *bytes = tx->out.bytes;
    tx->out.bytes = NULL;
    send(stack, tx, bytes);
}

static void wait(struct sip_stack *stack, struct tries *tries, uint64_t delay_us)
{
    timer_set(&stack->layer, &tries->timer, tries->tx, timer_sum(stack->layer.now_us, delay_us));
}

static void go(struct again *again, struct sip_tx *next)
{
    struct sip_stack *stack = again->stack;
    struct handle before = again->tx->handle;
    again->tries->count++;
    again->tries->status = again->status;
    again->tries->tx = next->handle;
    again->tx->known = false; /* its user goes on with the next one */
    caller_again(stack, again->tx, next, again->uri);
    tell_again(stack, next, before, false);
    if (again->delay_us > 0) {
        wait(stack, again->tries, again->delay_us);
        return;
    }
    if (hop_known(&next->hop)) /* else when it is */
        again_go(stack, next);
}

bool again_is_next(const struct sip_stack *stack, const struct sip_tx *tx)
{
    const struct tries *tries = table_find(&stack->tries, tx->tries);
    return tries != NULL && tries->count > 0 && handle_equal(tries->tx, tx->handle);
}

/* What its user has cancelled is not begun again. */
static bool may(const struct sip_stack *stack, const struct sip_tx *tx, struct blob *bytes)
{
    return tx->again != 0 && bytes != NULL && handle_none(tx->other) && !tx->cancelled &&
           ring_room(&stack->layer.ring) >= EFFECTS_OF_A_COMMAND;
}

static bool begin(struct again *again, const struct tell *told)
{
    struct sip_tx *next = NULL;
    bool found = has_reason(again);
    enum err err = again->failed;
    if (err == ERR_OK && found)
        err = next_create(again, &next);
    layer_fail(&again->stack->layer, err);
    if (err != ERR_OK || !found)
        return false;
    struct tell tell = *told;
    tell.again = true;
    layer_tell(&again->stack->layer, &tell);
    go(again, next);
    return true;
}

bool again_begin(struct sip_stack *stack, struct sip_tx *tx, struct blob *bytes,
                 const struct tell *told)
{
    struct again again = {.stack = stack,
                          .tx = tx,
                          .response = told->generated ? NULL : told->msg,
                          .status = told->status,
                          .keep_vias = stack->forwards != SIP_FORWARDS_NOT};
    if (!may(stack, tx, bytes))
        return false;
    enum err err = tries_make(stack, tx, &again.tries);
    if (err == ERR_OK)
        err = sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &again.request);
    layer_fail(&stack->layer, err);
    if (err != ERR_OK)
        return false;
    sip_msg_check(again.request); /* reads all of it, so that what is missing then is not memory */
    if (!sip_msg_is_whole(again.request))
        again.failed = ERR_MEMORY;
    bool begun = begin(&again, told);
    sip_msg_unref(again.request);
    return begun;
}

/* RFC 3261 §14.1: "if it still desires for that session modification to take place". */
static bool is_moot(const struct sip_call *call)
{
    return call == NULL || call->state >= CALL_ENDING;
}

static bool is_busy(const struct sip_call *call, const struct sip_tx *tx)
{
    bool offering = call->session.oa.state != OA_FREE;
    return offering ||
           (tx->machine->invite && (!handle_none(call->invite) || call->answer != NULL));
}

/* Other requests may have gone out meanwhile, and taken its number. */
static void renew(struct sip_stack *stack, struct sip_tx *tx)
{
    struct again again = {.stack = stack, .tx = tx, .hop = tx->hop};
    layer_fail(&stack->layer, sip_msg_parse(tx->out.bytes, SIP_FRAMING_DATAGRAM, &again.request));
    if (again.request == NULL)
        return;
    const struct sip_via *via = sip_msg_via(again.request, 0);
    tx->seq = next_seq(&again);
    struct blob *bytes = via == NULL ? NULL : again_write(&again, via->branch, tx->seq);
    sip_msg_unref(again.request);
    if (bytes != NULL)
        send(stack, tx, bytes);
}

void again_fire(struct sip_stack *stack, struct sip_timer *timer)
{
    struct tries *tries = (struct tries *)((char *)timer - offsetof(struct tries, timer));
    struct sip_tx *tx = tx_find(&stack->layer, tries->tx);
    ASSERT(tx != NULL);
    timer_fired(&stack->layer, timer, tx->handle);
    struct sip_call *call = call_find(stack, tx->call);
    uint64_t delay_us;
    if (is_moot(call) || tries->count >= AGAIN_TRIES_MAX) {
        tx_end(&stack->layer, tx, V("the call is over"));
        return;
    }
    if (is_busy(call, tx) && sip_glare_wait(stack, call->handle, &delay_us) == ERR_OK) {
        tries->count++;
        wait(stack, tries, delay_us);
        return;
    }
    renew(stack, tx);
}

bool again_waits(const struct sip_stack *stack, const struct sip_tx *tx)
{
    const struct tries *tries = table_find(&stack->tries, tx->tries);
    return tries != NULL && handle_equal(tries->tx, tx->handle) && timer_runs(&tries->timer);
}

void again_over(struct sip_stack *stack, struct sip_tx *tx)
{
    struct tries *tries = table_find(&stack->tries, tx->tries);
    if (tries == NULL || !handle_equal(tries->tx, tx->handle))
        return;
    if (tx->status == 0) /* it never went out: the last one's answer is the request's */
        tx->status = tries->status;
    tries_free(stack, tries);
}

void again_drop_all(struct sip_stack *stack)
{
    uint32_t cursor = 0;
    for (struct tries *tries; (tries = table_next(&stack->tries, &cursor, NULL)) != NULL;)
        tries_free(stack, tries);
    table_deinit(&stack->tries);
}
