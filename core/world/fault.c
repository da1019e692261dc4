#include "core/world/inside.h"

/* What a rule is called in the trace, until the next one is asked for. */
static struct view why_way(struct world *world, struct view what, const struct link_way *way)
{
    buf_clear(&world->key);
    buf_add(&world->key, what);
    buf_add(&world->key, world_party_name(world, way->from));
    buf_add_char(&world->key, '>');
    buf_add(&world->key, world_party_name(world, way->to));
    return buf_view(&world->key);
}

static struct view why_party(struct world *world, struct view what, uint32_t number)
{
    buf_clear(&world->key);
    buf_add(&world->key, what);
    buf_add(&world->key, world_party_name(world, number));
    return buf_view(&world->key);
}

uint32_t world_choose(struct world *world, struct flight *flight, const struct link_way *way,
                      struct view what, uint32_t bound, uint32_t chance_ppm)
{
    if (chance_ppm == 0 && !world->has_forced)
        return 0;
    why_way(world, V("net "), way);
    buf_add_char(&world->key, ' ');
    buf_add(&world->key, what);
    struct choice choice =
        tape_choose_at(world->tape, buf_view(&world->key), way->count, bound, chance_ppm);
    if (chance_ppm == 0 && choice.value == 0)
        return 0;
    buf_add_char(&world->key, ' ');
    buf_add_uint(&world->key, way->count);
    flight->cause = tap_choice(world, flight, choice, buf_view(&world->key));
    return choice.value;
}

static void replace(struct world *world, struct flight *flight, struct blob *bytes, struct view why)
{
    struct blob *was = flight->bytes;
    flight->bytes = bytes;
    flight->as_sent = false;
    flight_parse(world, flight);
    flight->intended = true;
    flight->cause = tap_network(world, flight, FATE_CORRUPTED, why, was);
    blob_unref(was);
}

/* One bit of it is turned. */
static void corrupt(struct world *world, struct flight *flight, const struct link_way *way)
{
    uint32_t bits = flight->bytes->len * 8;
    uint32_t choice =
        world_choose(world, flight, way, V("corrupt"), bits + 1, way->link.corrupt_ppm);
    if (choice == 0)
        return;
    struct blob *bytes = blob_create(blob_view(flight->bytes));
    if (bytes == NULL) {
        world_break(world, "out of memory");
        return;
    }
    uint32_t bit = choice - 1;
    bytes->data[bit / 8] = (char)(bytes->data[bit / 8] ^ (1 << bit % 8));
    replace(world, flight, bytes, buf_view(&world->key));
}

/* What the user wants; true: it is lost. */
static bool ask_judge(struct world *world, struct flight *flight, struct departure *departure)
{
    const struct world_user *user = world->user;
    if (user->judge == NULL)
        return false;
    struct fate fate = user->judge(user->ctx, flight->from, flight->to, flight->msg, flight->bytes);
    if (fate.drop) {
        blob_unref(fate.bytes);
        tap_network(world, flight, FATE_LOST, fate.why, NULL);
        return true;
    }
    if (fate.bytes != NULL)
        replace(world, flight, fate.bytes, fate.why);
    departure->delay_us = fate.delay_us;
    depart_copies(world, flight, departure, fate.copies, fate.why);
    return false;
}

static bool is_blackholed(const struct world *world, uint32_t number)
{
    const struct party *party = world_party(world, number);
    return world->everybody.blackholed || (party != NULL && party->blackholed);
}

bool fault_blocks(struct world *world, uint32_t from, uint32_t to)
{
    const struct link_way *way = links_way(&world->links, from, to);
    return is_blackholed(world, to) || (way != NULL && way->parted);
}

/* The rule that loses it, or the absent view. */
static struct view loss_of(struct world *world, struct flight *flight, const struct link_way *way)
{
    if (way->parted)
        return why_way(world, V("partition "), way);
    if (is_blackholed(world, flight->to))
        return why_party(world, V("blackhole "), flight->to);
    size_t ip_len = link_ip_len(flight->target.family, flight->bytes->len);
    if (way->link.mtu != 0 && ip_len > way->link.mtu)
        return why_way(world, V("mtu "), way);
    if (world_choose(world, flight, way, V("loss"), 2, way->link.loss_ppm) != 0)
        return buf_view(&world->key);
    return (struct view){0};
}

bool fault_refuses(const struct world *world, uint32_t number)
{
    const struct party *party = world_party(world, number);
    return world->everybody.refusing || (party != NULL && party->refusing);
}

/* As if nobody listened there: the news come after the way there and back. Nobody can send such
 * news to a device, so what it sends is dropped. */
static void refuse(struct world *world, struct flight *flight, const struct link_way *way)
{
    flight->error = NET_REFUSED;
    flight->by_rule = true;
    struct net_link back = links_get(&world->links, flight->to, flight->from);
    flight_hold(world, flight, time_after(way->link.latency_us, back.latency_us));
}

static void pass(struct world *world, struct flight *flight, struct link_way *way)
{
    struct departure departure = {.way = way};
    if (ask_judge(world, flight, &departure)) {
        depart_none(world, flight, &departure);
        return;
    }
    if (proto_reliable(flight->proto)) { /* the rest befalls its bytes: stream_fault.c */
        depart_stream(world, flight, &departure);
        return;
    }
    struct view why = loss_of(world, flight, way);
    if (why.ptr != NULL) {
        tap_network(world, flight, FATE_LOST, why, NULL);
        depart_none(world, flight, &departure);
        return;
    }
    if (fault_refuses(world, flight->to)) {
        depart_none(world, NULL, &departure);
        refuse(world, flight, way);
        return;
    }
    corrupt(world, flight, way);
    if (world_choose(world, flight, way, V("duplicate"), 2, way->link.duplicate_ppm) != 0)
        depart_copies(world, flight, &departure, 1, buf_view(&world->key));
    depart(world, flight, &departure);
}

void world_judge(struct world *world, struct flight *flight)
{
    struct link_way *way = links_way(&world->links, flight->from, flight->to);
    if (way == NULL) {
        world_break(world, "out of memory");
        flight_give(world, flight);
        return;
    }
    way->count++;
    pass(world, flight, way);
    if (world->key.failed == ERR_MEMORY)
        world_break(world, "out of memory");
}
