/* Any text as a URI and as a name-addr: what parses is written again, and that parses to an equal
 * one. */
#include "core/core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct view text = {(const char *)data, len};
    struct arena arena = {0};
    struct buf buf = {0};
    struct sip_uri uri, again;
    struct sip_name_addr name_addr;
    if (sip_uri_parse(text, &arena, &uri) == ERR_OK) {
        sip_uri_write(&buf, &uri);
        ASSERT(sip_uri_parse(buf_view(&buf), &arena, &again) == ERR_OK);
        ASSERT(sip_uri_equal(&uri, &uri));
    }
    if (sip_name_addr_parse(text, &arena, &name_addr) == ERR_OK)
        sip_name_addr_write(&buf, &name_addr);
    (void)sip_unescape(text, &arena).len;
    buf_deinit(&buf);
    arena_deinit(&arena);
    return 0;
}
