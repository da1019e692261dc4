/* IPv4 and IPv6 (RFC 791, RFC 8200), their fragments and the tunnels in them. */
#include "harness/capture/inside.h"

enum {
    NEXT_HOP_BY_HOP = 0,
    NEXT_IP4 = 4,
    NEXT_IP6 = 41,
    NEXT_ROUTING = 43,
    NEXT_FRAGMENT = 44,
    NEXT_GRE = 47,
    NEXT_AH = 51,
    NEXT_OPTIONS = 60,
    EXTENSIONS_MOST = 16
};

static struct addr address_take(struct octets *at, uint8_t family)
{
    struct addr addr = {.family = family};
    struct view bytes = octets_take(at, family == 4 ? 4 : 16);
    if (bytes.len > 0)
        memcpy(addr.ip, bytes.ptr, bytes.len);
    return addr;
}

/* RFC 2784, RFC 2890: flags, version, protocol, then what the flags say is there. Version 1 (PPTP,
 * RFC 2637) has its key always, and an acknowledgement by a flag of its own. */
static void gre_take(struct capture *capture, struct octets at, unsigned depth)
{
    uint16_t flags = octets_u16(&at), type = octets_u16(&at);
    struct view packet;
    bool version1 = (flags & 7) == 1;
    if ((flags & 0x8000) != 0)
        octets_take(&at, 4); /* checksum */
    if ((flags & 0x2000) != 0)
        octets_take(&at, 4); /* key */
    if ((flags & 0x1000) != 0)
        octets_take(&at, 4); /* sequence */
    if (version1 && (flags & 0x0080) != 0)
        octets_take(&at, 4);
    if (at.failed)
        return;
    if (type == 0x880b ? ppp_strip(&at, &packet) : ether_strip(type, &at, &packet))
        ip_take(capture, packet, depth + 1);
}

static void protocol_take(struct capture *capture, uint8_t protocol, struct ends ends,
                          struct view payload, unsigned depth)
{
    if (protocol == NEXT_IP4 || protocol == NEXT_IP6)
        ip_take(capture, payload, depth + 1);
    else if (protocol == NEXT_GRE)
        gre_take(capture, (struct octets){.rest = payload}, depth);
    else
        transport_take(capture, protocol, ends, payload, depth);
}

static void piece_take(struct capture *capture, const struct fragment *fragment, unsigned depth)
{
    struct ends ends = {fragment->source, fragment->target};
    struct view whole = fragment->bytes;
    bool fragmented = fragment->offset > 0 || fragment->more;
    if (!fragmented || fragments_add(capture, fragment, &whole))
        protocol_take(capture, fragment->protocol, ends, whole, depth);
}

static void ip4_take(struct capture *capture, struct octets at, unsigned depth)
{
    struct view all = at.rest;
    size_t head = (size_t)(octets_u8(&at) & 15) * 4;
    octets_take(&at, 1);
    size_t total = octets_u16(&at);
    struct fragment fragment = {.id = octets_u16(&at)};
    uint16_t place = octets_u16(&at);
    octets_take(&at, 1);
    fragment.protocol = octets_u8(&at);
    octets_take(&at, 2);
    fragment.source = address_take(&at, 4);
    fragment.target = address_take(&at, 4);
    if (total == 0)
        total = all.len; /* left to the network card, where it was captured */
    if (at.failed || head < 20 || head > total || head > all.len) {
        capture->counts.broken_packets++;
        return;
    }
    fragment.offset = (uint32_t)(place & 0x1fff) * 8;
    fragment.more = (place & 0x2000) != 0;
    fragment.bytes = view_skip(view_head(all, total), head);
    piece_take(capture, &fragment, depth);
}

/* RFC 8200 §4: headers between the first one and what is carried. False: it cannot be read. */
static bool extensions_skip(struct octets *at, struct fragment *fragment)
{
    for (int i = 0; i < EXTENSIONS_MOST; i++) {
        uint8_t kind = fragment->protocol;
        if (kind == NEXT_FRAGMENT) {
            fragment->protocol = octets_u8(at);
            octets_take(at, 1);
            uint16_t place = octets_u16(at);
            fragment->offset = place & 0xfff8;
            fragment->more = (place & 1) != 0;
            fragment->id = octets_u32(at);
        } else if (kind == NEXT_HOP_BY_HOP || kind == NEXT_ROUTING || kind == NEXT_OPTIONS ||
                   kind == NEXT_AH) {
            fragment->protocol = octets_u8(at);
            size_t len = octets_u8(at);
            octets_take(at, kind == NEXT_AH ? (len + 2) * 4 - 2 : (len + 1) * 8 - 2);
        } else {
            return !at->failed;
        }
        if (fragment->offset > 0)
            return !at->failed; /* what follows is not a header */
    }
    return false;
}

static void ip6_take(struct capture *capture, struct octets at, unsigned depth)
{
    octets_take(&at, 4);
    size_t len = octets_u16(&at);
    struct fragment fragment = {.protocol = octets_u8(&at)};
    octets_take(&at, 1);
    fragment.source = address_take(&at, 6);
    fragment.target = address_take(&at, 6);
    if (len > 0)
        at.rest = view_head(at.rest, len);
    if (at.failed || !extensions_skip(&at, &fragment)) {
        capture->counts.broken_packets++;
        return;
    }
    fragment.bytes = at.rest;
    piece_take(capture, &fragment, depth);
}

void ip_take(struct capture *capture, struct view packet, unsigned depth)
{
    unsigned version = packet.len == 0 ? 0 : (unsigned char)packet.ptr[0] >> 4;
    struct octets at = {.rest = packet};
    if (depth > TUNNELS_MOST || (version != 4 && version != 6))
        capture->counts.unknown_frames++;
    else if (version == 4)
        ip4_take(capture, at, depth);
    else
        ip6_take(capture, at, depth);
}
