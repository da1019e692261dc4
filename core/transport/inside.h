/* What the files of the transport share, and nobody else sees. */
#pragma once
#include "core/transport/driver.h"
#include "core/net/addr_map.h"
#include "core/transport/arrivals.h"

#include <sys/socket.h>

struct event;
struct event_base;

enum end_kind { END_UDP, END_LISTENER, END_STREAM };

struct tcp;
struct endpoint { /* what a handle of the driver names; the first member of each kind */
    struct handle self;
    enum end_kind kind;
    uint32_t party;
    enum proto proto;
    int fd;
    struct addr addr;
    struct event *readable;
    struct endpoint *next_ready;      /* of streams and listeners: libevent says that there is */
    bool queued, can_read, can_write; /* something to do, and what */
    struct tcp *tcp;                  /* whose queue that is */
};

struct udp_socket {
    struct endpoint end;
    struct udp_socket *next; /* in order of binding */
    bool ready;              /* libevent says that there is something to read */
    uint64_t drained_ns;     /* it was empty then: what comes later is younger */
    uint32_t dropped;        /* the kernel's counter */
};

/* What the kernel had no room for; it is tried again for a while. */
struct unsent {
    uint32_t party;
    uint64_t since_us;
    struct effect effect;
    struct unsent *next;
};

struct tcp {
    struct addr_map places; /* struct endpoint by its own address: listeners, opened streams */
    struct endpoint *first_ready, *last_ready;
    uint32_t stream_count;
    int spare_fd; /* given up for a moment to turn somebody away when there are no more */
};

struct dns;
struct transport {
    struct driver driver;
    struct event_base *base;
    struct event *timer, *woken;
    int wake_read, wake_write;
    uint64_t epoch_ns; /* monotonic, of instant 0 */
    struct table ends; /* struct endpoint */
    struct udp_socket *first_socket;
    struct tcp tcp;
    struct dns *dns; /* NULL: nobody has asked for a name yet */
    struct arrivals ring;
    struct unsent *unsent;
    uint32_t unsent_count;
    char *room;       /* for one datagram of any size */
    bool lost;        /* there was no memory for an arrival: the next wait says so */
    uint64_t dropped; /* by the kernel, over all sockets */
};

enum { TRANSPORT_ROOM = 1 << 16 }; /* bytes: one datagram of any size */

/* driver.c */
uint64_t transport_now_ns(const struct transport *transport); /* since it was made */
uint64_t transport_now_us(const struct transport *transport);
/* To the ring; what cannot be kept there is made known. Takes the packet's bytes. */
void transport_arrived(struct transport *transport, uint32_t party, uint64_t at_ns,
                       const struct packet *packet);

/* sockets.c: what all kinds of socket share */
enum err err_of(int code); /* what the system said to bind, listen, socket */
bool socket_on(int fd, int level, int name);
/* A concrete address where none is given: loopback. */
void addr_complete(struct addr *inout);
/* Opens one that is bound to inout, and gives the port that it got; `set` sees to its options. */
enum err socket_open(int type, struct addr *inout, bool (*set)(int fd, uint8_t family),
                     int *out) NODISCARD;
bool no_room(int code);    /* a send was refused for want of room: it may be tried again */
void socket_abort(int fd); /* RST when it is closed */
typedef void endpoint_ready(int fd, short what, void *ctx);
/* Into the table, and watched for what there is to read. Takes the descriptor, also on failure.
 * An end that could not be made is freed. */
enum err endpoint_begin(struct transport *transport, struct endpoint *end, int fd,
                        endpoint_ready *ready) NODISCARD;
void endpoint_end(struct transport *transport, struct endpoint *end); /* frees it */

/* udp.c */
enum err udp_bind(struct transport *transport, uint32_t party, const struct addr *addr,
                  struct endpoint **out) NODISCARD;
void udp_unbind(struct transport *transport, struct udp_socket *socket);

/* udp_receive.c: all that is there, of all sockets that are ready, in order of binding. */
void udp_drain(struct transport *transport);

/* udp_send.c */
void udp_send(struct transport *transport, uint32_t party, struct effect *effect); /* takes it */
void udp_send_again(struct transport *transport);
void udp_unsent_deinit(struct transport *transport);

/* tcp_listen.c */
enum err tcp_bind(struct transport *transport, uint32_t party, const struct addr *addr,
                  struct endpoint **out) NODISCARD;
void tcp_unbind(struct transport *transport, struct endpoint *listener);
void tcp_accept(struct transport *transport, struct endpoint *listener); /* all who wait */

/* tcp.c: what the driver asks of streams */
enum err tcp_begin(struct transport *transport) NODISCARD;
void tcp_perform(struct transport *transport, uint32_t party, struct effect *effect);
void tcp_drain(struct transport *transport); /* all that libevent said is ready */
/* This packet is handed out: what it says is known from now on. */
void tcp_told(struct transport *transport, const struct packet *packet);
void tcp_deinit(struct transport *transport);

/* sockaddr.c */
socklen_t sockaddr_of(const struct addr *addr, struct sockaddr_storage *out);
struct addr addr_of_sockaddr(const struct sockaddr_storage *from); /* family 0: not IP */
/* What a refused send, a stream's end or an ICMP message means. */
enum net_error net_error_of(int code);
