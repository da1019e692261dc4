#include "core/transaction/ring.h"

#include "core/message/msg.h"

enum { RING_FIRST = 16 };

static enum err grow(struct effect_ring *ring)
{
    if (ring->count >= ring->limit)
        return ERR_LIMIT;
    if (ring->count < ring->size)
        return ERR_OK;
    uint32_t size = ring->size == 0 ? RING_FIRST : ring->size * 2;
    struct effect *items = mem_alloc(size * sizeof *items);
    if (items == NULL)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < ring->count; i++)
        items[i] = ring->items[(ring->head + i) & (ring->size - 1)];
    mem_free(ring->items);
    ring->items = items;
    ring->size = size;
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
