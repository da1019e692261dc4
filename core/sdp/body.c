#include "core/sdp/sdp.h"

struct view sip_sdp_body(struct sip_msg *msg)
{
    const struct sip_media_type *type = sip_msg_get(msg, SIP_HEADER_CONTENT_TYPE, 0);
    if (type == NULL || sip_msg_body(msg).len == 0)
        return (struct view){0};
    if (view_equal_nocase(type->type, V("application")) &&
        view_equal_nocase(type->subtype, V("sdp")))
        return sip_msg_body(msg);
    return (struct view){0};
}

/* In the place of a description that cannot be read, so that it is not tried again. */
static const struct sip_sdp unreadable;

const struct sip_sdp *sip_sdp_of(struct sip_msg *msg)
{
    const void **slot = sip_msg_body_slot(msg);
    if (*slot != NULL)
        return *slot == &unreadable ? NULL : *slot;
    struct view text = sip_sdp_body(msg);
    struct sip_sdp *sdp = arena_zalloc(sip_msg_arena(msg), sizeof *sdp);
    if (text.ptr == NULL || sdp == NULL ||
        sip_sdp_parse(text, sip_msg_arena(msg), sdp) != ERR_OK) {
        *slot = &unreadable;
        return NULL;
    }
    *slot = sdp;
    return sdp;
}
