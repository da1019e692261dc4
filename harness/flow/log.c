#include "harness/flow/log.h"

#include <string.h>

struct log {
    /* From here on: gone ones whose room is still there, then those kept. */
    struct log_entry *entries;
    uint32_t gone, count, size;
    size_t forgotten; /* entries before the first one kept */
    struct wait_queue waiters;
};

enum err log_create(struct log **out)
{
    struct log *log = mem_zalloc(sizeof *log);
    if (log == NULL)
        return ERR_MEMORY;
    *out = log;
    return ERR_OK;
}

static void entry_drop(struct log_entry *entry)
{
    blob_unref(entry->bytes);
    if (entry->msg != NULL)
        sip_msg_unref(entry->msg);
}

void log_destroy(struct log *log)
{
    if (log == NULL)
        return;
    for (size_t i = 0; i < log->count; i++)
        entry_drop(&log->entries[log->gone + i]);
    mem_free(log->entries);
    mem_free(log);
}

size_t log_first(const struct log *log)
{
    return log->forgotten;
}

size_t log_count(const struct log *log)
{
    return log->forgotten + log->count;
}

static struct log_entry *entry_at(const struct log *log, size_t index)
{
    ASSERT(index >= log->forgotten && index - log->forgotten < log->count);
    return &log->entries[log->gone + index - log->forgotten];
}

const struct log_entry *log_at(const struct log *log, size_t index)
{
    return entry_at(log, index);
}

/* They are in the order of their seqs, for that is the trace's. Mostly a late one is asked for: the
 * search goes back from the end in steps that double, and then halves the last of them. */
