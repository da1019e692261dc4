/* The connections of one party: who asks to send a message names where it goes, and never a
 * connection; who gets one never sees a byte that is no message. Like the stack it does no I/O:
 * messages and packets go in, news come out.
 *
 *     enum err err = flows_send(flows, now_us, &effect);
 *     while (flows_next(flows, &news))
 *         carry_out(&news);
 *
 * A message goes out. The stack gives DO_DATAGRAM to tcp 192.0.2.2:5060; no connection goes there,
 * so flows_send makes one (OPENING) and keeps the message in its list. News: FLOW_DO with DO_OPEN.
 * The driver answers OPENED; over TLS the flow is now SECURING, and its filters' handshake is more
 * FLOW_DO. When it is OPEN: FLOW_MOVED says so, and FLOW_READY gives the message back with the
 * addresses that it will have on the wire. Now the loop shows it to the hooks and the faults,
 * writes its OUT event, and calls flows_write with what is left of it, at once or later: filters,
 * DO_WRITE. Where the connection does not come about, each message of the list is a FLOW_UNSENT,
 * which is the transport error of its transaction. The next message to there finds the flow OPEN
 * and is READY at once.
 *
 * A message comes in. The driver says ACCEPTED and then BYTES; they go through the filters to the
 * framer, and each whole message is a FLOW_GOT with the flow's handle, under which the answer will
 * come back (effect.link); when that connection is gone by then, one is opened to where RFC 3261
 * §18.2.2 says (effect.remote). After a message that is malformed nothing is read any more: it is
 * GOT, so that it can be answered 400, and then the flow closes.
 *
 * A scenario: alice calls bob over TCP, bob's host dies while it rings. alice's flow to bob was
 * OPEN from the INVITE on; FAILED says RESET, FLOW_MOVED to GONE; no message waits, so nobody hears
 * an error: the 200 may come by another connection. Her CANCEL finds no flow, opens one, is
 * refused: FLOW_UNSENT, 503.
 *
 * Nothing here grows without bound: connections, messages that wait for one, bytes that the driver
 * has not got rid of, the length of a message, and the time for each of them have their limits; who
 * exceeds one loses his connection. At the limit of connections the one that was idle for longest
 * makes room.
 */
#pragma once
#include "core/net/net.h"
#include "core/stream/filter.h"
#include "core/stream/framer.h"

enum flow_phase {
    FLOW_OPENING,  /* DO_OPEN is under way */
    FLOW_SECURING, /* the filters shake hands */
    FLOW_OPEN,
    FLOW_CLOSING, /* our FIN goes out behind what was written; messages that come are passed over */
    FLOW_GONE     /* the handle is stale from now on */
};

enum { FLOW_FILTERS_MAX = 2 }; /* WSS: TLS below WebSocket */

struct filter_ask { /* what a filter is wanted for */
    enum proto proto;
    bool client;        /* we opened it */
    struct view domain; /* the name that was asked for, RFC 5922 §7.3; absent: by address */
    struct addr local, remote;
    uint64_t number; /* of the party's connections, from 1: names its stream of draws */
};

/* Who makes filters: TLS and WebSocket, by what the party was told. Lowest first; they are the
 * flow's. 0 of them: plain. An error: no such connection is made, or one that came is reset. */
struct filter_maker {
    enum err (*make)(void *ctx, const struct filter_ask *ask, struct filter *out[FLOW_FILTERS_MAX],
                     size_t *out_count);
    void *ctx;
};

/* What most makers do: TLS where the protocol is secure, above it WebSocket where it is that. */
struct filter_steps {
    enum err (*tls)(void *ctx, const struct filter_ask *ask, struct filter **out);
    enum err (*ws)(void *ctx, const struct filter_ask *ask, struct filter **out);
};
enum err filter_steps_make(const struct filter_steps *steps, void *ctx,
                           const struct filter_ask *ask, struct filter *out[FLOW_FILTERS_MAX],
                           size_t *out_count) NODISCARD;

struct flow_options {
    struct order *order;       /* the world's */
    struct filter_maker maker; /* make NULL: TCP alone can be had */
    /* 0, each: the default. */
    uint32_t flow_limit;    /* connections; 10,000 */
    uint32_t waiting_limit; /* messages that wait for one connection; 4,096 */
    size_t write_limit;     /* bytes of one that the driver still has; NET_WRITE_LIMIT */
    struct framer_limits message;
    uint64_t open_us;   /* until OPENED; 10 s */
    uint64_t secure_us; /* until the filters are open; 10 s */
    uint64_t write_us;  /* for the driver to get rid of anything; 32 s */
    uint64_t silent_us; /* for a peer to say anything at all; 32 s */
    uint64_t slow_us;   /* for a message, from its first byte to its last; 32 s */
    uint64_t idle_us;   /* since the last message or ping, either way, RFC 3261 §18; 10 min */
    uint64_t close_us;  /* for the other side's FIN after ours; 4 s */
    uint64_t
        owed_us; /* for answers, once the other side has sent its FIN or others want in; 32 s */
    uint64_t ping_us; /* between keep-alives of a connection that we opened; 0: none */
    uint64_t pong_us; /* RFC 5626 §4.4.1: 10 s */
    /* A wire: it closes nothing by itself, answers no keep-alive, and is given what is no message.
     */
    bool raw;
};

