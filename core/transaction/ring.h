/* Effects that wait to be drained, in order. The ring owns what they hold: bytes, and the message
 * of a TELL, until they are taken out.
 *
 *     enum err err = ring_push(&ring, &effect);
 *     while (ring_take(&ring, &effect))
 *         carry_out(&effect);
 */
#pragma once
#include "core/net/net.h"

struct effect_ring {
    struct effect *items;
    uint32_t size, head, count;
    uint32_t limit;
};

enum err ring_push(struct effect_ring *ring,
                   const struct effect *effect) NODISCARD; /* LIMIT, MEMORY */
bool ring_take(struct effect_ring *ring, struct effect *out);
uint32_t ring_room(const struct effect_ring *ring); /* how many more until the limit */
void ring_deinit(struct effect_ring *ring);
