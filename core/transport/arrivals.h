/* Packets that arrived and wait for the loop, in order of arrival. All that a callback of libevent
 * may do is append here.
 *
 *     enum err err = arrivals_add(&ring, party, at_ns, &packet);
 *     struct arrival *first = arrivals_first(&ring);
 *     arrivals_pop(&ring);
 */
#pragma once
#include "core/net/net.h"

struct arrival {
    uint64_t at_ns; /* since the driver began: finer than the packet's at_us */
    uint32_t party;
    struct packet packet;
};

struct arrivals { /* zeroed: empty */
    struct arrival *items;
    uint32_t first, count, size;
    size_t bytes; /* of all the datagrams in it */
};

enum { RING_LIMIT = 1 << 16, RING_BYTES = 64 << 20 };

/* By at_ns; of equal ones the earlier call comes first. Fills in at_us. Takes the packet's bytes,
 * also where it fails. MEMORY, LIMIT. */
enum err arrivals_add(struct arrivals *ring, uint32_t party, uint64_t at_ns,
                      const struct packet *packet) NODISCARD;
const struct arrival *arrivals_first(const struct arrivals *ring); /* NULL: empty */
void arrivals_pop(struct arrivals *ring);        /* the caller has a copy, and its bytes */
bool arrivals_full(const struct arrivals *ring); /* for more bytes */
void arrivals_drop(struct arrivals *ring, struct handle link); /* all that came over this socket */
/* The answer to this open, and all that came over its link. */
void arrivals_drop_open(struct arrivals *ring, uint32_t party, uint32_t query);
void arrivals_deinit(struct arrivals *ring);
