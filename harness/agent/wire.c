#include "harness/agent/agents.h"
#include "harness/agent/wire_leg.h"

static enum err wire_open(struct wire *wire, const struct party_options *options)
{
    struct party *party = &wire->party;
    struct agents *agents = party->agents;

    party->name = arena_copy(&agents->arena, options->name);
    if (party->name.ptr == NULL)
        return ERR_MEMORY;
    enum err err = world_wire_add(agents->scene->world, party->name, &party->number);
    if (err == ERR_OK)
        err = agents_party_add(agents, party);
    return err == ERR_OK ? party_open(party, options) : err;
}

enum err wire_create(struct agents *agents, const struct party_options *options, struct wire **out)
{
    struct wire *wire = mem_zalloc(sizeof *wire);

    if (wire == NULL)
        return ERR_MEMORY;
    wire->party.kind = PARTY_WIRE;
    wire->party.agents = agents;
    enum err err = table_add(&agents->wires, wire, &wire->party.handle);
    if (err != ERR_OK) {
        mem_free(wire);
        return err;
    }
    err = wire_open(wire, options);
    if (err == ERR_OK)
        *out = wire;
    return err;
}

void wire_destroy(struct wire *wire)
{
    map_deinit(&wire->connections);
    mem_free(wire);
}

/* A copy of what has come already: of one whose first transmissions were lost it is the first. */
static bool was_here(const struct agents *agents)
{
    const struct passage *passage = &agents->arrival.passage;
    uint64_t first = passage->copy_of != 0 ? passage->copy_of : passage->out_seq;

    return log_arrivals(agents->scene->log, first) > 1;
}

void wire_receive(struct wire *wire, const struct packet *packet)
{
    struct agents *agents = wire->party.agents;
    struct sip_msg *msg = packet->msg;

    if (packet->kind != PACKET_DATAGRAM || was_here(agents))
        return;
    if (msg != NULL)
        post_remember(&agents->post, msg);
    if (msg != NULL && sip_msg_status(msg) == 100)
        return;
    if (agents->tidying) { /* no script reads it any more */
        if (msg != NULL)
            wire_legs_receive(wire, msg);
        sched_wake(agents->scene->sched, &wire->party.inbox.waiters);
        return;
    }
    struct mail *mail = agents_mail(agents, packet->bytes);
    if (mail == NULL)
        return;
    mail->foreign = msg == NULL;
    if (msg != NULL) {
        mail->status = sip_msg_status(msg);
        mail->method = (uint8_t)sip_msg_method(msg);
    }
    inbox_add(&wire->party.inbox, mail);
    sched_wake(agents->scene->sched, &wire->party.inbox.waiters);
}
