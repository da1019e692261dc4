#include "core/base/trace.h"

#include "core/base/alloc.h"
#include "core/base/trace_codec.h"
#include "core/base/trace_field.h"

#include <stdalign.h>
#include <string.h>

enum {
    CHUNK_FIRST = 8 << 10,
    CHUNK_MOST = 256 << 10,
    PAGE_EVENTS = 512,
    END_RESERVE =
        1 << 20 /* beyond the limit, for the verdict and the end of a trace that was cut */
};
#define LIMIT_DEFAULT ((size_t)1 << 30)

struct chunk {
    struct chunk *next; /* the newer one */
    size_t size, used, sent;
    uint64_t last_seq; /* of the newest event in it */
    alignas(8) char data[];
};

struct page { /* where the events stand, by seq */
    const char *at[PAGE_EVENTS];
};

struct trace {
    struct chunk *oldest, *newest, *unsent;
    struct page **pages; /* pages[0] has the events from page_first * PAGE_EVENTS + 1 on */
    size_t page_count, page_size;
    uint64_t page_first;
    uint64_t last_seq, sent_seq, first_seq; /* first: the oldest that is kept */
    size_t kept, limit;                     /* bytes of chunks and pages */
    struct trace_source source;
    size_t file_size;
    struct view *secrets;
    size_t secret_count, secret_size;
    bool cut;
};

enum err trace_create(const struct trace_options *options, struct trace **out)
{
    struct trace *trace = mem_zalloc(sizeof *trace);
    if (trace == NULL)
        return ERR_MEMORY;
    trace->limit = options == NULL || options->limit == 0 ? LIMIT_DEFAULT : options->limit;
    trace->first_seq = 1;
    *out = trace;
    return ERR_OK;
}

void trace_destroy(struct trace *trace)
{
    if (trace == NULL)
        return;
    while (trace->oldest != NULL) {
        struct chunk *next = trace->oldest->next;
        mem_free(trace->oldest);
        trace->oldest = next;
    }
    for (size_t i = 0; i < trace->page_count; i++)
        mem_free(trace->pages[i]);
    for (size_t i = 0; i < trace->secret_count; i++)
        mem_free((char *)trace->secrets[i].ptr);
    mem_free(trace->pages);
    mem_free(trace->secrets);
    mem_free((char *)trace->source.file.ptr);
    mem_free(trace);
}

/* Allocates within the limit, and counts. */
static void *keep(struct trace *trace, size_t len, size_t limit)
{
    if (len > limit || trace->kept > limit - len)
        return NULL;
    void *ptr = mem_alloc(len);
    if (ptr != NULL)
        trace->kept += len;
    return ptr;
}

static struct chunk *chunk_add(struct trace *trace, size_t len, size_t limit)
{
    size_t size = trace->newest == NULL ? CHUNK_FIRST : trace->newest->size * 2;
    size = size > CHUNK_MOST ? CHUNK_MOST : size;
    size = size < len ? len : size;
    if (size > limit || trace->kept > limit - size)
        size = len; /* near the limit: no more than is asked for */
    struct chunk *chunk = keep(trace, sizeof *chunk + size, limit);
    if (chunk == NULL)
        return NULL;
    *chunk = (struct chunk){.size = size};
    if (trace->newest == NULL)
        trace->oldest = chunk;
    else
        trace->newest->next = chunk;
    trace->newest = chunk;
    if (trace->unsent == NULL)
        trace->unsent = chunk;
    return chunk;
}

static bool page_table_grow(struct trace *trace)
{
    if (trace->page_count < trace->page_size)
        return true;
    size_t size = trace->page_size == 0 ? 8 : trace->page_size * 2;
    struct page **pages = mem_realloc(trace->pages, size * sizeof(struct page *));
    if (pages == NULL)
        return false;
    trace->pages = pages;
    trace->page_size = size;
    return true;
}

