/* The one loop, for both drivers: one packet or one timer, then the effects of the stacks touched,
 * then the tasks that are ready, until nothing is left to do at this instant; then it waits.
 *
 *     enum err err = world_create(&options, &world);
 *     while (!done && world_turn(world))
 *         continue;
 *     world_destroy(world);
 *
 * Hooks and faults stand between the drain and the driver: first the user's hook (each transmission
 * on the original bytes), then the user's judge, then the links and their choices.
 */
#pragma once
#include "core/flow/flow.h"
#include "core/net/net.h"
#include "core/net/zone.h"
#include "core/stack/stack.h"

struct world;
struct role;

struct fate { /* what the user's judge (pattern faults, corrupt functions) wants done to a datagram
               */
    bool drop;
    uint64_t delay_us;
    uint32_t copies;    /* more of it */
    struct blob *bytes; /* instead of the message's; the taker owns it; NULL: unchanged */
    struct view why;    /* for the trace; borrowed until the next call */
};

/* What the loop asks of its user. No call of these may call world_turn. */
struct world_user {
    void *ctx;
    /* Runs what is ready at now_us, script timers that are due among it; true when it did anything.
     */
    bool (*run_ready)(void *ctx, uint64_t now_us);
    struct moment (*deadline)(void *ctx); /* of script timers and waits; seq from world_order */
    void (*tell)(void *ctx, uint32_t party, const struct tell *tell);
    /* A packet for a party without a stack (a wire): of streams, DATAGRAM is a whole message and
     * BYTES what is none; link is the flow. */
    void (*packet)(void *ctx, uint32_t party, const struct packet *packet);
    /* Hooks; NULL: none. May replace *bytes (taking over the reference) or swallow. `msg` is the
     * parsed message or NULL; `copy_key` names the message, the same for each transmission. */
    enum trace_fate (*hook_out)(void *ctx, uint32_t party, struct sip_msg *msg, uint64_t copy_key,
                                struct blob **bytes);
    enum trace_fate (*hook_in)(void *ctx, uint32_t from, uint32_t party, struct sip_msg *msg,
                               struct blob **bytes);
    struct fate (*judge)(void *ctx, uint32_t from, uint32_t to, struct sip_msg *msg,
                         struct blob *bytes);
    /* A connection of the party has MOVED or ENDED; effect and bytes are not there. NULL: nobody
     * wants to know. */
    void (*flow)(void *ctx, uint32_t party, const struct flow_news *news);
    /* A message event was appended to the trace (an index for flows and t:messages, the monitor).
     * msg: the bytes, parsed; NULL: not SIP. */
    void (*seen)(void *ctx, const struct trace_event *event, struct blob *bytes,
                 struct sip_msg *msg);
};

struct world_options {
    struct driver *driver;        /* borrowed */
    struct trace *trace;          /* borrowed */
    struct rng rng;               /* the scenario's seed */
    const struct choice *choices; /* the tape: forced decisions */
    size_t choice_count;
    bool only_choices;
    const struct world_user *user; /* borrowed */
    uint32_t effect_limit;         /* most effects at one instant (livelock); 0: 100,000 */
};

enum err world_create(const struct world_options *options, struct world **out) NODISCARD;
void world_destroy(struct world *world); /* its parties too; not driver and trace */

/* Parties are numbered from 1. A party with a stack gets options->order, trace and party filled in.
 */
enum err world_party_add(struct world *world, struct view name,
                         const struct sip_stack_options *options, uint32_t *out_party) NODISCARD;
enum err world_wire_add(struct world *world, struct view name,
                        uint32_t *out_party) NODISCARD; /* no stack */
/* Somebody who is not ours: messages from and to these addresses are named after it in the trace.
 */
enum err world_foreign_add(struct world *world, struct view name, const struct addr *addr,
                           bool any_port, uint32_t *out_party) NODISCARD;
uint32_t world_party_count(const struct world *world);                   /* numbers go up to it */
struct view world_party_name(const struct world *world, uint32_t party); /* 0: "other" */
/* Binds a socket for the party; inout as struct driver_ops.bind. The stack is told. */
enum err world_bind(struct world *world, uint32_t party, enum proto proto, struct addr *inout,
                    struct handle *out_link) NODISCARD;
