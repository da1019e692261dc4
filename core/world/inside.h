/* What the files of the world share, and nobody else sees. */
#pragma once
#include "core/net/addr_map.h"
#include "core/flow/flow.h"
#include "core/net/links.h"
#include "core/role/role.h"
#include "core/world/copies.h"
#include "core/world/recents.h"
#include "core/world/world.h"

struct binding {
    struct handle link;
    enum proto proto;
    struct addr addr;
};

struct silent {
    struct handle link;
    struct addr addr;
};

struct party {
    struct heap_node node; /* in world.stacks: when its stack wants to be called */
    uint32_t number;
    char *name_room;
    struct view name;
    struct sip_stack *stack; /* NULL: a wire, a foreign one, or crashed */
    struct role *roles;      /* gone with the stack */
    struct binding *bindings;
    uint32_t binding_count;
    struct silent silents[WORLD_SILENT_MAX]; /* where it takes in silence what comes */
    uint32_t silent_count;
    uint64_t silent_heard; /* datagrams, ever */
    struct flows *flows;   /* its connections; NULL: it has had none */
    bool pumped;           /* the news of its flows are being carried out */
    bool wire, foreign, crashed;
    bool blackholed, refusing;
    bool touched; /* in world.touched: its effects are to be drained */
    bool used;    /* in world.used: to be reaped at the end of the turn */
};

/* What the loop holds back, or has given to the driver. */
enum flight_load {
    FLIGHT_MESSAGE,
    FLIGHT_EFFECT, /* of a stream, for the driver */
    FLIGHT_PACKET, /* of a stream, for the flow of who it came to */
    FLIGHT_ANSWER  /* what the zone says; bytes: the name that was asked for */
};

/* One message on its way through the loop, with what was learned about it: parsed once. */
struct flight {
    struct heap_node node; /* in world.flights while the loop itself holds it back */
    struct flight *next;   /* of the spare ones */
    struct handle self;    /* the tag that the driver hands back */
    uint32_t from, to;     /* parties */
    struct handle link;    /* sent by this socket or flow or, inbound, received by it */
    uint8_t load;          /* enum flight_load */
    uint8_t what;          /* of an effect or packet: its kind; of an answer: the type */
    uint32_t query;        /* likewise */
    size_t wrote;
    struct handle owner; /* the transaction that hears when it cannot be sent */
    enum proto proto;
    struct addr source, target;
    struct blob *bytes;
    struct sip_msg *msg;      /* NULL: not SIP */
    uint64_t out_seq;         /* of its OUT event; 0: somebody else sent it */
    uint64_t copy_of;         /* seq of the first transmission; 0: this is it */
    uint64_t cause;           /* seq of what happened to it last */
    uint64_t arrived_us;      /* inbound */
    struct link_way *held_on; /* held back until the next one on this way */
    enum net_error error;     /* not NET_OK: on its way back as the news that it failed */
    bool by_rule;             /* the error is world_refuse's doing */
    bool inbound;             /* from somebody who is not ours: faults act when it comes in */
    bool intended;
    bool as_sent; /* its bytes are those of its OUT event */
};

struct stream; /* what the loop knows of a flow */
struct streams {
    struct stream *by_ends; /* hash: the newest one between each two addresses */
    struct stream *all;
    struct stream *gone, *gone_last; /* kept for what is still under way */
    uint32_t unread;   /* messages that our flows wrote to ours and that are not read */
    uint64_t wrote_us; /* the last of them */
};

struct world {
    struct driver *driver;
    struct trace *trace;
    const struct world_user *user;
    struct order order;
    struct tape *tape;
    bool has_forced; /* the tape may want what no link has a chance of */
    uint64_t now_us;
    uint64_t last_us; /* now before the last wait: what arrived in between is not older */
    uint64_t late_us; /* how late what runs now is run */
    const char *broken;
    bool user_due; /* the user's deadline is what this turn is for */

    struct party **parties; /* by number - 1 */
    uint32_t party_count, party_size;
    struct party everybody; /* party 0: its flags only */
    struct addr_map places; /* struct party by address; port 0: any */
    bool any_port;          /* there is such a one */

