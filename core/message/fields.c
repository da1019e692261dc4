/* What the index knows of a message without reading a value. */
#include "core/message/msg_private.h"

#include <stdio.h>

struct blob *sip_msg_blob(const struct sip_msg *msg)
{
    return msg->blob;
}

struct view sip_msg_raw(const struct sip_msg *msg)
{
    const char *end = msg->body.ptr + msg->body.len;
    return (struct view){msg->blob->data, (size_t)(end - msg->blob->data)};
}

struct view sip_msg_body(const struct sip_msg *msg)
{
    return msg->body;
}

bool sip_msg_is_request(const struct sip_msg *msg)
{
    return msg->is_request;
}

enum sip_framing sip_msg_framing(const struct sip_msg *msg)
{
    return msg->is_stream ? SIP_FRAMING_STREAM : SIP_FRAMING_DATAGRAM;
}

enum sip_method sip_msg_method(const struct sip_msg *msg)
{
    return (enum sip_method)msg->method;
}

struct view sip_msg_method_name(const struct sip_msg *msg)
{
    return msg->method_name;
}

uint16_t sip_msg_status(const struct sip_msg *msg)
{
    return msg->status;
}

struct view sip_msg_reason(const struct sip_msg *msg)
{
    return msg->is_request ? (struct view){0} : msg->uri_or_reason;
}

struct view sip_msg_version(const struct sip_msg *msg)
{
    return msg->version;
}

struct view sip_msg_request_uri_text(const struct sip_msg *msg)
{
    return msg->is_request ? msg->uri_or_reason : (struct view){0};
}

size_t sip_msg_line_count(const struct sip_msg *msg)
{
    return msg->row_count;
}

const struct sip_line *sip_msg_line(const struct sip_msg *msg, size_t index)
{
    return index < msg->row_count ? &msg->rows[index].line : NULL;
}

const struct sip_line *sip_msg_find(const struct sip_msg *msg, enum sip_header_id id, size_t index)
{
    if (id < SIP_HOT && id != SIP_HEADER_OTHER) {
        uint16_t row = msg->first[id];
        while (row != 0 && index-- > 0)
            row = msg->rows[row - 1].next;
        return row == 0 ? NULL : &msg->rows[row - 1].line;
    }
    for (uint32_t i = 0; i < msg->row_count; i++)
        if (msg->rows[i].line.id == id && index-- == 0)
            return &msg->rows[i].line;
    return NULL;
}

const struct sip_line *sip_msg_find_name(const struct sip_msg *msg, struct view name, size_t index)
{
    enum sip_header_id id = sip_header_find(name);
    if (id != SIP_HEADER_OTHER)
        return sip_msg_find(msg, id, index);
    for (uint32_t i = 0; i < msg->row_count; i++) {
        const struct sip_line *line = &msg->rows[i].line;
        if (line->id == id && view_equal_nocase(line->name, name) && index-- == 0)
            return line;
    }
    return NULL;
}

struct view sip_msg_call_id(const struct sip_msg *msg)
{
    const struct sip_line *line = sip_msg_find(msg, SIP_HEADER_CALL_ID, 0);
    return line == NULL || line->value.len == 0 ? (struct view){0} : line->value;
}

/* Twice for each message of a simulation: no printf. */
struct view sip_msg_label(const struct sip_msg *msg, char *room, size_t room_len)
{
    if (room_len < 2)
        return V("");
    struct buf buf = {.ptr = room, .size = room_len - 1, .limit = room_len - 1};
    if (!msg->is_request) {
        buf_add_uint(&buf, msg->status);
        if (msg->method_name.len > 0)
            buf_add_char(&buf, ' ');
    }
    buf_add(&buf, view_head(msg->method_name, buf.limit - buf.len));
    room[buf.len] = '\0';
    return (struct view){room, buf.len};
}