/* Binds a UDP socket where the party takes in silence what comes: it is counted, and nobody is
 * told. inout as struct driver_ops.bind. Gone with a crash. ERR_LIMIT: there are so many already.
 */
enum { WORLD_SILENT_MAX = 16 };
enum err world_silent_bind(struct world *world, uint32_t party, struct addr *inout) NODISCARD;
uint64_t world_silent_heard(const struct world *world, uint32_t party);      /* datagrams so far */
uint32_t world_party_at(const struct world *world, const struct addr *addr); /* 0: unknown */

/* The party's stack, for commands; NULL for a wire. After commands call world_touch, so that the
 * next turn drains its effects. */
struct sip_stack *world_stack(struct world *world, uint32_t party);
void world_touch(struct world *world, uint32_t party);
/* Gives the party a role (core/role/role.h), behind those that it has; it is the world's now, and
 * gone with the party's stack. ERR_STATE: the party has none. */
enum err world_role_add(struct world *world, uint32_t party, struct role *role) NODISCARD;
/* Sends bytes of a wire (intended: nobody is blamed for them). Takes a reference of its own. link
 * none, or from before a restart: by the first socket of that family. copy_key: 0 or as in struct
 * effect, so that the same key again is a copy. Gives the OUT event's seq, 0: it could not be sent.
 */
uint64_t world_send(struct world *world, uint32_t party, struct handle link,
                    const struct addr *remote, struct blob *bytes, uint64_t copy_key);

/* What the party's connections are to be like, filters among it; its order is the world's. Before
 * its first one. ERR_STATE: it has had some, or is not ours. */
enum err world_flows_set(struct world *world, uint32_t party,
                         const struct flow_options *options) NODISCARD;
/* For what a wire does with its connections: flows_write, flows_close and so on, and then
 * world_flows_run. NULL: it is not ours, or no memory. */
struct flows *world_flows(struct world *world, uint32_t party);
void world_flows_run(struct world *world, uint32_t party);
/* Bytes on a connection of a wire, traced (intended). GONE, LIMIT, MEMORY. */
enum err world_write(struct world *world, uint32_t party, struct handle flow,
                     struct blob *bytes) NODISCARD;
void world_reset(struct world *world, uint32_t a, uint32_t b); /* RST of the streams between them */

/* What the parties with stacks resolve; the user fills it (core/net/zone.h). Once it was asked for,
 * nobody else is asked, on either network, and a name that it does not have does not exist. Before
 * that no name is an address under simulation; on a real network the driver is asked. */
struct zone *world_zone(struct world *world);

/* One turn. False: nothing is left that could ever happen. */
bool world_turn(struct world *world);
/* Inside run_ready: this turn is that of the user's deadline, so its first one may expire. In any
 * other turn something else is due first, though it may be at the same instant. */
bool world_user_due(const struct world *world);
uint64_t world_now(const struct world *world); /* us since the world began */
struct order *world_order(struct world *world);
/* A limit was hit or memory ran out: the scenario is an ERROR. NULL: all is well. */
const char *world_broken(const struct world *world);
uint32_t world_in_flight(const struct world *world); /* messages under way, delayed ones too */

enum { WORLD_LATENCY_US = 1000 }; /* of a simulated link of which nothing else was said */
/* The network. Party 0: everybody. One way: from `from` to `to`. The default link has 1 ms of
 * latency under simulation and nothing else. */
void world_link(struct world *world, uint32_t from, uint32_t to, const struct net_link *link);
void world_link_get(const struct world *world, uint32_t from, uint32_t to, struct net_link *out);
void world_partition(struct world *world, uint32_t from, uint32_t to, bool parted);
void world_blackhole(struct world *world, uint32_t party, bool on); /* what goes there is lost */
void world_refuse(struct world *world, uint32_t party, bool on);    /* ICMP port unreachable */
/* Sockets gone, state lost, connections broken; messages under way to it find nobody. */
void world_crash(struct world *world, uint32_t party);
/* The same as seen from itself; its connections are closed in good order. */
void world_stop(struct world *world, uint32_t party);
/* A new stack (options as world_party_add, with another ids stream; NULL for a wire) on the same
 * addresses; one that lives crashes first. Its links are new ones. ERR_STATE: it is not ours; else
 * as world_party_add and the driver's bind. */
enum err world_restart(struct world *world, uint32_t party,
                       const struct sip_stack_options *options) NODISCARD;
