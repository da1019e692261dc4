#include "core/transaction/tx.h"

#include "core/transaction/derive.h"

#include <stddef.h>
#include <string.h>

static bool listed(const struct tx_wait *wait, uint8_t timer)
{
    for (uint8_t i = 0; wait != NULL && i < wait->timer_count; i++)
        if (wait->timers[i] == timer)
            return true;
    return false;
}

static bool running(const struct sip_tx *tx, uint8_t timer)
{
    for (size_t i = 0; i < TX_TIMERS_AT_ONCE; i++)
        if (timer_runs(&tx->timers[i]) && tx->timers[i].id == timer)
            return true;
    return false;
}

static void timer_begin(struct tx_layer *layer, struct sip_tx *tx, uint8_t id)
{
    uint64_t wait_us;
    bool reliable = layer_reliable(layer, &tx->hop);
    if ((id == TIMER_100 && tx->quiet) || running(tx, id) ||
        !timer_wait(&layer->timers, id, tx->machine->invite, reliable, &wait_us))
        return;
    struct sip_timer *timer = timer_runs(&tx->timers[0]) ? &tx->timers[1] : &tx->timers[0];
    ASSERT(!timer_runs(timer));
    timer->id = id;
    timer->wait_us = wait_us;
    timer_set(layer, timer, tx->handle, timer_sum(layer->now_us, wait_us));
}

/* What the figures allow to be forgotten early: many calls wait in these states. The 2xx of an
 * INVITE stays until its ACK is there, for its user. */
static void release(struct sip_tx *tx)
{
    bool answered = tx->state == COMPLETED || tx->state == ACCEPTED;
    if (tx->state == CONFIRMED || (answered && tx->machine->client))
        out_drop(&tx->out);
}

/* Timers belong to states: those that the new one does not list stop, the others go on or begin. */
static void enter(struct tx_layer *layer, struct sip_tx *tx, uint8_t state, struct view why)
{
    const struct tx_wait *wait = tx_wait_find(tx->machine, state);
    layer_trace_state(layer, tx->handle, tx->machine->name, tx_state_text(tx->state),
                      tx_state_text(state), why);
    tx->state = state;
    for (size_t i = 0; i < TX_TIMERS_AT_ONCE; i++)
        if (timer_runs(&tx->timers[i]) && !listed(wait, tx->timers[i].id))
            timer_leave(layer, &tx->timers[i]);
    for (uint8_t i = 0; wait != NULL && i < wait->timer_count; i++)
        timer_begin(layer, tx, wait->timers[i]);
    release(tx);
    if (state != TERMINATED)
        return;
    match_remove(layer, tx);
    *(tx->machine->client ? &layer->client_count : &layer->server_count) -= 1;
    tx->next = NULL;
    *(layer->ended == NULL ? &layer->ended : &layer->ended_last->next) = tx;
    layer->ended_last = tx;
    if (layer->ended_new == NULL)
        layer->ended_new = tx;
}

void tx_start(struct tx_layer *layer, struct sip_tx *tx, struct blob *request)
{
    ASSERT(tx->state == TX_WAITING);
    enter(layer, tx, tx->machine->first, tx->key.method);
    if (request == NULL)
        return;
    out_set(layer, &tx->out, request);
    tx->out.owner = tx->handle;
    tx->out.with_owner = true;
    layer_send(layer, &tx->out, &tx->hop);
}

/* The interval counts from when the timer was due, not from when the loop came to it. */
static void rearm(struct tx_layer *layer, struct sip_tx *tx, struct sip_timer *timer,
                  uint16_t doing)
{
    uint64_t t2_us = layer->timers.t2_us;
    bool capped = (doing & REARM_CAPPED) != 0 ||
                  (timer->id == TIMER_A && (layer->mutants & SIP_MUTANT_TIMER_A_CAPPED) != 0);
    uint64_t wait_us = (doing & REARM_T2) != 0 ? t2_us : timer_times(timer->wait_us, 2);
    timer->wait_us = capped && wait_us > t2_us ? t2_us : wait_us;
    timer_set(layer, timer, tx->handle, timer_sum(timer_due_us(timer), timer->wait_us));
}

