#include "core/stack/again.h"
#include "core/stack/usages.h"
#include "core/stack/session.h"

#include <stddef.h>

static struct sip_timer *timer_of_node(struct timeline_node *node)
{
    return (struct sip_timer *)((char *)node - offsetof(struct sip_timer, node));
}

static void fire_tx(struct sip_stack *stack, struct sip_timer *timer)
{
    struct sip_tx *tx = tx_of_timer(timer);
    bool invite_accepted = tx->machine == &tx_invite_client && timer->id == TIMER_M;
    uint32_t doing = tx_fire(&stack->layer, tx, timer);
    if ((doing & SEND_100) != 0)
        stack_send_100(stack, tx);
    if ((doing & TELL_TIMEOUT) != 0 && tx->machine->client)
        stack_tx_failed(stack, tx, 408, NET_TIMEOUT);
    if (invite_accepted)
        caller_fork_over(stack, tx);
}

static void fire_answer(struct sip_stack *stack, struct sip_timer *timer)
{
    struct sip_answer *unacked = answer_of_timer(timer);
    struct sip_call *call = unacked->call;
    if (!answer_fire(&stack->layer, unacked))
        return;
    uint32_t doing = call_step(stack, call, NO_ACK);
    call_answer_drop(stack, call);
    if ((doing & CALL_BYE) == 0)
        return;
    call_end(call, SIP_ENDED_TIMEOUT, 408);
    call_bye(stack, call);
}

void sip_stack_expire(struct sip_stack *stack, uint64_t now_us)
{
    struct timeline_node *node = stack->layer.timeline.due;
    if (node == NULL || node->heap.at.at_us > now_us)
        return;
    stack_enter(stack, now_us, NULL);
    struct sip_timer *timer = timer_of_node(node);
    if (timer->id < TIMER_OF_OTHERS)
        fire_tx(stack, timer);
    else if (timer->id == TIMER_LINGER)
        call_linger_fire(stack, call_of_linger(timer));
    else if (timer->id == TIMER_AGAIN)
        again_fire(stack, timer);
    else if (timer->id == TIMER_SESSION)
        refresh_fire(stack, refresh_of_timer(timer));
    else if (timer->id == TIMER_RELIABLE)
        reliable_expire(stack, reliable_of_timer(timer));
    else if (timer->id == TIMER_2XX)
        fire_answer(stack, timer);
    else
        usages_fire(stack, timer);
    enum err err = stack_leave(stack);
    stack->failure = stack->failure == ERR_OK ? err : stack->failure;
}

struct moment sip_stack_deadline(const struct sip_stack *stack)
{
    const struct timeline_node *node = stack->layer.timeline.due;
    return node == NULL ? moment_never : node->heap.at;
}

struct walk {
    void *ctx;
    void (*each)(void *ctx, const struct sip_timer_info *timer);
};

static void timer_show(void *ctx, struct timeline_node *node)
{
    const struct walk *walk = ctx;
    struct sip_timer *timer = timer_of_node(node);
    struct sip_timer_info info = {.name = timer_text(timer->id), .due_us = timer_due_us(timer)};
    if (timer->id < TIMER_OF_OTHERS) {
        const struct sip_tx *tx = tx_of_timer(timer);
        info.of = tx->machine->name;
        info.state = tx_state_text(tx->state);
        info.method = sip_method_name((enum sip_method)tx->method);
    }
    walk->each(walk->ctx, &info);
}

void sip_stack_timers(const struct sip_stack *stack, void *ctx,
                      void (*each)(void *ctx, const struct sip_timer_info *timer))
{
    struct walk walk = {ctx, each};
    timeline_each(&stack->layer.timeline, &walk, timer_show);
}
