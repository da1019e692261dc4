#include "core/dialog/reliable.h"

#include "core/base/alloc.h"

#include <stddef.h>

enum err reliable_create(struct tx_layer *layer, const struct sip_reliable *first,
                         struct sip_reliable **list)
{
    struct sip_reliable *reliable = mem_alloc(sizeof *reliable);
    if (reliable == NULL)
        return ERR_MEMORY;
    *reliable = *first;
    repeat_begin(layer, &reliable->repeat, TIMER_RELIABLE);
    reliable->next = *list;
    *list = reliable;
    return ERR_OK;
}

bool reliable_fire(struct tx_layer *layer, struct sip_reliable *reliable)
{
    return repeat_fire(layer, &reliable->repeat, NEVER);
}

static void destroy(struct tx_layer *layer, struct sip_reliable *reliable)
{
    repeat_end(layer, &reliable->repeat);
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
        repeat_stop(layer, &list->repeat);
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
    return (struct sip_reliable *)((char *)timer - offsetof(struct sip_reliable, repeat.timer));
}
