#include "core/base/trace_codec.h"

#include "core/base/trace_field.h"

#include <string.h>

/* A frame: this head, the evidence if there is any (so that it is aligned), then the fields whose
 * bit is set in the mask, in the order of their rows: numbers as they are in memory, views as a
 * length and the bytes. What is zero is left out, and of what is true there is only the bit. Padded
 * to 8 bytes. */
struct head {
    uint32_t len; /* of the frame, head and padding included */
    uint32_t mask;
    uint32_t kind;
    uint32_t evidence_count;
};

enum {
    FRAME_ALIGN = 8,
    FIXED_MOST = 512,       /* head, padding, and all numbers and addresses an event can have */
    EVIDENCE_MOST = 1 << 20 /* far more than any finding names */
};
#define FRAME_MOST ((size_t)UINT32_MAX - FRAME_ALIGN)

static const void *member(const struct trace_event *event, const struct trace_field *field)
{
    return (const char *)event + field->offset;
}

static size_t views_len(const struct trace_event *event, struct trace_fields fields)
{
    size_t len = 0;
    for (size_t i = 0; i < fields.count; i++)
        if (trace_field_is_view(&fields.rows[i])) {
            const struct view *view = member(event, &fields.rows[i]);
            if (view->len > FRAME_MOST || len > FRAME_MOST)
                return SIZE_MAX;
            len += view->len;
        }
    return len;
}

static size_t evidence_count(const struct trace_event *event)
{
    return event->kind == TRACE_FINDING ? event->u.finding.evidence_count : 0;
}

size_t trace_encode_most(const struct trace_event *event)
{
    size_t common = views_len(event, trace_fields_common());
    size_t own = views_len(event, trace_fields(event->kind));
    size_t evidence = evidence_count(event);
    if (common == SIZE_MAX || own == SIZE_MAX || evidence > EVIDENCE_MOST)
        return SIZE_MAX;
    size_t most = FIXED_MOST + evidence * sizeof(uint64_t) + common + own;
    return most > FRAME_MOST ? SIZE_MAX : most;
}

/* Numbers always fit, by FIXED_MOST; views eat up what there is besides. */
struct encoder {
    char *at;
    size_t room; /* left for views */
    bool full;
};

static void put(struct encoder *encoder, const void *from, size_t len)
{
    memcpy(encoder->at, from, len);
    encoder->at += len;
}

static bool put_u64(struct encoder *encoder, uint64_t value)
{
    if (value != 0)
        put(encoder, &value, sizeof value);
    return value != 0;
}

static bool put_u32(struct encoder *encoder, uint32_t value)
{
    if (value != 0)
        put(encoder, &value, sizeof value);
    return value != 0;
}

static bool put_view(struct encoder *encoder, struct view view)
{
    uint32_t len = (uint32_t)view.len;
    if (view.ptr == NULL)
        return false;
    if (view.len > encoder->room) {
        encoder->full = true;
        return true;
    }
    encoder->room -= len;
    put(encoder, &len, sizeof len);
    put(encoder, view.ptr, len);
    return true;
}

static bool put_addr(struct encoder *encoder, const struct addr *addr)
{
    if (addr->family == 0)
        return false;
    put(encoder, &addr->family, sizeof addr->family);
    put(encoder, addr->ip, addr->family == 4 ? 4 : 16);
    put(encoder, &addr->port, sizeof addr->port);
    if (addr->family != 4)
        put(encoder, &addr->scope, sizeof addr->scope);
    return true;
}

static bool put_handle(struct encoder *encoder, struct handle handle)
{
    if (handle.gen != 0)
        put(encoder, &handle, sizeof handle);
    return handle.gen != 0;
}

static bool put_enum(struct encoder *encoder, const void *from)
{
    uint32_t value;
    memcpy(&value, from, sizeof value);
    if (value != 0)
        *encoder->at++ = (char)value;
    return value != 0;
}

