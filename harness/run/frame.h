/* Frames on the pipes between the parent and its workers, and what they are packed of. Both ends
 * are the same program, so that nothing has a version; but a worker may have run wild, so that a
 * reader trusts no length.
 *
 *     size_t start = frame_begin(&buf, FRAME_LOADED);
 *     pack_view(&buf, sentence);
 *     frame_end(&buf, start);
 */
#pragma once
#include "core/core.h"

enum frame_kind {
    /* to a worker */
    FRAME_LIST = 1, /* file */
    FRAME_RUN,      /* file, scenario, seed */
    /* to the parent */
    FRAME_TARGET,   /* what the configuration said of the target: once, before all else */
    FRAME_SCENARIO, /* one that the file registers */
    FRAME_PARAM,    /* a name that the file asks for */
    FRAME_LOADED,   /* the file is through; or its load error */
    FRAME_EVENTS,   /* encoded events of the running scenario */
    FRAME_WAITS,    /* what it waits for: waits.h */
    FRAME_RESULT    /* its verdict: it is through */
};

struct frame {
    enum frame_kind kind;
    struct view body;
};

enum { FRAME_HEAD_LEN = 8, FRAME_EVENTS_MOST = 1 << 20 };

size_t frame_begin(struct buf *buf, enum frame_kind kind); /* gives what frame_end wants */
void frame_end(struct buf *buf, size_t start);             /* fills in the length, pads to 8 */
/* Only the head, for a body of `len` bytes (a multiple of 8) that is written apart. */
void frame_head(char head[FRAME_HEAD_LEN], enum frame_kind kind, size_t len);
/* The frame at the head of bytes: how many it takes, 0 when it is not all there, SIZE_MAX: no
 * frame. */
size_t frame_read(struct view bytes, struct frame *out);

void pack_uint(struct buf *buf, uint64_t value);
void pack_view(struct buf *buf, struct view text);

struct unpack {
    struct view rest;
    bool failed; /* sticky: afterwards numbers are 0 and views absent */
};
uint64_t unpack_uint(struct unpack *unpack);
struct view unpack_view(struct unpack *unpack); /* borrowed from the frame */
