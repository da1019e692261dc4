/* What the files of the transport share, and nobody else sees. */
#pragma once
#include "core/transport/driver.h"
#include "core/transport/arrivals.h"

#include <sys/socket.h>

struct event;
struct event_base;

struct udp_socket {
    struct handle self;
    uint32_t party;
    int fd;
    struct addr addr;
    struct event *readable;
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

struct transport {
    struct driver driver;
    struct event_base *base;
    struct event *timer, *woken;
    int wake_read, wake_write;
    uint64_t epoch_ns; /* monotonic, of instant 0 */
    struct table sockets;
    struct udp_socket *first_socket;
    struct arrivals ring;
    struct unsent *unsent;
    uint32_t unsent_count;
    char *room;       /* for one datagram of any size */
    bool lost;        /* there was no memory for an arrival: the next wait says so */
    uint64_t dropped; /* by the kernel, over all sockets */
};

/* driver.c */
uint64_t transport_now_ns(const struct transport *transport); /* since it was made */
uint64_t transport_now_us(const struct transport *transport);
/* To the ring; what cannot be kept there is made known. Takes the packet's bytes. */
void transport_arrived(struct transport *transport, uint32_t party, uint64_t at_ns,
                       const struct packet *packet);

/* udp.c */
enum err udp_bind(struct driver *driver, uint32_t party, enum proto proto, struct addr *inout,
                  struct handle *out) NODISCARD;
void udp_unbind(struct driver *driver, struct handle link);
void udp_sockets_deinit(struct transport *transport);

/* udp_receive.c: all that is there, of all sockets that are ready, in order of binding. */
void udp_drain(struct transport *transport);

/* udp_send.c */
void udp_send(struct transport *transport, uint32_t party, struct effect *effect); /* takes it */
void udp_send_again(struct transport *transport);
void udp_unsent_deinit(struct transport *transport);

/* sockaddr.c */
socklen_t sockaddr_of(const struct addr *addr, struct sockaddr_storage *out);
struct addr addr_of_sockaddr(const struct sockaddr_storage *from); /* family 0: not IP */
/* What a refused send or an ICMP message means. */
enum net_error net_error_of(int code);
