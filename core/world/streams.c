/* What the loop knows of flows and the flows do not: whose flow is at the other end, and which
 * event each byte comes from. A stream keeps its order, so the message that ends at a byte was
 * written by what had that byte. */
#include "core/world/inside.h"

#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

enum { END_LEN = 19, WRITTEN_FIRST = 8, WRITTEN_MOST = 4096 };

struct written { /* by one end, not read by the other */
    uint64_t begin, end, seq, copy_of;
    bool intended;
};

struct stream {
    UT_hash_handle hh;
    char ends[2 * END_LEN];     /* its own address, then the other one */
    bool lost, listed;          /* in the hash */
    struct stream *below, **at; /* among all */
    struct stream *other;       /* NULL: not ours, or not known yet, or forgotten */
    struct stream *next;        /* of those that are gone */
    uint32_t party, peer;
    bool gone;
    uint64_t gone_us;
    uint64_t busy_us; /* the last of what is held back of it will have left */
    struct written *written;
    uint32_t head, count, size;
};

static void put_end(char *at, const struct addr *addr)
{
    at[0] = (char)addr->family;
    at[1] = (char)(addr->port >> 8);
    at[2] = (char)addr->port;
    memcpy(at + 3, addr->ip, 16);
}

static void put_ends(char *at, const struct addr *first, const struct addr *second)
{
    put_end(at, first);
    put_end(at + END_LEN, second);
}

static struct stream *find(const struct streams *streams, const char *ends)
{
    struct stream *stream = NULL;
    HASH_FIND(hh, streams->by_ends, ends, 2 * END_LEN, stream);
    return stream;
}

static void unlist(struct streams *streams, struct stream *stream)
{
    if (stream->listed)
        HASH_DEL(streams->by_ends, stream);
    stream->listed = false;
    if (stream->other != NULL)
        stream->other->other = NULL;
    stream->other = NULL;
}

static void keep(struct streams *streams, struct stream *stream)
{
    stream->below = streams->all;
    stream->at = &streams->all;
    if (stream->below != NULL)
        stream->below->at = &stream->below;
    streams->all = stream;
}

static void forget(struct world *world, struct stream *stream)
{
    unlist(&world->streams, stream);
    *stream->at = stream->below;
    if (stream->below != NULL)
        stream->below->at = stream->at;
    world->streams.unread -= stream->count;
    mem_free(stream->written);
    mem_free(stream);
}

/* What is gone is kept for a moment: its last messages may not be read yet. */
static void forget_old(struct world *world)
{
    struct streams *streams = &world->streams;
    struct stream *stream;
    while ((stream = streams->gone) != NULL &&
           (stream->gone_us + US_PER_S < world->now_us ||
            (stream->count == 0 && (stream->other == NULL || stream->other->gone)))) {
        streams->gone = stream->next;
        if (streams->gone == NULL)
            streams->gone_last = NULL;
        forget(world, stream);
    }
}

/* The same two addresses again: the old connection is over, whoever has not noticed. */
static enum err list(struct streams *streams, struct stream *stream)
{
    struct stream *old = find(streams, stream->ends);
    if (old != NULL)
        unlist(streams, old);
    HASH_ADD(hh, streams->by_ends, ends, sizeof stream->ends, stream);
    stream->listed = !stream->lost;
    return stream->lost ? ERR_MEMORY : ERR_OK;
}

struct stream *stream_enter(struct world *world, const struct party *party,
                            const struct flow_news *news)
{
    struct stream *stream = mem_zalloc(sizeof *stream);
    char there[2 * END_LEN];
    forget_old(world);
    if (stream == NULL)
        return NULL;
    stream->party = party->number;
    stream->peer =
        news->peer != 0 ? news->peer : world_number_at(world, news->proto, &news->remote);
    put_ends(stream->ends, &news->local, &news->remote);
    put_ends(there, &news->remote, &news->local);
    if (list(&world->streams, stream) != ERR_OK) {
        mem_free(stream);
        return NULL;
    }
    keep(&world->streams, stream);
    struct stream *other = find(&world->streams, there);
    if (other != NULL && other->other == NULL) {
        stream->other = other;
        other->other = stream;
    }
    return stream;
}

void stream_leave(struct world *world, struct stream *stream)
{
    struct streams *streams = &world->streams;
    if (stream == NULL)
        return;
    stream->gone = true;
    stream->gone_us = world->now_us;
    *(streams->gone == NULL ? &streams->gone : &streams->gone_last->next) = stream;
    streams->gone_last = stream;
}

uint32_t stream_peer(const struct stream *stream)
{
    return stream == NULL ? 0 : stream->peer;
}

bool stream_holds(const struct world *world, struct stream *stream, uint64_t *inout_delay_us)
{
    uint64_t at_us = time_after(world->now_us, *inout_delay_us);
    uint64_t busy_us = stream == NULL ? 0 : stream->busy_us;
    if (*inout_delay_us == 0 && (busy_us == 0 || busy_us < world->now_us))
        return false;
    at_us = at_us > busy_us ? at_us : busy_us;
    *inout_delay_us = at_us - world->now_us;
    if (stream != NULL)
        stream->busy_us = at_us;
    return true;
}

static struct written *written_at(const struct stream *stream, uint32_t index)
{
    return &stream->written[(stream->head + index) & (stream->size - 1)];
}

static void drop_first(struct world *world, struct stream *stream)
{
    stream->head = (stream->head + 1) & (stream->size - 1);
    stream->count--;
    world->streams.unread--;
}

static bool make_room(struct world *world, struct stream *stream)
{
    if (stream->count < stream->size)
        return true;
    if (stream->size >= WRITTEN_MOST) { /* who reads nothing will not be asked about the first */
        drop_first(world, stream);
        return true;
    }
    struct written *written = mem_ring_grow(stream->written, sizeof *written, stream->head,
                                            stream->count, &stream->size, WRITTEN_FIRST);
    if (written == NULL)
        return false;
    stream->written = written;
    stream->head = 0;
    return true;
}

void stream_wrote(struct world *world, struct stream *stream, const struct flight *flight,
                  uint64_t end)
{
    if (stream == NULL || !party_ours(world_party(world, stream->peer)))
        return;
    if (!make_room(world, stream)) {
        world_break(world, "out of memory");
        return;
    }
    *written_at(stream, stream->count++) = (struct written){.begin = end - flight->bytes->len,
                                                            .end = end,
                                                            .seq = flight->out_seq,
                                                            .copy_of = flight->copy_of,
                                                            .intended = flight->intended};
    world->streams.unread++;
    world->streams.wrote_us = world->now_us;
}

void stream_match(struct world *world, struct stream *stream, struct flight *flight, uint64_t end)
{
    struct stream *other = stream == NULL ? NULL : stream->other;
    while (other != NULL && other->count > 0) {
        struct written *first = written_at(other, 0);
        if (first->end < end) {
            drop_first(world, other);
            continue;
        }
        if (first->begin >= end)
            return;
        flight->cause = first->seq;
        flight->intended = first->intended;
        flight->as_sent = first->end == end && end - first->begin == flight->bytes->len;
        if (flight->as_sent) { /* else it is part of what was written, or of more than that */
            flight->out_seq = first->seq;
            flight->copy_of = first->copy_of;
        }
        if (first->end == end)
            drop_first(world, other);
        return;
    }
}

void streams_deinit(struct world *world)
{
    while (world->streams.all != NULL)
        forget(world, world->streams.all);
}
