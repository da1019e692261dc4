#include "core/stack/usage/usage.h"

enum { SECONDS_MAX = 0x7fffffff };

struct span span_of(const struct sip_stack *stack, uint64_t left_s)
{
    uint64_t answer_us = timer_64_t1(&stack->layer.timers);
    uint64_t left_us = (left_s > SECONDS_MAX ? SECONDS_MAX : left_s) * US_PER_S;
    uint64_t early_us = answer_us < left_us / 2 ? answer_us : left_us / 2;
    uint64_t until_us = timer_sum(stack->layer.now_us, left_us);
    return (struct span){.until_us = until_us, .refresh_us = until_us - early_us};
}
