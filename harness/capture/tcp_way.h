/* One way of a TCP connection: segments put in order, what waits for its missing piece, and what is
 * given up. The two ways of a connection are a pair: it is in TLS, or it is not.
 *
 *     if (syn)
 *         way_begin(way, seq, number);
 *     way_take(capture, way, &arriving);
 *     way_acked(capture, other_way, &arriving);
 */
#pragma once
#include "harness/capture/inside.h"

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

struct arriving { /* a segment */
    struct ends ends;
    uint32_t seq, ack;
    uint8_t flags;
    struct view bytes;
};

struct segment;
struct way {
    struct pair *pair; /* it is one of */
    uint32_t next_seq;
    uint32_t syn_seq;  /* of the SYN that it began with */
    bool known;        /* next_seq is */
    bool begun;        /* syn_seq is known */
    bool spoke;        /* bytes of it were read */
    bool acked;        /* the other side has what is missing here: so the capture has it not */
    uint64_t acked_ns; /* when that was seen first */
    struct segment *held;
    uint32_t held_count;
    size_t held_bytes;
    struct stream stream;
};

struct pair {              /* the two ways of a connection */
    struct way ways[2];    /* 0: from the lower end */
    struct tls_talk *talk; /* NULL: it is not in TLS */
};

void pair_init(struct pair *pair, uint32_t number);
void pair_deinit(struct pair *pair);
size_t pair_held(const struct pair *pair); /* bytes of memory */
/* What is missing will not come any more: nothing waits. ends: of the way from the lower end. */
void pair_settle(struct capture *capture, struct pair *pair, const struct ends *ends);

/* It begins: also anew, on ports that were used before. */
void way_begin(struct way *way, uint32_t seq, uint32_t number);
bool way_begun_so(const struct way *way, uint32_t seq); /* with this SYN, which came once more */
void way_take(struct capture *capture, struct way *way, const struct arriving *arriving);
/* The other side says what it has of this way. */
void way_acked(struct capture *capture, struct way *way, const struct arriving *arriving);
