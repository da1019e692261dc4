#include "core/base/alloc.h"
#include "core/dialog/owned.h"
#include "core/stack/sending.h"
#include "core/stack/session.h"

#include <string.h>

/* What the user sees of a call's state. */
enum sip_call_state call_shown(uint8_t state)
{
    static const uint8_t states[CALL_STATE_COUNT] = {
        [CALL_CALLING] = SIP_CALL_CALLING,  [CALL_EARLY] = SIP_CALL_EARLY,
        [CALL_ANSWERED] = SIP_CALL_EARLY,   [CALL_CONFIRMED] = SIP_CALL_CONFIRMED,
        [CALL_ENDING] = SIP_CALL_CONFIRMED, [CALL_TERMINATED] = SIP_CALL_TERMINATED,
    };
    return (enum sip_call_state)states[state];
}

enum err call_create(struct sip_stack *stack, bool caller, struct sip_call **out)
{
    struct sip_call *call = stack->pool;
    if (call != NULL)
        stack->pool = call->next;
    else
        call = mem_alloc(sizeof *call);
    if (call == NULL)
        return ERR_MEMORY;
    memset(call, 0, sizeof *call);
    enum err err = table_add(&stack->calls, call, &call->handle);
    if (err != ERR_OK) {
        call->next = stack->pool;
        stack->pool = call;
        return err;
    }
    call->caller = caller;
    call->dialog.of_call = true;
    call->state = CALL_CALLING;
    call->manual = stack->manual;
    call->linger.id = TIMER_LINGER;
    stack->call_count++;
    *out = call;
    return ERR_OK;
}

static void tell_state(struct sip_stack *stack, struct sip_call *call)
{
    struct tell tell = {.what = SIP_TELL_CALL,
                        .call = call->handle,
                        .status = call->ended_status,
                        .state = (uint16_t)call_shown(call->state)};
    layer_tell(&stack->layer, &tell);
}

/* What has ended is kept as long as anything of it can still come: copies of a 2xx, late requests.
 */
static void linger(struct sip_stack *stack, struct sip_call *call)
{
    uint64_t wait_us = timer_64_t1(&stack->layer.timers);
    timer_set(&stack->layer, &call->linger, call->handle, timer_sum(stack->layer.now_us, wait_us));
}

static bool has_dialog(uint8_t state)
{
    return state != CALL_CALLING && state != CALL_TERMINATED;
}

enum err call_tag_set(struct sip_stack *stack, struct sip_call *call, struct sip_tx *tx,
                      struct view tag)
{
    enum err err = tx_tag_set(tx, tag);
    if (err == ERR_OK)
        err = dialog_tag_set(&call->dialog, tag);
    return err != ERR_OK ? err : dialog_list(&stack->dialogs, &call->dialog);
}

void call_answer_drop(struct sip_stack *stack, struct sip_call *call)
{
    answer_destroy(&stack->layer, call->answer);
    call->answer = NULL;
}

uint32_t call_step(struct sip_stack *stack, struct sip_call *call, uint8_t on)
{
    const struct call_row *row = call_row_find(call->caller, call->state, on);
    if (row == NULL)
        return 0;
    if ((row->doing & CALL_STOP_2XX) != 0)
        call_answer_drop(stack, call);
    uint8_t before = call->state;
    if (row->to == before)
        return row->doing;
    call->state = row->to;
    layer_trace_state(&stack->layer, call->handle, V("call"), call_state_text(before),
                      call_state_text(row->to), call_event_text(on));
    stack->dialog_count += (uint32_t)has_dialog(row->to) - (uint32_t)has_dialog(before);
    if (row->to >= CALL_ENDING)
        refresh_stop(stack, call);
    if (row->to == CALL_TERMINATED) {
        stack->call_count--;
        linger(stack, call);
    }
    if (call_shown(before) != call_shown(row->to))
        tell_state(stack, call);
    return row->doing;
}

void call_end(struct sip_call *call, uint8_t ended, uint16_t status)
{
    if (call->ended != SIP_ENDED_NOT)
        return;
    call->ended = ended;
    call->ended_status = status;
}

void call_bye(struct sip_stack *stack, struct sip_call *call)
{
    struct sip_request_options bye = {.method = V("BYE")};
    enum err err = request_of_stack(stack, call, &bye);
    layer_fail(&stack->layer, err);
    call_end(call, SIP_ENDED_BYE, 0);
    call_step(stack, call, BYE_SENT);
    if (err != ERR_OK) /* it cannot be sent: nobody will answer it */
        call_step(stack, call, BYE_DONE);
}

void call_free(struct sip_stack *stack, struct sip_call *call)
{
    if (call->state != CALL_TERMINATED) {
        stack->call_count--;
        stack->dialog_count -= has_dialog(call->state);
    }
    call->state = CALL_TERMINATED;
    dialog_unlist(&stack->dialogs, &call->dialog);
    call_deinit(&stack->layer, call);
    table_remove(&stack->calls, call->handle);
    call->next = stack->pool;
    stack->pool = call;
}

void call_linger_fire(struct sip_stack *stack, struct sip_call *call)
{
    timer_fired(&stack->layer, &call->linger, call->handle);
    if (tx_find(&stack->layer, call->initial) != NULL || call->dialog.subs != NULL) {
        linger(stack, call); /* a 2xx could still come, or a subscription lives in its dialog */
        return;
    }
    call->next = stack->freed;
    stack->freed = call;
}

void calls_reap(struct sip_stack *stack)
{
    while (stack->freed != NULL) {
        struct sip_call *call = stack->freed;
        stack->freed = call->next;
        call_free(stack, call);
    }
}

void calls_drop(struct sip_stack *stack)
{
    calls_reap(stack);
    uint32_t cursor = 0;
    for (struct sip_call *call; (call = table_next(&stack->calls, &cursor, NULL)) != NULL;)
        call_free(stack, call);
    while (stack->pool != NULL) {
        struct sip_call *call = stack->pool;
        stack->pool = call->next;
        mem_free(call);
    }
    table_deinit(&stack->calls);
}
