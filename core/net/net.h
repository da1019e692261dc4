/* The words that the stack, the loop and the drivers share: what can happen to a party from outside
 * (packet), what it asks for (effect), and who carries it out (driver).
 *
 *     while (sip_stack_next(stack, &effect))
 *         driver->ops->perform(driver, party, &effect);
 *     if (driver->ops->wait(driver, until, &now_us, &party, &packet))
 *         sip_stack_receive(stack, now_us, &packet);
 */
#pragma once
#include "core/base.h"

#define NET_ERROR_LIST(X)                                                                          \
    X(OK, "ok")                                                                                    \
    X(REFUSED, "refused")         /* ICMP port unreachable, RST to a SYN */                        \
    X(UNREACHABLE, "unreachable") /* ICMP host or net unreachable, no route */                     \
    X(TIMEOUT, "timed out")                                                                        \
    X(RESET, "reset")                                                                              \
    X(EOF, "closed")                                                                               \
    X(TOO_BIG, "too big for the link") /* EMSGSIZE */                                              \
    X(LIMIT, "a limit was reached")                                                                \
    X(HANDSHAKE, "the handshake failed")
enum net_error {
#define NET_ERROR_ENUM(name, text) NET_##name,
    NET_ERROR_LIST(NET_ERROR_ENUM)
#undef NET_ERROR_ENUM
};
const char *net_error_text(enum net_error error);

enum dns_type {
    DNS_A = 1,
    DNS_CNAME = 5,
    DNS_SOA = 6, /* ttl_s: how long what is not there is not there, RFC 2308 §5 */
    DNS_AAAA = 28,
    DNS_SRV = 33,
    DNS_NAPTR = 35
};

struct dns_record {
    uint16_t type;     /* enum dns_type */
    struct view owner; /* whose it is; absent: the name that was asked for */
    uint32_t ttl_s;
    uint16_t a, b, port; /* SRV: priority, weight; NAPTR: order, preference */
    struct view name, flags, service, regexp;
    uint8_t ip[16];
};

/* Streams. TCP, TLS, WS and WSS are all the same to a driver: bytes over TCP, on one set of ports;
 * the word is handed back as it was given to bind or DO_OPEN.
 *
 * A driver names a stream by its link: from PACKET_OPENED or PACKET_ACCEPTED on, until it is gone.
 * An opener names what it asked for by `query`, until one OPENED or FAILED with it comes.
 *
 *     DO_OPEN    query, proto, remote; local: this address of ours (none: the driver's choice), its
 *                port is always the driver's. Answered by OPENED or FAILED (REFUSED, UNREACHABLE,
 *                TIMEOUT, LIMIT), once: who is less patient than the system gives up by DO_RESET.
 *     DO_WRITE   link, bytes: behind all earlier ones. While NET_WRITE_LIMIT bytes or more are not
 *                out, a further write makes the stream fail with LIMIT.
 *     DO_CLOSE   link: says that no more will come (FIN), behind what waits. What the other side
 *                sends still arrives.
 *     DO_RESET   link: ends it at once (RST), both ways; what waits is dropped. Without a link, but
 *                with a query: gives up that open.
 *
 *     OPENED     query, link, proto, local, remote, peer.
 *     ACCEPTED   link, proto, local (the bound address), remote, peer.
 *     BYTES      link, bytes: at least one, in order; how they are cut means nothing.
 *     WROTE      link, wrote: so many more bytes of the writes have left us. The sum over all WROTE
 *                is what was written, once nothing waits; they are not cut as the writes were.
 *     FAILED     link, error: EOF: the other side sends no more, and we still may; the stream is
 *                gone if we had said DO_CLOSE. All else (RESET, TIMEOUT, LIMIT): it is gone.
 *                Without a link, with a query: that open. With the link of a bound address, LIMIT:
 *                somebody (remote) was turned away.
 *
 * Order: of one stream OPENED or ACCEPTED comes first, then what the other side did in its order,
 * FAILED last. A WROTE may come anywhere between. After DO_RESET, after DO_CLOSE where EOF was told
 * already, and after a FAILED that is not EOF the name means nothing: no packet has it, effects for
 * it do nothing. Nobody else gets it. Unbinding ends the listening, not what was accepted. Streams
 * have no tags. */
enum packet_kind {
    PACKET_DATAGRAM, /* bytes from remote to local */
    PACKET_BYTES,    /* of a stream */
    PACKET_OPENED,   /* DO_OPEN came about */
    PACKET_ACCEPTED, /* a peer opened a stream to a bound address */
    PACKET_WROTE,    /* `wrote` bytes of DO_WRITE are out: credit comes back */
    PACKET_FAILED,   /* error; a datagram to remote (bytes: none), a stream, or an open */
    PACKET_ANSWER,   /* to DO_QUERY */
    PACKET_WAKE      /* a process of ours or a signal: for the harness, no stack sees it */
};

struct packet { /* everything that can happen to a party from outside */
    enum packet_kind kind;
    struct handle link; /* the driver's name of a socket or stream */
    enum proto proto;
    struct addr local, remote;
    uint32_t peer; /* of a stream: the party at its other end, where it is one of ours; else 0 */
    struct blob *bytes; /* the caller's reference; who keeps it takes their own */
    size_t wrote;
    enum net_error error;
    uint32_t query; /* of the effect that it answers: DO_OPEN, DO_QUERY */
    uint32_t rcode;
    struct view name; /* ANSWER: what was asked; valid during the call */
    uint16_t type;
    const struct dns_record *records; /* valid during the call */
    size_t record_count;
    struct handle owner; /* FAILED: the transaction whose message it was; none: see remote */
    uint64_t tag;        /* of the datagram or query that it answers; 0 on a real network */
    uint64_t at_us;      /* when it arrived; not later than the wait's now */
    uint64_t cause;      /* trace event it comes from: for a stack, the IN of this datagram */
    struct sip_msg *msg; /* parsed already by the loop, borrowed; NULL: not (or not SIP) */
};

