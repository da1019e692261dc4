#include "core/transport/tcp_stream.h"

#include <fcntl.h>
#include <unistd.h>

enum err tcp_begin(struct transport *transport)
{
    transport->tcp.spare_fd = fcntl(transport->wake_read, F_DUPFD_CLOEXEC, 0);
    return transport->tcp.spare_fd < 0 ? ERR_LIMIT : ERR_OK;
}

/* A stream that takes effects: its name means something still. */
static struct tcp_stream *named(struct transport *transport, struct handle link)
{
    struct tcp_stream *stream = tcp_stream_find(transport, link);
    return stream != NULL && stream->named ? stream : NULL;
}

static void write_to(struct transport *transport, struct effect *effect)
{
    struct tcp_stream *stream = named(transport, effect->link);
    if (stream == NULL || stream->closing)
        return;
    tcp_stream_write(transport, stream, effect);
    tcp_stream_settle(transport, stream);
}

static void close_it(struct transport *transport, struct handle link)
{
    struct tcp_stream *stream = named(transport, link);
    if (stream == NULL || stream->closing)
        return;
    stream->closing = true;
    if (stream->eof_told) {
        stream->named = false;
        arrivals_drop(&transport->ring, link);
    }
    if (stream->first == NULL) /* else libevent says when it goes on */
        tcp_stream_flush(transport, stream);
    tcp_stream_settle(transport, stream);
}

/* What it told and nobody took yet is gone with it, also where the stream itself is not there any
 * more. Who gave the name up already means nothing by it. */
static void reset(struct transport *transport, struct handle link)
{
    const struct endpoint *end = table_find(&transport->ends, link);
    if (end != NULL && end->kind != END_STREAM)
        return;
    arrivals_drop(&transport->ring, link);
    struct tcp_stream *stream = named(transport, link);
    if (stream == NULL)
        return;
    tcp_stream_abort(stream);
    tcp_stream_destroy(transport, stream);
}

void tcp_perform(struct transport *transport, uint32_t party, struct effect *effect)
{
    if (effect->kind == DO_OPEN)
        tcp_open(transport, party, effect);
    else if (effect->kind == DO_WRITE)
        write_to(transport, effect);
    else if (effect->kind == DO_CLOSE)
        close_it(transport, effect->link);
    else if (effect->kind == DO_RESET && handle_none(effect->link))
        tcp_give_up(transport, party, effect->query);
    else if (effect->kind == DO_RESET)
        reset(transport, effect->link);
}

static void stream_run(struct transport *transport, struct tcp_stream *stream, struct times times)
{
    bool can_read = stream->end.can_read;
    stream->end.can_read = stream->end.can_write = false;
    if (!stream->open)
        tcp_connected(transport, stream);
    else if (stream->first != NULL)
        tcp_stream_flush(transport, stream);
    if (can_read && !stream->gone)
        tcp_stream_read(transport, stream, times);
    tcp_stream_settle(transport, stream);
}

void tcp_drain(struct transport *transport)
{
    struct tcp *tcp = &transport->tcp;
    struct endpoint *end;
    if (tcp->first_ready == NULL)
        return;
    struct times times = times_now(transport);
    while ((end = tcp->first_ready) != NULL) {
        tcp->first_ready = end->next_ready;
        end->queued = false;
        if (end->kind == END_LISTENER)
            tcp_accept(transport, end);
        else
            stream_run(transport, (struct tcp_stream *)end, times);
    }
}

void tcp_told(struct transport *transport, const struct packet *packet)
{
    struct tcp_stream *stream = tcp_stream_find(transport, packet->link);
    if (stream == NULL)
        return;
    if (packet->kind == PACKET_OPENED)
        stream->query = 0;
    if (packet->kind == PACKET_FAILED && packet->error == NET_EOF)
        stream->eof_told = true;
}

void tcp_deinit(struct transport *transport)
{
    uint32_t cursor = 0;
    struct endpoint *end;
    while ((end = table_next(&transport->ends, &cursor, NULL)) != NULL)
        if (end->kind == END_STREAM)
            tcp_stream_destroy(transport, (struct tcp_stream *)end);
        else if (end->kind == END_LISTENER)
            tcp_unbind(transport, end);
    addr_map_deinit(&transport->tcp.places);
    if (transport->tcp.spare_fd >= 0)
        close(transport->tcp.spare_fd);
}
