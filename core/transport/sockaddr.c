#include "core/transport/inside.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

socklen_t sockaddr_of(const struct addr *addr, struct sockaddr_storage *out)
{
    *out = (struct sockaddr_storage){0};
    if (addr->family == 6) {
        struct sockaddr_in6 ip6 = {
            .sin6_family = AF_INET6, .sin6_port = htons(addr->port), .sin6_scope_id = addr->scope};
        memcpy(&ip6.sin6_addr, addr->ip, sizeof ip6.sin6_addr);
        memcpy(out, &ip6, sizeof ip6);
        return sizeof ip6;
    }
    struct sockaddr_in ip4 = {.sin_family = AF_INET, .sin_port = htons(addr->port)};
    memcpy(&ip4.sin_addr, addr->ip, sizeof ip4.sin_addr);
    memcpy(out, &ip4, sizeof ip4);
    return sizeof ip4;
}

struct addr addr_of_sockaddr(const struct sockaddr_storage *from)
{
    struct addr addr = {0};
    if (from->ss_family == AF_INET6) {
        struct sockaddr_in6 ip6;
        memcpy(&ip6, from, sizeof ip6);
        addr.family = 6;
        addr.port = ntohs(ip6.sin6_port);
        addr.scope = ip6.sin6_scope_id;
        memcpy(addr.ip, &ip6.sin6_addr, sizeof addr.ip);
    } else if (from->ss_family == AF_INET) {
        struct sockaddr_in ip4;
        memcpy(&ip4, from, sizeof ip4);
        addr.family = 4;
        addr.port = ntohs(ip4.sin_port);
        memcpy(addr.ip, &ip4.sin_addr, sizeof ip4.sin_addr);
    }
    return addr;
}

enum net_error net_error_of(int code)
{
    switch (code) {
    case ECONNREFUSED:
        return NET_REFUSED;
    case EMSGSIZE:
        return NET_TOO_BIG;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
        return NET_RESET;
    case ETIMEDOUT:
        return NET_TIMEOUT;
    case EAGAIN:
    case ENOBUFS:
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case EADDRINUSE:
    case EADDRNOTAVAIL: /* no port is free */
        return NET_LIMIT;
    default: /* EHOSTUNREACH, ENETUNREACH, EACCES, EPERM, EPROTO, EINVAL (port 0) … */
        return NET_UNREACHABLE;
    }
}
