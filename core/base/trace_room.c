#include "core/base/trace_room.h"

#include "core/base/alloc.h"
#include "core/base/trace_codec.h"

#include <stdalign.h>
#include <string.h>

enum { CHUNK_FIRST = 8 << 10, CHUNK_MOST = 256 << 10, PAGE_EVENTS = 512 };

struct room_chunk {
    struct room_chunk *next; /* the newer one */
    size_t size, used, sent;
    uint64_t last_seq; /* of the newest event in it */
    uint32_t count;    /* of its events */
    bool lasting;      /* there are events in it that thinning leaves */
    bool sieve;        /* the lasting events of the chunks that were thinned */
    alignas(8) char data[];
};

struct room_page { /* where the events stand, by seq; NULL: it was let go of */
    const char *at[PAGE_EVENTS];
};

/* Allocates within the limit, and counts. */
static void *keep(struct trace_room *room, size_t len, size_t limit)
{
    if (len > limit || room->kept > limit - len)
        return NULL;
    void *ptr = mem_alloc(len);
    if (ptr != NULL)
        room->kept += len;
    return ptr;
}

/* The last one stays for the next, so that a trace that is kept flat does not trouble the system.
 */
static void chunk_free(struct trace_room *room, struct room_chunk *chunk)
{
    room->kept -= sizeof *chunk + chunk->size;
    mem_free(room->spare);
    room->spare = chunk;
}

static struct room_chunk *spare_take(struct trace_room *room, size_t size)
{
    struct room_chunk *spare = room->spare;
    if (spare == NULL || spare->size != size)
        return NULL;
    room->spare = NULL;
    room->kept += sizeof *spare + size;
    return spare;
}

static struct room_chunk *chunk_add(struct trace_room *room, size_t len, size_t limit)
{
    size_t size = room->newest == NULL ? CHUNK_FIRST : room->newest->size * 2;
    size = size > CHUNK_MOST ? CHUNK_MOST : size;
    size = size < len ? len : size;
    if (size > limit || room->kept > limit - size)
        size = len; /* near the limit: no more than is asked for */
    struct room_chunk *chunk = spare_take(room, size);
    if (chunk == NULL && (chunk = keep(room, sizeof *chunk + size, limit)) == NULL)
        return NULL;
    *chunk = (struct room_chunk){.size = size};
    if (room->newest == NULL)
        room->oldest = chunk;
    else
        room->newest->next = chunk;
    room->newest = chunk;
    if (room->unsent == NULL)
        room->unsent = chunk;
    return chunk;
}

static bool page_table_grow(struct trace_room *room)
{
    if (room->page_count < room->page_size)
        return true;
    size_t size = room->page_size == 0 ? 8 : room->page_size * 2;
    struct room_page **pages = mem_realloc(room->pages, size * sizeof(struct room_page *));
    if (pages == NULL)
        return false;
    room->pages = pages;
    room->page_size = size;
    return true;
}

static const char **page_slot(const struct trace_room *room, uint64_t seq)
{
    return &room->pages[(seq - 1) / PAGE_EVENTS - room->page_first]->at[(seq - 1) % PAGE_EVENTS];
}

/* The place in the index for seq, which is the newest one. */
static const char **page_slot_add(struct trace_room *room, uint64_t seq, size_t limit)
{
    uint64_t page = (seq - 1) / PAGE_EVENTS;
    if (room->page_count == 0)
        room->page_first = page;
    if (page - room->page_first == room->page_count) {
        struct room_page *more = NULL;
        if (!page_table_grow(room) || (more = keep(room, sizeof *more, limit)) == NULL)
            return NULL;
        room->pages[room->page_count++] = more;
    }
    return page_slot(room, seq);
}

/* Without these nobody could read the others. */
static bool is_lasting(enum trace_kind kind)
{
    return kind == TRACE_BEGIN || kind == TRACE_PARTY;
}

/* At the end of the newest chunk, else in a new one. */
static const char *frame_add(struct trace_room *room, const struct trace_event *event, size_t limit)
{
    struct room_chunk *chunk = room->newest;
    size_t len = 0;
    if (chunk != NULL)
        len = trace_encode_to(chunk->data + chunk->used, chunk->size - chunk->used, event);
    if (len == 0) {
        size_t most = trace_encode_most(event);
        chunk = most == SIZE_MAX ? NULL : chunk_add(room, most, limit);
        if (chunk == NULL)
            return NULL;
        len = trace_encode_to(chunk->data, most, event);
        ASSERT(len != 0);
    }
    chunk->used += len;
    chunk->last_seq = event->seq;
    chunk->count++;
    chunk->lasting |= is_lasting(event->kind);
    return chunk->data + chunk->used - len;
}

