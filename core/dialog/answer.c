#include "core/dialog/answer.h"

#include "core/base/alloc.h"

#include <stddef.h>

static void begin(struct tx_layer *layer, struct sip_answer *answer, uint8_t slot, uint8_t id,
                  uint64_t wait_us)
{
    struct sip_timer *timer = &answer->timers[slot];
    timer->slot = slot;
    timer->id = id;
    timer->wait_us = wait_us;
    timer_set(layer, timer, answer->owner, timer_sum(layer->now_us, wait_us));
}

enum err answer_create(struct tx_layer *layer, const struct sip_answer *first,
                       struct sip_answer **out)
{
    struct sip_answer *answer = mem_alloc(sizeof *answer);
    if (answer == NULL)
        return ERR_MEMORY;
    *answer = *first;
    blob_ref(answer->out.bytes);
    begin(layer, answer, 0, TIMER_2XX, layer->timers.t1_us);
    begin(layer, answer, 1, TIMER_NO_ACK, timer_times(layer->timers.t1_us, 64));
    *out = answer;
    return ERR_OK;
}

bool answer_fire(struct tx_layer *layer, struct sip_answer *answer, struct sip_timer *timer)
{
    timer_fired(layer, timer, answer->owner);
    if (timer->id == TIMER_NO_ACK)
        return true;
    uint64_t wait_us = timer_times(timer->wait_us, 2);
    timer->wait_us = wait_us > layer->timers.t2_us ? layer->timers.t2_us : wait_us;
    timer_set(layer, timer, answer->owner, timer_sum(timer->node.at.at_us, timer->wait_us));
    layer_send(layer, &answer->out, &answer->hop);
    return false;
}

void answer_destroy(struct tx_layer *layer, struct sip_answer *answer)
{
    if (answer == NULL)
        return;
    timer_stop(layer, &answer->timers[0], answer->owner);
    timer_stop(layer, &answer->timers[1], answer->owner);
    out_drop(&answer->out);
    mem_free(answer);
}

struct sip_answer *answer_of_timer(struct sip_timer *timer)
{
    return (struct sip_answer *)((char *)(timer - timer->slot) -
                                 offsetof(struct sip_answer, timers));
}