/* The place in the index for seq, which is the newest one. */
static const char **page_slot(struct trace *trace, uint64_t seq, size_t limit)
{
    uint64_t page = (seq - 1) / PAGE_EVENTS;
    if (trace->page_count == 0)
        trace->page_first = page;
    if (page - trace->page_first == trace->page_count) {
        struct page *more = NULL;
        if (!page_table_grow(trace) || (more = keep(trace, sizeof *more, limit)) == NULL)
            return NULL;
        trace->pages[trace->page_count++] = more;
    }
    return &trace->pages[page - trace->page_first]->at[(seq - 1) % PAGE_EVENTS];
}

static void view_blacken(struct view text, struct view secret)
{
    for (;;) {
        size_t at = view_find(text, secret);
        if (at == text.len)
            return;
        memset((char *)text.ptr + at, '*', secret.len); /* our own copy: it may be written */
        text = view_skip(text, at + secret.len);
    }
}

static void fields_blacken(const struct trace *trace, struct trace_event *event,
                           struct trace_fields fields)
{
    for (size_t i = 0; i < fields.count; i++)
        if (trace_field_is_view(&fields.rows[i]))
            for (size_t n = 0; n < trace->secret_count; n++) {
                const void *view = (const char *)event + fields.rows[i].offset;
                view_blacken(*(const struct view *)view, trace->secrets[n]);
            }
}

/* The event was encoded already: its views are found by decoding it, and lie in our chunk. */
static void frame_blacken(const struct trace *trace, const char *frame, size_t len)
{
    struct trace_event event;
    size_t took = trace_decode((struct view){frame, len}, NULL, &event);
    ASSERT(took == len);
    fields_blacken(trace, &event, trace_fields_common());
    fields_blacken(trace, &event, trace_fields(event.kind));
}

static size_t limit_for(const struct trace *trace, enum trace_kind kind)
{
    bool last = kind == TRACE_VERDICT || kind == TRACE_END;
    return last ? trace->limit + END_RESERVE : trace->cut ? 0 : trace->limit;
}

/* At the end of the newest chunk, else in a new one. */
static char *frame_add(struct trace *trace, const struct trace_event *event, size_t limit,
                       size_t *len)
{
    struct chunk *chunk = trace->newest;
    *len = 0;
    if (chunk != NULL)
        *len = trace_encode_to(chunk->data + chunk->used, chunk->size - chunk->used, event);
    if (*len == 0) {
        size_t most = trace_encode_most(event);
        chunk = most == SIZE_MAX ? NULL : chunk_add(trace, most, limit);
        if (chunk == NULL)
            return NULL;
        *len = trace_encode_to(chunk->data, most, event);
        ASSERT(*len != 0);
    }
    chunk->used += *len;
    chunk->last_seq = event->seq;
    return chunk->data + chunk->used - *len;
}

static bool store(struct trace *trace, const struct trace_event *event)
{
    size_t limit = limit_for(trace, event->kind), len;
    const char **slot = limit == 0 ? NULL : page_slot(trace, event->seq, limit);
    if (slot == NULL)
        return false;
    char *frame = frame_add(trace, event, limit, &len);
    if (frame == NULL)
        return false;
    *slot = frame;
    if (trace->secret_count > 0)
        frame_blacken(trace, frame, len);
    return true;
}

uint64_t trace_append(struct trace *trace, struct trace_event *event)
{
    struct trace_source given = event->source;
    if (given.file.ptr == NULL && given.line == 0)
        event->source = trace->source;
    event->seq = trace->last_seq + 1;
    bool stored = store(trace, event);
    event->source = given;
    if (!stored) {
        trace->cut = true;
        event->seq = 0;
        return 0;
    }
    return trace->last_seq = event->seq;
}

static bool file_copy(struct trace *trace, struct view file)
{
    char *room = (char *)trace->source.file.ptr;
    if (file.len > trace->file_size || room == NULL) {
        room = mem_alloc(file.len);
        if (room == NULL)
            return false;
        mem_free((char *)trace->source.file.ptr);
        trace->file_size = file.len;
    }
    if (file.len > 0)
        memcpy(room, file.ptr, file.len);
    trace->source.file = (struct view){room, file.len};
    return true;
}

void trace_source_set(struct trace *trace, struct trace_source source)
{
    trace->source.line = source.line;
    trace->source.task = source.task;
    if (trace->source.file.ptr != NULL && view_equal(trace->source.file, source.file))
        return;
    if (!file_copy(trace, source.file))
        trace->cut = true;
}

