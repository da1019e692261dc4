/* What the files of the mock share, and nobody else sees. */
#pragma once
#include "mock/network.h"

enum mock_kind { MOCK_DATAGRAMS, MOCK_LISTENER, MOCK_STREAM };

struct mock_socket { /* what a handle of the mock names */
    struct handle self;
    enum mock_kind kind;
    uint32_t party;
    enum proto proto;
    struct addr addr;
};

struct mock_write { /* what a stream was given, and has not sent yet */
    struct mock_write *next;
    struct blob *bytes;
    size_t sent;
    uint64_t cause;
};

/* One end of a stream. The other end is known by its handle, so that neither minds how long the
 * other lives. */
struct mock_stream {
    struct mock_socket socket; /* first: proto and addr are its own side's */
    struct addr remote;
    uint32_t peer_party;
    struct handle peer;     /* the other end; none: not yet */
    struct handle listener; /* of an end that is being accepted */
    uint32_t query;         /* of the DO_OPEN; 0: it was accepted */
    bool open;              /* the handshake is through */
    bool named;             /* its party knows it and hears of it */
    bool closing;           /* DO_CLOSE was said */
    bool done;              /* it sends no more: its FIN is out, or it is to end */
    bool eof;               /* the other end sends no more */
    struct mock_write *first, *last;
    size_t waiting;      /* bytes of the writes that were not sent */
    size_t under_way;    /* bytes that were sent and are not acknowledged */
    uint64_t sent;       /* bytes ever */
    uint64_t arrival_us; /* of what was sent last: nothing overtakes it */
};

enum mock_flight_kind {
    FLIGHT_DATAGRAM,
    FLIGHT_NEWS, /* nobody was there: back to the sender */
    FLIGHT_SYN,
    FLIGHT_SYN_ACK,
    FLIGHT_ACK, /* of the handshake */
    FLIGHT_DATA,
    FLIGHT_FIN,
    FLIGHT_END,    /* RST, or an open that failed: `error` */
    FLIGHT_CREDIT, /* so many bytes were received */
    FLIGHT_WROTE   /* for the writer itself: so many were sent */
};

struct mock_flight { /* something under way */
    struct heap_node node;
    struct mock_flight *next; /* of the spare ones */
    enum mock_flight_kind kind;
    uint32_t from, to;  /* of a datagram: parties; to 0: nobody is there now */
    struct handle link; /* of a datagram the sender's socket, else the end that it reaches */
    struct handle back; /* SYN_ACK: the end that it comes from */
    struct addr source, target;
    struct blob *bytes;
    size_t len;
    uint64_t tag, cause;
    enum net_error error;
};

struct mock {
    struct driver driver;
    struct order own_order;
    uint64_t now_us;
    struct heap heap;
    struct mock_flight *spare;
    uint32_t flight_count, flight_limit;
    uint32_t silent_count;  /* of them: what nobody will hear of */
    uint32_t waiting_count; /* streams with bytes that wait to be sent */
    bool lost;              /* there was no memory for a flight: the next wait says so */
    struct table sockets;   /* struct mock_socket, and struct mock_stream */
    struct addr_map
        bound;          /* both by address, but for accepted streams: they have their listener's */
    uint16_t port_last; /* that an open was given */
    struct addr_map hosts; /* addresses without port that belong to somebody */
    struct links links;
};

/* hosts.c */
enum err mock_bind(struct driver *driver, uint32_t party, enum proto proto, struct addr *inout,
                   struct handle *out) NODISCARD;
void mock_unbind(struct driver *driver, struct handle link);
/* Who takes datagrams, or accepts streams, there; NULL: nobody. */
const struct mock_socket *mock_socket_at(const struct mock *mock, enum proto proto,
                                         const struct addr *addr);
bool mock_host_at(const struct mock *mock, const struct addr *addr);
/* Fills in the party's own address where none is given, and a free port. LIMIT, MEMORY. */
enum err mock_local_pick(struct mock *mock, uint32_t party, struct addr *inout) NODISCARD;
/* Into the table and, where it has a port of its own, onto the map. */
enum err mock_socket_add(struct mock *mock, struct mock_socket *socket, bool own_port) NODISCARD;
void mock_socket_remove(struct mock *mock, struct mock_socket *socket); /* not freed */
void mock_hosts_deinit(struct mock *mock);

/* flight.c */
struct mock_flight *mock_flight_get(struct mock *mock); /* zeroed; NULL: memory */
/* Under way until then; where there is no room for it, it is lost and `mock->lost` is set. */
void mock_flight_start(struct mock *mock, struct mock_flight *flight, uint64_t delay_us);
struct mock_flight *mock_flight_take(struct mock *mock,
                                     struct moment until);            /* NULL: none before */
void mock_flight_give(struct mock *mock, struct mock_flight *flight); /* its bytes, too */
void mock_flights_deinit(struct mock *mock);

/* stream.c */
struct mock_stream *mock_stream_find(const struct mock *mock, struct handle link); /* NULL */
void mock_stream_destroy(struct mock *mock, struct mock_stream *stream);
/* Behind all that the stream sent before, over the link to its other end. Takes the flight. */
void mock_stream_send(struct mock *mock, struct mock_stream *stream, struct mock_flight *flight);
size_t mock_stream_headers(const struct mock_stream *stream); /* of IP and TCP, in each segment */
/* An empty one for that end; NULL: no memory, and the mock knows. */
struct mock_flight *mock_flight_to(struct mock *mock, struct handle link,
                                   enum mock_flight_kind kind);
/* A flight without bytes from this end to the other: false: no memory, and the mock knows. */
bool mock_stream_signal(struct mock *mock, struct mock_stream *stream, enum mock_flight_kind kind,
                        enum net_error error);
/* So does this one, to the end itself, at once. */
void mock_stream_tell(struct mock *mock, struct mock_stream *stream, enum mock_flight_kind kind,
                      size_t len, enum net_error error);
void mock_stream_end(struct mock *mock, struct mock_stream *stream, enum net_error error);

/* stream_send.c */
void mock_stream_write(struct mock *mock, struct effect *effect); /* takes its bytes */
void mock_stream_close(struct mock *mock, struct handle link);
void mock_stream_reset(struct mock *mock, uint32_t party, const struct effect *effect);
/* Sends what the window lets through, and the FIN behind it; may destroy the stream. */
void mock_stream_pump(struct mock *mock, struct mock_stream *stream);

/* stream_open.c: the handshake */
void mock_stream_open(struct mock *mock, uint32_t party, const struct effect *effect);
void mock_syn_arrive(struct mock *mock, const struct mock_flight *flight);
bool mock_syn_ack_arrive(struct mock *mock, const struct mock_flight *flight, struct packet *out);
bool mock_ack_arrive(struct mock *mock, const struct mock_flight *flight, struct packet *out);

/* stream_arrive.c: any flight of a stream; true: that is for this party to hear. Takes it. */
bool mock_stream_arrive(struct mock *mock, struct mock_flight *flight, uint32_t *party,
                        struct packet *out);
