#include "core/transport/receive.h"
#include "core/transport/stamp.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>

enum { TRIES = 64 };

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
        .link = socket->end.self,
        .proto = PROTO_UDP,
        .local = socket->end.addr,
        .remote = addr_of_sockaddr(&received->name),
        .bytes = blob_create((struct view){transport->room, len}),
    };
    if (packet.bytes == NULL)
        transport->lost = true;
    else
        transport_arrived(transport, socket->end.party,
                          received_at_ns(received, times, socket->drained_ns), &packet);
}

/* ICMP messages: `name` is where our datagram was sent to. */
static void errors_drain(struct transport *transport, struct udp_socket *socket, struct times times)
{
    struct received received;
    while (!arrivals_full(&transport->ring) &&
           socket_receive(transport, socket->end.fd, MSG_ERRQUEUE, &received) >= 0) {
        struct sock_extended_err error;
        if (!control_read(&received.header, IPPROTO_IP, IP_RECVERR, &error, sizeof error) &&
            !control_read(&received.header, IPPROTO_IPV6, IPV6_RECVERR, &error, sizeof error))
            continue;
        struct packet packet = {
            .kind = PACKET_FAILED,
            .link = socket->end.self,
            .proto = PROTO_UDP,
            .local = socket->end.addr,
            .remote = addr_of_sockaddr(&received.name),
            .error = net_error_of((int)error.ee_errno),
        };
        transport_arrived(transport, socket->end.party, times.now_ns, &packet);
    }
}

/* To EAGAIN. Other errors are those of the error queue, told once more. */
static void socket_drain(struct transport *transport, struct udp_socket *socket, struct times times)
{
    struct received received;
    int failures = 0;
    socket->ready = false;
    while (!arrivals_full(&transport->ring) && failures < TRIES) {
        ssize_t len = socket_receive(transport, socket->end.fd, 0, &received);
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
