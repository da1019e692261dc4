/* Blocks of pcapng (draft-ietf-opsawg-pcapng), little-endian, times in nanoseconds: libpcap writes
 * pcap only, which has no room for words.
 *
 *     pcapng_section(&out, V("sipwright"), V("what it is of"));
 *     pcapng_interface(&out, V("alice"), V("10.0.0.1:5060"));
 *     pcapng_packet(&out, &(struct pcapng_packet){.interface = 0, .time_ns = now, .bytes = ip});
 */
#pragma once
#include "core/base.h"

struct pcapng_packet {
    uint32_t interface;  /* in order of pcapng_interface, from 0 */
    uint64_t time_ns;    /* since 1970 */
    struct view bytes;   /* a frame of Ethernet */
    struct view comment; /* empty: none */
};

/* Text is UTF-8; a comment longer than 64 KiB is cut. */
void pcapng_section(struct buf *out, struct view program, struct view comment);
void pcapng_interface(struct buf *out, struct view name, struct view description);
/* Names of addresses, between a begin and an end. */
size_t pcapng_names_begin(struct buf *out);
void pcapng_name(struct buf *out, const struct addr *addr,
                 struct view name); /* its port is passed over */
void pcapng_names_end(struct buf *out, size_t begin);
void pcapng_packet(struct buf *out, const struct pcapng_packet *packet);