/* What a wire between two parties does, one way. The driver sees to latency, rate and size where it
 * can (the mock); the loop to the rest, and on a real network to latency too. */
struct net_link {
    uint64_t latency_us, jitter_us;
    uint32_t loss_ppm, duplicate_ppm, reorder_ppm, corrupt_ppm; /* parts of a million */
    uint64_t bandwidth_bps;                                     /* 0: no bound */
    uint32_t mtu;                                               /* largest IP packet; 0: no bound */
    /* Streams. What the mtu does not let through is cut; loss is delay, no byte is ever lost. */
    uint32_t segment;  /* they arrive in pieces of so many bytes at most; 0: no bound but the mtu */
    uint32_t window;   /* bytes of one stream that may be under way; 0: 65,536 */
    uint64_t reset_at; /* they break when so many bytes have gone this way; 0: never */
};

enum { NET_WRITE_LIMIT = 1 << 20 }; /* bytes of one stream that wait in the driver */

enum effect_kind {
    DO_DATAGRAM,
    DO_OPEN,
    DO_WRITE,
    DO_CLOSE,
    DO_RESET,
    DO_QUERY,
    DO_PING, /* a keep-alive by this flow (link): the loop's, no driver sees it */
    TELL
};

struct sip_msg;
struct tell {             /* what a stack tells its user; never a call back, always an effect */
    uint16_t what;        /* enum sip_tell, core/stack/stack.h */
    struct handle object; /* request or server transaction */
    struct handle call;   /* the call it belongs to, or none */
    struct handle
        owner;          /* what the user named the object (core/stack/forward/forward.h), or none */
    struct addr source; /* of a REQUEST or STRAY: where msg came from */
    struct handle next; /* what `object` goes by from now on, where `what` says so */
    struct handle pub;  /* the publication it belongs to, or none */
    struct handle sub;  /* the subscription it belongs to, or none */
    struct handle reg;  /* the registration, likewise */
    struct sip_msg *msg; /* borrowed until the next call of sip_stack_next; may be NULL */
    enum net_error error;
    uint16_t status; /* of a final response, or of what ended a call */
    uint16_t state;  /* enum sip_call_state where `what` says so */
    bool generated;  /* the stack made msg itself: 408, 503; nothing was on the wire */
    bool again;      /* a final response that is not the end: the stack tries once more */
};

struct effect {
    enum effect_kind kind;
    struct handle link; /* send from this socket or stream */
    enum proto proto;
    struct addr local, remote;
    struct blob *bytes; /* the taker owns this reference */
    uint32_t query;     /* DO_OPEN, DO_QUERY: the asker's own number for it, never 0 */
    struct view name;   /* DO_QUERY; DO_DATAGRAM over TLS: the domain that was asked for, or none */
    uint16_t type;
    struct tell tell;
    uint64_t copy_of;  /* number of earlier transmissions of these very bytes; 0: the first.
                          The loop turns it into the trace's copy_of by `copy_key`. */
    uint64_t copy_key; /* names the message whose transmissions are counted: unique in the stack */
    struct handle owner; /* DO_DATAGRAM: the transaction that hears of it when it cannot be sent */
    bool with_owner;     /* it is not to go out any more once that has ended */
    bool only;           /* DO_DATAGRAM of a stream: by `link`, or not at all */
    uint64_t tag; /* the loop's own name for it. A driver with virtual time hands it back, once, in
                     the packet that the effect becomes: what arrived, or why it did not. */
    uint64_t cause; /* trace event */
};
void effect_deinit(struct effect *effect); /* drops what it owns */

/* A driver is pulled by the one loop (core/world). It knows bytes and addresses, nothing of SIP. */
struct driver;
struct driver_ops {
    /* Binds a socket of the party to inout; one for streams listens. Port 0 means a free one, no
     * address (0.0.0.0, ::) the driver's own choice for this party, no family IPv4. A concrete
     * address comes back, for Via: a wildcard is never bound. ERR_CONFLICT: the port is taken.
     * ERR_UNSUPPORTED: not this transport. ERR_ABSENT: no such address here. ERR_LIMIT: no more
     * sockets. ERR_IO: the system refused it. */
    enum err (*bind)(struct driver *, uint32_t party, enum proto, struct addr *inout,
                     struct handle *out);
    void (*unbind)(struct driver *, struct handle link); /* a crash or stop: nobody listens there
                                                            now. What had been accepted stays */
    /* Takes the effect (and its bytes). Results come from wait, never from here. */
    void (*perform)(struct driver *, uint32_t party, struct effect *);
    /* Until a packet is there (true) or the instant `until` is reached (false; also when `until` is
     * moment_never and nothing could ever come). now_us is written either way; out->bytes is then
     * the caller's reference. Never waits when until is not later than now. A packet that arrived
     * before `until` comes before it, however late the loop is: now_us - out->at_us says how late.
     */
    bool (*wait)(struct driver *, struct moment until, uint64_t *now_us, uint32_t *party,
                 struct packet *out);
    uint64_t (*now)(struct driver *);
    /* Optional (NULL on a real network): parties by number. */
    void (*link)(struct driver *, uint32_t from, uint32_t to, const struct net_link *);
    /* Packets of the driver that are under way and will arrive: 0 on a real network. */
    uint32_t (*in_flight)(const struct driver *);
    void (*destroy)(struct driver *);
};
struct driver {
    const struct driver_ops *ops;
    struct order *order; /* where moments of virtual time come from: the world puts its own here */
    bool virtual_time;
};
