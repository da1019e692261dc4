#include "reports/json_event.h"

#include "reports/json_member.h"

#include <string.h>

static void handle_add(struct buf *out, const char *name, struct handle handle)
{
    json_key_add(out, name, "");
    buf_add_char(out, '"');
    buf_add_uint(out, handle.index);
    buf_add_char(out, '.');
    buf_add_uint(out, handle.gen);
    buf_add_char(out, '"');
}

static void addr_add(struct buf *out, const char *name, const struct addr *addr)
{
    json_key_add(out, name, "");
    buf_add_char(out, '"');
    addr_write(out, addr);
    buf_add_char(out, '"');
}

static void seqs_add(struct buf *out, const char *name, const struct trace_event *event)
{
    json_key_add(out, name, "");
    buf_add_char(out, '[');
    for (size_t i = 0; i < event->u.finding.evidence_count; i++) {
        buf_add(out, i > 0 ? V(",") : V(""));
        buf_add_uint(out, event->u.finding.evidence[i]);
    }
    buf_add_char(out, ']');
}

static void enum_add(struct buf *out, const struct trace_field *field, const void *from)
{
    uint32_t value;
    memcpy(&value, from, sizeof value);
    if (value == 0 && !field->always)
        return;
    json_key_add(out, field->name, "");
    buf_add_char(out, '"');
    buf_add(out, view_of(value < field->text_count ? field->texts[value] : "?"));
    buf_add_char(out, '"');
}

static void field_add(struct buf *out, const struct trace_event *event,
                      const struct trace_field *field)
{
    const void *from = (const char *)event + field->offset;
    uint64_t number = field->type == TRACE_FIELD_U64   ? *(const uint64_t *)from
                      : field->type == TRACE_FIELD_U32 ? *(const uint32_t *)from
                                                       : 0;
    switch (field->type) {
    case TRACE_FIELD_U32:
    case TRACE_FIELD_U64:
        if (number != 0 || field->always)
            json_number_add(out, field->name, number);
        return;
    case TRACE_FIELD_BOOL:
        if (*(const bool *)from || field->always)
            json_flag_add(out, field->name, *(const bool *)from);
        return;
    case TRACE_FIELD_ENUM:
        enum_add(out, field, from);
        return;
    case TRACE_FIELD_HANDLE:
        if (!handle_none(*(const struct handle *)from))
            handle_add(out, field->name, *(const struct handle *)from);
        return;
    case TRACE_FIELD_ADDR:
        if (((const struct addr *)from)->family != 0)
            addr_add(out, field->name, from);
        return;
    case TRACE_FIELD_TEXT:
    case TRACE_FIELD_BYTES:
        json_text_add(out, field->name, *(const struct view *)from);
        return;
    case TRACE_FIELD_JSON:
        json_object_add(out, field->name, *(const struct view *)from);
        return;
    case TRACE_FIELD_SEQS:
        seqs_add(out, field->name, event);
        return;
    }
}

static void fields_add(struct buf *out, const struct trace_event *event, struct trace_fields fields)
{
    for (size_t i = 0; i < fields.count; i++)
        field_add(out, event, &fields.rows[i]);
}

void json_event_add(struct buf *out, const struct trace_event *event)
{
    json_key_add(out, "kind", "");
    buf_add_char(out, '"');
    buf_add(out, view_of(trace_kind_text(event->kind)));
    buf_add_char(out, '"');
    fields_add(out, event, trace_fields_common());
    fields_add(out, event, trace_fields(event->kind));
}

static bool handle_read(struct view text, struct handle *out)
{
    size_t dot = view_find_char(text, '.');
    uint64_t index, gen;
    if (!view_to_uint(view_head(text, dot), UINT32_MAX, &index) ||
        !view_to_uint(view_skip(text, dot + 1), UINT32_MAX, &gen))
        return false;
    *out = (struct handle){(uint32_t)index, (uint32_t)gen};
    return true;
}

static bool enum_read(struct view text, const struct trace_field *field, void *out)
{
    for (uint32_t i = 0; i < field->text_count; i++)
        if (view_equal(text, view_of(field->texts[i]))) {
            memcpy(out, &i, sizeof i);
            return true;
        }
    return false;
}

static void seqs_take(struct json_taker *taker, const json_t *value, struct trace_event *event)
{
    size_t count = json_array_size(value);
    uint64_t *seqs = arena_alloc(taker->arena, (count + 1) * sizeof *seqs);
    if (!json_is_array(value) || seqs == NULL) {
        json_take_fail(taker, seqs == NULL ? ERR_MEMORY : ERR_SYNTAX);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *seq = json_array_get(value, i);
        if (!json_is_integer(seq) || json_integer_value(seq) < 0)
            json_take_fail(taker, ERR_SYNTAX);
        seqs[i] = (uint64_t)json_integer_value(seq);
    }
    event->u.finding.evidence = seqs;
    event->u.finding.evidence_count = count;
}

/* What is written as a word: a name, a handle, an address. */
static void word_take(struct json_taker *taker, const struct trace_field *field, void *to)
{
    const json_t *value = json_take_any(taker, field->name);
    struct view text = json_view(value);
    bool good =
        value == NULL || (field->type == TRACE_FIELD_ENUM     ? enum_read(text, field, to)
                          : field->type == TRACE_FIELD_HANDLE ? handle_read(text, to)
                                                              : addr_parse(text, to) == ERR_OK);
    if (!good)
        json_take_fail(taker, ERR_SYNTAX);
}

static void field_take(struct json_taker *taker, const struct trace_field *field,
                       struct trace_event *event)
{
    void *to = (char *)event + field->offset;
    switch (field->type) {
    case TRACE_FIELD_U32:
        json_take_number32(taker, field->name, to);
        return;
    case TRACE_FIELD_U64:
        json_take_number(taker, field->name, UINT64_MAX, to);
        return;
    case TRACE_FIELD_BOOL:
        json_take_flag(taker, field->name, to);
        return;
    case TRACE_FIELD_ENUM:
    case TRACE_FIELD_HANDLE:
    case TRACE_FIELD_ADDR:
        word_take(taker, field, to);
        return;
    case TRACE_FIELD_TEXT:
    case TRACE_FIELD_BYTES:
        json_take_text(taker, field->name, to);
        return;
    case TRACE_FIELD_JSON:
        json_take_object(taker, field->name, to);
        return;
    case TRACE_FIELD_SEQS:
        if (json_take_any(taker, field->name) != NULL)
            seqs_take(taker, json_take_any(taker, field->name), event);
        return;
    }
}

static void fields_take(struct json_taker *taker, struct trace_fields fields,
                        struct trace_event *event)
{
    for (size_t i = 0; i < fields.count; i++)
        field_take(taker, &fields.rows[i], event);
}

static bool kind_read(struct view text, enum trace_kind *out)
{
    for (unsigned i = 0; i < TRACE_KIND_COUNT; i++)
        if (view_equal(text, view_of(trace_kind_text((enum trace_kind)i)))) {
            *out = (enum trace_kind)i;
            return true;
        }
    return false;
}

enum err json_event_read(const json_t *object, struct arena *arena, struct trace_event *out)
{
    struct json_taker taker = {.object = object, .arena = arena};
    struct trace_event event = {0};
    if (!kind_read(json_view(json_object_get(object, "kind")), &event.kind))
        return ERR_SYNTAX;
    fields_take(&taker, trace_fields_common(), &event);
    fields_take(&taker, trace_fields(event.kind), &event);
    if (taker.err == ERR_OK)
        *out = event;
    return taker.err;
}
