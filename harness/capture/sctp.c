/* SCTP, RFC 9260 §3.3.1: DATA chunks that have a whole message. One that is spread over chunks is
 * counted as broken: SIP over SCTP that is longer than a packet has not been met in a capture. */
#include "harness/capture/inside.h"

enum { CHUNK_DATA = 0, CHUNK_WHOLE = 3, CHUNKS_MOST = 256 };

static void data_take(struct capture *capture, struct ends ends, uint8_t flags, struct octets at)
{
    octets_take(&at, 12); /* TSN, stream, its number, protocol */
    if (at.failed || (flags & CHUNK_WHOLE) != CHUNK_WHOLE)
        capture->counts.broken_packets++;
    else
        found_datagram(capture, CARRIER_SCTP, ends, at.rest);
}

void sctp_take(struct capture *capture, struct ends ends, struct octets at)
{
    ends.source.port = octets_u16(&at);
    ends.target.port = octets_u16(&at);
    octets_take(&at, 8);
    for (int i = 0; i < CHUNKS_MOST && at.rest.len >= 4 && !at.failed; i++) {
        uint8_t kind = octets_u8(&at), flags = octets_u8(&at);
        size_t len = octets_u16(&at);
        struct octets chunk = {.rest = octets_take(&at, len < 4 ? SIZE_MAX : len - 4)};
        if (at.failed)
            capture->counts.broken_packets++;
        else if (kind == CHUNK_DATA)
            data_take(capture, ends, flags, chunk);
        octets_take(&at, (4 - len % 4) % 4 < at.rest.len ? (4 - len % 4) % 4 : at.rest.len);
    }
}
