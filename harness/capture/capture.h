/* The SIP messages of a capture, in the order in which the capture has them: link layers, tunnels,
 * fragments and streams are undone, and SIP is known by what it is, on any port.
 *
 *     enum err err = capture_open("call.pcap", NULL, &capture, &complaint);
 *     while (capture_next(capture, &message))
 *         use(&message);
 *     capture_close(capture);
 *
 * Memory is bounded, however long the capture is: what waits for its missing piece is given up when
 * there is too much of it, and counted.
 */
#pragma once
#include "core/core.h"

enum carrier { /* what brought it; the trace knows only the transports of SIP */
               CARRIER_UDP,
               CARRIER_TCP,
               CARRIER_SCTP,
               CARRIER_TLS,
               CARRIER_WS,
               CARRIER_WSS
};
const char *carrier_text(enum carrier carrier); /* "sctp" */
enum proto carrier_proto(enum carrier carrier); /* the nearest one: SCTP counts as TCP */
/* A stream's Content-Length is demanded; a WebSocket frame has its own end. */
enum sip_framing carrier_framing(enum carrier carrier);

struct captured {
    uint64_t time_ns;            /* since 1970, of the frame that completed it */
    uint32_t frame, first_frame; /* that completed it, that it began in; counted from 1 */
    uint32_t stream;             /* number of its connection, from 1; 0: none */
    enum carrier carrier;
    struct addr source, target;
    struct blob *bytes; /* borrowed until the next one is asked for */
    bool cut;           /* the capture has less of it than was on the wire */
};

struct capture_options {
    size_t held_limit;   /* bytes that wait for missing pieces, in all; 0: 64 MiB */
    uint32_t held_count; /* connections that are followed; 0: 65,536 */
    const char *keylog;  /* path of the keys of its TLS connections (SSLKEYLOGFILE); NULL: none */
};

struct capture_counts {
    uint64_t frames, messages;
    uint64_t unknown_frames; /* a link layer that we cannot read, or no IP */
    uint64_t cut_frames;     /* shorter in the file than on the wire */
    uint64_t broken_packets; /* their own lengths make no sense */
    uint64_t lost_fragments; /* of datagrams that never became whole */
    uint64_t stream_gaps;    /* places where bytes of a stream are missing */
    uint64_t given_up;       /* held pieces that were dropped for a limit */
    uint64_t tls_connections;
    uint64_t tls_read;         /* of them: for these there were keys, and they fitted */
    uint64_t tls_late;         /* of them: seen from the middle, so that none can be theirs */
    uint64_t tls_without_keys; /* of them: the key log has not theirs */
    uint64_t tls_unknown;      /* of them: of a version or with ciphers that we do not read */
    uint64_t tls_lost_records; /* of those that were read: which could not be */
};

struct capture;
/* ERR_IO: it, or the key log, cannot be read. ERR_SYNTAX: it is no capture, or the key log is none.
 * ERR_UNSUPPORTED: its link layer. In each case `complaint` has a sentence that says what was found
 * instead. */
enum err capture_open(const char *path, const struct capture_options *options, struct capture **out,
                      struct buf *complaint) NODISCARD;
/* False: there are no more, or capture_failure says why not. */
bool capture_next(struct capture *capture, struct captured *out);
/* ERR_OK at the end of a whole capture; ERR_SYNTAX: it is cut off or damaged behind what was given;
 * ERR_MEMORY. The sentence for people is `why` (may be NULL). */
enum err capture_failure(const struct capture *capture, struct view *why);
void capture_counts(const struct capture *capture, struct capture_counts *out);
/* After the last message. False: there was a key log, and it has the keys of no connection here;
 * `complaint` says what is there instead. */
bool capture_keys_fit(const struct capture *capture, struct buf *complaint);
/* After the last message: one sentence on what of TLS could not be read; nothing where all was. */
void capture_unread(const struct capture *capture, struct buf *out);
/* After the last message, of which there was none: one sentence on what is there instead. */
void capture_without_sip(const struct capture *capture, struct buf *out);
void capture_close(struct capture *capture); /* NULL is fine */
