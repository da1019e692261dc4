/* Any bytes as a session description. */
#include "core/core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena arena = {.limit = 16u << 20};
    struct sip_sdp sdp;
    (void)!sip_sdp_parse((struct view){(const char *)data, len}, &arena, &sdp);
    arena_deinit(&arena);
    return 0;
}
