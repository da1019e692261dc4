#include "harness/replay/actor.h"

/* What the stack makes, or is told by other words than rows. */
static bool is_stacks(enum sip_header_id id)
{
    switch (id) {
    case SIP_HEADER_VIA:
    case SIP_HEADER_FROM:
    case SIP_HEADER_TO:
    case SIP_HEADER_CALL_ID:
    case SIP_HEADER_CSEQ:
    case SIP_HEADER_ROUTE:
    case SIP_HEADER_RECORD_ROUTE:
    case SIP_HEADER_MAX_FORWARDS:
    case SIP_HEADER_CONTENT_LENGTH:
    case SIP_HEADER_CONTENT_TYPE:
        return true;
    default:
        return false;
    }
}

/* What it would add by itself: left out where the captured message has none. */
static const enum sip_header_id added[] = {
    SIP_HEADER_CONTACT,         SIP_HEADER_ALLOW,        SIP_HEADER_SUPPORTED,
    SIP_HEADER_REQUIRE,         SIP_HEADER_EXPIRES,      SIP_HEADER_MIN_SE,
    SIP_HEADER_SESSION_EXPIRES, SIP_HEADER_ALLOW_EVENTS, SIP_HEADER_RECV_INFO,
    SIP_HEADER_SERVER,          SIP_HEADER_USER_AGENT,   SIP_HEADER_ACCEPT,
    SIP_HEADER_RECORD_ROUTE,    SIP_HEADER_TIMESTAMP};
enum { ADDED_COUNT = sizeof added / sizeof added[0] };

struct sip_row *actor_rows(struct play *play, struct sip_msg *msg, size_t *out_count)
{
    size_t most = sip_msg_line_count(msg) + ADDED_COUNT + 1, count = 0;
    struct sip_row *rows = arena_alloc(play->arena, most * sizeof *rows);
    if (rows == NULL)
        return NULL;
    for (size_t i = 0; i < sip_msg_line_count(msg); i++) {
        const struct sip_line *line = sip_msg_line(msg, i);
        if (!is_stacks(line->id))
            rows[count++] =
                (struct sip_row){.id = line->id, .name = line->name, .value = line->value};
    }
    if (sip_msg_find(msg, SIP_HEADER_CONTENT_TYPE, 0) == NULL)
        rows[count++] = (struct sip_row){.id = SIP_HEADER_CONTENT_TYPE, .name = V("Content-Type")};
    for (size_t i = 0; i < ADDED_COUNT; i++)
        if (sip_msg_find(msg, added[i], 0) == NULL || is_stacks(added[i]))
            rows[count++] = (struct sip_row){.id = added[i], .name = sip_header_name(added[i])};
    *out_count = count;
    return rows;
}

enum err actor_untagged(struct play *play, const struct sip_name_addr *value,
                        const struct sip_line *line, struct view *out)
{
    struct buf buf = {0};
    *out = line == NULL ? (struct view){0} : line->value;
    if (line == NULL || value == NULL || value->tag.ptr == NULL || value->tag.ptr < line->value.ptr)
        return ERR_OK;
    size_t at = (size_t)(value->tag.ptr - line->value.ptr), end = at + value->tag.len;
    while (at > 0 && line->value.ptr[at - 1] != ';')
        at--;
    buf_add(&buf, view_head(line->value, at > 0 ? at - 1 : 0));
    buf_add(&buf, view_skip(line->value, end));
    *out = arena_copy(play->arena, buf_view(&buf));
    enum err err = out->ptr == NULL ? ERR_MEMORY : buf.failed;
    buf_deinit(&buf);
    return err;
}
