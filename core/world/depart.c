#include "core/world/inside.h"

enum { REORDER_HOLD_US = 100000 }; /* held back for the next one; when none comes, so long */

void depart_copies(struct world *world, struct flight *flight, struct departure *departure,
                   uint32_t count, struct view why)
{
    for (uint32_t i = 0; i < count && world_count(world); i++) {
        struct flight *copy = flight_get(world);
        if (copy == NULL)
            return;
        *copy = *flight;
        copy->bytes = blob_ref(flight->bytes);
        copy->msg = sip_msg_ref(flight->msg);
        copy->copy_of = flight->copy_of != 0 ? flight->copy_of : flight->out_seq;
        copy->cause = tap_network(world, copy, FATE_COPIED, why, NULL);
        if (departure->last == NULL)
            departure->copies = copy;
        else
            departure->last->next = copy;
        departure->last = copy;
    }
}

void depart_none(struct world *world, struct flight *flight, struct departure *departure)
{
    struct flight *copy;
    while ((copy = departure->copies) != NULL) {
        departure->copies = copy->next;
        flight_give(world, copy);
    }
    if (flight != NULL)
        flight_give(world, flight);
}

/* How long the loop keeps it: jitter and, where the driver does not see to them, latency and rate.
 */
static uint64_t delay_of(struct world *world, struct flight *flight, struct link_way *way)
{
    uint32_t most_us =
        way->link.jitter_us < UINT32_MAX ? (uint32_t)way->link.jitter_us : UINT32_MAX - 1;
    uint64_t delay_us =
        world_choose(world, flight, way, V("jitter"), most_us + 1, most_us > 0 ? 1000000 : 0);
    if (world->driver->ops->link != NULL)
        return delay_us;
    size_t ip_len = link_ip_len(flight->target.family, flight->bytes->len);
    return time_after(delay_us, link_way_delay(way, world->now_us, ip_len));
}

static void leave(struct world *world, struct flight *flight, uint64_t delay_us)
{
    if (delay_us == 0)
        flight_run(world, flight);
    else
        flight_hold(world, flight, delay_us);
}

/* The one that was held back for this one follows it. */
static void leave_held(struct world *world, struct link_way *way, uint64_t delay_us)
{
    struct flight *held = way->held;
    if (held == NULL)
        return;
    way->held = NULL;
    held->held_on = NULL;
    leave(world, held, delay_us);
}

static void leave_copies(struct world *world, struct departure *departure, uint64_t delay_us)
{
    struct flight *copy;
    while ((copy = departure->copies) != NULL) {
        departure->copies = copy->next;
        leave(world, copy, delay_us);
    }
}

void depart_stream(struct world *world, struct flight *flight, struct departure *departure)
{
    leave(world, flight, departure->delay_us);
    leave_copies(world, departure, departure->delay_us);
}

/* Among those of a device it may not come in its place any more, and that is nobody's fault. */
static void displace(struct flight *flight, bool displaced)
{
    flight->intended |= flight->inbound && displaced;
}

void depart(struct world *world, struct flight *flight, struct departure *departure)
{
    struct link_way *way = departure->way;
    uint64_t delay_us = time_after(departure->delay_us, delay_of(world, flight, way));
    displace(flight, departure->delay_us > 0 || way->link.jitter_us > 0);
    if (way->held == NULL &&
        world_choose(world, flight, way, V("reorder"), 2, way->link.reorder_ppm) != 0) {
        displace(flight, true);
        way->held = flight;
        flight->held_on = way;
        flight_hold(world, flight, time_after(delay_us, REORDER_HOLD_US));
    } else {
        leave(world, flight, delay_us);
        leave_held(world, way, delay_us);
    }
    leave_copies(world, departure, delay_us);
}
