/* A transaction, RFC 3261 §17: a machine, its state, its timers, and what it sends again.
 *
 *     enum err err = tx_create(layer, &tx_invite_client, &key, &hop, &tx);
 *     tx_start(layer, tx, request);
 *     uint32_t doing = sip_tx_step(layer, tx, RECV_1XX, &(struct tx_input){.msg = response});
 *     if (doing & TELL_USER)
 *         …
 *
 * A step calls nobody: what is its user's to do comes back as actions.
 */
#pragma once
#include "core/transaction/machine.h"
#include "core/transaction/match.h"
#include "core/transaction/timers.h"

struct sip_tx {
    const struct tx_machine *machine;
    struct handle handle;
    uint8_t state;  /* enum tx_state */
    uint8_t method; /* enum sip_method */
    bool quiet;     /* server: sends no 100 by itself */
    struct sip_timer timers[TX_TIMERS_AT_ONCE];
    struct index_entry by_key, by_merge;
    struct tx_key key; /* its own: in room, or in long_text */
    char *long_text;
    char room[128];
    uint8_t room_used;
    struct sip_hop hop;
    struct sip_out out;      /* client: the request; server: the last response */
    struct sip_out ack;      /* INVITE client: the ACK to its 300-699 */
    struct sip_out late;     /* server: what was sent by force after the final response */
    struct sip_msg *request; /* server: until its final response is out */
    struct view to_tag;      /* server: that of its responses, its own; absent: none yet */
    struct addr source;      /* server: where the request came from */
    uint64_t arrived_us;     /* server: when */

    /* For the user of transactions. */
    struct handle call;   /* which it belongs to, or none */
    struct handle owner;  /* what its user calls it, or none */
    struct handle sub;    /* likewise */
    struct handle reg;    /* likewise: the registration */
    struct handle pub;    /* likewise */
    struct handle other;  /* INVITE client: its CANCEL; CANCEL: its INVITE; INVITE server: the
                             next leg of the same request, which has states of its own */
    struct handle lookup; /* client: of its target's name, where more of them may be */
    struct handle tries;  /* client: what is kept of earlier tries of the same request, or none */
    uint32_t seq;         /* CSeq number */
    uint32_t again;       /* client: which final responses are no end */
    uint32_t account;     /* client: whose credentials it may have; 0: any that all may */
    uint16_t status;      /* of the last response */
    bool known;           /* the user has its handle, and is to hear of its end */
    bool initial;         /* an INVITE outside any dialog */
    bool cancelled;       /* its CANCEL is out */
    bool sought;          /* server: another way back was looked for */
    uint8_t branch_tail;  /* client: so many bytes at the end of its branch are its user's */

    struct sip_tx *next; /* in the pool, or among those that have ended */
};

struct tx_input {        /* what comes with an event; all may be absent */
    struct sip_msg *msg; /* a response */
    struct blob *bytes;  /* the user's response; the reference is taken */
    struct view why;     /* for the trace; absent: the event's name */
};

/* A new one that waits: nothing is sent, no timer runs. Without a text in its key no message ever
 * finds it. MEMORY, LIMIT. */
enum err tx_create(struct tx_layer *layer, const struct tx_machine *machine,
                   const struct tx_key *key, const struct sip_hop *hop,
                   struct sip_tx **out) NODISCARD;
/* Another key in the place of its own. MEMORY: then no message finds it any more. */
enum err tx_rekey(struct tx_layer *layer, struct sip_tx *tx, const struct tx_key *key) NODISCARD;
/* Enters its first state. A client sends its request, whose reference is taken. */
void tx_start(struct tx_layer *layer, struct sip_tx *tx, struct blob *request);
/* Finds the arrow, does its actions, moves. Gives the actions that are the user's, and 0 also where
 * there is no arrow: then the event is ignored, and traced. */
uint32_t sip_tx_step(struct tx_layer *layer, struct sip_tx *tx, uint8_t on,
                     const struct tx_input *input);
/* Steps by a timer of it that is due. */
uint32_t tx_fire(struct tx_layer *layer, struct sip_tx *tx, struct sip_timer *timer);
void tx_end(struct tx_layer *layer, struct sip_tx *tx, struct view why); /* without an arrow */
/* 64*T1 from now an INVITE that was cancelled counts as such: RFC 3261 §9.1. */
void tx_cancel_wait(struct tx_layer *layer, struct sip_tx *tx);
enum err tx_tag_set(struct sip_tx *tx, struct view to_tag) NODISCARD; /* a copy; MEMORY */
/* The request is its user's to answer: from now on the stack will say 100 for him, in time. */
void tx_hundred(struct tx_layer *layer, struct sip_tx *tx);
void tx_reap(struct tx_layer *layer); /* frees those that have ended; their handles go stale */
void tx_drop_all(struct tx_layer *layer);

struct sip_tx *tx_of_timer(struct sip_timer *timer);
struct sip_tx *tx_find(const struct tx_layer *layer, struct handle handle); /* NULL: gone */
bool tx_final(const struct sip_tx *tx); /* has it its final response? */
