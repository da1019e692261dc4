#include "core/transport/clock.h"
#include "core/transport/inside.h"
#include "core/transport/stamp.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>

enum { ROOM_LEN = 1 << 16, CONTROL_LEN = 512, TRIES = 64, CLOCK_TRIES = 3, CLOCK_GAP_NS = 20000 };

/* How a time of the wall clock is turned into one of ours: both clocks are read together. */
struct times {
    uint64_t now_ns;
    uint64_t wall_ns; /* at now_ns */
};

struct received {
    struct sockaddr_storage name;
    struct msghdr header;
    struct iovec iov;
    _Alignas(struct cmsghdr) char control[CONTROL_LEN];
};

static ssize_t receive(struct transport *transport, int fd, int flags, struct received *received)
{
    received->iov = (struct iovec){transport->room, ROOM_LEN};
    received->header = (struct msghdr){
        .msg_name = &received->name,
        .msg_namelen = sizeof received->name,
        .msg_iov = &received->iov,
        .msg_iovlen = 1,
        .msg_control = received->control,
        .msg_controllen = sizeof received->control,
    };
    ssize_t len;
    do
        len = recvmsg(fd, &received->header, flags | MSG_DONTWAIT);
    while (len < 0 && errno == EINTR);
    return len;
}

/* When the kernel got it. The wall clock may have been set meanwhile: it came after the socket was
 * last found empty, and before now. */
static uint64_t arrival_ns(const struct udp_socket *socket, struct received *received,
                           struct times times)
{
    uint64_t stamp_ns;
    if (!stamp_read(&received->header, &stamp_ns) || stamp_ns >= times.wall_ns)
        return times.now_ns;
    uint64_t age_ns = times.wall_ns - stamp_ns;
    bool older = age_ns > times.now_ns || times.now_ns - age_ns < socket->drained_ns;
    return older ? socket->drained_ns : times.now_ns - age_ns;
}

static void count_dropped(struct transport *transport, struct udp_socket *socket,
                          struct received *received)
{
    uint32_t dropped;
    if (!control_read(&received->header, SOL_SOCKET, SO_RXQ_OVFL, &dropped, sizeof dropped))
        return;
    transport->dropped += dropped - socket->dropped; /* it wraps */
    socket->dropped = dropped;
}

static void datagram(struct transport *transport, struct udp_socket *socket,
                     struct received *received, size_t len, struct times times)
{
    count_dropped(transport, socket, received);
    struct packet packet = {
        .kind = PACKET_DATAGRAM,
        .link = socket->self,
        .proto = PROTO_UDP,
        .local = socket->addr,
        .remote = addr_of_sockaddr(&received->name),
        .bytes = blob_create((struct view){transport->room, len}),
    };
    if (packet.bytes == NULL)
        transport->lost = true;
    else
        transport_arrived(transport, socket->party, arrival_ns(socket, received, times), &packet);
}

/* ICMP messages: `name` is where our datagram was sent to. */
static void errors_drain(struct transport *transport, struct udp_socket *socket, struct times times)
{
    struct received received;
    while (!arrivals_full(&transport->ring) &&
           receive(transport, socket->fd, MSG_ERRQUEUE, &received) >= 0) {
        struct sock_extended_err error;
        if (!control_read(&received.header, IPPROTO_IP, IP_RECVERR, &error, sizeof error) &&
            !control_read(&received.header, IPPROTO_IPV6, IPV6_RECVERR, &error, sizeof error))
            continue;
        struct packet packet = {
            .kind = PACKET_FAILED,
            .link = socket->self,
            .proto = PROTO_UDP,
            .local = socket->addr,
            .remote = addr_of_sockaddr(&received.name),
            .error = net_error_of((int)error.ee_errno),
        };
        transport_arrived(transport, socket->party, times.now_ns, &packet);
    }
}

/* To EAGAIN. Other errors are those of the error queue, told once more. */
static void socket_drain(struct transport *transport, struct udp_socket *socket, struct times times)
{
    struct received received;
    int failures = 0;
    socket->ready = false;
    while (!arrivals_full(&transport->ring) && failures < TRIES) {
        ssize_t len = receive(transport, socket->fd, 0, &received);
        if (len >= 0) {
            datagram(transport, socket, &received, (size_t)len, times);
        } else if (errno == EAGAIN) {
            socket->drained_ns = times.now_ns;
            break;
        } else {
            failures++;
        }
    }
    errors_drain(transport, socket, times);
}

/* Both clocks at one instant, unless we are interrupted each time. */
static struct times times_now(const struct transport *transport)
{
    struct times times = {0};
    for (int i = 0; i < CLOCK_TRIES; i++) {
        times.now_ns = transport_now_ns(transport);
        times.wall_ns = clock_wall_ns();
        if (transport_now_ns(transport) - times.now_ns < CLOCK_GAP_NS)
            break;
    }
    return times;
}

void udp_drain(struct transport *transport)
{
    struct udp_socket *socket = transport->first_socket;
    struct times times = {0};
    for (; socket != NULL; socket = socket->next) {
        if (!socket->ready)
            continue;
        if (times.wall_ns == 0)
            times = times_now(transport);
        socket_drain(transport, socket, times);
    }
}
