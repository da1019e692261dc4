#include "core/transaction/compose.h"

_Static_assert(SIP_HEADER_COUNT <= 128, "a bit for each header name");

enum { COMPOSE_STEP = 2048 };

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
    buf_clear(buf);
    *c = (struct compose){.buf = buf, .rows = rows, .row_count = row_count};
    for (size_t i = 0; i < row_count; i++)
        bit_set(c->given, sip_header_find(rows[i].name));
}

void compose_settle(struct compose *c)
{
    if (c->at != NULL)
        c->buf->len = (size_t)(c->at - c->buf->ptr);
}

bool compose_more(struct compose *c, size_t len)
{
    compose_settle(c);
    char *room = buf_room(c->buf, len > COMPOSE_STEP ? len : COMPOSE_STEP);
    if (room == NULL)
        return false;
    c->at = room;
    c->end = c->buf->ptr + c->buf->size;
    return true;
}

void compose_add_uint(struct compose *c, uint64_t value)
{
    char room[UINT_TEXT_MAX];
    compose_add(c, view_of_uint(value, room));
}

static void write_given(struct compose *c, const struct sip_row *row)
{
    if (row->value.ptr == NULL || row->name.len == 0)
        return; /* left out on purpose */
    compose_add(c, row->name);
    compose_add(c, V(": "));
    compose_add(c, row->value);
    compose_line_end(c);
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

void compose_head(struct compose *c, enum sip_header_id id)
{
    /* clang-format off */
    static const struct view heads[] = {
        [SIP_HEADER_OTHER] = {"", 0},
#define HEADER(id, name, ...) [SIP_HEADER_##id] = {name ": ", sizeof name + 1},
#include "core/message/header_names.def"
#undef HEADER
    };
    /* clang-format on */
    compose_add(c, heads[id]);
}

void compose_row(struct compose *c, enum sip_header_id id, struct view value)
{
    if (!compose_free(c, id))
        return;
    compose_head(c, id);
    compose_add(c, value);
    compose_line_end(c);
}

void compose_row_uint(struct compose *c, enum sip_header_id id, uint64_t value)
{
    if (!compose_free(c, id))
        return;
    compose_head(c, id);
    compose_add_uint(c, value);
    compose_line_end(c);
}

void compose_copy(struct compose *c, enum sip_header_id id, const struct sip_msg *msg)
{
    if (!compose_free(c, id))
        return;
    const struct sip_line *line;
    for (size_t i = 0; (line = sip_msg_find(msg, id, i)) != NULL; i++) {
        compose_head(c, id);
        compose_add(c, line->value);
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

static void write_body(struct compose *c, struct view body)
{
    compose_row_uint(c, SIP_HEADER_CONTENT_LENGTH, body.len + c->length_error);
    compose_line_end(c);
    compose_add(c, body);
    compose_settle(c);
}

void compose_end(struct compose *c, struct view body, struct view content_type)
{
    write_rest(c);
    if (body.len > 0)
        compose_row(c, SIP_HEADER_CONTENT_TYPE,
                    content_type.ptr == NULL ? V("application/sdp") : content_type);
    else
        (void)compose_free(c, SIP_HEADER_CONTENT_TYPE); /* the user's own */
    write_body(c, body);
}

void compose_end_copied(struct compose *c, struct view body)
{
    write_rest(c);
    write_body(c, body);
}

struct blob *compose_blob(struct compose *c)
{
    if (c->buf->failed != ERR_OK)
        return NULL;
    return blob_create(buf_view(c->buf));
}