/* False where the field is zero: then it is left out. */
static bool put_field(struct encoder *encoder, enum trace_field_type type, const void *from)
{
    switch (type) {
    case TRACE_FIELD_U64:
        return put_u64(encoder, *(const uint64_t *)from);
    case TRACE_FIELD_U32:
        return put_u32(encoder, *(const uint32_t *)from);
    case TRACE_FIELD_BOOL:
        return *(const bool *)from;
    case TRACE_FIELD_ENUM:
        return put_enum(encoder, from);
    case TRACE_FIELD_HANDLE:
        return put_handle(encoder, *(const struct handle *)from);
    case TRACE_FIELD_ADDR:
        return put_addr(encoder, from);
    case TRACE_FIELD_TEXT:
    case TRACE_FIELD_BYTES:
    case TRACE_FIELD_JSON:
        return put_view(encoder, *(const struct view *)from);
    case TRACE_FIELD_SEQS: /* stands behind the head */
        break;
    }
    return false;
}

static uint32_t put_fields(struct encoder *encoder, const struct trace_event *event,
                           struct trace_fields fields)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < fields.count; i++) {
        const struct trace_field *field = &fields.rows[i];
        mask |= (uint32_t)put_field(encoder, field->type, member(event, field)) << i;
    }
    return mask;
}

enum { COMMON_COUNT = 9 };

/* What the rows of trace_fields_common say, without the loop over them: each event has these. */
static uint32_t put_common(struct encoder *encoder, const struct trace_event *event)
{
    uint32_t mask = put_u64(encoder, event->seq);
    mask |= (uint32_t)put_u64(encoder, event->time_us) << 1;
    mask |= (uint32_t)put_u64(encoder, event->cause) << 2;
    mask |= (uint32_t)put_u32(encoder, event->late_us) << 3;
    mask |= (uint32_t)put_u32(encoder, event->party) << 4;
    mask |= (uint32_t)put_handle(encoder, event->object) << 5;
    mask |= (uint32_t)put_view(encoder, event->source.file) << 6;
    mask |= (uint32_t)put_u32(encoder, event->source.line) << 7;
    mask |= (uint32_t)put_u32(encoder, event->source.task) << 8;
    return mask;
}

size_t trace_encode_to(char *room, size_t size, const struct trace_event *event)
{
    struct head head = {.kind = event->kind, .evidence_count = (uint32_t)evidence_count(event)};
    struct trace_fields common = trace_fields_common();
    size_t evidence_len = head.evidence_count * sizeof(uint64_t);
    if (head.evidence_count > EVIDENCE_MOST || size < FIXED_MOST + evidence_len)
        return 0;
    struct encoder encoder = {room + sizeof head, size - FIXED_MOST - evidence_len, false};
    if (evidence_len > 0)
        memcpy(encoder.at, event->u.finding.evidence, evidence_len);
    encoder.at += evidence_len;
    ASSERT(common.count == COMMON_COUNT);
    head.mask = put_common(&encoder, event);
    head.mask |= put_fields(&encoder, event, trace_fields(event->kind)) << common.count;
    if (encoder.full)
        return 0;
    while ((size_t)(encoder.at - room) % FRAME_ALIGN != 0)
        *encoder.at++ = 0;
    head.len = (uint32_t)(encoder.at - room);
    memcpy(room, &head, sizeof head);
    return head.len;
}

void trace_encode(struct buf *buf, const struct trace_event *event)
{
    size_t most = trace_encode_most(event);
    if (most == SIZE_MAX) {
        buf->failed = buf->failed == ERR_OK ? ERR_LIMIT : buf->failed;
        return;
    }
    char *room = buf_room(buf, most);
    if (room != NULL)
        buf->len += trace_encode_to(room, most, event);
}

struct reader {
    const char *at, *end;
    bool failed;
};

static struct view get_bytes(struct reader *r, size_t len)
{
    if (len > (size_t)(r->end - r->at)) {
        r->failed = true;
        return (struct view){0};
    }
    struct view bytes = {r->at, len};
    r->at += len;
    return bytes;
}

static void get(struct reader *r, void *to, size_t len)
{
    struct view bytes = get_bytes(r, len);
    if (bytes.len > 0)
        memcpy(to, bytes.ptr, len);
}

