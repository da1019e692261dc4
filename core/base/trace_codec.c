#include "core/base/trace_codec.h"

#include "core/base/trace_field.h"

#include <string.h>

/* A frame: this head, the evidence if there is any (so that it is aligned), then the fields whose
 * bit is set in the mask, in the order of their rows: numbers as varints (7 bits a byte, the lowest
 * first), views as a length and the bytes. What is zero is left out. Padded to 8 bytes. */
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

static char *put_uint(char *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (char)(value | 0x80);
    *at++ = (char)value;
    return at;
}

static void put_view(struct encoder *encoder, struct view view)
{
    if (view.len > encoder->room) {
        encoder->full = true;
        return;
    }
    encoder->room -= view.len;
    encoder->at = put_uint(encoder->at, view.len);
    if (view.len > 0)
        memcpy(encoder->at, view.ptr, view.len);
    encoder->at += view.len;
}

static char *put_addr(char *at, const struct addr *addr)
{
    size_t len = addr->family == 4 ? 4 : 16;
    *at++ = (char)addr->family;
    memcpy(at, addr->ip, len);
    at = put_uint(at + len, addr->port);
    return put_uint(at, addr->scope);
}

static bool put_number(struct encoder *encoder, uint64_t value)
{
    if (value != 0)
        encoder->at = put_uint(encoder->at, value);
    return value != 0;
}

static bool put_handle(struct encoder *encoder, struct handle handle)
{
    if (handle.gen != 0)
        encoder->at = put_uint(put_uint(encoder->at, handle.gen), handle.index);
    return handle.gen != 0;
}

/* False where the field is zero: then it is left out. */
static bool put_field(struct encoder *encoder, enum trace_field_type type, const void *from)
{
    switch (type) {
    case TRACE_FIELD_U64:
        return put_number(encoder, *(const uint64_t *)from);
    case TRACE_FIELD_U32:
        return put_number(encoder, *(const uint32_t *)from);
    case TRACE_FIELD_BOOL:
        return put_number(encoder, *(const bool *)from);
    case TRACE_FIELD_ENUM: {
        uint32_t value;
        memcpy(&value, from, sizeof value);
        return put_number(encoder, value);
    }
    case TRACE_FIELD_HANDLE:
        return put_handle(encoder, *(const struct handle *)from);
    case TRACE_FIELD_ADDR: {
        const struct addr *addr = from;
        if (addr->family == 0)
            return false;
        encoder->at = put_addr(encoder->at, addr);
        return true;
    }
    case TRACE_FIELD_TEXT:
    case TRACE_FIELD_BYTES:
    case TRACE_FIELD_JSON: {
        const struct view *view = from;
        if (view->ptr == NULL)
            return false;
        put_view(encoder, *view);
        return true;
    }
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
    uint32_t mask = put_number(encoder, event->seq);
    mask |= (uint32_t)put_number(encoder, event->time_us) << 1;
    mask |= (uint32_t)put_number(encoder, event->cause) << 2;
    mask |= (uint32_t)put_number(encoder, event->late_us) << 3;
    mask |= (uint32_t)put_number(encoder, event->party) << 4;
    mask |= (uint32_t)put_handle(encoder, event->object) << 5;
    if (event->source.file.ptr != NULL) {
        put_view(encoder, event->source.file);
        mask |= 1u << 6;
    }
    mask |= (uint32_t)put_number(encoder, event->source.line) << 7;
    mask |= (uint32_t)put_number(encoder, event->source.task) << 8;
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

static uint64_t get_uint(struct reader *r, uint64_t max)
{
    uint64_t value = 0;
    for (unsigned shift = 0; r->at < r->end && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*r->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            r->failed = r->failed || value > max;
            return r->failed ? 0 : value;
        }
    }
    r->failed = true;
    return 0;
}

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

static void get_addr(struct reader *r, struct addr *out)
{
    uint64_t family = get_uint(r, 6);
    if (family != 4 && family != 6) {
        r->failed = true;
        return;
    }
    struct view ip = get_bytes(r, family == 4 ? 4 : 16);
    if (r->failed)
        return;
    out->family = (uint8_t)family;
    memcpy(out->ip, ip.ptr, ip.len);
    out->port = (uint16_t)get_uint(r, UINT16_MAX);
    out->scope = (uint32_t)get_uint(r, UINT32_MAX);
}

static void get_handle(struct reader *r, struct handle *out)
{
    out->gen = (uint32_t)get_uint(r, UINT32_MAX);
    out->index = (uint32_t)get_uint(r, UINT32_MAX);
}

static void get_field(struct reader *r, const struct trace_field *field, void *to)
{
    switch (field->type) {
    case TRACE_FIELD_U64:
        *(uint64_t *)to = get_uint(r, UINT64_MAX);
        return;
    case TRACE_FIELD_U32:
        *(uint32_t *)to = (uint32_t)get_uint(r, UINT32_MAX);
        return;
    case TRACE_FIELD_BOOL:
        *(bool *)to = get_uint(r, 1) != 0;
        return;
    case TRACE_FIELD_ENUM: {
        uint32_t value = (uint32_t)get_uint(r, field->text_count - 1u);
        memcpy(to, &value, sizeof value);
        return;
    }
    case TRACE_FIELD_HANDLE:
        get_handle(r, to);
        return;
    case TRACE_FIELD_ADDR:
        get_addr(r, to);
        return;
    case TRACE_FIELD_TEXT:
    case TRACE_FIELD_BYTES:
    case TRACE_FIELD_JSON:
        *(struct view *)to = get_bytes(r, get_uint(r, FRAME_MOST));
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
