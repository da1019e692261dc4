/* What the transactions of one stack share: timers, effects, indexes, the trace, and addresses to
 * send from. Whatever cannot be done for want of memory or room is remembered in `failed`, so that
 * a step of ten actions is checked once, at its end.
 *
 *     layer->now_us = now_us;
 *     layer_send(layer, &out, &hop);
 *     enum err err = layer_failed(layer);
 */
#pragma once
#include "core/base/timeline.h"
#include "core/message/msg.h"
#include "core/net/net.h"
#include "core/transaction/index.h"
#include "core/transaction/options.h"
#include "core/transaction/ring.h"

struct sip_bound { /* an address that we have, to send from and for Via */
    struct handle link;
    enum proto proto;
    struct addr local;
    struct view sent_by; /* "192.0.2.1:5060" */
    struct view host;    /* of it, as Via has it: an IPv6 address in brackets */
    char sent_by_room[ADDR_TEXT_MAX];
    bool alias; /* RFC 5923: requests may come by connections that are opened from it */
};

struct sip_hop { /* where a message goes: from one of ours to one of theirs */
    uint32_t bound;
    struct addr remote;
    struct handle flow; /* of streams: by this connection while it is there, or none */
    bool only;          /* by that or not at all: RFC 5626 §5.3.1 */
    struct view name;   /* of TLS: the domain that was asked for; absent: by address. The stack's */
};

struct sip_out { /* bytes that go out once or more */
    struct blob *bytes;
    uint64_t key;        /* names them among all that this stack sends */
    uint32_t sent;       /* how often so far */
    struct handle owner; /* the transaction that hears when it cannot be sent, or none */
    bool with_owner;     /* it must not go out when that has ended */
};

struct sip_timer {
    struct timeline_node node;
    uint64_t wait_us; /* the last one, for those that double */
    uint8_t id;       /* enum tx_event, or one of others: timers.h */
    uint8_t slot;     /* which of its owner's timers */
};

struct sip_tx;
struct tx_layer {
    struct sip_timers timers;
    uint32_t mutants, party;
    struct order *order;
    struct trace *trace;
    struct timeline timeline;
    struct effect_ring ring;
    struct table txs;
    struct index clients, servers,
        merges;                        /* by branch and sent-by; by Call-ID, From tag and CSeq */
    struct sip_tx *pool;               /* ready for use */
    struct sip_tx *ended, *ended_last; /* to be reaped, in order */
    struct sip_tx *ended_new;          /* of those, the first that its user has not heard of */
    struct sip_bound *bounds;
    uint32_t bound_count;
    uint32_t client_count, server_count; /* not ended */
    struct buf scratch, keys;            /* to write messages in, and keys */
    uint64_t now_us, cause;
    uint64_t next_key;
    enum err failed; /* since layer_failed was last asked */
};

void layer_deinit(struct tx_layer *layer);
enum err layer_failed(struct tx_layer *layer) NODISCARD; /* and forgets it */
void layer_fail(struct tx_layer *layer, enum err err);   /* the first one counts; OK does nothing */
const struct sip_bound *layer_bound(const struct tx_layer *layer, const struct sip_hop *hop);
bool hop_known(const struct sip_hop *hop); /* else its name is being looked up */
bool layer_reliable(const struct tx_layer *layer, const struct sip_hop *hop);

/* Sends the bytes, once more or for the first time; nothing while the hop is not known. */
void layer_send(struct tx_layer *layer, struct sip_out *out, const struct sip_hop *hop);
/* Sends what belongs to no transaction: a copy of what went out before is known by its bytes. */
void layer_send_bare(struct tx_layer *layer, struct blob *bytes, const struct sip_hop *hop);
void layer_tell(struct tx_layer *layer, const struct tell *tell); /* references its message */
/* New bytes in the place of what was there; takes the reference. */
void out_set(struct tx_layer *layer, struct sip_out *out, struct blob *bytes);
void out_drop(struct sip_out *out);

void layer_trace_state(struct tx_layer *layer, struct handle object, struct view what,
                       struct view from, struct view to, struct view why);