enum err trace_secret_add(struct trace *trace, struct view secret)
{
    if (secret.len == 0)
        return ERR_OK;
    if (trace->secret_count == trace->secret_size) {
        size_t size = trace->secret_size == 0 ? 4 : trace->secret_size * 2;
        struct view *secrets = mem_realloc(trace->secrets, size * sizeof *secrets);
        if (secrets == NULL)
            return ERR_MEMORY;
        trace->secrets = secrets;
        trace->secret_size = size;
    }
    char *copy = mem_alloc(secret.len);
    if (copy == NULL)
        return ERR_MEMORY;
    memcpy(copy, secret.ptr, secret.len);
    trace->secrets[trace->secret_count++] = (struct view){copy, secret.len};
    return ERR_OK;
}

bool trace_cut(const struct trace *trace)
{
    return trace->cut;
}

uint64_t trace_last(const struct trace *trace)
{
    return trace->last_seq;
}

static bool event_get(const struct trace *trace, uint64_t seq, struct trace_event *out)
{
    if (seq < trace->first_seq || seq > trace->last_seq)
        return false;
    const char *at =
        trace->pages[(seq - 1) / PAGE_EVENTS - trace->page_first]->at[(seq - 1) % PAGE_EVENTS];
    size_t took = trace_decode((struct view){at, UINT32_MAX}, NULL, out);
    ASSERT(took != 0 && took != SIZE_MAX);
    return true;
}

static bool arrived_as_sent(const struct trace_event *event)
{
    bool wire = event->kind == TRACE_MESSAGE || event->kind == TRACE_BYTES;
    return wire && event->u.wire.side == SIDE_IN && event->u.wire.was_out != 0 &&
           event->u.wire.bytes.ptr == NULL;
}

bool trace_get(const struct trace *trace, uint64_t seq, struct trace_event *out)
{
    struct trace_event sent;
    if (!event_get(trace, seq, out))
        return false;
    if (arrived_as_sent(out) && event_get(trace, out->u.wire.was_out, &sent) &&
        sent.kind == out->kind)
        out->u.wire.bytes = sent.u.wire.bytes;
    return true;
}

struct view trace_unsent(struct trace *trace)
{
    struct chunk *chunk = trace->unsent;
    while (chunk != NULL && chunk->sent == chunk->used && chunk->next != NULL)
        chunk = chunk->next;
    trace->unsent = chunk;
    if (chunk == NULL || chunk->sent == chunk->used)
        return (struct view){0};
    struct view run = {chunk->data + chunk->sent, chunk->used - chunk->sent};
    chunk->sent = chunk->used;
    trace->sent_seq = chunk->last_seq;
    return run;
}

/* The newest chunk is emptied instead, for what comes next. */
static void chunks_drop(struct trace *trace)
{
    while (trace->oldest != trace->newest && trace->oldest->last_seq < trace->first_seq) {
        struct chunk *chunk = trace->oldest;
        trace->oldest = chunk->next;
        if (trace->unsent == chunk)
            trace->unsent = chunk->next;
        trace->kept -= sizeof *chunk + chunk->size;
        mem_free(chunk);
    }
    struct chunk *newest = trace->newest;
    if (newest != NULL && trace->oldest == newest && newest->last_seq < trace->first_seq)
        newest->used = newest->sent = 0;
}

static void pages_drop(struct trace *trace)
{
    size_t gone = 0;
    while (gone < trace->page_count &&
           (trace->page_first + gone + 1) * PAGE_EVENTS < trace->first_seq)
        mem_free(trace->pages[gone++]);
    if (gone == 0)
        return;
    trace->kept -= gone * sizeof(struct page);
    trace->page_first += gone;
    trace->page_count -= gone;
    memmove(trace->pages, trace->pages + gone, trace->page_count * sizeof(struct page *));
}

void trace_drop(struct trace *trace, uint64_t before_seq)
{
    uint64_t first = before_seq > trace->sent_seq ? trace->sent_seq + 1 : before_seq;
    if (first <= trace->first_seq)
        return;
    trace->first_seq = first;
    chunks_drop(trace);
    pages_drop(trace);
}
