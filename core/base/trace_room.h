/* Where the encoded events of a trace stand: chunks in the order of their seqs, and an index. Only
 * trace.c knows it.
 *
 *     bool kept = room_add(&room, &event, limit);
 *     const char *frame = room_at(&room, event.seq);
 */
#pragma once
#include "core/base/trace.h"

struct room_chunk;
struct room_page;
struct trace_room { /* first_seq is 1 before the first event, all else zero */
    struct room_chunk *oldest, *newest, *unsent, *spare;
    struct room_page **pages; /* pages[0] has the events from page_first * a page's + 1 on */
    size_t page_count, page_size;
    uint64_t page_first;
    uint64_t last_seq, sent_seq, first_seq; /* first: the oldest that is kept */
    uint64_t thinned;                       /* events that were let go of unsent */
    size_t kept;                            /* bytes of chunks and pages */
};

/* Encodes the event, whose seq is the next one. False: no memory within `limit` bytes. */
bool room_add(struct trace_room *room, const struct trace_event *event, size_t limit);
const char *room_at(const struct trace_room *room, uint64_t seq); /* NULL: not kept */
struct view room_unsent(struct trace_room *room);
void room_drop(struct trace_room *room, uint64_t before_seq);
enum err room_thin(struct trace_room *room, size_t most) NODISCARD;
void room_deinit(struct trace_room *room);
