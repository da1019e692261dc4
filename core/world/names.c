/* Questions to the DNS: answered from the zone that the user gave, on both networks; where he gave
 * none they go to the driver, if that knows anybody to ask. */
#include "core/world/inside.h"

enum {
    SILENT_US = 10000000, /* so long a resolver waits for who says nothing */
    DNS_NAME_ROOM = 320,
    ANSWER_MAX = 2048
};

struct zone *world_zone(struct world *world)
{
    world->has_zone = true;
    for (uint32_t i = 0; i < world->party_count; i++)
        names_tell(world, world->parties[i]);
    return &world->zone;
}

/* Under simulation nobody is there to ask before the user gave a zone. */
void names_tell(const struct world *world, struct party *party)
{
    if (party->stack != NULL && (world->has_zone || !world->driver->virtual_time))
        sip_stack_resolves(party->stack);
}

static const char *type_text(uint16_t type)
{
    switch (type) {
    case DNS_A:
        return "A";
    case DNS_AAAA:
        return "AAAA";
    case DNS_SRV:
        return "SRV";
    case DNS_NAPTR:
        return "NAPTR";
    case DNS_CNAME:
        return "CNAME";
    default:
        return "?";
    }
}

static void record_write(struct buf *buf, const struct dns_record *record)
{
    char room[ADDR_TEXT_MAX];
    struct addr addr = {.family = record->type == DNS_AAAA ? 6 : 4};
    memcpy(addr.ip, record->ip, sizeof addr.ip);
    if (record->type == DNS_A || record->type == DNS_AAAA)
        buf_add(buf, addr_text(&addr, room));
    else if (record->type == DNS_SRV)
        buf_printf(buf, "%u %u %u %.*s", record->a, record->b, record->port,
                   VIEW_ARG(record->name));
    else if (record->type == DNS_NAPTR)
        buf_printf(buf, "%u %u \"%.*s\" \"%.*s\" \"%.*s\" %.*s", record->a, record->b,
                   VIEW_ARG(record->flags), VIEW_ARG(record->service), VIEW_ARG(record->regexp),
                   VIEW_ARG(record->name));
    else
        buf_printf(buf, "%s %.*s", type_text(record->type), VIEW_ARG(record->name));
}

static void answer_write(struct buf *buf, const struct packet *answer)
{
    if (answer->error != NET_OK)
        buf_add(buf, view_of(net_error_text(answer->error)));
    else if (answer->rcode == DNS_NXDOMAIN)
        buf_add(buf, V("no such name"));
    else if (answer->rcode != DNS_OK)
        buf_printf(buf, "failed with %u", answer->rcode);
    else if (answer->record_count == 0)
        buf_add(buf, V("none"));
    for (size_t i = 0; i < answer->record_count; i++) {
        buf_add(buf, i == 0 ? V("") : V(", "));
        record_write(buf, &answer->records[i]);
    }
}

/* "SRV _sip._udp.example.com", and what is known of it: nothing when it is asked. */
static uint64_t tap(struct world *world, uint32_t party, const struct packet *answer,
                    struct view name, uint16_t type, uint64_t cause)
{
    char question_room[DNS_NAME_ROOM], answer_room[ANSWER_MAX];
    struct buf question = {
        .ptr = question_room, .size = sizeof question_room, .limit = sizeof question_room};
    struct buf text = {.ptr = answer_room, .size = sizeof answer_room, .limit = sizeof answer_room};
    struct trace_event event = {
        .time_us = world->now_us, .cause = cause, .party = party, .kind = TRACE_DNS};
    buf_printf(&question, "%s %.*s", type_text(type), VIEW_ARG(name));
    if (answer != NULL) {
        answer_write(&text, answer);
        event.u.dns.rcode = answer->rcode;
    }
    event.u.dns.question = buf_view(&question);
    event.u.dns.answer = buf_view(&text);
    return trace_append(world->trace, &event);
}

void names_ask(struct world *world, struct party *party, struct effect *effect)
{
    uint64_t seq = tap(world, party->number, NULL, effect->name, effect->type, effect->cause);
    if (!world->has_zone && !world->driver->virtual_time) {
        effect->cause = seq;
        world->driver->ops->perform(world->driver, party->number, effect);
        return;
    }
    struct flight *flight = flight_get(world);
    struct blob *name = flight == NULL ? NULL : blob_create(effect->name);
    if (name == NULL) {
        world_break(world, "out of memory");
        if (flight != NULL)
            flight_give(world, flight);
        return;
    }
    struct zone_reply reply;
    zone_ask(&world->zone, effect->name, effect->type, &reply);
    flight->load = FLIGHT_ANSWER;
    flight->to = party->number;
    flight->query = effect->query;
    flight->what = (uint8_t)effect->type;
    flight->bytes = name;
    flight->cause = seq;
    flight_hold(world, flight, reply.silent ? SILENT_US : reply.delay_us);
}

void names_arrive(struct world *world, struct party *party, struct packet *packet)
{
    packet->cause = tap(world, party->number, packet, packet->name, packet->type, packet->cause);
    if (party->stack != NULL)
        party_receive(world, party, packet);
}

void names_run(struct world *world, struct flight *flight)
{
    struct zone_reply reply;
    struct party *party = world_party(world, flight->to);
    zone_ask(&world->zone, blob_view(flight->bytes), flight->what, &reply);
    struct packet packet = {
        .kind = PACKET_ANSWER,
        .query = flight->query,
        .name = blob_view(flight->bytes),
        .type = flight->what,
        .rcode = reply.rcode,
        .error = reply.silent ? NET_TIMEOUT : NET_OK,
        .records = reply.records,
        .record_count = reply.rcode == DNS_OK && !reply.silent ? reply.record_count : 0,
        .at_us = world->now_us,
        .cause = flight->cause,
    };
    names_arrive(world, party, &packet);
    flight_give(world, flight);
}
