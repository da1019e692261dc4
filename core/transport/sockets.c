#include "core/transport/inside.h"

#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

enum err err_of(int code)
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

void addr_complete(struct addr *inout)
{
    static const uint8_t ip4[] = {127, 0, 0, 1};
    if (inout->family == 0)
        *inout = (struct addr){.family = 4, .port = inout->port};
    if (addr_ip_given(inout))
        return;
    memset(inout->ip, 0, sizeof inout->ip);
    if (inout->family == 6)
        inout->ip[15] = 1;
    else
        memcpy(inout->ip, ip4, sizeof ip4);
}

bool socket_on(int fd, int level, int name)
{
    int one = 1;
    return setsockopt(fd, level, name, &one, sizeof one) == 0;
}

enum err socket_open(int type, struct addr *inout, bool (*set)(int fd, uint8_t family), int *out)
{
    struct sockaddr_storage name;
    socklen_t len = sockaddr_of(inout, &name);
    int fd = socket(name.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_of(errno);
    if (!set(fd, inout->family) || bind(fd, (struct sockaddr *)&name, len) != 0 ||
        getsockname(fd, (struct sockaddr *)&name, &len) != 0) {
        enum err err = err_of(errno);
        close(fd);
        return err;
    }
    *inout = addr_of_sockaddr(&name);
    *out = fd;
    return ERR_OK;
}

bool no_room(int code)
{
    return code == EAGAIN || code == ENOBUFS || code == ENOMEM;
}

void socket_abort(int fd)
{
    struct linger none = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

static void endpoint_free(struct endpoint *end)
{
    if (end->readable != NULL)
        event_free(end->readable);
    close(end->fd);
    mem_free(end);
}

enum err endpoint_begin(struct transport *transport, struct endpoint *end, int fd,
                        endpoint_ready *ready)
{
    end->fd = fd;
    end->readable = event_new(transport->base, fd, EV_READ | EV_PERSIST, ready, end);
    enum err err =
        end->readable == NULL ? ERR_MEMORY : table_add(&transport->ends, end, &end->self);
    if (err != ERR_OK)
        endpoint_free(end);
    return err;
}

void endpoint_end(struct transport *transport, struct endpoint *end)
{
    table_remove(&transport->ends, end->self);
    endpoint_free(end);
}

enum err transport_route(const struct addr *remote, struct addr *out_local)
{
    struct sockaddr_storage name;
    socklen_t len = sockaddr_of(remote, &name);
    int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return err_of(errno);
    bool there = connect(fd, (struct sockaddr *)&name, len) == 0;
    len = sizeof name;
    bool named = there && getsockname(fd, (struct sockaddr *)&name, &len) == 0;
    int code = errno;
    close(fd);
    if (!named)
        return code == ENETUNREACH || code == EHOSTUNREACH ? ERR_ABSENT : err_of(code);
    *out_local = addr_of_sockaddr(&name);
    out_local->port = 0;
    return ERR_OK;
}
