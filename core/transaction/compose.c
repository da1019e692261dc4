#include "core/transaction/compose.h"

_Static_assert(SIP_HEADER_COUNT <= 128, "a bit for each header name");

static bool bit(const uint64_t *set, enum sip_header_id id)
{
    return (set[id / 64] >> (id % 64) & 1) != 0;
}

static void bit_set(uint64_t *set, enum sip_header_id id)
{
    set[id / 64] |= UINT64_C(1) << (id % 64);
}

void compose_begin(struct compose *c, struct buf *buf, const struct sip_row *rows, size_t row_count)
{
    *c = (struct compose){.buf = buf, .rows = rows, .row_count = row_count};
    for (size_t i = 0; i < row_count; i++)
        bit_set(c->given, sip_header_find(rows[i].name));
}

static void write_given(struct compose *c, const struct sip_row *row)
{
    if (row->value.ptr == NULL || row->name.len == 0)
        return; /* left out on purpose */
    buf_add(c->buf, row->name);
    buf_add(c->buf, V(": "));
    buf_add(c->buf, row->value);
    buf_add(c->buf, V("\r\n"));
}

bool compose_given(const struct compose *c, enum sip_header_id id)
{
    return bit(c->given, id);
}

bool compose_free(struct compose *c, enum sip_header_id id)
{
    if (!bit(c->given, id))
        return true;
    bit_set(c->placed, id);
    for (size_t i = 0; i < c->row_count; i++)
        if (sip_header_find(c->rows[i].name) == id)
            write_given(c, &c->rows[i]);
    return false;
}

void compose_name(struct compose *c, enum sip_header_id id)
{
    buf_add(c->buf, sip_header_name(id));
    buf_add(c->buf, V(": "));
}

void compose_line_end(struct compose *c)
{
    buf_add(c->buf, V("\r\n"));
}

void compose_row(struct compose *c, enum sip_header_id id, struct view value)
{
    if (!compose_free(c, id))
        return;
    compose_name(c, id);
    buf_add(c->buf, value);
    compose_line_end(c);
}

void compose_row_uint(struct compose *c, enum sip_header_id id, uint64_t value)
{
    if (!compose_free(c, id))
        return;
    compose_name(c, id);
    buf_add_uint(c->buf, value);
    compose_line_end(c);
}

void compose_copy(struct compose *c, enum sip_header_id id, const struct sip_msg *msg)
{
    if (!compose_free(c, id))
        return;
    const struct sip_line *line;
    for (size_t i = 0; (line = sip_msg_find(msg, id, i)) != NULL; i++) {
        compose_name(c, id);
        buf_add(c->buf, line->value);
        compose_line_end(c);
    }
}

static void write_rest(struct compose *c)
{
    for (size_t i = 0; i < c->row_count; i++) {
        enum sip_header_id id = sip_header_find(c->rows[i].name);
        bool later = id == SIP_HEADER_CONTENT_TYPE || id == SIP_HEADER_CONTENT_LENGTH;
        if (id == SIP_HEADER_OTHER || (!later && !bit(c->placed, id)))
            write_given(c, &c->rows[i]);
    }
}

void compose_end(struct compose *c, struct view body, struct view content_type)
{
    write_rest(c);
    if (body.len > 0)
        compose_row(c, SIP_HEADER_CONTENT_TYPE,
                    content_type.ptr == NULL ? V("application/sdp") : content_type);
    else
        (void)compose_free(c, SIP_HEADER_CONTENT_TYPE); /* the user's own */
    compose_row_uint(c, SIP_HEADER_CONTENT_LENGTH, body.len + c->length_error);
    buf_add(c->buf, V("\r\n"));
    buf_add(c->buf, body);
}
