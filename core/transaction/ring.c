#include "core/transaction/ring.h"

#include "core/message/msg.h"

enum { RING_FIRST = 16 };

static enum err grow(struct effect_ring *ring)
{
    if (ring->count >= ring->limit)
        return ERR_LIMIT;
    if (ring->count < ring->size)
        return ERR_OK;
    struct effect *items =
        mem_ring_grow(ring->items, sizeof *items, ring->head, ring->count, &ring->size, RING_FIRST);
    if (items == NULL)
        return ERR_MEMORY;
    ring->items = items;
    ring->head = 0;
    return ERR_OK;
}

enum err ring_push(struct effect_ring *ring, const struct effect *effect)
{
    enum err err = grow(ring);
    if (err != ERR_OK)
        return err;
    ring->items[(ring->head + ring->count) & (ring->size - 1)] = *effect;
    ring->count++;
    return ERR_OK;
}

bool ring_take(struct effect_ring *ring, struct effect *out)
{
    if (ring->count == 0)
        return false;
    *out = ring->items[ring->head];
    ring->head = (ring->head + 1) & (ring->size - 1);
    ring->count--;
    return true;
}

uint32_t ring_room(const struct effect_ring *ring)
{
    return ring->limit - ring->count;
}

void ring_deinit(struct effect_ring *ring)
{
    struct effect effect;
    while (ring_take(ring, &effect)) {
        sip_msg_unref(effect.tell.msg);
        effect_deinit(&effect);
    }
    mem_free(ring->items);
    *ring = (struct effect_ring){.limit = ring->limit};
}
