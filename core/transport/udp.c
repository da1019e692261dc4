#include "core/transport/inside.h"

#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_LEN = 2 << 20 };

static enum err err_of(int code)
{
    switch (code) {
    case EADDRINUSE:
        return ERR_CONFLICT;
    case EADDRNOTAVAIL:
        return ERR_ABSENT;
    case EAFNOSUPPORT:
    case EINVAL:
        return ERR_UNSUPPORTED;
    case EMFILE:
    case ENFILE:
        return ERR_LIMIT;
    case ENOMEM:
    case ENOBUFS:
        return ERR_MEMORY;
    default:
        return ERR_IO;
    }
}

static bool ip_given(const struct addr *addr)
{
    static const uint8_t none[16];
    return memcmp(addr->ip, none, addr->family == 4 ? 4 : sizeof none) != 0;
}

static void ip_loopback(struct addr *addr)
{
    static const uint8_t ip4[] = {127, 0, 0, 1};
    memset(addr->ip, 0, sizeof addr->ip);
    if (addr->family == 6)
        addr->ip[15] = 1;
    else
        memcpy(addr->ip, ip4, sizeof ip4);
}

/* The kernel's bound for unprivileged users is lower than what the privileged may force. */
static void buffer_set(int fd, int force, int plain)
{
    int len = BUFFER_LEN;
    if (setsockopt(fd, SOL_SOCKET, force, &len, sizeof len) != 0)
        (void)setsockopt(fd, SOL_SOCKET, plain, &len, sizeof len);
}

static bool on(int fd, int level, int name)
{
    int one = 1;
    return setsockopt(fd, level, name, &one, sizeof one) == 0;
}

/* Without arrival times, counts of what was dropped and ICMP errors we would measure ourselves, and
 * miss what happened: a socket that cannot have them is refused. */
static bool options_set(int fd, uint8_t family)
{
    buffer_set(fd, SO_RCVBUFFORCE, SO_RCVBUF);
    buffer_set(fd, SO_SNDBUFFORCE, SO_SNDBUF);
    return on(fd, SOL_SOCKET, SO_TIMESTAMPNS) && on(fd, SOL_SOCKET, SO_RXQ_OVFL) &&
           (family == 6 ? on(fd, IPPROTO_IPV6, IPV6_V6ONLY) && on(fd, IPPROTO_IPV6, IPV6_RECVERR)
                        : on(fd, IPPROTO_IP, IP_RECVERR));
}

static enum err fd_open(struct addr *inout, int *out)
{
    struct sockaddr_storage name;
    socklen_t len = sockaddr_of(inout, &name);
    int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_of(errno);
    if (!options_set(fd, inout->family) || bind(fd, (struct sockaddr *)&name, len) != 0 ||
        getsockname(fd, (struct sockaddr *)&name, &len) != 0) {
        enum err err = err_of(errno);
        close(fd);
        return err;
    }
    *inout = addr_of_sockaddr(&name);
    *out = fd;
    return ERR_OK;
}

static void readable(evutil_socket_t fd, short what, void *ctx)
{
    (void)fd;
    (void)what;
    ((struct udp_socket *)ctx)->ready = true;
}

static void socket_destroy(struct udp_socket *socket)
{
    if (socket->readable != NULL)
        event_free(socket->readable);
    close(socket->fd);
    mem_free(socket);
}

static enum err socket_create(struct transport *transport, int fd, struct udp_socket **out)
{
    struct udp_socket *socket = mem_zalloc(sizeof *socket);
    if (socket == NULL) {
        close(fd);
        return ERR_MEMORY;
    }
    socket->fd = fd;
    socket->readable = event_new(transport->base, fd, EV_READ | EV_PERSIST, readable, socket);
    enum err err = socket->readable == NULL || event_add(socket->readable, NULL) != 0
                       ? ERR_MEMORY
                       : table_add(&transport->sockets, socket, &socket->self);
    if (err == ERR_OK)
        *out = socket;
    else
        socket_destroy(socket);
    return err;
}

enum err udp_bind(struct driver *driver, uint32_t party, enum proto proto, struct addr *inout,
                  struct handle *out)
{
    struct transport *transport = (struct transport *)driver;
    struct addr addr = *inout;
    struct udp_socket *socket;
    int fd;
    if (proto != PROTO_UDP)
        return ERR_UNSUPPORTED;
    if (addr.family == 0)
        addr = (struct addr){.family = 4, .port = addr.port};
    if (!ip_given(&addr))
        ip_loopback(&addr);
    enum err err = fd_open(&addr, &fd);
    if (err == ERR_OK)
        err = socket_create(transport, fd, &socket);
    if (err != ERR_OK)
        return err;
    socket->party = party;
    socket->addr = addr;
    socket->drained_ns = transport_now_ns(transport);
    struct udp_socket **last = &transport->first_socket;
    while (*last != NULL)
        last = &(*last)->next;
    *last = socket;
    *inout = addr;
    *out = socket->self;
    return ERR_OK;
}

void udp_unbind(struct driver *driver, struct handle link)
{
    struct transport *transport = (struct transport *)driver;
    struct udp_socket *socket = table_find(&transport->sockets, link);
    if (socket == NULL)
        return;
    struct udp_socket **place = &transport->first_socket;
    while (*place != socket)
        place = &(*place)->next;
    *place = socket->next;
    arrivals_drop(&transport->ring, link);
    table_remove(&transport->sockets, link);
    socket_destroy(socket);
}

void udp_sockets_deinit(struct transport *transport)
{
    while (transport->first_socket != NULL)
        udp_unbind(&transport->driver, transport->first_socket->self);
    table_deinit(&transport->sockets);
}
