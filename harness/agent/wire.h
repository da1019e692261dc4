/* A wire: a socket with no stack. Every byte that it sends is the script's.
 *
 *     enum err err = wire_create(agents, &options, &wire);
 *     uint64_t seq = world_send(world, wire->party.number, wire->party.link, &remote, blob, key);
 */
#pragma once
#include "harness/agent/map.h"
#include "harness/agent/party.h"

struct wire {
    struct party party;
    struct map connections;    /* its flows to ours */
    struct connection *newest; /* NULL: none yet */
    int ignored;               /* reference to the list of patterns that w:ignore named; 0: none */
    bool reading; /* it was asked for a message once: what is unread at the end is a fault */
};

enum err wire_create(struct agents *agents, const struct party_options *options,
                     struct wire **out) NODISCARD;
void wire_destroy(struct wire *wire);
/* What came to it: into its inbox, but for 100s and copies. */
void wire_receive(struct wire *wire, const struct packet *packet);
