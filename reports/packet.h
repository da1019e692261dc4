/* IP packets as a capture has them, with headers that nobody ever sent: UDP and TCP over IPv4 and
 * IPv6, with checksums that hold.
 *
 *     struct packet_head head = {.source = source, .target = target, .tcp = true, .flags =
 * PACKET_SYN}; size_t len = packet_write(room, &head, payload);
 */
#pragma once
#include "core/base.h"

enum { PACKET_MOST = 65535, PACKET_SYN = 0x02, PACKET_PUSH = 0x08, PACKET_ACK = 0x10 };

struct packet_head {
    struct addr source, target;
    bool tcp;
    uint8_t flags; /* of TCP, as its sequence numbers are */
    uint32_t seq, ack;
};

/* Into room of PACKET_MOST bytes; what no IP packet can hold is cut. */
size_t packet_write(unsigned char *room, const struct packet_head *head, struct view payload);
