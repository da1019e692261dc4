/* Whole SIP messages out of the bytes of a stream, whatever the pieces that they come in: RFC 3261
 * §18.3, with the keep-alives of RFC 5626 §4.4.1 between them.
 *
 *     enum err err = framer_give(&framer, piece);
 *     while (framer_next(&framer, &framed) == ERR_OK)
 *         use(&framed);
 *
 * "INVITE … Content-Length: 4\r\n\r\nab" "cd\r\n\r\nBYE …": the first piece gives nothing, for two
 * bytes are missing. With the second one come the MESSAGE that ends in "abcd", a PONG and a PING
 * (the first CRLF may have been either), and, once its Content-Length is there, the BYE.
 *
 * Where a message ends must never be guessed: a request that two readers cut differently is how one
 * is smuggled past a proxy. So what leaves any doubt is BROKEN, and nothing is read behind it.
 */
#pragma once
#include "core/base.h"

enum framed_kind {
    FRAMED_MESSAGE, /* one whole message */
    FRAMED_PING,    /* CRLF CRLF between messages: to be answered with one CRLF */
    FRAMED_PONG,    /* CRLF between messages, if one was waited for */
    FRAMED_BROKEN   /* where the message ends cannot be told; nothing follows */
};

struct framed {
    enum framed_kind kind;
    struct blob *bytes; /* MESSAGE; BROKEN: its head, where that has come whole, else NULL. The
                           caller's reference */
    uint64_t end;       /* of it, in bytes since the stream began */
    struct view why;    /* BROKEN: a sentence for people, static */
};

struct framer_limits {
    size_t head; /* start line and headers; 0: 64 KiB */
    size_t body; /* 0: 16 MiB */
};

struct framer {
    struct framer_limits limits;
    struct buf buf;  /* what has come; the bytes before `at` are taken */
    size_t at;       /* where the next message or keep-alive begins */
    size_t line;     /* of the message at `at`: its line that is being searched for an end */
    size_t searched; /* no line ends between `line` and here */
    size_t head_len; /* of the message at `at`; 0: not all of it is there */
    size_t body_len; /* as its Content-Length says */
    uint64_t before; /* bytes of the stream before `buf` */
    bool after_crlf; /* what came last was a CRLF of its own */
    bool broken;
};

/* limits NULL: the usual ones. Owns no memory before framer_give. */
void framer_init(struct framer *framer, const struct framer_limits *limits);
/* Copies the bytes. MEMORY: they are not kept. What a broken framer is given is passed over. */
enum err framer_give(struct framer *framer, struct view bytes) NODISCARD;
/* The next of what has come whole. ABSENT: more bytes are wanted. MEMORY: it can be asked again. */
enum err framer_next(struct framer *framer, struct framed *out) NODISCARD;
/* The first bytes of a message are there, and its last ones are not. */
bool framer_inside(const struct framer *framer);
/* What has come and was not taken: for who wants to see what a broken one had. */
struct view framer_rest(const struct framer *framer);
void framer_deinit(struct framer *framer);
