/* Any bytes as a datagram and as a stream's message: parsed whole, checked, labelled. */
#include "core/core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct blob *blob = blob_create((struct view){(const char *)data, len});
    for (int framing = SIP_FRAMING_DATAGRAM; framing <= SIP_FRAMING_STREAM; framing++) {
        struct sip_msg *msg = NULL;
        if (sip_msg_parse(blob, (enum sip_framing)framing, &msg) != ERR_OK)
            continue;
        char room[SIP_LABEL_MAX];
        sip_msg_check(msg);
        ASSERT(sip_msg_label(msg, room, sizeof room).len < sizeof room);
        ASSERT(sip_msg_raw(msg).len <= len);
        for (size_t i = 0; i < sip_msg_fault_count(msg); i++)
            ASSERT(sip_msg_fault(msg, i)->offset <= len);
        sip_msg_unref(msg);
    }
    blob_unref(blob);
    return 0;
}
