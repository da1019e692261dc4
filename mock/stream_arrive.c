#include "mock/inside.h"

/* Room in the window comes back: the sender goes on. */
static void credit(struct mock *mock, const struct mock_stream *stream, size_t len)
{
    struct mock_flight *flight = mock_flight_to(mock, stream->peer, FLIGHT_CREDIT);
    if (flight == NULL)
        return;
    flight->len = len;
    struct net_link link = links_get(&mock->links, stream->socket.party, stream->peer_party);
    mock_flight_start(mock, flight, link.latency_us);
}

static bool data(struct mock *mock, const struct mock_stream *stream, struct mock_flight *flight,
                 struct packet *out)
{
    credit(mock, stream, flight->bytes->len);
    *out = (struct packet){.kind = PACKET_BYTES, .bytes = flight->bytes};
    flight->bytes = NULL;
    return true;
}

static void failed(enum net_error error, struct packet *out)
{
    *out = (struct packet){.kind = PACKET_FAILED, .error = error};
}

/* What happens at an end that is there; true: its party is to hear it. */
static bool reach(struct mock *mock, struct mock_stream *stream, struct mock_flight *flight,
                  struct packet *out)
{
    switch (flight->kind) {
    case FLIGHT_DATA:
        return data(mock, stream, flight, out);
    case FLIGHT_CREDIT:
        stream->under_way -= flight->len;
        mock_stream_pump(mock, stream);
        return false;
    case FLIGHT_WROTE:
        *out = (struct packet){.kind = PACKET_WROTE, .wrote = flight->len};
        return stream->named;
    case FLIGHT_FIN:
        stream->eof = true;
        failed(NET_EOF, out);
        return true;
    default:
        failed(flight->error, out);
        return stream->named || (!stream->open && stream->query != 0);
    }
}

static void describe(const struct mock *mock, const struct mock_stream *stream,
                     const struct mock_flight *flight, struct packet *out)
{
    bool answer = out->kind == PACKET_OPENED || !stream->open;
    out->link = stream->open ? stream->socket.self : (struct handle){0};
    out->query = answer ? stream->query : 0;
    out->proto = stream->socket.proto;
    out->local = stream->socket.addr;
    out->remote = stream->remote;
    out->peer = stream->peer_party;
    out->at_us = mock->now_us;
    out->cause = flight->cause;
}

/* After what was said about it last. */
static void go(struct mock *mock, struct mock_stream *stream, enum mock_flight_kind kind)
{
    if (kind == FLIGHT_END || (kind == FLIGHT_FIN && stream->closing && stream->done))
        mock_stream_destroy(mock, stream);
    else if (kind == FLIGHT_FIN && stream->closing)
        stream->named = false; /* what waits is still sent */
}

static bool dispatch(struct mock *mock, struct mock_flight *flight, struct packet *out)
{
    struct mock_stream *stream = mock_stream_find(mock, flight->link);
    switch (flight->kind) {
    case FLIGHT_SYN:
        mock_syn_arrive(mock, flight);
        return false;
    case FLIGHT_SYN_ACK:
        return mock_syn_ack_arrive(mock, flight, out);
    case FLIGHT_ACK:
        return mock_ack_arrive(mock, flight, out);
    default:
        return stream != NULL && reach(mock, stream, flight, out);
    }
}

bool mock_stream_arrive(struct mock *mock, struct mock_flight *flight, uint32_t *party,
                        struct packet *out)
{
    bool heard = dispatch(mock, flight, out);
    struct mock_stream *stream = mock_stream_find(mock, flight->link);
    if (heard) {
        *party = stream->socket.party;
        describe(mock, stream, flight, out);
    }
    if (stream != NULL)
        go(mock, stream, flight->kind);
    mock_flight_give(mock, flight);
    return heard;
}
