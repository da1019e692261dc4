#include "core/message/msg_private.h"

void sip_msg_check(struct sip_msg *msg)
{
    if (msg->checked)
        return;
    msg->checked = true;
    sip_msg_request_uri(msg);
    for (uint32_t i = 0; i < msg->row_count; i++)
        if (!msg->rows[i].read)
            sip_msg_read_row(msg, &msg->rows[i]);
}
