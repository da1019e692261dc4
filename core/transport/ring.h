/* Packets that arrived and wait for the loop, in order of arrival. All that a callback of libevent
 * may do is append here.
 *
 *     enum err err = ring_add(&ring, party, at_ns, &packet);
 *     struct arrival *first = ring_first(&ring);
 *     ring_pop(&ring);
 */
#pragma once
#include "core/net/net.h"

struct arrival {
    uint64_t at_ns; /* since the driver began: finer than the packet's at_us */
    uint32_t party;
    struct packet packet;
};

struct ring { /* zeroed: empty */
    struct arrival *items;
    uint32_t first, count, size;
    size_t bytes; /* of all the datagrams in it */
};

enum { RING_LIMIT = 1 << 16, RING_BYTES = 64 << 20 };

/* By at_ns; of equal ones the earlier call comes first. Fills in at_us. Takes the packet's bytes,
 * also where it fails. MEMORY, LIMIT. */
enum err ring_add(struct ring *ring, uint32_t party, uint64_t at_ns,
                  const struct packet *packet) NODISCARD;
const struct arrival *ring_first(const struct ring *ring); /* NULL: empty */
void ring_pop(struct ring *ring); /* the caller has a copy, and its bytes */
bool ring_full(const struct ring *ring);
void ring_drop(struct ring *ring, struct handle link); /* all that came over this socket */
void ring_deinit(struct ring *ring);
