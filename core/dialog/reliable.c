#include "core/dialog/reliable.h"

#include "core/base/alloc.h"

#include <stddef.h>

/* The next copy, or the end where that comes first. */
static void arm(struct tx_layer *layer, struct sip_reliable *reliable, uint64_t from_us)
{
    uint64_t due_us = timer_sum(from_us, reliable->timer.wait_us);
    due_us = due_us < reliable->until_us ? due_us : reliable->until_us;
    timer_set(layer, &reliable->timer, reliable->owner, due_us);
}

enum err reliable_create(struct tx_layer *layer, const struct sip_reliable *first,
                         struct sip_reliable **list)
{
    struct sip_reliable *reliable = mem_alloc(sizeof *reliable);
    if (reliable == NULL)
        return ERR_MEMORY;
    *reliable = *first;
    blob_ref(reliable->out.bytes);
    reliable->timer = (struct sip_timer){.id = TIMER_RELIABLE, .wait_us = layer->timers.t1_us};
    reliable->until_us = timer_sum(layer->now_us, timer_times(layer->timers.t1_us, 64));
    arm(layer, reliable, layer->now_us);
    reliable->next = *list;
    *list = reliable;
    return ERR_OK;
}

bool reliable_fire(struct tx_layer *layer, struct sip_reliable *reliable)
{
    struct sip_timer *timer = &reliable->timer;
    timer_fired(layer, timer, reliable->owner);
    if (timer_due_us(timer) >= reliable->until_us)
        return true;
    timer->wait_us = timer_times(timer->wait_us, 2);
    arm(layer, reliable, timer_due_us(timer));
    layer_send(layer, &reliable->out, &reliable->hop);
    return false;
}

static void destroy(struct tx_layer *layer, struct sip_reliable *reliable)
{
    timer_stop(layer, &reliable->timer, reliable->owner);
    out_drop(&reliable->out);
    mem_free(reliable);
}

bool reliable_take(struct tx_layer *layer, struct sip_reliable **list, uint32_t rseq, uint32_t cseq)
{
    for (struct sip_reliable **at = list; *at != NULL; at = &(*at)->next) {
        struct sip_reliable *reliable = *at;
        if (reliable->rseq != rseq || reliable->cseq != cseq)
            continue;
        *at = reliable->next;
        destroy(layer, reliable);
        return true;
    }
    return false;
}

void reliable_stop_all(struct tx_layer *layer, struct sip_reliable *list)
{
    for (; list != NULL; list = list->next)
        timer_stop(layer, &list->timer, list->owner);
}

void reliable_drop_all(struct tx_layer *layer, struct sip_reliable **list)
{
    while (*list != NULL) {
        struct sip_reliable *reliable = *list;
        *list = reliable->next;
        destroy(layer, reliable);
    }
}

struct sip_reliable *reliable_of_timer(struct sip_timer *timer)
{
    return (struct sip_reliable *)((char *)timer - offsetof(struct sip_reliable, timer));
}
