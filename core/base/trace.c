#include "core/base/trace.h"

#include "core/base/alloc.h"
#include "core/base/trace_codec.h"
#include "core/base/trace_field.h"
#include "core/base/trace_room.h"

#include <string.h>

enum { END_RESERVE = 1 << 20 /* beyond the limit, for the verdict and the end of a cut trace */ };
#define LIMIT_DEFAULT ((size_t)1 << 30)

struct trace {
    struct trace_room room;
    struct trace_options options;
    struct trace_source source;
    size_t file_size;
    struct secrets secrets;
    bool cut;
};

enum err trace_create(const struct trace_options *options, struct trace **out)
{
    struct trace *trace = mem_zalloc(sizeof *trace);
    if (trace == NULL)
        return ERR_MEMORY;
    if (options != NULL)
        trace->options = *options;
    if (trace->options.limit == 0)
        trace->options.limit = LIMIT_DEFAULT;
    trace->room.first_seq = 1;
    *out = trace;
    return ERR_OK;
}

void trace_destroy(struct trace *trace)
{
    if (trace == NULL)
        return;
    room_deinit(&trace->room);
    secrets_deinit(&trace->secrets);
    mem_free((char *)trace->source.file.ptr);
    mem_free(trace);
}

static void fields_blacken(struct trace *trace, struct trace_event *event,
                           struct trace_fields fields)
{
    for (size_t i = 0; i < fields.count; i++)
        if (trace_field_is_view(&fields.rows[i])) {
            const void *view = (const char *)event + fields.rows[i].offset;
            secrets_black_out(&trace->secrets, *(const struct view *)view);
        }
}

/* What is seldom made of others' words is not searched for what looks like a secret. KEYS are told
 * to nobody but a file of keys. */
static bool may_tell(enum trace_kind kind)
{
    return kind != TRACE_TIMER && kind != TRACE_STATE && kind != TRACE_CHOICE &&
           kind != TRACE_FLOW && kind != TRACE_KEYS;
}

/* The event was encoded already: its views are found by decoding it, and lie in our chunk. Gives
 * its length. */
static size_t frame_blacken(struct trace *trace, struct view bytes)
{
    struct trace_event event;
    size_t took = trace_decode(bytes, NULL, &event);
    ASSERT(took != 0 && took != SIZE_MAX);
    if ((trace->secrets.count > 0 || may_tell(event.kind)) &&
        secrets_may_be(&trace->secrets, view_head(bytes, took))) {
        fields_blacken(trace, &event, trace_fields_common());
        fields_blacken(trace, &event, trace_fields(event.kind));
    }
    return took;
}

static void run_blacken(struct trace *trace, struct view run)
{
    while (run.len > 0)
        run = view_skip(run, frame_blacken(trace, run));
}

/* What nobody was handed yet: so that all proofs that are in it are known. */
static void unsent_blacken(struct trace *trace)
{
    uint64_t seq = trace->room.sent_seq + 1;
    if (seq < trace->room.first_seq)
        seq = trace->room.first_seq;
    for (; seq <= trace->room.last_seq; seq++)
        frame_blacken(trace, (struct view){room_at(&trace->room, seq), UINT32_MAX});
}

static size_t limit_for(const struct trace *trace, enum trace_kind kind)
{
    bool last = kind == TRACE_VERDICT || kind == TRACE_END;
    return last ? trace->options.limit + END_RESERVE : trace->cut ? 0 : trace->options.limit;
}

/* Whoever made the trace makes room, so that memory stays flat. */
static void make_room(struct trace *trace)
{
    const struct trace_options *options = &trace->options;
    if (options->window != 0 && trace->room.kept > options->window)
        options->full(options->ctx, trace);
}

static bool store(struct trace *trace, const struct trace_event *event)
{
    size_t limit = limit_for(trace, event->kind);
    return limit > 0 && room_add(&trace->room, event, limit);
}

uint64_t trace_append(struct trace *trace, struct trace_event *event)
{
    struct trace_source given = event->source;
    if (given.file.ptr == NULL && given.line == 0)
        event->source = trace->source;
    make_room(trace);
    event->seq = trace->room.last_seq + 1;
    bool stored = store(trace, event);
    event->source = given;
    if (!stored) {
        trace->cut = true;
        event->seq = 0;
        return 0;
    }
    return event->seq;
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
    return secrets_add(&trace->secrets, secret);
}

struct secrets *trace_secrets(struct trace *trace)
{
    unsent_blacken(trace);
    return &trace->secrets;
}

bool trace_cut(const struct trace *trace)
{
    return trace->cut;
}

uint64_t trace_last(const struct trace *trace)
{
    return trace->room.last_seq;
}

static bool event_get(const struct trace *trace, uint64_t seq, struct trace_event *out)
{
    const char *at = room_at(&trace->room, seq);
    if (at == NULL)
        return false;
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
    struct view run = room_unsent(&trace->room);
    run_blacken(trace, run);
    return run;
}

void trace_drop(struct trace *trace, uint64_t before_seq)
{
    room_drop(&trace->room, before_seq);
}

void trace_thin(struct trace *trace, size_t most)
{
    if (room_thin(&trace->room, most) != ERR_OK)
        trace->cut = true;
}

uint64_t trace_thinned(const struct trace *trace)
{
    return trace->room.thinned;
}