static void get_addr(struct reader *r, struct addr *out)
{
    struct addr addr = {0};
    get(r, &addr.family, sizeof addr.family);
    if (addr.family != 4 && addr.family != 6) {
        r->failed = true;
        return;
    }
    get(r, addr.ip, addr.family == 4 ? 4 : 16);
    get(r, &addr.port, sizeof addr.port);
    if (addr.family == 6)
        get(r, &addr.scope, sizeof addr.scope);
    *out = addr;
}

static void get_enum(struct reader *r, const struct trace_field *field, void *to)
{
    uint8_t byte = 0;
    get(r, &byte, sizeof byte);
    uint32_t value = byte;
    if (value >= field->text_count)
        r->failed = true;
    else
        memcpy(to, &value, sizeof value);
}

static struct view get_view(struct reader *r)
{
    uint32_t len = 0;
    get(r, &len, sizeof len);
    return get_bytes(r, len);
}

static void get_field(struct reader *r, const struct trace_field *field, void *to)
{
    switch (field->type) {
    case TRACE_FIELD_U64:
        get(r, to, sizeof(uint64_t));
        return;
    case TRACE_FIELD_U32:
        get(r, to, sizeof(uint32_t));
        return;
    case TRACE_FIELD_BOOL:
        *(bool *)to = true;
        return;
    case TRACE_FIELD_ENUM:
        get_enum(r, field, to);
        return;
    case TRACE_FIELD_HANDLE:
        get(r, to, sizeof(struct handle));
        return;
    case TRACE_FIELD_ADDR:
        get_addr(r, to);
        return;
    case TRACE_FIELD_TEXT:
    case TRACE_FIELD_BYTES:
    case TRACE_FIELD_JSON:
        *(struct view *)to = get_view(r);
        return;
    case TRACE_FIELD_SEQS:
        r->failed = true;
        return;
    }
}

static void get_fields(struct reader *r, struct trace_fields fields, uint32_t mask,
                       struct trace_event *out)
{
    for (size_t i = 0; mask != 0 && i < fields.count; i++, mask >>= 1)
        if ((mask & 1) != 0)
            get_field(r, &fields.rows[i], (char *)out + fields.rows[i].offset);
}

static void get_evidence(struct reader *r, uint32_t count, struct arena *arena,
                         struct trace_event *out)
{
    struct view bytes = get_bytes(r, count * sizeof(uint64_t));
    if (r->failed || out->kind != TRACE_FINDING) {
        r->failed = r->failed || count > 0;
        return;
    }
    uint64_t *copy = NULL;
    if ((uintptr_t)bytes.ptr % sizeof(uint64_t) == 0)
        out->u.finding.evidence = (const uint64_t *)(const void *)bytes.ptr;
    else if (arena != NULL && (copy = arena_alloc(arena, bytes.len)) != NULL)
        out->u.finding.evidence = memcpy(copy, bytes.ptr, bytes.len);
    if (out->u.finding.evidence != NULL)
        out->u.finding.evidence_count = count;
}

static bool head_valid(const struct head *head)
{
    if (head->len < sizeof *head || head->len % FRAME_ALIGN != 0 || head->kind >= TRACE_KIND_COUNT)
        return false;
    size_t fields = trace_fields_common().count + trace_fields((enum trace_kind)head->kind).count;
    return head->evidence_count <= EVIDENCE_MOST && (uint64_t)head->mask >> fields == 0;
}

size_t trace_decode(struct view bytes, struct arena *arena, struct trace_event *out)
{
    struct head head;
    if (bytes.len < sizeof head)
        return 0;
    memcpy(&head, bytes.ptr, sizeof head);
    if (!head_valid(&head))
        return SIZE_MAX;
    if (bytes.len < head.len)
        return 0;
    struct reader r = {bytes.ptr + sizeof head, bytes.ptr + head.len, false};
    struct trace_event event = {.kind = (enum trace_kind)head.kind};
    struct trace_fields common = trace_fields_common();
    if (head.evidence_count > 0)
        get_evidence(&r, head.evidence_count, arena, &event);
    get_fields(&r, common, head.mask & ((1u << common.count) - 1), &event);
    get_fields(&r, trace_fields(event.kind), head.mask >> common.count, &event);
    if (r.failed || r.end - r.at >= FRAME_ALIGN)
        return SIZE_MAX;
    *out = event;
    return head.len;
}
