#include "core/transport/inside.h"

#include <event2/event.h>
#include <netinet/in.h>
#include <unistd.h>

enum { BUFFER_LEN = 2 << 20 };

/* The kernel's bound for unprivileged users is lower than what the privileged may force. */
static void buffer_set(int fd, int force, int plain)
{
    int len = BUFFER_LEN;
    if (setsockopt(fd, SOL_SOCKET, force, &len, sizeof len) != 0)
        (void)setsockopt(fd, SOL_SOCKET, plain, &len, sizeof len);
}

/* Without arrival times, counts of what was dropped and ICMP errors we would measure ourselves, and
 * miss what happened: a socket that cannot have them is refused. */
static bool options_set(int fd, uint8_t family)
{
    buffer_set(fd, SO_RCVBUFFORCE, SO_RCVBUF);
    buffer_set(fd, SO_SNDBUFFORCE, SO_SNDBUF);
    return socket_on(fd, SOL_SOCKET, SO_TIMESTAMPNS) && socket_on(fd, SOL_SOCKET, SO_RXQ_OVFL) &&
           (family == 6 ? socket_on(fd, IPPROTO_IPV6, IPV6_V6ONLY) &&
                              socket_on(fd, IPPROTO_IPV6, IPV6_RECVERR)
                        : socket_on(fd, IPPROTO_IP, IP_RECVERR));
}

static void readable(evutil_socket_t fd, short what, void *ctx)
{
    (void)fd;
    (void)what;
    ((struct udp_socket *)ctx)->ready = true;
}

enum err udp_bind(struct transport *transport, uint32_t party, const struct addr *addr,
                  struct endpoint **out)
{
    struct addr bound = *addr;
    struct udp_socket *socket;
    int fd;
    enum err err = socket_open(SOCK_DGRAM, &bound, options_set, &fd);
    if (err != ERR_OK)
        return err;
    socket = mem_zalloc(sizeof *socket);
    if (socket == NULL) {
        close(fd);
        return ERR_MEMORY;
    }
    socket->end = (struct endpoint){.kind = END_UDP, .party = party, .addr = bound};
    err = endpoint_begin(transport, &socket->end, fd, readable);
    if (err != ERR_OK)
        return err;
    if (event_add(socket->end.readable, NULL) != 0) {
        endpoint_end(transport, &socket->end);
        return ERR_MEMORY;
    }
    socket->drained_ns = transport_now_ns(transport);
    struct udp_socket **last = &transport->first_socket;
    while (*last != NULL)
        last = &(*last)->next;
    *last = socket;
    *out = &socket->end;
    return ERR_OK;
}

void udp_unbind(struct transport *transport, struct udp_socket *socket)
{
    struct udp_socket **place = &transport->first_socket;
    while (*place != socket)
        place = &(*place)->next;
    *place = socket->next;
    endpoint_end(transport, &socket->end);
}
