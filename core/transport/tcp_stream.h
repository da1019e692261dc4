/* One stream over a socket: what waits to be written, and which of its two ways are still open.
 *
 *     tcp_stream_flush(transport, stream);
 *     tcp_stream_read(transport, stream, times_now(transport));
 *     tcp_stream_settle(transport, stream);
 */
#pragma once
#include "core/transport/receive.h"

struct tcp_write {
    struct tcp_write *next;
    struct blob *bytes;
    size_t sent;
};

struct tcp_stream {
    struct endpoint end; /* first */
    struct addr remote;
    uint32_t peer;  /* party of ours at the other end, or 0 */
    uint32_t query; /* of its DO_OPEN, until OPENED is handed out; 0: none */
    struct event *writable;
    bool open;     /* it is connected */
    bool named;    /* its party knows it, or will */
    bool closing;  /* DO_CLOSE was said */
    bool shut;     /* our FIN is out */
    bool eof;      /* the other side's FIN is here */
    bool eof_told; /* and its party knows */
    bool gone;     /* to be destroyed when nobody uses it any more: tcp_stream_settle */
    struct tcp_write *first, *last;
    size_t waiting;   /* bytes of the writes that are not out */
    uint64_t last_ns; /* nothing of it is older: what it told last, or was found empty */
};

/* Takes the descriptor, also on failure; the socket's options are set. MEMORY, LIMIT (too many). */
enum err tcp_stream_create(struct transport *transport, const struct endpoint *like, int fd,
                           struct tcp_stream **out) NODISCARD;
void tcp_stream_destroy(struct transport *transport, struct tcp_stream *stream);
struct tcp_stream *tcp_stream_find(const struct transport *transport, struct handle link);
/* It is connected from now on, and its party is told so. */
void tcp_stream_begin(struct transport *transport, struct tcp_stream *stream,
                      enum packet_kind kind);
/* To its party, where that knows it. Fills in what is the same in all; takes the bytes. */
void tcp_stream_tell(struct transport *transport, struct tcp_stream *stream, uint64_t at_ns,
                     struct packet *packet);
void tcp_stream_fail(struct transport *transport, struct tcp_stream *stream, enum net_error error);
void tcp_stream_abort(struct tcp_stream *stream); /* RST when it is destroyed: now */
/* Destroys it if it is gone. */
void tcp_stream_settle(struct transport *transport, struct tcp_stream *stream);
uint32_t tcp_party_at(const struct transport *transport, const struct addr *addr); /* 0: not ours */

void tcp_readable(int fd, short what, void *ctx); /* libevent's callback: to the queue */

/* tcp_io.c */
void tcp_stream_read(struct transport *transport, struct tcp_stream *stream, struct times times);
void tcp_stream_flush(struct transport *transport, struct tcp_stream *stream);
void tcp_stream_write(struct transport *transport, struct tcp_stream *stream,
                      struct effect *effect); /* takes its bytes */

/* tcp_open.c */
void tcp_open(struct transport *transport, uint32_t party, const struct effect *effect);
void tcp_connected(struct transport *transport, struct tcp_stream *stream); /* or not */
void tcp_give_up(struct transport *transport, uint32_t party, uint32_t query);
