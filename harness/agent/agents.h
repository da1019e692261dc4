/* All records of one scenario. They live until the world ends and outlast the stack's objects, so
 * that call.last_response is right after the end.
 *
 *     enum err err = agents_create(scene, &scene->agents);
 *     agents_tell(scene->agents, party, &tell);
 *     agents_destroy(scene->agents);
 */
#pragma once
#include "harness/agent/agent.h"
#include "harness/agent/call.h"
#include "harness/agent/connection.h"
#include "harness/agent/publication.h"
#include "harness/agent/registration.h"
#include "harness/agent/request.h"
#include "harness/agent/subscription.h"
#include "harness/agent/transaction.h"
#include "harness/agent/wire.h"
#include "harness/scene/scene.h"

struct arrival { /* the message that is being worked on */
    uint64_t seq, time_us;
    struct blob *bytes; /* one reference; NULL: none */
    uint32_t from, to;
    struct passage passage;
};

struct stranger { /* somebody whom nobody knows has spoken to us */
    struct addr addr;
    uint32_t to;
    uint64_t seq;
};
enum { STRANGERS_MAX = 8 };

struct agents {
    struct scene *scene;
    struct arena arena; /* names and whatever else lives until the end */
    struct table agents, wires, devices, calls, requests, transactions, subscriptions, connections;
    struct table registrations, publications;
    uint64_t connection_count, registration_count; /* ever */
    struct party **parties;                        /* by the world's number */
    uint32_t party_size;
    struct post post;
    struct arrival arrival;
    struct inbox refusals; /* of MAIL_REFUSALS */
    uint32_t refusal_count, refusal_sweep;
    uint32_t sweep_at; /* records, when those that are past are let go next */
    struct stranger strangers[STRANGERS_MAX];
    size_t stranger_count;
    struct heap timers; /* of canned behaviours */
    struct rng ids;     /* of wires and of `sip` */
    struct security security;
    struct map tags;    /* numbers of To tags that wires gave, by Call-ID and From tag */
    uint64_t copy_keys; /* of wires' messages so far */
    uint64_t id_count, draw_key, draw_count; /* draw_key: inside a hook, the message */
    struct watches *watches;                 /* harness/api/watch.h */
    size_t unaccounted; /* bytes that scripts hold and Lua's collector has not heard of */
    struct {            /* tidy.c */
        uint32_t first; /* index of the first call that was still up */
        bool news;      /* a call has come, or has moved otherwise than to its end */
        bool callees;   /* as the last round was asked */
        uint32_t asked; /* CANCELs and BYEs of the last round */
        uint64_t at_us; /* of the last round */
    } tidy;
    struct {                /* background.c */
        bool taken;         /* what is about to be seen */
        struct owed *first; /* to be answered */
    } background;
    struct wire_leg *wire_legs; /* in the tidy-up: wire_leg.h */
    uint32_t wire_leg_count;
    bool tidying; /* the tidy-up runs: hooks and faults act no more */
    bool broken;  /* memory ran out; said already */
};

enum err agents_create(struct scene *scene, struct agents **out) NODISCARD;
void agents_destroy(struct agents *agents);

enum err agents_party_add(struct agents *agents,
                          struct party *party) NODISCARD;                 /* its number is set */
struct party *agents_party(const struct agents *agents, uint32_t number); /* NULL: not ours */
struct party *agents_named(const struct agents *agents, struct view name);
struct view agents_name(const struct agents *agents, uint32_t number);       /* "other" for 0 */
struct call *agents_call(const struct agents *agents, struct handle handle); /* NULL: none */
struct request *agents_request(const struct agents *agents, struct handle handle);
struct subscription *agents_subscription(const struct agents *agents, struct handle handle);
struct transaction *agents_transaction(const struct agents *agents, struct handle handle);
/* Memory ran out or a limit was hit outside of any coroutine: the scenario is an ERROR. */
void agents_broke(struct agents *agents, enum err err);
/* A mail of what has just arrived, with its time and sender; NULL: agents_broke was told. */
struct mail *agents_mail(struct agents *agents, struct blob *bytes);
/* "alice-2-5f0c19e4", with the maker's name; inside a hook the same for each copy of the message.
 */
void agents_id_write(struct agents *agents, struct view maker, struct buf *buf);

void agents_refusals_sweep(struct agents *agents); /* forgets those that were used */

/* A tag of this maker for what has this key: the same each time. */
void agents_tag_write(struct agents *agents, struct view maker, uint64_t key, struct buf *buf);

/* What the world tells: struct world_user without its ctx. */
void agents_tell(struct agents *agents, uint32_t party, const struct tell *tell);
void agents_flow(struct agents *agents, uint32_t party, const struct flow_news *news);
void agents_packet(struct agents *agents, uint32_t party, const struct packet *packet);
void agents_seen(struct agents *agents, const struct trace_event *event, struct blob *bytes);
/* Canned behaviours that are due. */
struct moment agents_deadline(const struct agents *agents);
bool agents_expire(struct agents *agents, uint64_t now_us); /* true: something was done */
