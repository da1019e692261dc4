/* What the world shows: the message that is being worked on, and who nobody knows. */
#include "harness/agent/agents.h"

static void stranger_add(struct agents *agents, const struct trace_event *event)
{
    const struct addr *addr = &event->u.wire.source;

    for (size_t i = 0; i < agents->stranger_count; i++)
        if (addr_equal(&agents->strangers[i].addr, addr))
            return;
    if (agents->stranger_count == STRANGERS_MAX)
        return;
    agents->strangers[agents->stranger_count++] =
        (struct stranger){.addr = *addr, .to = event->u.wire.to, .seq = event->seq};
}

static struct passage passage_of(const struct trace_event *event)
{
    const struct trace_wire *wire = &event->u.wire;

    return (struct passage){.out_seq = wire->was_out != 0 ? wire->was_out : event->seq,
                            .copy_of = wire->copy_of,
                            .source = wire->source,
                            .proto = wire->proto};
}

void agents_seen(struct agents *agents, const struct trace_event *event, struct blob *bytes)
{
    struct arrival *arrival = &agents->arrival;

    if (event->u.wire.side != SIDE_IN)
        return;
    blob_unref(arrival->bytes);
    *arrival = (struct arrival){.seq = event->seq,
                                .time_us = event->time_us,
                                .bytes = blob_ref(bytes),
                                .from = event->u.wire.from,
                                .to = event->u.wire.to,
                                .passage = passage_of(event)};
    if (arrival->from == 0 && agents_party(agents, arrival->to) != NULL)
        stranger_add(agents, event);
    const struct party *from = agents_party(agents, arrival->from);
    if (from != NULL && from->kind == PARTY_DEVICE && view_equal(from->name, V("dut")))
        agents->scene->device_heard = true;
}

void agents_packet(struct agents *agents, uint32_t party, const struct packet *packet)
{
    struct party *to = agents_party(agents, party);

    if (to != NULL && to->kind == PARTY_WIRE)
        wire_receive((struct wire *)to, packet);
}

/* Somebody has looked at it, or what came after it has to be looked at. */
static bool is_settled(const struct agents *agents, const struct mail *mail)
{
    const struct request *request = agents_request(agents, mail->object);

    return mail->used || request == NULL || (request->final != NULL && request_met(request, mail));
}

void agents_refusals_sweep(struct agents *agents)
{
    struct inbox kept = {.list = MAIL_REFUSALS};
    struct inbox *refusals = &agents->refusals;

    agents->refusal_count = 0;
    for (struct mail *mail = refusals->first, *next; mail != NULL; mail = next) {
        next = mail->next[MAIL_REFUSALS];
        if (!is_settled(agents, mail)) {
            inbox_add(&kept, mail);
            agents->refusal_count++;
        }
        mail_unlisted(&agents->post, mail);
    }
    *refusals = kept;
}