enum flow_news_kind {
    FLOW_DO,      /* effect: for the driver */
    FLOW_READY,   /* effect: the DO_DATAGRAM as it was sent, but for link (the flow) and addresses.
                     What is to go out of it: flows_write */
    FLOW_UNSENT,  /* effect: the DO_DATAGRAM; error: why it will not go out; without bytes: it went,
                     and the other side refused our certificate */
    FLOW_GOT,     /* bytes: a message; end: its last byte's place in the stream */
    FLOW_GOT_RAW, /* bytes that are no message: keep-alives; what a raw party got */
    FLOW_WROTE,   /* bytes that this side has written by itself: keep-alives */
    FLOW_ENDED,   /* the other side sends no more: a FIN, or the goodbye of a filter */
    FLOW_MOVED    /* from one state to another: error and why */
};

struct flow_news { /* the taker owns effect.bytes and bytes */
    enum flow_news_kind kind;
    struct handle flow;
    enum proto proto;
    struct addr local, remote; /* local: its port is 0 before it is open */
    uint32_t peer;             /* the party at its other end, where it is one of ours */
    void *note;                /* flows_note */
    struct effect effect;
    struct blob *bytes;
    uint64_t end;   /* GOT, GOT_RAW, WROTE: the place of their last byte in the stream; MOVED,
                       ENDED: how many bytes of the other side there were */
    bool malformed; /* GOT: the head of it, for an answer; the flow reads no more, and closes */
    enum flow_phase from, to; /* MOVED. From GONE: it is new */
    enum net_error error;     /* MOVED to GONE or CLOSING: OK when it was our will, EOF: theirs */
    bool alerted;             /* a filter of the other side refused */
    struct view why;          /* for people; until the next call */
};

struct flows;
enum err flows_create(const struct flow_options *options, struct flows **out) NODISCARD;
void flows_destroy(struct flows *flows);

/* A DO_DATAGRAM over a stream; its bytes are taken, whatever comes back. effect->link: the flow to
 * go by while it is there; none, or gone: the one to effect->remote for effect->name (the domain),
 * which is made where there is none (effect->only: a FLOW_UNSENT instead). A copy of what waits
 * already (copy_key) is dropped. MEMORY; all else that goes wrong is a FLOW_UNSENT. */
enum err flows_send(struct flows *flows, uint64_t now_us, struct effect *effect) NODISCARD;
/* Bytes of a message that was READY, or any bytes: through the filters to the driver. GONE: the
 * flow is not open (any longer). LIMIT: too much waits; the flow goes on. MEMORY. out_end: the
 * place of their last byte in what this side has written. The reference stays the caller's. */
enum err flows_write(struct flows *flows, uint64_t now_us, struct handle flow, struct blob *bytes,
                     uint64_t *out_end) NODISCARD;
/* So many answers more (or less) are owed to the other side: what owes nothing may be closed when
 * it is idle, or when the other side has sent its FIN. Stale: nothing happens. */
void flows_owe(struct flows *flows, uint64_t now_us, struct handle flow, int change);
/* What came by it is malformed: nothing is read any more, and when the answers of this instant are
 * written it closes. */
void flows_stop(struct flows *flows, uint64_t now_us, struct handle flow);
/* Opens one to there, without a message: for wires, outbound flows and tests. */
enum err flows_open(struct flows *flows, uint64_t now_us, enum proto proto,
                    const struct addr *local, const struct addr *remote, struct view domain,
                    struct handle *out) NODISCARD;
/* In good order: goodbye of the filters, FIN behind what was written. Stale: nothing happens. */
void flows_close(struct flows *flows, uint64_t now_us, struct handle flow);
void flows_reset(struct flows *flows, uint64_t now_us, struct handle flow, struct view why);
/* A keep-alive now, RFC 5626 §4.4.1: without a pong within pong_us the flow is over. Where it is
 * not open, or one is under way, nothing happens. */
void flows_ping(struct flows *flows, uint64_t now_us, struct handle flow);
/* RFC 5923 §8.2: requests to this port of the host that opened it may go by it, for the domains
 * that its other side has proved to be; where it has proved nothing they do not. MEMORY. */
enum err flows_alias(struct flows *flows, struct handle flow, uint16_t port) NODISCARD;

/* OPENED, ACCEPTED, BYTES, WROTE, FAILED of streams. MEMORY. */
enum err flows_receive(struct flows *flows, uint64_t now_us, const struct packet *packet) NODISCARD;
void flows_expire(struct flows *flows, uint64_t now_us); /* the first that is due */
struct moment flows_deadline(const struct flows *flows);
bool flows_next(struct flows *flows, struct flow_news *out); /* until false */
/* As a program does that ends: those that are open say goodbye and send their FIN, the others are
 * reset; nobody waits for what the other side says to it, and nothing of them is left but the news.
 */
void flows_quit(struct flows *flows, uint64_t now_us);
/* All of them are reset at once, and nothing of them is left but the news. */
void flows_drop(struct flows *flows, uint64_t now_us);

/* What the loop knows of it, and these files do not; NULL at first. It comes with all news. */
void flows_note(struct flows *flows, struct handle flow, void *note);

struct flow_info {
    enum flow_phase state;
    void *note;
    enum proto proto;
    bool ours; /* we opened it */
    struct addr local, remote;
    uint64_t got, wrote; /* bytes of the user, each way */
    uint32_t waiting;    /* messages */
    struct filter *const *filters;
    size_t filter_count;
};
enum err flows_info(const struct flows *flows, struct handle flow,
                    struct flow_info *out) NODISCARD; /* GONE */
/* In the order in which they were made; begin with a zeroed cursor. False: no more. */
bool flows_each(const struct flows *flows, uint32_t *cursor, struct handle *out);
uint32_t flows_count(const struct flows *flows);
const char *flow_phase_text(enum flow_phase state); /* "opening" */