    struct heap stacks, timed;      /* parties; flights that are held back */
    struct party **touched, **used; /* room for all parties each */
    uint32_t touched_first, touched_count, used_count;
    struct sip_stack **doomed; /* crashed in this turn; room is made when a stack is */
    uint32_t doomed_count, doomed_size, stack_count;

    uint32_t effects, effect_limit; /* at this instant */

    struct links links;
    struct table flights; /* by tag, while a driver with virtual time has them */
    struct flight *spare;
    struct copies copies;
    struct recents sent, received; /* real network only, and datagrams */
    struct streams streams;
    struct zone zone;
    bool has_zone;                         /* given, be it empty: nobody else is asked */
    struct flight *stalled, *stalled_last; /* what a partition holds back of streams */
    struct buf key;                        /* names of decisions */
};

enum { OPEN_US = 20000 }; /* real network: so long our own datagrams count as under way */

/* party.c */
void party_destroy(struct party *party);
enum err party_stack_create(struct world *world, struct party *party,
                            const struct sip_stack_options *options) NODISCARD;
struct party *world_party(const struct world *world, uint32_t number); /* NULL: none */
struct party *world_find(const struct world *world, enum proto proto, const struct addr *addr);
uint32_t world_number_at(const struct world *world, enum proto proto,
                         const struct addr *addr); /* 0: unknown */
bool party_ours(const struct party *party);        /* it sends through our driver; NULL: no */

/* roles.c: what a party with roles does by itself */
void party_tell(struct world *world, struct party *party, const struct tell *tell);
struct moment party_deadline(const struct party *party);     /* of its stack and its roles */
void party_expire(struct world *world, struct party *party); /* fires one timer, the first due */
/* Its roles are told. */
void party_flow_lost(struct party *party, enum proto proto, struct handle link,
                     const struct addr *remote);
void party_drop_roles(struct party *party);

/* turn.c */
void world_break(struct world *world, const char *why); /* static text; the first one stays */
void world_refresh(struct world *world);                /* real network: what is the time now? */
bool world_count(struct world *world); /* one more effect; false: too many, the world is broken */

/* schedule.c */
enum due { DUE_NONE, DUE_STACK, DUE_FLIGHT, DUE_USER };
enum due world_due(struct world *world, struct moment *out);
void world_schedule(struct world *world, struct party *party); /* anew, after its stack was used */
void world_drop_doomed(struct world *world);

/* flight.c */
struct flight *flight_get(struct world *world); /* zeroed; NULL: memory, and the world is broken */
void flight_give(struct world *world, struct flight *flight);
void flight_parse(struct world *world,
                  struct flight *flight); /* anew; msg NULL where it is not SIP */
void flight_hold(struct world *world, struct flight *flight, uint64_t delay_us);
void flight_run(struct world *world, struct flight *flight);     /* its time has come */
void flight_perform(struct world *world, struct flight *flight); /* to the driver */
uint64_t flight_tag(struct handle self);
struct flight *flight_find(struct world *world, uint64_t tag); /* NULL: none */
void flights_deinit(struct world *world);

/* tap.c: each gives the event's seq. */
uint64_t tap_out(struct world *world, struct flight *flight, enum trace_fate fate,
                 struct blob *was);
uint64_t tap_in(struct world *world, struct flight *flight, enum trace_fate fate, struct blob *was);
/* The network did something to it. was: its bytes before; NULL: unchanged. */
uint64_t tap_network(struct world *world, struct flight *flight, enum trace_fate fate,
                     struct view why, struct blob *was);
uint64_t tap_choice(struct world *world, const struct flight *flight, struct choice choice,
                    struct view key);
void tap_flow(struct world *world, const struct party *party, const struct flow_news *news,
              struct view from, struct view to);
void tap_party(struct world *world, const struct party *party, const struct addr *addr);

/* send.c */
struct sending {
    struct handle link;
    enum proto proto;
    struct addr local, remote;
    struct blob *bytes; /* taken */
    uint64_t copy_count, copy_key, cause;
    struct handle owner;
    uint32_t to; /* party; 0: who is at that address */
    bool raw;    /* any bytes of a stream: a message only if they are exactly one */
    bool wire;
};
uint64_t world_emit(struct world *world, struct party *party, const struct sending *sending);

