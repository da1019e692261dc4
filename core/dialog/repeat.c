#include "core/dialog/repeat.h"

/* The next copy, or the end where that comes first. */
static void arm(struct tx_layer *layer, struct sip_repeat *repeat, uint64_t from_us)
{
    uint64_t due_us = timer_sum(from_us, repeat->timer.wait_us);
    due_us = due_us < repeat->until_us ? due_us : repeat->until_us;
    timer_set(layer, &repeat->timer, repeat->owner, due_us);
}

void repeat_begin(struct tx_layer *layer, struct sip_repeat *repeat, uint8_t timer_id)
{
    blob_ref(repeat->out.bytes);
    repeat->timer = (struct sip_timer){.id = timer_id, .wait_us = layer->timers.t1_us};
    repeat->until_us = timer_sum(layer->now_us, timer_64_t1(&layer->timers));
    arm(layer, repeat, layer->now_us);
}

bool repeat_fire(struct tx_layer *layer, struct sip_repeat *repeat, uint64_t most_us)
{
    struct sip_timer *timer = &repeat->timer;
    timer_fired(layer, timer, repeat->owner);
    if (timer_due_us(timer) >= repeat->until_us)
        return true;
    uint64_t wait_us = timer_times(timer->wait_us, 2);
    timer->wait_us = wait_us > most_us ? most_us : wait_us;
    arm(layer, repeat, timer_due_us(timer));
    layer_send(layer, &repeat->out, &repeat->hop);
    return false;
}

void repeat_stop(struct tx_layer *layer, struct sip_repeat *repeat)
{
    timer_stop(layer, &repeat->timer, repeat->owner);
}

void repeat_end(struct tx_layer *layer, struct sip_repeat *repeat)
{
    repeat_stop(layer, repeat);
    out_drop(&repeat->out);
}
