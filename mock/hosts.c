#include "mock/inside.h"

#include <string.h>

enum { PORT_FIRST = 5060, PORT_LAST = 65535, PORT_OPEN_FIRST = 49152, HOSTS_PER_NET = 254 };

/* TCP has one set of ports, whatever is spoken over it. */
static enum proto space(enum proto proto)
{
    return proto == PROTO_UDP ? PROTO_UDP : PROTO_TCP;
}

/* 10.0.0.1 to 10.0.0.254, then 10.0.1.1 …; fd00::1, fd00::2 … */
static void ip_by_party(struct addr *addr, uint32_t party)
{
    memset(addr->ip, 0, sizeof addr->ip);
    if (addr->family == 6) {
        addr->ip[0] = 0xfd;
        for (int i = 0; i < 4; i++)
            addr->ip[15 - i] = (uint8_t)(party >> (8 * i));
        return;
    }
    uint32_t net = (party - 1) / HOSTS_PER_NET;
    addr->ip[0] = 10;
    addr->ip[1] = (uint8_t)(net >> 8);
    addr->ip[2] = (uint8_t)net;
    addr->ip[3] = (uint8_t)((party - 1) % HOSTS_PER_NET + 1);
}

static enum err port_pick(const struct mock *mock, enum proto proto, struct addr *addr)
{
    for (uint32_t port = PORT_FIRST; port <= PORT_LAST; port++) {
        addr->port = (uint16_t)port;
        if (addr_map_find(&mock->bound, space(proto), addr) == NULL)
            return ERR_OK;
    }
    return ERR_LIMIT;
}

static enum err host_note(struct mock *mock, struct addr addr)
{
    addr.port = 0;
    enum err err = addr_map_put(&mock->hosts, PROTO_UDP, &addr, mock);
    return err == ERR_CONFLICT ? ERR_OK : err;
}

enum err mock_local_pick(struct mock *mock, uint32_t party, struct addr *inout)
{
    if (!addr_ip_given(inout))
        ip_by_party(inout, party);
    for (int i = PORT_OPEN_FIRST; i <= PORT_LAST; i++) {
        bool wrap = mock->port_last < PORT_OPEN_FIRST || mock->port_last == PORT_LAST;
        mock->port_last = wrap ? PORT_OPEN_FIRST : (uint16_t)(mock->port_last + 1);
        inout->port = mock->port_last;
        if (addr_map_find(&mock->bound, PROTO_TCP, inout) == NULL)
            return host_note(mock, *inout);
    }
    return ERR_LIMIT;
}

enum err mock_socket_add(struct mock *mock, struct mock_socket *socket, bool own_port)
{
    enum err err = table_add(&mock->sockets, socket, &socket->self);
    if (err != ERR_OK || !own_port)
        return err;
    err = addr_map_put(&mock->bound, space(socket->proto), &socket->addr, socket);
    if (err != ERR_OK)
        table_remove(&mock->sockets, socket->self);
    return err;
}

void mock_socket_remove(struct mock *mock, struct mock_socket *socket)
{
    if (addr_map_find(&mock->bound, space(socket->proto), &socket->addr) == socket)
        addr_map_remove(&mock->bound, space(socket->proto), &socket->addr);
    table_remove(&mock->sockets, socket->self);
}

enum err mock_bind(struct driver *driver, uint32_t party, enum proto proto, struct addr *inout,
                   struct handle *out)
{
    struct mock *mock = (struct mock *)driver;
    struct addr addr = *inout;
    ASSERT(party != 0);
    if (addr.family == 0)
        addr = (struct addr){.family = 4, .port = addr.port};
    if (!addr_ip_given(&addr))
        ip_by_party(&addr, party);
    enum err err = addr.port == 0 ? port_pick(mock, proto, &addr) : ERR_OK;
    if (err == ERR_OK)
        err = host_note(mock, addr);
    if (err != ERR_OK)
        return err;
    struct mock_socket *socket = mem_zalloc(sizeof *socket);
    if (socket == NULL)
        return ERR_MEMORY;
    *socket = (struct mock_socket){.party = party, .proto = proto, .addr = addr};
    socket->kind = proto == PROTO_UDP ? MOCK_DATAGRAMS : MOCK_LISTENER;
    err = mock_socket_add(mock, socket, true);
    if (err != ERR_OK) {
        mem_free(socket);
        return err;
    }
    *inout = addr;
    *out = socket->self;
    return ERR_OK;
}

void mock_unbind(struct driver *driver, struct handle link)
{
    struct mock *mock = (struct mock *)driver;
    struct mock_socket *socket = table_find(&mock->sockets, link);
    if (socket == NULL || socket->kind == MOCK_STREAM)
        return;
    mock_socket_remove(mock, socket);
    mem_free(socket);
}

const struct mock_socket *mock_socket_at(const struct mock *mock, enum proto proto,
                                         const struct addr *addr)
{
    const struct mock_socket *socket = addr_map_find(&mock->bound, space(proto), addr);
    return socket == NULL || socket->kind == MOCK_STREAM ? NULL : socket;
}

bool mock_host_at(const struct mock *mock, const struct addr *addr)
{
    struct addr host = *addr;
    host.port = 0;
    return addr_map_find(&mock->hosts, PROTO_UDP, &host) != NULL;
}

void mock_hosts_deinit(struct mock *mock)
{
    uint32_t cursor = 0;
    struct mock_socket *socket;
    while ((socket = table_next(&mock->sockets, &cursor, NULL)) != NULL)
        if (socket->kind == MOCK_STREAM)
            mock_stream_destroy(mock, (struct mock_stream *)socket);
        else
            mem_free(socket);
    table_deinit(&mock->sockets);
    addr_map_deinit(&mock->bound);
    addr_map_deinit(&mock->hosts);
}
