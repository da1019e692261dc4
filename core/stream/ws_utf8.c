#include "core/stream/ws_utf8.h"

/* How many bytes follow this first one, and which the second may be; 0 of them: it is alone. -1: no
 * character begins so. */
static int follow(uint8_t first, uint8_t *least, uint8_t *most)
{
    *least = 0x80;
    *most = 0xbf;
    if (first < 0x80)
        return 0;
    if (first < 0xc2 || first > 0xf4)
        return -1;
    if (first < 0xe0)
        return 1;
    if (first == 0xe0)
        *least = 0xa0; /* else it were too long a form */
    if (first == 0xed)
        *most = 0x9f; /* else a surrogate */
    if (first < 0xf0)
        return 2;
    if (first == 0xf0)
        *least = 0x90;
    if (first == 0xf4)
        *most = 0x8f; /* else beyond U+10FFFF */
    return 3;
}

bool utf8_valid(struct view text)
{
    uint8_t least, most;

    for (size_t at = 0; at < text.len;) {
        int more = follow((uint8_t)text.ptr[at++], &least, &most);
        if (more < 0 || text.len - at < (size_t)more)
            return false;
        for (; more > 0; more--) {
            uint8_t byte = (uint8_t)text.ptr[at++];
            if (byte < least || byte > most)
                return false;
            least = 0x80;
            most = 0xbf;
        }
    }
    return true;
}
