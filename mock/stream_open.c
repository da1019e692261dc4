/* The handshake: SYN, SYN-ACK, ACK; an end each, made when its side hears of the stream. */
#include "mock/inside.h"

static struct mock_stream *stream_create(struct mock *mock, const struct mock_socket *socket,
                                         const struct addr *remote, bool own_port)
{
    struct mock_stream *stream = mem_zalloc(sizeof *stream);
    if (stream == NULL) {
        mock->lost = true;
        return NULL;
    }
    stream->socket = *socket;
    stream->socket.kind = MOCK_STREAM;
    stream->remote = *remote;
    if (mock_socket_add(mock, &stream->socket, own_port) == ERR_OK)
        return stream;
    mock->lost = true;
    mem_free(stream);
    return NULL;
}

void mock_stream_open(struct mock *mock, uint32_t party, const struct effect *effect)
{
    struct mock_socket socket = {.party = party, .proto = effect->proto, .addr = effect->local};
    struct mock_flight *syn = mock_flight_get(mock);
    struct mock_stream *stream = NULL;
    if (socket.addr.family != effect->remote.family)
        socket.addr = (struct addr){.family = effect->remote.family};
    if (syn != NULL && mock_local_pick(mock, party, &socket.addr) == ERR_OK)
        stream = stream_create(mock, &socket, &effect->remote, true);
    if (stream == NULL) {
        mock->lost = true;
        if (syn != NULL)
            mock_flight_give(mock, syn);
        return;
    }
    const struct mock_socket *there = mock_socket_at(mock, effect->proto, &effect->remote);
    stream->query = effect->query;
    stream->peer_party = there == NULL ? 0 : there->party;
    syn->kind = FLIGHT_SYN;
    syn->back = stream->socket.self;
    syn->cause = effect->cause;
    mock_stream_send(mock, stream, syn);
}

/* As a RST or ICMP does: it takes the latency back. */
static void refuse(struct mock *mock, struct mock_stream *from, bool listener)
{
    struct mock_flight *flight = mock_flight_to(mock, from->socket.self, FLIGHT_END);
    if (flight == NULL)
        return;
    flight->error = listener || mock_host_at(mock, &from->remote) ? NET_REFUSED : NET_UNREACHABLE;
    struct net_link back = links_get(&mock->links, from->peer_party, from->socket.party);
    mock_flight_start(mock, flight, back.latency_us);
}

void mock_syn_arrive(struct mock *mock, const struct mock_flight *flight)
{
    struct mock_stream *from = mock_stream_find(mock, flight->back);
    if (from == NULL)
        return;
    const struct mock_socket *listener = mock_socket_at(mock, from->socket.proto, &from->remote);
    if (listener == NULL) {
        refuse(mock, from, false);
        return;
    }
    from->peer_party = listener->party;
    struct mock_stream *stream = stream_create(mock, listener, &from->socket.addr, false);
    if (stream == NULL)
        return;
    stream->listener = listener->self;
    stream->peer = from->socket.self;
    stream->peer_party = from->socket.party;
    if (!mock_stream_signal(mock, stream, FLIGHT_SYN_ACK, NET_OK))
        mock_stream_destroy(mock, stream);
}

static void begin(struct mock_stream *stream, enum packet_kind kind, struct packet *out)
{
    stream->open = true;
    stream->named = true;
    *out = (struct packet){.kind = kind, .query = stream->query};
}

bool mock_syn_ack_arrive(struct mock *mock, const struct mock_flight *flight, struct packet *out)
{
    struct mock_stream *stream = mock_stream_find(mock, flight->link);
    struct mock_stream *there = mock_stream_find(mock, flight->back);
    if (stream == NULL || there == NULL) { /* given up meanwhile, by one or the other */
        if (there != NULL)
            mock_stream_destroy(mock, there);
        return false;
    }
    stream->peer = flight->back;
    if (!mock_stream_signal(mock, stream, FLIGHT_ACK, NET_OK))
        return false;
    begin(stream, PACKET_OPENED, out);
    return true;
}

/* Whoever does not listen any more accepts nobody. */
bool mock_ack_arrive(struct mock *mock, const struct mock_flight *flight, struct packet *out)
{
    struct mock_stream *stream = mock_stream_find(mock, flight->link);
    if (stream == NULL)
        return false;
    if (table_find(&mock->sockets, stream->listener) == NULL) {
        mock_stream_signal(mock, stream, FLIGHT_END, NET_RESET);
        mock_stream_destroy(mock, stream);
        return false;
    }
    begin(stream, PACKET_ACCEPTED, out);
    return true;
}
