/* Values by header and index, over all rows. */
#include "core/message/msg_private.h"

/* The next row of that header behind one (0: from the first), counted from 1; 0: none. */
static uint32_t next_row(const struct sip_msg *msg, enum sip_header_id id, uint32_t row)
{
    if (id < SIP_HOT)
        return row == 0 ? msg->first[id] : msg->rows[row - 1].next;
    for (uint32_t i = row; i < msg->row_count; i++)
        if (msg->rows[i].line.id == id)
            return i + 1;
    return 0;
}

static const struct sip_value *row_values(struct sip_msg *msg, uint32_t row)
{
    if (!msg->rows[row - 1].read)
        sip_msg_read_row(msg, &msg->rows[row - 1]);
    return msg->rows[row - 1].values;
}

/* Walking on from where the cursor stands costs no search. */
static const struct sip_value *value_find(struct sip_msg *msg, enum sip_header_id id, size_t index)
{
    const struct sip_value *value = NULL;
    size_t at = 0;
    uint32_t row = 0;
    if (msg->cursor.id == id && msg->cursor.index <= index) {
        value = msg->cursor.value;
        at = msg->cursor.index;
        row = msg->cursor.row;
    }
    for (;;) {
        for (; value != NULL; value = value->next, at++) {
            if (at != index)
                continue;
            msg->cursor.id = (uint16_t)id;
            msg->cursor.row = (uint16_t)row;
            msg->cursor.index = (uint32_t)index;
            msg->cursor.value = value;
            return value;
        }
        row = next_row(msg, id, row);
        if (row == 0)
            return NULL;
        value = row_values(msg, row);
    }
}

const void *sip_msg_get(struct sip_msg *msg, enum sip_header_id id, size_t index)
{
    const struct sip_value *value = NULL;
    if (id != SIP_HEADER_OTHER)
        value = value_find(msg, id, index);
    return value == NULL ? NULL : sip_value_data(value);
}

size_t sip_msg_count(struct sip_msg *msg, enum sip_header_id id)
{
    size_t count = 0;
    if (id == SIP_HEADER_OTHER)
        return 0;
    for (uint32_t row = next_row(msg, id, 0); row != 0; row = next_row(msg, id, row))
        for (const struct sip_value *value = row_values(msg, row); value != NULL;
             value = value->next)
            count++;
    return count;
}

/* Token lists and those of tokens with parameters both begin with the token. */
bool sip_msg_lists(struct sip_msg *msg, enum sip_header_id id, struct view token)
{
    const struct sip_header_kind *kind = sip_header_kind(id);
    if (kind != &sip_token_kind && kind != &sip_token_params_kind)
        return false;
    for (uint32_t row = next_row(msg, id, 0); row != 0; row = next_row(msg, id, row)) {
        for (const struct sip_value *value = row_values(msg, row); value != NULL;
             value = value->next) {
            const struct view *there = sip_value_data(value);
            if (there != NULL && view_equal_nocase(*there, token))
                return true;
        }
    }
    return false;
}

const struct sip_via *sip_msg_via(struct sip_msg *msg, size_t index)
{
    return sip_msg_get(msg, SIP_HEADER_VIA, index);
}

const struct sip_name_addr *sip_msg_from(struct sip_msg *msg)
{
    return sip_msg_get(msg, SIP_HEADER_FROM, 0);
}

const struct sip_name_addr *sip_msg_to(struct sip_msg *msg)
{
    return sip_msg_get(msg, SIP_HEADER_TO, 0);
}

static struct view tag_of(const struct sip_name_addr *value)
{
    return value == NULL ? (struct view){0} : value->tag;
}

struct view sip_msg_from_tag(struct sip_msg *msg)
{
    return tag_of(sip_msg_from(msg));
}

struct view sip_msg_to_tag(struct sip_msg *msg)
{
    return tag_of(sip_msg_to(msg));
}

const struct sip_name_addr *sip_msg_contact(struct sip_msg *msg, size_t index)
{
    return sip_msg_get(msg, SIP_HEADER_CONTACT, index);
}

const struct sip_name_addr *sip_msg_route(struct sip_msg *msg, size_t index)
{
    return sip_msg_get(msg, SIP_HEADER_ROUTE, index);
}

const struct sip_name_addr *sip_msg_record_route(struct sip_msg *msg, size_t index)
{
    return sip_msg_get(msg, SIP_HEADER_RECORD_ROUTE, index);
}

const struct sip_cseq *sip_msg_cseq(struct sip_msg *msg)
{
    return sip_msg_get(msg, SIP_HEADER_CSEQ, 0);
}
