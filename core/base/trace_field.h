/* What a trace event consists of, as data: the codec, the blacking out of secrets and the JSON
 * lines are loops over these rows, so that a new field is one row.
 *
 *     struct trace_fields fields = trace_fields(event.kind);
 *     for (size_t i = 0; i < fields.count; i++)
 *         write(fields.rows[i].name, (const char *)&event + fields.rows[i].offset);
 */
#pragma once
#include "core/base/trace.h"

enum trace_field_type {
    TRACE_FIELD_U32,
    TRACE_FIELD_U64,
    TRACE_FIELD_BOOL,
    TRACE_FIELD_ENUM,
    TRACE_FIELD_HANDLE,
    TRACE_FIELD_ADDR,
    TRACE_FIELD_TEXT,  /* a view of text */
    TRACE_FIELD_BYTES, /* a view of anything */
    TRACE_FIELD_JSON,  /* a view of JSON text */
    TRACE_FIELD_SEQS   /* pointer and count, side by side */
};

struct trace_field {
    const char *name; /* as in the JSON lines */
    enum trace_field_type type;
    bool always;              /* written for people even where it is zero */
    uint16_t offset;          /* in struct trace_event */
    uint16_t text_count;      /* TRACE_FIELD_ENUM: values */
    const char *const *texts; /* TRACE_FIELD_ENUM: their names */
};

struct trace_fields {
    const struct trace_field *rows;
    size_t count;
};

enum { TRACE_KIND_COUNT = TRACE_KEYS + 1, TRACE_FIELD_MOST = 32 };

struct trace_fields trace_fields_common(void); /* of every event: seq, time, cause … */
struct trace_fields trace_fields(enum trace_kind kind);
bool trace_field_is_view(const struct trace_field *field);

const char *trace_side_text(enum trace_side side);
const char *trace_fate_text(enum trace_fate fate);
const char *trace_timer_act_text(enum trace_timer_act act);
