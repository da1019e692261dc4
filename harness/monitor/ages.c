#include "harness/monitor/ages.h"

#include <utlist.h>

void age_drop(struct ages *ages, struct age *age)
{
    if (age->queue != AGE_NONE)
        DL_DELETE(ages->queues[age->queue], age);
    age->queue = AGE_NONE;
}

void age_move(struct ages *ages, struct age *age, enum age_queue queue)
{
    age_drop(ages, age);
    DL_APPEND(ages->queues[queue], age);
    age->queue = queue;
}

void age_touch(struct ages *ages, struct age *age, uint64_t now_us)
{
    age->touched_us = now_us;
    age_move(ages, age, AGE_FRESH);
}

struct age *ages_due(const struct ages *ages, uint64_t now_us)
{
    for (size_t i = AGE_FRESH; i < AGE_QUEUES; i++) {
        struct age *first = ages->queues[i];
        if (first != NULL && time_after(first->touched_us, ages->kept_us[i]) <= now_us)
            return first;
    }
    return NULL;
}
