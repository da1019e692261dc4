#include "mock/inside.h"

enum { WINDOW_LEN = 65536 };

static bool takes_writes(const struct mock_stream *stream)
{
    return stream != NULL && stream->named && !stream->closing && !stream->done;
}

void mock_stream_write(struct mock *mock, struct effect *effect)
{
    struct mock_stream *stream = mock_stream_find(mock, effect->link);
    if (!takes_writes(stream) || effect->bytes->len == 0)
        return;
    if (stream->waiting >= NET_WRITE_LIMIT) {
        mock_stream_end(mock, stream, NET_LIMIT);
        return;
    }
    struct mock_write *write = mem_zalloc(sizeof *write);
    if (write == NULL) {
        mock->lost = true;
        return;
    }
    write->bytes = effect->bytes;
    write->cause = effect->cause;
    effect->bytes = NULL;
    if (stream->last == NULL)
        stream->first = write;
    else
        stream->last->next = write;
    stream->last = write;
    mock->waiting_count += stream->waiting == 0;
    stream->waiting += write->bytes->len;
    mock_stream_pump(mock, stream);
}

/* How much of what waits may be one segment on this link; 0: nothing now. */
static size_t segment_len(const struct mock_stream *stream, const struct net_link *link)
{
    const struct mock_write *write = stream->first;
    size_t window = link->window != 0 ? link->window : WINDOW_LEN;
    size_t headers_len = mock_stream_headers(stream);
    if (write == NULL || stream->done || stream->under_way >= window)
        return 0;
    size_t len = write->bytes->len - write->sent;
    if (len > window - stream->under_way)
        len = window - stream->under_way;
    if (link->mtu > headers_len && len > link->mtu - headers_len)
        len = link->mtu - headers_len;
    if (link->segment != 0 && len > link->segment)
        len = link->segment;
    if (link->reset_at > stream->sent && len > link->reset_at - stream->sent)
        len = (size_t)(link->reset_at - stream->sent);
    return len;
}

static struct blob *piece_of(const struct mock_write *write, size_t len)
{
    struct view rest = view_skip(blob_view(write->bytes), write->sent);
    return len == write->bytes->len ? blob_ref(write->bytes) : blob_create(view_head(rest, len));
}

static void write_advance(struct mock *mock, struct mock_stream *stream, size_t len)
{
    struct mock_write *write = stream->first;
    write->sent += len;
    stream->sent += len;
    stream->under_way += len;
    stream->waiting -= len;
    mock->waiting_count -= stream->waiting == 0;
    if (write->sent < write->bytes->len)
        return;
    stream->first = write->next;
    if (stream->first == NULL)
        stream->last = NULL;
    blob_unref(write->bytes);
    mem_free(write);
}

static bool segment_send(struct mock *mock, struct mock_stream *stream, size_t len)
{
    struct mock_flight *flight = mock_flight_get(mock);
    struct blob *piece = flight == NULL ? NULL : piece_of(stream->first, len);
    if (piece == NULL) {
        mock->lost = true;
        if (flight != NULL)
            mock_flight_give(mock, flight);
        return false;
    }
    flight->kind = FLIGHT_DATA;
    flight->link = stream->peer;
    flight->bytes = piece;
    flight->cause = stream->first->cause;
    mock_stream_send(mock, stream, flight);
    write_advance(mock, stream, len);
    return true;
}

static size_t segments_send(struct mock *mock, struct mock_stream *stream)
{
    struct net_link link = links_get(&mock->links, stream->socket.party, stream->peer_party);
    uint64_t before = stream->sent;
    size_t len;
    while ((len = segment_len(stream, &link)) != 0 && segment_send(mock, stream, len))
        if (stream->sent == link.reset_at)
            mock_stream_end(mock, stream, NET_RESET);
    return (size_t)(stream->sent - before);
}

void mock_stream_pump(struct mock *mock, struct mock_stream *stream)
{
    size_t wrote = segments_send(mock, stream);
    if (wrote > 0 && stream->named)
        mock_stream_tell(mock, stream, FLIGHT_WROTE, wrote, NET_OK);
    if (!stream->closing || stream->done || stream->first != NULL)
        return;
    stream->done = true; /* its FIN was the last that it sends */
    mock_stream_signal(mock, stream, FLIGHT_FIN, NET_OK);
    if (stream->eof)
        mock_stream_destroy(mock, stream);
}

void mock_stream_close(struct mock *mock, struct handle link)
{
    struct mock_stream *stream = mock_stream_find(mock, link);
    if (!takes_writes(stream))
        return;
    stream->closing = true;
    stream->named = !stream->eof;
    mock_stream_pump(mock, stream);
}

static struct mock_stream *opening_find(const struct mock *mock, uint32_t party, uint32_t query)
{
    uint32_t cursor = 0;
    struct handle link;
    while (table_next(&mock->sockets, &cursor, &link) != NULL) {
        struct mock_stream *stream = mock_stream_find(mock, link);
        if (stream != NULL && !stream->open && query != 0 && stream->query == query &&
            stream->socket.party == party)
            return stream;
    }
    return NULL;
}

void mock_stream_reset(struct mock *mock, uint32_t party, const struct effect *effect)
{
    struct mock_stream *stream = handle_none(effect->link)
                                     ? opening_find(mock, party, effect->query)
                                     : mock_stream_find(mock, effect->link);
    bool known = stream != NULL && (stream->named || !stream->open);
    if (!known)
        return;
    if (!handle_none(stream->peer))
        mock_stream_signal(mock, stream, FLIGHT_END, NET_RESET);
    mock_stream_destroy(mock, stream);
}