size_t log_find(const struct log *log, uint64_t seq)
{
    size_t first = log->gone, end = log->gone + log->count;
    size_t low = end, high = end;
    for (size_t step = 1; low > first && log->entries[low - 1].seq >= seq; step *= 2) {
        high = low - 1;
        low = low - first > step ? low - step : first;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (log->entries[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < end && seq != 0 && log->entries[low].seq == seq;
    return log->forgotten + (found ? low - first : log->count);
}

struct passage log_passage(const struct log *log, uint64_t seq)
{
    size_t index = log_find(log, seq);
    if (index == log_count(log))
        return (struct passage){0};
    const struct log_entry *entry = log_at(log, index);
    return (struct passage){.out_seq = entry->seq,
                            .copy_of = entry->copy_of,
                            .source = entry->source,
                            .proto = entry->proto};
}

const struct log_entry *log_sent(const struct log *log, struct view bytes)
{
    for (size_t i = log->count; i > 0; i--) {
        const struct log_entry *entry = &log->entries[log->gone + i - 1];
        if (entry->copy_of == 0 && view_equal(blob_view(entry->bytes), bytes))
            return entry;
    }
    return NULL;
}

uint32_t log_arrivals(const struct log *log, uint64_t seq)
{
    uint32_t arrivals = 0;
    for (size_t i = log_find(log, seq); i < log_count(log); i++) {
        const struct log_entry *entry = log_at(log, i);
        if (entry->seq == seq || entry->copy_of == seq)
            arrivals += entry->arrivals;
    }
    return arrivals;
}

/* Moved only when half of it is gone, so that each entry is moved once on average. */
static enum err log_grow(struct log *log)
{
    if (log->gone + log->count < log->size)
        return ERR_OK;
    if (log->gone > log->count) {
        memmove(log->entries, log->entries + log->gone, log->count * sizeof *log->entries);
        log->gone = 0;
        return ERR_OK;
    }
    struct log_entry *grown = mem_room(log->entries, sizeof *grown, log->size, &log->size, 32);
    if (grown == NULL)
        return ERR_MEMORY;
    log->entries = grown;
    return ERR_OK;
}

static enum err log_add(struct log *log, const struct trace_event *event, struct blob *bytes)
{
    const struct trace_wire *wire = &event->u.wire;
    enum err err = log_grow(log);
    if (err != ERR_OK)
        return err;
    bool arrived = wire->side == SIDE_IN;
    bool lost = wire->side == SIDE_SEEN; /* a device's, taken away before it reached us */
    bool swallowed = wire->side == SIDE_OUT && wire->fate == FATE_SWALLOWED;
    log->entries[log->gone + log->count++] = (struct log_entry){
        .seq = event->seq,
        .sent_us = event->time_us,
        .due_us = event->time_us - (wire->side == SIDE_OUT ? event->late_us : 0),
        .arrived_us = arrived ? event->time_us : NEVER,
        .copy_of = wire->copy_of,
        .from = wire->from,
        .to = wire->to,
        .fate = wire->fate,
        .proto = wire->proto,
        .source = wire->source,
        .ours = wire->side == SIDE_OUT,
        .lost = swallowed || lost,
        .swallowed = swallowed,
        .intended = wire->intended,
        .arrivals = arrived,
        .under_way = arrived || swallowed || lost ? 0 : 1,
        .bytes = blob_ref(bytes),
    };
    return ERR_OK;
}

static void entry_arrived(struct log_entry *entry, uint64_t time_us)
{
    if (entry->arrived_us == NEVER)
        entry->arrived_us = time_us;
    entry->arrivals++;
    entry->lost = false;
}

/* What became of a message that is there already. */
static void entry_went_on(struct log_entry *entry, const struct trace_event *event)
{
    const struct trace_wire *wire = &event->u.wire;
    bool gone = wire->fate == FATE_LOST || wire->fate == FATE_REFUSED;
    if (wire->side == SIDE_SEEN && wire->fate == FATE_COPIED) {
        entry->under_way++;
        return;
    }
    if (wire->fate != FATE_NONE)
        entry->fate = wire->fate;
    if (wire->side != SIDE_IN && !gone)
        return;
    if (entry->under_way > 0)
        entry->under_way--;
    if (wire->side == SIDE_IN)
        entry_arrived(entry, event->time_us);
    else if (entry->under_way == 0 && entry->arrived_us == NEVER)
        entry->lost = true;
}

enum err log_seen(struct log *log, const struct trace_event *event, struct blob *bytes)
{
    if (event->kind != TRACE_MESSAGE)
        return ERR_OK;
    const struct trace_wire *wire = &event->u.wire;
    bool changed = wire->fate == FATE_COPIED || wire->fate == FATE_CORRUPTED;
    if (wire->was_out == 0)
        return wire->side == SIDE_SEEN && changed ? ERR_OK : log_add(log, event, bytes);
    size_t index = log_find(log, wire->was_out);
    if (index < log_count(log))
        entry_went_on(entry_at(log, index), event);
    return ERR_OK;
}

struct sip_msg *log_message(struct log *log, size_t index)
{
    struct log_entry *entry = entry_at(log, index);
    enum sip_framing framing =
        proto_reliable(entry->proto) ? SIP_FRAMING_STREAM : SIP_FRAMING_DATAGRAM;
    if (!entry->parsed)
        entry->parsed = sip_msg_parse(entry->bytes, framing, &entry->msg) != ERR_MEMORY;
    return entry->msg;
}

enum { AHEAD = 4 };

/* Nobody has touched these bytes for long: they are fetched while others are given back. */
void log_forget(struct log *log, size_t before_index)
{
    size_t before = before_index > log->forgotten ? before_index - log->forgotten : 0;
    uint32_t gone = before < log->count ? (uint32_t)before : log->count;
    for (size_t i = 0; i < gone; i++) {
        if (i + AHEAD < gone)
            __builtin_prefetch(log->entries[log->gone + i + AHEAD].bytes);
        entry_drop(&log->entries[log->gone + i]);
    }
    log->gone += gone;
    log->count -= gone;
    log->forgotten += gone;
}

struct wait_queue *log_waiters(struct log *log)
{
    return &log->waiters;
}

void log_looked(struct log *log, size_t index, enum log_look look)
{
    struct log_entry *entry = entry_at(log, index);
    if (entry->look < look)
        entry->look = (uint8_t)look;
}

void log_hide(struct log *log, uint64_t seq)
{
    size_t index = log_find(log, seq);
    if (index < log_count(log))
        entry_at(log, index)->swallowed = true;
}