/* arrive.c */
void world_arrive(struct world *world, uint32_t party, struct packet *packet); /* takes its bytes */
void flight_accept(struct world *world, struct flight *flight); /* past all faults: to its party */
void flight_fail(struct world *world, struct flight *flight);   /* the news reach its sender */

void arrive_message(struct world *world, struct flight *flight); /* of a flow, from a device */
void party_receive(struct world *world, struct party *party, const struct packet *packet);

/* streams.c: which flow of ours is at the other end, and what of its messages is not read yet */
struct stream *stream_enter(struct world *world, const struct party *party,
                            const struct flow_news *news); /* NULL: memory */
void stream_leave(struct world *world, struct stream *stream);
void stream_wrote(struct world *world, struct stream *stream, const struct flight *flight,
                  uint64_t end);
/* Which of what the other end wrote is this: out_seq, copy_of, intended. */
void stream_match(struct world *world, struct stream *stream, struct flight *flight, uint64_t end);
uint32_t stream_peer(const struct stream *stream); /* party; 0: not known. NULL is fine */
/* Whether what is to leave so much later must wait: what went before it may not have left. */
bool stream_holds(const struct world *world, struct stream *stream, uint64_t *inout_delay_us);
void streams_deinit(struct world *world);

/* stream_out.c */
bool party_flows(struct world *world, struct party *party); /* it has some; false: memory */
void stream_ping(struct world *world, struct party *party, struct handle flow); /* a keep-alive */
void stream_send(struct world *world, struct party *party, struct effect *effect); /* takes it */
void streams_pump(struct world *world, struct party *party); /* carries out the news of its flows */
void stream_perform(struct world *world, struct flight *flight); /* a message, to its flow */
/* stream_in.c */
void stream_arrive(struct world *world, struct party *party, const struct packet *packet);
void stream_packet_run(struct world *world, struct flight *flight); /* takes it */
void stream_got(struct world *world, struct party *party, struct flow_news *news);
/* stream_fault.c */
void stream_effect(struct world *world, struct party *party, const struct flow_news *news);
void stream_effect_run(struct world *world, struct flight *flight); /* takes it */
bool stream_stalls(struct world *world, struct party *party, const struct packet *packet);
uint32_t packet_from(const struct world *world, const struct packet *packet); /* party; 0 */
void streams_release(struct world *world); /* what is no longer held back goes on, in order */
void streams_stalled_deinit(struct world *world);

/* names.c */
void names_tell(const struct world *world, struct party *party); /* its stack: can names be had? */
void names_ask(struct world *world, struct party *party, struct effect *effect);
void names_run(struct world *world, struct flight *flight); /* takes it */
void names_arrive(struct world *world, struct party *party, struct packet *packet);

/* fault.c */
bool fault_blocks(struct world *world, uint32_t from, uint32_t to); /* partition, black hole */
bool fault_refuses(const struct world *world, uint32_t party);
void world_judge(struct world *world, struct flight *flight); /* takes it: it goes on, or is lost */
/* A decision of chance about the way's newest datagram: "net alice>bob loss 17" decides whether the
 * seventeenth is lost. 0: the benign choice. Else world->key has its name. */
uint32_t world_choose(struct world *world, struct flight *flight, const struct link_way *way,
                      struct view what, uint32_t bound, uint32_t chance_ppm);

/* depart.c */
struct departure {
    struct link_way *way;
    uint64_t delay_us;
    struct flight *copies, *last; /* the network's own */
};
void depart_copies(struct world *world, struct flight *flight, struct departure *departure,
                   uint32_t count, struct view why);
void depart(struct world *world, struct flight *flight, struct departure *departure);
void depart_stream(struct world *world, struct flight *flight, struct departure *departure);
/* It does not leave, nor do its copies. flight NULL: only they do not. */
void depart_none(struct world *world, struct flight *flight, struct departure *departure);

/* silent.c */
bool party_is_silent_at(const struct party *party, struct handle link);
void party_drop_silents(struct world *world, struct party *party);
