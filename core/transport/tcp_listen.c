#include "core/transport/tcp_stream.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <unistd.h>

enum { BACKLOG = 1024, ACCEPTS_PER_TURN = 64 };

/* A port that was ours a moment ago is free again: what is left of its streams does not hold it. */
static bool options_set(int fd, uint8_t family)
{
    return socket_on(fd, SOL_SOCKET, SO_REUSEADDR) &&
           (family != 6 || socket_on(fd, IPPROTO_IPV6, IPV6_V6ONLY));
}

static enum err listener_begin(struct transport *transport, struct endpoint *end, int fd)
{
    enum err err = endpoint_begin(transport, end, fd, tcp_readable);
    if (err != ERR_OK)
        return err;
    if (listen(fd, BACKLOG) != 0)
        err = err_of(errno);
    else if (event_add(end->readable, NULL) != 0)
        err = ERR_MEMORY;
    else
        err = addr_map_put(&transport->tcp.places, PROTO_TCP, &end->addr, end);
    if (err != ERR_OK)
        endpoint_end(transport, end);
    return err;
}

enum err tcp_bind(struct transport *transport, uint32_t party, const struct addr *addr,
                  struct endpoint **out)
{
    struct addr bound = *addr;
    int fd;
    enum err err = socket_open(SOCK_STREAM, &bound, options_set, &fd);
    if (err != ERR_OK)
        return err;
    struct endpoint *end = mem_zalloc(sizeof *end);
    if (end == NULL) {
        close(fd);
        return ERR_MEMORY;
    }
    *end = (struct endpoint){
        .kind = END_LISTENER, .party = party, .addr = bound, .tcp = &transport->tcp};
    err = listener_begin(transport, end, fd);
    if (err == ERR_OK)
        *out = end;
    return err;
}

void tcp_unbind(struct transport *transport, struct endpoint *listener)
{
    addr_map_remove(&transport->tcp.places, PROTO_TCP, &listener->addr);
    endpoint_end(transport, listener);
}

static int accept_one(const struct endpoint *listener, struct addr *out_remote)
{
    struct sockaddr_storage name = {0};
    socklen_t len = sizeof name;
    int fd = accept(listener->fd, (struct sockaddr *)&name, &len);
    if (fd < 0)
        return fd;
    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    *out_remote = addr_of_sockaddr(&name);
    return fd;
}

static void turned_away(struct transport *transport, const struct endpoint *listener,
                        const struct addr *remote)
{
    struct packet packet = {
        .kind = PACKET_FAILED,
        .link = listener->self,
        .proto = listener->proto,
        .local = listener->addr,
        .remote = *remote,
        .error = NET_LIMIT,
    };
    transport_arrived(transport, listener->party, transport_now_ns(transport), &packet);
}

/* No descriptors left: one would find it readable for ever. The spare one lets us turn away who is
 * first in the queue. */
static bool turn_away(struct transport *transport, const struct endpoint *listener)
{
    struct addr remote;
    struct tcp *tcp = &transport->tcp;
    if (tcp->spare_fd >= 0)
        close(tcp->spare_fd);
    int fd = accept_one(listener, &remote);
    if (fd >= 0) {
        socket_abort(fd);
        close(fd);
        turned_away(transport, listener, &remote);
    }
    tcp->spare_fd = fcntl(transport->wake_read, F_DUPFD_CLOEXEC, 0);
    transport->lost |= tcp->spare_fd < 0;
    return fd >= 0;
}

static void accepted(struct transport *transport, const struct endpoint *listener, int fd,
                     const struct addr *remote)
{
    struct endpoint like = {
        .party = listener->party, .proto = listener->proto, .addr = listener->addr};
    struct tcp_stream *stream;
    if (tcp_stream_create(transport, &like, fd, &stream) != ERR_OK) {
        turned_away(transport, listener, remote);
        return;
    }
    stream->remote = *remote;
    tcp_stream_begin(transport, stream, PACKET_ACCEPTED);
    tcp_stream_settle(transport, stream);
}

void tcp_accept(struct transport *transport, struct endpoint *listener)
{
    for (int i = 0; i < ACCEPTS_PER_TURN && !arrivals_full(&transport->ring); i++) {
        struct addr remote;
        int fd = accept_one(listener, &remote);
        bool none_left = fd < 0 && (errno == EMFILE || errno == ENFILE);
        if (fd >= 0)
            accepted(transport, listener, fd, &remote);
        else if (none_left && !turn_away(transport, listener))
            return;
        else if (!none_left && errno != EINTR && errno != ECONNABORTED)
            return; /* EAGAIN; what else there is comes again */
    }
}
