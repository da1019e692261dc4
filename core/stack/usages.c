#include "core/stack/usages.h"

void usages_response(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *msg,
                     uint16_t status)
{
    for (size_t i = 0; i < USAGE_COUNT; i++)
        stack_usages[i].response(stack, tx, msg, status);
}

void usages_again(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request)
{
    for (size_t i = 0; i < USAGE_COUNT; i++)
        stack_usages[i].again(stack, tx, request);
}

void usages_fire(struct sip_stack *stack, struct sip_timer *timer)
{
    bool fired = false;
    for (size_t i = 0; i < USAGE_COUNT && !fired; i++)
        fired = stack_usages[i].fire(stack, timer);
    ASSERT(fired);
}

void usages_flow_lost(struct sip_stack *stack, struct handle flow)
{
    for (size_t i = 0; i < USAGE_COUNT; i++)
        if (stack_usages[i].flow_lost != NULL)
            stack_usages[i].flow_lost(stack, flow);
}

void usages_reap(struct sip_stack *stack)
{
    for (size_t i = 0; i < USAGE_COUNT; i++)
        if (stack_usages[i].reap != NULL)
            stack_usages[i].reap(stack);
}

void usages_drop(struct sip_stack *stack)
{
    for (size_t i = 0; i < USAGE_COUNT; i++)
        stack_usages[i].drop(stack);
}
