#include "core/message/msg_private.h"

struct arena *sip_msg_arena(struct sip_msg *msg)
{
    return &msg->arena;
}

const void **sip_msg_body_slot(struct sip_msg *msg)
{
    return &msg->body_read;
}