bool room_add(struct trace_room *room, const struct trace_event *event, size_t limit)
{
    const char **slot = page_slot_add(room, event->seq, limit);
    const char *frame = slot == NULL ? NULL : frame_add(room, event, limit);
    if (frame == NULL)
        return false;
    *slot = frame;
    room->last_seq = event->seq;
    return true;
}

const char *room_at(const struct trace_room *room, uint64_t seq)
{
    return seq < room->first_seq || seq > room->last_seq ? NULL : *page_slot(room, seq);
}

struct view room_unsent(struct trace_room *room)
{
    struct room_chunk *chunk = room->unsent;
    while (chunk != NULL && chunk->sent == chunk->used && chunk->next != NULL)
        chunk = chunk->next;
    room->unsent = chunk;
    if (chunk == NULL || chunk->sent == chunk->used)
        return (struct view){0};
    struct view run = {chunk->data + chunk->sent, chunk->used - chunk->sent};
    chunk->sent = chunk->used;
    room->sent_seq = chunk->last_seq;
    return run;
}

/* The newest chunk is emptied instead, for what comes next. */
static void chunks_drop(struct trace_room *room)
{
    while (room->oldest != room->newest && room->oldest->last_seq < room->first_seq) {
        struct room_chunk *chunk = room->oldest;
        room->oldest = chunk->next;
        if (room->unsent == chunk)
            room->unsent = chunk->next;
        chunk_free(room, chunk);
    }
    struct room_chunk *newest = room->newest;
    if (newest != NULL && room->oldest == newest && newest->last_seq < room->first_seq)
        newest->used = newest->sent = newest->count = 0;
}

static void pages_drop(struct trace_room *room)
{
    size_t gone = 0;
    while (gone < room->page_count && (room->page_first + gone + 1) * PAGE_EVENTS < room->first_seq)
        mem_free(room->pages[gone++]);
    if (gone == 0)
        return;
    room->kept -= gone * sizeof(struct room_page);
    room->page_first += gone;
    room->page_count -= gone;
    memmove(room->pages, room->pages + gone, room->page_count * sizeof(struct room_page *));
}

void room_drop(struct trace_room *room, uint64_t before_seq)
{
    uint64_t first = before_seq > room->sent_seq ? room->sent_seq + 1 : before_seq;
    if (first <= room->first_seq)
        return;
    room->first_seq = first;
    chunks_drop(room);
    pages_drop(room);
}

/* Moves the lasting ones of a chunk's unsent events to `sieve`; false: there is no room for them.
 */
static bool chunk_sift(const struct room_chunk *chunk, struct room_chunk *sieve, uint64_t *thinned)
{
    struct trace_event event;
    if (!chunk->lasting && chunk->sent == 0) {
        *thinned += chunk->count;
        return true;
    }
    for (size_t at = chunk->sent, len; at < chunk->used; at += len) {
        len = trace_decode((struct view){chunk->data + at, chunk->used - at}, NULL, &event);
        ASSERT(len != 0 && len != SIZE_MAX);
        if (!is_lasting(event.kind)) {
            ++*thinned;
            continue;
        }
        if (len > sieve->size - sieve->used)
            return false;
        memcpy(sieve->data + sieve->used, chunk->data + at, len);
        sieve->used += len;
        sieve->last_seq = event.seq;
    }
    return true;
}

/* The chunk at the head of the list that holds what was sifted so far. */
static struct room_chunk *sieve_get(struct trace_room *room)
{
    if (room->oldest != NULL && room->oldest->sieve)
        return room->oldest;
    struct room_chunk *sieve = mem_alloc(sizeof *sieve + CHUNK_MOST);
    if (sieve == NULL)
        return NULL;
    *sieve = (struct room_chunk){.size = CHUNK_MOST, .sieve = true, .next = room->oldest};
    room->kept += sizeof *sieve + sieve->size;
    return room->oldest = sieve;
}

enum err room_thin(struct trace_room *room, size_t most)
{
    struct room_chunk *sieve = sieve_get(room), *chunk;
    if (sieve == NULL)
        return ERR_MEMORY;
    while ((chunk = sieve->next) != NULL && chunk != room->newest && room->kept > most) {
        if (!chunk_sift(chunk, sieve, &room->thinned))
            return ERR_LIMIT;
        room->first_seq = chunk->last_seq + 1;
        sieve->next = chunk->next;
        chunk_free(room, chunk);
        pages_drop(room);
    }
    room->unsent = sieve;
    return ERR_OK;
}

void room_deinit(struct trace_room *room)
{
    while (room->oldest != NULL) {
        struct room_chunk *next = room->oldest->next;
        mem_free(room->oldest);
        room->oldest = next;
    }
    for (size_t i = 0; i < room->page_count; i++)
        mem_free(room->pages[i]);
    mem_free(room->pages);
    mem_free(room->spare);
}
