#include "mock/inside.h"

enum { HEADERS_IP4 = 40, HEADERS_IP6 = 60 };

struct mock_stream *mock_stream_find(const struct mock *mock, struct handle link)
{
    struct mock_socket *socket = table_find(&mock->sockets, link);
    bool stream = socket != NULL && socket->kind == MOCK_STREAM;
    return stream ? (struct mock_stream *)socket : NULL;
}

void mock_stream_destroy(struct mock *mock, struct mock_stream *stream)
{
    struct mock_write *write;
    while ((write = stream->first) != NULL) {
        stream->first = write->next;
        blob_unref(write->bytes);
        mem_free(write);
    }
    mock->waiting_count -= stream->waiting > 0;
    mock_socket_remove(mock, &stream->socket);
    mem_free(stream);
}

size_t mock_stream_headers(const struct mock_stream *stream)
{
    return stream->remote.family == 6 ? HEADERS_IP6 : HEADERS_IP4;
}

void mock_stream_send(struct mock *mock, struct mock_stream *stream, struct mock_flight *flight)
{
    struct link_way *way = links_way(&mock->links, stream->socket.party, stream->peer_party);
    size_t ip_len = mock_stream_headers(stream) + blob_view(flight->bytes).len;
    uint64_t delay_us = way == NULL ? 0 : link_way_delay(way, mock->now_us, ip_len);
    uint64_t arrival_us = time_after(mock->now_us, delay_us);
    mock->lost |= way == NULL;
    if (arrival_us > stream->arrival_us)
        stream->arrival_us = arrival_us;
    mock_flight_start(mock, flight, stream->arrival_us - mock->now_us);
}

struct mock_flight *mock_flight_to(struct mock *mock, struct handle link,
                                   enum mock_flight_kind kind)
{
    struct mock_flight *flight = mock_flight_get(mock);
    if (flight == NULL) {
        mock->lost = true;
        return NULL;
    }
    flight->kind = kind;
    flight->link = link;
    return flight;
}

bool mock_stream_signal(struct mock *mock, struct mock_stream *stream, enum mock_flight_kind kind,
                        enum net_error error)
{
    struct mock_flight *flight = mock_flight_to(mock, stream->peer, kind);
    if (flight == NULL)
        return false;
    flight->error = error;
    flight->back = stream->socket.self;
    mock_stream_send(mock, stream, flight);
    return true;
}

void mock_stream_tell(struct mock *mock, struct mock_stream *stream, enum mock_flight_kind kind,
                      size_t len, enum net_error error)
{
    struct mock_flight *flight = mock_flight_to(mock, stream->socket.self, kind);
    if (flight == NULL)
        return;
    flight->len = len;
    flight->error = error;
    mock_flight_start(mock, flight, 0);
}

/* The other end hears of it behind what is under way to it, this one at once. */
void mock_stream_end(struct mock *mock, struct mock_stream *stream, enum net_error error)
{
    stream->done = true;
    mock_stream_signal(mock, stream, FLIGHT_END, NET_RESET);
    mock_stream_tell(mock, stream, FLIGHT_END, 0, error);
}
