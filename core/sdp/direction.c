#include "core/sdp/sdp.h"

static const char *const names[] = {
    [SIP_SDP_INACTIVE] = "inactive",
    [SIP_SDP_SENDONLY] = "sendonly",
    [SIP_SDP_RECVONLY] = "recvonly",
    [SIP_SDP_SENDRECV] = "sendrecv",
};

const char *sip_sdp_direction_text(enum sip_sdp_direction direction)
{
    return names[direction];
}

bool sip_sdp_direction_find(struct view text, enum sip_sdp_direction *out)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (view_equal(text, view_of(names[i]))) {
            *out = (enum sip_sdp_direction)i;
            return true;
        }
    }
    return false;
}

enum sip_sdp_direction sip_sdp_direction_mirrored(enum sip_sdp_direction direction)
{
    if (direction == SIP_SDP_SENDONLY)
        return SIP_SDP_RECVONLY;
    return direction == SIP_SDP_RECVONLY ? SIP_SDP_SENDONLY : direction;
}
