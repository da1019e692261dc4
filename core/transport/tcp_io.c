#include "core/transport/tcp_stream.h"

#include <errno.h>
#include <event2/event.h>

enum { READS_PER_TURN = 16 }; /* the others want to be read, too */

static void bytes_tell(struct transport *transport, struct tcp_stream *stream,
                       struct received *received, size_t len, struct times times)
{
    struct packet packet = {
        .kind = PACKET_BYTES,
        .bytes = blob_create((struct view){transport->room, len}),
    };
    if (packet.bytes == NULL)
        transport->lost = true;
    else
        tcp_stream_tell(transport, stream, received_at_ns(received, times, stream->last_ns),
                        &packet);
}

/* The name goes with it where our side is closed; what waits is still written. */
static void eof_reached(struct transport *transport, struct tcp_stream *stream)
{
    struct packet packet = {.kind = PACKET_FAILED, .error = NET_EOF};
    tcp_stream_tell(transport, stream, transport_now_ns(transport), &packet);
    event_del(stream->end.readable); /* it would be readable for ever */
    stream->eof = true;
    stream->named &= !stream->closing;
    stream->gone |= stream->shut;
}

void tcp_stream_read(struct transport *transport, struct tcp_stream *stream, struct times times)
{
    struct received received;
    for (int i = 0; i < READS_PER_TURN && !stream->eof && !arrivals_full(&transport->ring); i++) {
        ssize_t len = socket_receive(transport, stream->end.fd, 0, &received);
        if (len > 0) {
            bytes_tell(transport, stream, &received, (size_t)len, times);
        } else if (len == 0) {
            eof_reached(transport, stream);
        } else if (errno != EAGAIN) {
            tcp_stream_fail(transport, stream, net_error_of(errno));
            return;
        } else {
            if (times.now_ns > stream->last_ns)
                stream->last_ns = times.now_ns;
            return;
        }
    }
}

/* What came before it broke comes first. */
static void broken(struct transport *transport, struct tcp_stream *stream, int code)
{
    tcp_stream_read(transport, stream, times_now(transport));
    if (!stream->gone || stream->named)
        tcp_stream_fail(transport, stream, net_error_of(code));
}

static void advance(struct tcp_stream *stream, size_t len)
{
    struct tcp_write *write = stream->first;
    write->sent += len;
    stream->waiting -= len;
    if (write->sent < write->bytes->len)
        return;
    stream->first = write->next;
    if (stream->first == NULL)
        stream->last = NULL;
    blob_unref(write->bytes);
    mem_free(write);
}

/* Until the kernel takes no more; gives how much it took, and in *out_code why it stopped (0: all
 * is out). */
static size_t send_all(struct tcp_stream *stream, int *out_code)
{
    size_t wrote = 0;
    *out_code = 0;
    while (stream->first != NULL) {
        struct view rest = view_skip(blob_view(stream->first->bytes), stream->first->sent);
        ssize_t len = send(stream->end.fd, rest.ptr, rest.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0) {
            *out_code = errno;
            break;
        }
        advance(stream, (size_t)len);
        wrote += (size_t)len;
    }
    return wrote;
}

static void close_if_done(struct tcp_stream *stream)
{
    if (!stream->closing || stream->shut || stream->first != NULL)
        return;
    (void)shutdown(stream->end.fd, SHUT_WR); /* where it fails, reading says why */
    stream->shut = true;
    stream->gone |= stream->eof;
}

void tcp_stream_flush(struct transport *transport, struct tcp_stream *stream)
{
    int code;
    size_t wrote = send_all(stream, &code);
    if (wrote > 0) {
        struct packet packet = {.kind = PACKET_WROTE, .wrote = wrote};
        tcp_stream_tell(transport, stream, transport_now_ns(transport), &packet);
    }
    if (no_room(code) && event_add(stream->writable, NULL) != 0)
        transport->lost = true;
    if (code != 0 && !no_room(code))
        broken(transport, stream, code);
    else
        close_if_done(stream);
}

void tcp_stream_write(struct transport *transport, struct tcp_stream *stream, struct effect *effect)
{
    if (effect->bytes->len == 0)
        return;
    if (stream->waiting >= NET_WRITE_LIMIT) {
        tcp_stream_abort(stream);
        tcp_stream_fail(transport, stream, NET_LIMIT);
        return;
    }
    struct tcp_write *write = mem_zalloc(sizeof *write);
    if (write == NULL) {
        transport->lost = true;
        return;
    }
    bool idle = stream->first == NULL;
    write->bytes = effect->bytes;
    effect->bytes = NULL;
    if (idle)
        stream->first = write;
    else
        stream->last->next = write;
    stream->last = write;
    stream->waiting += write->bytes->len;
    if (idle)
        tcp_stream_flush(transport, stream);
}
