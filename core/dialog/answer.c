#include "core/dialog/answer.h"

#include "core/base/alloc.h"

#include <stddef.h>

enum err answer_create(struct tx_layer *layer, const struct sip_answer *first,
                       struct sip_answer **out)
{
    struct sip_answer *answer = mem_alloc(sizeof *answer);
    if (answer == NULL)
        return ERR_MEMORY;
    *answer = *first;
    repeat_begin(layer, &answer->repeat, TIMER_2XX);
    *out = answer;
    return ERR_OK;
}

bool answer_fire(struct tx_layer *layer, struct sip_answer *answer)
{
    return repeat_fire(layer, &answer->repeat, layer->timers.t2_us);
}

void answer_destroy(struct tx_layer *layer, struct sip_answer *answer)
{
    if (answer == NULL)
        return;
    repeat_end(layer, &answer->repeat);
    mem_free(answer);
}

struct sip_answer *answer_of_timer(struct sip_timer *timer)
{
    return (struct sip_answer *)((char *)timer - offsetof(struct sip_answer, repeat.timer));
}
