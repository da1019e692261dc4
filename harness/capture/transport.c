/* What IP carries: UDP with the tunnels in it, TCP, SCTP. */
#include "harness/capture/inside.h"

enum { CARRIES_TCP = 6, CARRIES_UDP = 17, CARRIES_SCTP = 132, GTP_PORT = 2152 };

/* 3GPP TS 29.281 §5: a user packet in GTP-U. False: it is none. */
static bool gtp_strip(struct octets at, struct view *out_packet)
{
    uint8_t flags = octets_u8(&at), kind = octets_u8(&at);
    size_t len = octets_u16(&at);
    octets_take(&at, 4);
    if ((flags & 0xf0) != 0x30 || kind != 0xff || !octets_cut(&at, len))
        return false;
    if ((flags & 7) != 0) {
        octets_take(&at, 3);
        for (uint8_t next = octets_u8(&at); (flags & 4) != 0 && next != 0 && !at.failed;) {
            size_t words = octets_u8(&at);
            octets_take(&at, words == 0 ? SIZE_MAX : words * 4 - 2);
            next = octets_u8(&at);
        }
    }
    *out_packet = at.rest;
    return !at.failed && at.rest.len > 0;
}

static void udp_take(struct capture *capture, struct ends ends, struct octets at, unsigned depth)
{
    struct view packet;
    ends.source.port = octets_u16(&at);
    ends.target.port = octets_u16(&at);
    size_t len = octets_u16(&at);
    octets_take(&at, 2);
    if (at.failed || (len != 0 && len < 8)) {
        capture->counts.broken_packets++;
        return;
    }
    if (len != 0) {
        capture->frame.cut |=
            len - 8 > at.rest.len; /* its last fragment says that it ends before */
        at.rest = view_head(at.rest, len - 8);
    }
    bool gtp = ends.source.port == GTP_PORT || ends.target.port == GTP_PORT;
    if (gtp && gtp_strip(at, &packet))
        ip_take(capture, packet, depth + 1);
    else
        found_datagram(capture, CARRIER_UDP, ends, at.rest);
}

void transport_take(struct capture *capture, uint8_t protocol, struct ends ends,
                    struct view payload, unsigned depth)
{
    struct octets at = {.rest = payload};
    if (protocol == CARRIES_UDP)
        udp_take(capture, ends, at, depth);
    else if (protocol == CARRIES_TCP)
        tcp_take(capture, ends, at);
    else if (protocol == CARRIES_SCTP)
        sctp_take(capture, ends, at);
}
