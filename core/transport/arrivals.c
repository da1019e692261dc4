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

/* News without bytes have room where there is none for more bytes: who reads no further must still
 * hear what became of what it wrote. */
static enum err grow(struct arrivals *ring, bool has_bytes)
{
    if (has_bytes ? arrivals_full(ring) : ring->count >= 2 * RING_LIMIT)
        return ERR_LIMIT;
    if (ring->count < ring->size)
        return ERR_OK;
    struct arrival *items = mem_ring_grow(ring->items, sizeof *items, ring->first, ring->count,
                                          &ring->size, RING_FIRST);
    if (items == NULL)
        return ERR_MEMORY;
    ring->items = items;
    ring->first = 0;
    return ERR_OK;
}

enum err arrivals_add(struct arrivals *ring, uint32_t party, uint64_t at_ns,
                      const struct packet *packet)
{
    enum err err = grow(ring, packet->bytes != NULL);
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

typedef bool arrival_is(const struct arrival *arrival, const struct arrival *like);

static void drop_if(struct arrivals *ring, arrival_is *is, const struct arrival *like)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < ring->count; i++) {
        struct arrival *arrival = at(ring, i);
        if (is(arrival, like)) {
            ring->bytes -= blob_view(arrival->packet.bytes).len;
            blob_unref(arrival->packet.bytes);
        } else {
            *at(ring, kept++) = *arrival;
        }
    }
    ring->count = kept;
}

static bool over_link(const struct arrival *arrival, const struct arrival *like)
{
    return handle_equal(arrival->packet.link, like->packet.link);
}

void arrivals_drop(struct arrivals *ring, struct handle link)
{
    drop_if(ring, over_link, &(struct arrival){.packet.link = link});
}

static bool answers_open(const struct arrival *arrival, const struct arrival *like)
{
    enum packet_kind kind = arrival->packet.kind;
    return (kind == PACKET_OPENED || kind == PACKET_FAILED) && arrival->party == like->party &&
           arrival->packet.query == like->packet.query;
}

void arrivals_drop_open(struct arrivals *ring, uint32_t party, uint32_t query)
{
    const struct arrival like = {.party = party, .packet.query = query};
    for (uint32_t i = 0; i < ring->count; i++) {
        struct handle link = at(ring, i)->packet.link;
        if (!answers_open(at(ring, i), &like))
            continue;
        drop_if(ring, answers_open, &like);
        if (!handle_none(link))
            arrivals_drop(ring, link);
        return;
    }
}

void arrivals_deinit(struct arrivals *ring)
{
    for (uint32_t i = 0; i < ring->count; i++)
        blob_unref(at(ring, i)->packet.bytes);
    mem_free(ring->items);
    *ring = (struct arrivals){0};
}
