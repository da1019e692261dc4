#include "core/transport/tcp_stream.h"

#include <errno.h>
#include <event2/event.h>
#include <unistd.h>

static void open_failed(struct transport *transport, uint32_t party, const struct packet *about,
                        enum net_error error)
{
    struct packet packet = *about;
    packet.kind = PACKET_FAILED;
    packet.error = error;
    transport_arrived(transport, party, transport_now_ns(transport), &packet);
}

static bool no_options(int fd, uint8_t family)
{
    (void)fd;
    (void)family;
    return true;
}

/* Bound to the address that is asked for, to a port that the kernel picks. */
static int local_open(const struct effect *effect, int *out_fd)
{
    struct addr local = effect->local;
    int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    if (local.family != effect->remote.family) {
        struct sockaddr_storage name;
        (void)sockaddr_of(&effect->remote, &name);
        *out_fd = socket(name.ss_family, type, 0);
        return *out_fd < 0 ? errno : 0;
    }
    local.port = 0;
    enum err err = socket_open(SOCK_STREAM, &local, no_options, out_fd);
    return err == ERR_OK ? 0 : err == ERR_ABSENT ? EHOSTUNREACH : EMFILE;
}

static int connect_to(int fd, const struct addr *remote, struct addr *out_local)
{
    struct sockaddr_storage name;
    socklen_t len = sockaddr_of(remote, &name);
    if (connect(fd, (struct sockaddr *)&name, len) != 0 && errno != EINPROGRESS && errno != EINTR)
        return errno;
    len = sizeof name;
    if (getsockname(fd, (struct sockaddr *)&name, &len) != 0)
        return errno;
    *out_local = addr_of_sockaddr(&name);
    return 0;
}

static int stream_open(struct transport *transport, const struct endpoint *like,
                       const struct effect *effect)
{
    struct endpoint end = *like;
    struct tcp_stream *stream;
    int fd, code = local_open(effect, &fd);
    if (code != 0)
        return code;
    code = connect_to(fd, &effect->remote, &end.addr);
    if (code != 0) {
        close(fd);
        return code;
    }
    if (tcp_stream_create(transport, &end, fd, &stream) != ERR_OK)
        return EMFILE;
    stream->remote = effect->remote;
    stream->query = effect->query;
    /* In conflict where the kernel gave the port twice, to go to different places: who is at the
     * other end of the second is not known then. */
    enum err err = addr_map_put(&transport->tcp.places, PROTO_TCP, &end.addr, stream);
    if (event_add(stream->writable, NULL) == 0 && err != ERR_MEMORY)
        return 0;
    tcp_stream_destroy(transport, stream);
    return EMFILE;
}

void tcp_open(struct transport *transport, uint32_t party, const struct effect *effect)
{
    struct endpoint end = {.party = party, .proto = effect->proto};
    struct packet about = {.query = effect->query,
                           .proto = effect->proto,
                           .local = effect->local,
                           .remote = effect->remote};
    int code = stream_open(transport, &end, effect);
    if (code != 0)
        open_failed(transport, party, &about, net_error_of(code));
}

/* Where nobody listens on a port that the kernel also gives to openers, it may pick that very port
 * and connect the socket to itself. */
static bool to_itself(const struct tcp_stream *stream)
{
    return addr_equal(&stream->end.addr, &stream->remote);
}

void tcp_connected(struct transport *transport, struct tcp_stream *stream)
{
    int code = 0;
    socklen_t len = sizeof code;
    if (getsockopt(stream->end.fd, SOL_SOCKET, SO_ERROR, &code, &len) != 0)
        code = errno;
    if (code == 0 && to_itself(stream))
        code = ECONNREFUSED;
    if (code == 0) {
        tcp_stream_begin(transport, stream, PACKET_OPENED);
        return;
    }
    struct packet about = {.query = stream->query,
                           .proto = stream->end.proto,
                           .local = stream->end.addr,
                           .remote = stream->remote};
    open_failed(transport, stream->end.party, &about, net_error_of(code));
    stream->gone = true;
}

void tcp_give_up(struct transport *transport, uint32_t party, uint32_t query)
{
    uint32_t cursor = 0;
    struct handle link;
    if (query == 0)
        return;
    arrivals_drop_open(&transport->ring, party, query);
    while (table_next(&transport->ends, &cursor, &link) != NULL) {
        struct tcp_stream *stream = tcp_stream_find(transport, link);
        if (stream == NULL || stream->query != query || stream->end.party != party)
            continue;
        tcp_stream_abort(stream);
        tcp_stream_destroy(transport, stream);
    }
}
