/* Any bytes as a session description: read, written, answered, held; what we write can be read. */
#include "core/core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void read_back(const struct buf *buf, struct arena *arena)
{
    struct sip_sdp sdp;
    enum err err = sip_sdp_parse(buf_view(buf), arena, &sdp);
    ASSERT(err == ERR_OK || err == ERR_MEMORY || err == ERR_LIMIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena arena = {.limit = 16u << 20};
    struct sip_sdp_options own = {.direction = SIP_SDP_SENDRECV};
    struct buf buf = {0};
    struct sip_sdp sdp;
    if (sip_sdp_parse((struct view){(const char *)data, len}, &arena, &sdp) == ERR_OK) {
        own.address.family = 4;
        own.address.port = 4000;
        sip_sdp_write(&buf, &sdp);
        read_back(&buf, &arena);
        buf_clear(&buf);
        if (sip_sdp_answer(&buf, &sdp, &own, NULL) == ERR_OK)
            read_back(&buf, &arena);
        buf_clear(&buf);
        if (sip_sdp_with_direction(&buf, &sdp, SIP_SDP_SENDONLY) == ERR_OK)
            read_back(&buf, &arena);
    }
    buf_deinit(&buf);
    arena_deinit(&arena);
    return 0;
}
