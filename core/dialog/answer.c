#include "core/dialog/answer.h"

#include "core/base/alloc.h"

#include <stddef.h>

/* The next copy, or the end where that comes first. */
static void arm(struct tx_layer *layer, struct sip_answer *answer, uint64_t from_us)
{
    uint64_t due_us = timer_sum(from_us, answer->timer.wait_us);
    due_us = due_us < answer->until_us ? due_us : answer->until_us;
    timer_set(layer, &answer->timer, answer->owner, due_us);
}

enum err answer_create(struct tx_layer *layer, const struct sip_answer *first,
                       struct sip_answer **out)
{
    struct sip_answer *answer = mem_alloc(sizeof *answer);
    if (answer == NULL)
        return ERR_MEMORY;
    *answer = *first;
    blob_ref(answer->out.bytes);
    answer->timer = (struct sip_timer){.id = TIMER_2XX, .wait_us = layer->timers.t1_us};
    answer->until_us = timer_sum(layer->now_us, timer_times(layer->timers.t1_us, 64));
    arm(layer, answer, layer->now_us);
    *out = answer;
    return ERR_OK;
}

bool answer_fire(struct tx_layer *layer, struct sip_answer *answer)
{
    struct sip_timer *timer = &answer->timer;
    timer_fired(layer, timer, answer->owner);
    if (timer_due_us(timer) >= answer->until_us)
        return true;
    uint64_t wait_us = timer_times(timer->wait_us, 2);
    timer->wait_us = wait_us > layer->timers.t2_us ? layer->timers.t2_us : wait_us;
    arm(layer, answer, timer_due_us(timer));
    layer_send(layer, &answer->out, &answer->hop);
    return false;
}

void answer_destroy(struct tx_layer *layer, struct sip_answer *answer)
{
    if (answer == NULL)
        return;
    timer_stop(layer, &answer->timer, answer->owner);
    out_drop(&answer->out);
    mem_free(answer);
}

struct sip_answer *answer_of_timer(struct sip_timer *timer)
{
    return (struct sip_answer *)((char *)timer - offsetof(struct sip_answer, timer));
}
