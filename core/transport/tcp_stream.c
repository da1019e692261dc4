#include "core/transport/tcp_stream.h"

#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum { STREAM_LIMIT = 16384 };

static void ready(struct endpoint *end, struct tcp *tcp)
{
    if (end->queued)
        return;
    end->queued = true;
    end->next_ready = NULL;
    if (tcp->first_ready == NULL)
        tcp->first_ready = end;
    else
        tcp->last_ready->next_ready = end;
    tcp->last_ready = end;
}

void tcp_readable(int fd, short what, void *ctx)
{
    struct endpoint *end = ctx;
    (void)fd;
    (void)what;
    end->can_read = true;
    ready(end, end->tcp);
}

static void writable(evutil_socket_t fd, short what, void *ctx)
{
    struct endpoint *end = ctx;
    (void)fd;
    (void)what;
    end->can_write = true;
    ready(end, end->tcp);
}

/* Arrival times are what they are on datagrams: where a kernel has none, the time of reading does.
 * Small writes go at once: a message is not to wait for the acknowledgement of the one before. */
static void options_set(int fd)
{
    (void)socket_on(fd, SOL_SOCKET, SO_TIMESTAMPNS);
    (void)socket_on(fd, IPPROTO_TCP, TCP_NODELAY);
}

enum err tcp_stream_create(struct transport *transport, const struct endpoint *like, int fd,
                           struct tcp_stream **out)
{
    bool room = transport->tcp.stream_count < STREAM_LIMIT;
    struct tcp_stream *stream = room ? mem_zalloc(sizeof *stream) : NULL;
    if (stream == NULL) {
        close(fd);
        return room ? ERR_MEMORY : ERR_LIMIT;
    }
    stream->end = *like;
    stream->end.kind = END_STREAM;
    stream->end.tcp = &transport->tcp;
    enum err err = endpoint_begin(transport, &stream->end, fd, tcp_readable);
    if (err != ERR_OK)
        return err;
    transport->tcp.stream_count++;
    options_set(fd);
    stream->writable = event_new(transport->base, fd, EV_WRITE, writable, stream);
    stream->last_ns = transport_now_ns(transport);
    if (stream->writable == NULL) {
        tcp_stream_destroy(transport, stream);
        return ERR_MEMORY;
    }
    *out = stream;
    return ERR_OK;
}

void tcp_stream_destroy(struct transport *transport, struct tcp_stream *stream)
{
    struct addr_map *places = &transport->tcp.places;
    struct tcp_write *write;
    if (addr_map_find(places, PROTO_TCP, &stream->end.addr) == stream)
        addr_map_remove(places, PROTO_TCP, &stream->end.addr);
    while ((write = stream->first) != NULL) {
        stream->first = write->next;
        blob_unref(write->bytes);
        mem_free(write);
    }
    if (stream->writable != NULL)
        event_free(stream->writable);
    transport->tcp.stream_count--;
    endpoint_end(transport, &stream->end);
}

struct tcp_stream *tcp_stream_find(const struct transport *transport, struct handle link)
{
    struct endpoint *end = table_find(&transport->ends, link);
    return end != NULL && end->kind == END_STREAM ? (struct tcp_stream *)end : NULL;
}

uint32_t tcp_party_at(const struct transport *transport, const struct addr *addr)
{
    const struct endpoint *end = addr_map_find(&transport->tcp.places, PROTO_TCP, addr);
    return end == NULL ? 0 : end->party;
}

void tcp_stream_tell(struct transport *transport, struct tcp_stream *stream, uint64_t at_ns,
                     struct packet *packet)
{
    if (!stream->named) {
        blob_unref(packet->bytes);
        return;
    }
    if (at_ns > stream->last_ns)
        stream->last_ns = at_ns;
    packet->link = stream->end.self;
    packet->proto = stream->end.proto;
    packet->local = stream->end.addr;
    packet->remote = stream->remote;
    packet->peer = stream->peer;
    transport_arrived(transport, stream->end.party, stream->last_ns, packet);
}

void tcp_stream_begin(struct transport *transport, struct tcp_stream *stream, enum packet_kind kind)
{
    stream->open = true;
    stream->named = true;
    stream->peer = tcp_party_at(transport, &stream->remote);
    struct packet packet = {.kind = kind, .query = stream->query};
    tcp_stream_tell(transport, stream, transport_now_ns(transport), &packet);
    if (event_add(stream->end.readable, NULL) == 0)
        return;
    tcp_stream_abort(stream);
    tcp_stream_fail(transport, stream, NET_LIMIT);
}

void tcp_stream_fail(struct transport *transport, struct tcp_stream *stream, enum net_error error)
{
    struct packet packet = {.kind = PACKET_FAILED, .error = error};
    tcp_stream_tell(transport, stream, transport_now_ns(transport), &packet);
    stream->named = false;
    stream->gone = true;
}

void tcp_stream_abort(struct tcp_stream *stream)
{
    socket_abort(stream->end.fd);
    stream->gone = true;
}

void tcp_stream_settle(struct transport *transport, struct tcp_stream *stream)
{
    if (stream->gone)
        tcp_stream_destroy(transport, stream);
}