static void ack(struct tx_layer *layer, struct sip_tx *tx, struct sip_msg *response)
{
    if (tx->ack.bytes == NULL && response != NULL) {
        struct blob *bytes = derive_ack(layer, tx, response);
        layer_fail(layer, bytes == NULL ? ERR_MEMORY : ERR_OK);
        out_set(layer, &tx->ack, bytes);
    }
    layer_send(layer, &tx->ack, &tx->hop);
}

static void stop_100(struct tx_layer *layer, struct sip_tx *tx)
{
    for (size_t i = 0; i < TX_TIMERS_AT_ONCE; i++)
        if (tx->timers[i].id == TIMER_100)
            timer_stop(layer, &tx->timers[i], tx->handle);
}

static void act(struct tx_layer *layer, struct sip_tx *tx, const struct tx_row *row,
                const struct tx_input *input)
{
    if ((row->doing & RESEND) != 0)
        layer_send(layer, &tx->out, &tx->hop);
    if ((row->doing & SEND_ACK) != 0)
        ack(layer, tx, input->msg);
    if ((row->doing & SEND_RESPONSE) != 0 && input->bytes != NULL) {
        out_set(layer, &tx->out, blob_ref(input->bytes));
        tx->out.owner = tx->handle;
        layer_send(layer, &tx->out, &tx->hop);
    }
    if ((row->doing & STOP_100) != 0)
        stop_100(layer, tx);
}

uint32_t sip_tx_step(struct tx_layer *layer, struct sip_tx *tx, uint8_t on,
                     const struct tx_input *input)
{
    static const struct tx_input nothing = {0};
    const struct tx_row *row = tx_row_find(tx->machine, tx->state, on);
    input = input == NULL ? &nothing : input;
    struct view why = input->why.ptr == NULL ? tx_event_text(on) : input->why;
    if (row == NULL) {
        layer_trace_state(layer, tx->handle, tx->machine->name, tx_state_text(tx->state),
                          tx_state_text(tx->state), why);
        blob_unref(input->bytes);
        return 0;
    }
    act(layer, tx, row, input);
    if (row->to != tx->state)
        enter(layer, tx, row->to, why);
    blob_unref(input->bytes);
    return row->doing & (uint32_t)(TELL_USER | TELL_TIMEOUT | TELL_ERROR | SEND_100);
}

uint32_t tx_fire(struct tx_layer *layer, struct sip_tx *tx, struct sip_timer *timer)
{
    static const uint16_t rearming = REARM_DOUBLED | REARM_CAPPED | REARM_T2;
    timer_fired(layer, timer, tx->handle);
    const struct tx_row *row = tx_row_find(tx->machine, tx->state, timer->id);
    ASSERT(row != NULL); /* a timer belongs to the state that it runs in */
    if ((row->doing & rearming) != 0)
        rearm(layer, tx, timer, row->doing);
    char room[16] = "Timer ";
    struct view name = timer_text(timer->id);
    memcpy(room + 6, name.ptr, name.len);
    return sip_tx_step(layer, tx, timer->id,
                       &(struct tx_input){
                           .why = {room, 6 + name.len}
    });
}

void tx_end(struct tx_layer *layer, struct sip_tx *tx, struct view why)
{
    if (tx->state != TERMINATED)
        enter(layer, tx, TERMINATED, why);
}

void tx_cancel_wait(struct tx_layer *layer, struct sip_tx *tx)
{
    ASSERT(tx->machine == &tx_invite_client && tx->state == PROCEEDING);
    timer_begin(layer, tx, TIMER_CANCEL);
}

void tx_hundred(struct tx_layer *layer, struct sip_tx *tx)
{
    tx->quiet = false;
    if (listed(tx_wait_find(tx->machine, tx->state), TIMER_100))
        timer_begin(layer, tx, TIMER_100);
}

struct sip_tx *tx_of_timer(struct sip_timer *timer)
{
    return (struct sip_tx *)((char *)(timer - timer->slot) - offsetof(struct sip_tx, timers));
}

bool tx_final(const struct sip_tx *tx)
{
    return tx->state == COMPLETED || tx->state == CONFIRMED || tx->state == ACCEPTED ||
           tx->state == TERMINATED;
}
