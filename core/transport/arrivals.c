#include "core/transport/arrivals.h"

enum { RING_FIRST = 64, NS_PER_US = 1000 };

static struct arrival *at(const struct arrivals *ring, uint32_t index)
{
    return &ring->items[(ring->first + index) % ring->size];
}

bool arrivals_full(const struct arrivals *ring)
{
    return ring->count >= RING_LIMIT || ring->bytes >= RING_BYTES;
}

static enum err grow(struct arrivals *ring)
{
    if (arrivals_full(ring))
        return ERR_LIMIT;
    if (ring->count < ring->size)
        return ERR_OK;
    uint32_t size = ring->size == 0 ? RING_FIRST : ring->size * 2;
    struct arrival *items = mem_alloc(size * sizeof *items);
    if (items == NULL)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < ring->count; i++)
        items[i] = *at(ring, i);
    mem_free(ring->items);
    ring->items = items;
    ring->first = 0;
    ring->size = size;
    return ERR_OK;
}

enum err arrivals_add(struct arrivals *ring, uint32_t party, uint64_t at_ns,
                      const struct packet *packet)
{
    enum err err = grow(ring);
    if (err != ERR_OK) {
        blob_unref(packet->bytes);
        return err;
    }
    uint32_t place = ring->count++;
    ring->bytes += blob_view(packet->bytes).len;
    for (; place > 0 && at(ring, place - 1)->at_ns > at_ns; place--)
        *at(ring, place) = *at(ring, place - 1);
    *at(ring, place) = (struct arrival){.at_ns = at_ns, .party = party, .packet = *packet};
    at(ring, place)->packet.at_us = at_ns / NS_PER_US;
    return ERR_OK;
}

const struct arrival *arrivals_first(const struct arrivals *ring)
{
    return ring->count == 0 ? NULL : at(ring, 0);
}

void arrivals_pop(struct arrivals *ring)
{
    ASSERT(ring->count > 0);
    ring->bytes -= blob_view(at(ring, 0)->packet.bytes).len;
    ring->first = (ring->first + 1) % ring->size;
    ring->count--;
}

void arrivals_drop(struct arrivals *ring, struct handle link)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < ring->count; i++) {
        struct arrival *arrival = at(ring, i);
        if (handle_equal(arrival->packet.link, link)) {
            ring->bytes -= blob_view(arrival->packet.bytes).len;
            blob_unref(arrival->packet.bytes);
        } else {
            *at(ring, kept++) = *arrival;
        }
    }
    ring->count = kept;
}

void arrivals_deinit(struct arrivals *ring)
{
    for (uint32_t i = 0; i < ring->count; i++)
        blob_unref(at(ring, i)->packet.bytes);
    mem_free(ring->items);
    *ring = (struct arrivals){0};
}
