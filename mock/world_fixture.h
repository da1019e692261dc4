/* A world on the mock with wires and agents, for tests: what arrived at wires and what stacks told
 * is kept in order, and the trace can be asked.
 *
 *     struct net_fixture net;
 *     net_open(&net, 7);
 *     uint32_t alice = net_wire(&net, V("alice"));
 *     net_send(&net, alice, bob, V("OPTIONS sip:bob SIP/2.0\r\n\r\n"));
 *     net_run(&net, NEVER);
 *     net_close(&net);
 */
#pragma once
#include "core/core.h"
#include "mock/mock.h"

enum { NET_PARTIES = 16, NET_ARRIVALS = 4096, NET_TELLS = 256 };

struct net_arrival {
    uint64_t at_us;
    uint32_t party;
    enum packet_kind kind;
    enum net_error error;
    struct blob *bytes;
    uint64_t cause;
};

struct net_tell {
    uint64_t at_us;
    uint32_t party;
    enum sip_tell what;
    uint16_t status;
    bool generated;
};

struct net_fixture {
    struct driver *driver;
    struct trace *trace;
    struct world *world;
    struct world_user user;
    struct handle links[NET_PARTIES];
    struct addr addrs[NET_PARTIES];
    struct net_arrival arrivals[NET_ARRIVALS];
    size_t arrival_count;
    struct net_tell tells[NET_TELLS];
    size_t tell_count;
    struct moment deadline;                                  /* of the user */
    bool (*ready)(struct net_fixture *net, uint64_t now_us); /* NULL: nothing ever is */
};

void net_open(struct net_fixture *net, uint64_t seed);
void net_open_with(struct net_fixture *net, const struct world_options *options);
void net_close(struct net_fixture *net); /* and nothing leaks */
uint32_t net_wire(struct net_fixture *net, struct view name);
uint32_t net_agent(struct net_fixture *net, struct view name);
void net_options(struct net_fixture *net, uint32_t from,
                 uint32_t to); /* a request of that method */
uint64_t net_send(struct net_fixture *net, uint32_t from, uint32_t to, struct view bytes);
/* Turns until nothing is left, or this instant is past. */
void net_run(struct net_fixture *net, uint64_t until_us);
/* How many wire events of this side and fate there are; the last of them in out (may be NULL). */
size_t net_count(const struct net_fixture *net, enum trace_side side, enum trace_fate fate,
                 struct trace_event *out);
uint64_t net_digest(struct net_fixture *net); /* of the whole trace */
