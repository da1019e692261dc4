/* From a frame to the IP packet in it: Ethernet with VLAN tags and PPPoE, Linux cooked captures,
 * BSD loopback, raw IP, PPP. The numbers are those of the pcap file format. */
#include "harness/capture/inside.h"

enum {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_PPP = 9,
    LINK_RAW_12 = 12, /* as some systems number raw IP */
    LINK_RAW_14 = 14,
    LINK_RAW = 101,
    LINK_LOOP = 108,
    LINK_SLL = 113,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229,
    LINK_SLL2 = 276
};

enum {
    ETHER_IP4 = 0x0800,
    ETHER_IP6 = 0x86dd,
    ETHER_VLAN = 0x8100,
    ETHER_QINQ = 0x88a8,
    ETHER_QINQ_OLD = 0x9100,
    ETHER_PPPOE = 0x8864,
    ETHER_MPLS = 0x8847,
    PPP_IP4 = 0x0021,
    PPP_IP6 = 0x0057,
    VLANS_MOST = 4,
    MPLS_MOST = 8
};

bool link_known(int link_type)
{
    switch (link_type) {
    case LINK_NULL:
    case LINK_ETHERNET:
    case LINK_PPP:
    case LINK_RAW_12:
    case LINK_RAW_14:
    case LINK_RAW:
    case LINK_LOOP:
    case LINK_SLL:
    case LINK_IPV4:
    case LINK_IPV6:
    case LINK_SLL2:
        return true;
    default:
        return false;
    }
}

static bool rest_of(const struct octets *at, struct view *out_packet)
{
    if (at->failed || at->rest.len == 0)
        return false;
    *out_packet = at->rest;
    return true;
}

/* RFC 1661: in front of the protocol there may be an address and a control byte; a protocol that is
 * odd in its first byte is one byte long. */
bool ppp_strip(struct octets *at, struct view *out_packet)
{
    if (at->rest.len >= 2 && memcmp(at->rest.ptr, "\xff\x03", 2) == 0)
        octets_take(at, 2);
    uint16_t protocol = octets_u8(at);
    if ((protocol & 1) == 0)
        protocol = (uint16_t)(protocol << 8 | octets_u8(at));
    return (protocol == PPP_IP4 || protocol == PPP_IP6) && rest_of(at, out_packet);
}

/* RFC 2516 §4: version and type, code, session, length. */
static bool pppoe_strip(struct octets *at, struct view *out_packet)
{
    octets_take(at, 4);
    uint16_t len = octets_u16(at);
    return octets_cut(at, len) && ppp_strip(at, out_packet);
}

/* RFC 3032 §2.1: labels of four bytes, the last one marked. */
static bool mpls_strip(struct octets *at, struct view *out_packet)
{
    for (int i = 0; i < MPLS_MOST; i++)
        if ((octets_u32(at) & 0x100) != 0)
            return rest_of(at, out_packet);
    return false;
}

bool ether_strip(uint16_t type, struct octets *at, struct view *out_packet)
{
    for (int i = 0; i < VLANS_MOST; i++) {
        if (type != ETHER_VLAN && type != ETHER_QINQ && type != ETHER_QINQ_OLD)
            break;
        octets_take(at, 2);
        type = octets_u16(at);
    }
    if (type == ETHER_PPPOE)
        return pppoe_strip(at, out_packet);
    if (type == ETHER_MPLS)
        return mpls_strip(at, out_packet);
    return (type == ETHER_IP4 || type == ETHER_IP6) && rest_of(at, out_packet);
}

static bool cooked_strip(struct octets *at, struct view *out_packet)
{
    octets_take(at, 14);
    return ether_strip(octets_u16(at), at, out_packet);
}

static bool cooked2_strip(struct octets *at, struct view *out_packet)
{
    uint16_t type = octets_u16(at);
    octets_take(at, 18);
    return ether_strip(type, at, out_packet);
}

bool link_strip(const struct frame *frame, struct view *out_packet)
{
    struct octets at = {.rest = frame->bytes};
    switch (frame->link_type) {
    case LINK_ETHERNET:
        octets_take(&at, 12);
        return ether_strip(octets_u16(&at), &at, out_packet);
    case LINK_SLL:
        return cooked_strip(&at, out_packet);
    case LINK_SLL2:
        return cooked2_strip(&at, out_packet);
    case LINK_PPP:
        return ppp_strip(&at, out_packet);
    case LINK_NULL: /* the address family in the byte order of who captured: the packet knows it,
                       too */
    case LINK_LOOP:
        octets_take(&at, 4);
        return rest_of(&at, out_packet);
    default:
        return rest_of(&at, out_packet);
    }
}
