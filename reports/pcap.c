#include "reports/event.h"
#include "reports/json.h"
#include "reports/report.h"
#include "reports/writer.h"

#include <pcap/pcap.h>
#include <string.h>

/* What is in the file: each datagram once, where it was born. That is every OUT event but those
 * that a hook swallowed, and every IN event that came of no OUT event of ours (a device's), and
 * what a capture saw. Lost ones are there, for they were sent; a copy that the network made is not.
 */

enum {
    PACKET_MOST = 65535,
    IP4_HEAD = 20,
    IP6_HEAD = 40,
    UDP_HEAD = 8,
    PROTO_UDP_NUMBER = 17,
    HOPS = 64
};

struct clock_ns {     /* events of one microsecond follow each other by a nanosecond */
    uint64_t epoch_s; /* since 1970, of the scenario's start */
    uint64_t time_us;
    uint32_t extra_ns;
    bool begun;
};

static bool event_counts(const struct trace_event *event)
{
    const struct trace_wire *wire = &event->u.wire;
    if ((event->kind != TRACE_MESSAGE && event->kind != TRACE_BYTES) || wire->proto != PROTO_UDP)
        return false;
    if (wire->side == SIDE_OUT)
        return wire->fate != FATE_SWALLOWED;
    bool arrives = wire->fate == FATE_COPIED || wire->fate == FATE_CORRUPTED; /* as an IN, later */
    return wire->was_out == 0 && !(wire->side == SIDE_SEEN && arrives);
}

static void put16(unsigned char *at, size_t value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

/* RFC 1071: the sum of 16-bit words, the carry added to the end; a last odd byte is a high one. */
static uint32_t sum_add(uint32_t sum, const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

static const unsigned char *ip_of(const struct addr *addr, uint8_t family)
{
    static const unsigned char none[16];
    return addr->family == family ? addr->ip : none;
}

/* RFC 768 and RFC 8200 §8.1: the pseudo header's words, then the datagram. 0 would mean "none". */
static uint16_t udp_checksum(const struct trace_wire *wire, uint8_t family,
                             const unsigned char *udp, size_t len)
{
    size_t ip_len = family == 4 ? 4 : 16;
    uint32_t sum = sum_add(0, ip_of(&wire->source, family), ip_len);
    sum = sum_add(sum, ip_of(&wire->target, family), ip_len);
    sum = sum_add(sum + PROTO_UDP_NUMBER + (uint32_t)len, udp, len);
    return sum == 0xffff ? 0xffff : (uint16_t)~sum;
}

static void ip4_write(unsigned char *at, const struct trace_wire *wire, size_t payload_len)
{
    memset(at, 0, IP4_HEAD);
    at[0] = 0x45;
    put16(at + 2, IP4_HEAD + payload_len);
    at[6] = 0x40; /* don't fragment */
    at[8] = HOPS;
    at[9] = PROTO_UDP_NUMBER;
    memcpy(at + 12, ip_of(&wire->source, 4), 4);
    memcpy(at + 16, ip_of(&wire->target, 4), 4);
    put16(at + 10, (uint16_t)~sum_add(0, at, IP4_HEAD));
}

static void ip6_write(unsigned char *at, const struct trace_wire *wire, size_t payload_len)
{
    memset(at, 0, IP6_HEAD);
    at[0] = 0x60;
    put16(at + 4, payload_len);
    at[6] = PROTO_UDP_NUMBER;
    at[7] = HOPS;
    memcpy(at + 8, ip_of(&wire->source, 6), 16);
    memcpy(at + 24, ip_of(&wire->target, 6), 16);
}

/* A datagram that no IP packet can hold is cut to what one can; none such was ever sent. */
static size_t packet_write(unsigned char *packet, const struct trace_wire *wire)
{
    uint8_t family = wire->source.family == 6 || wire->target.family == 6 ? 6 : 4;
    size_t head = family == 4 ? IP4_HEAD : IP6_HEAD;
    struct view bytes = view_head(wire->bytes, PACKET_MOST - head - UDP_HEAD);
    unsigned char *udp = packet + head;
    put16(udp, wire->source.port);
    put16(udp + 2, wire->target.port);
    put16(udp + 4, UDP_HEAD + bytes.len);
    put16(udp + 6, 0);
    if (bytes.len > 0)
        memcpy(udp + UDP_HEAD, bytes.ptr, bytes.len);
    put16(udp + 6, udp_checksum(wire, family, udp, UDP_HEAD + bytes.len));
    if (family == 4)
        ip4_write(packet, wire, UDP_HEAD + bytes.len);
    else
        ip6_write(packet, wire, UDP_HEAD + bytes.len);
    return head + UDP_HEAD + bytes.len;
}

static void clock_step(struct clock_ns *clock, uint64_t time_us)
{
    bool same = clock->begun && clock->time_us == time_us;
    clock->extra_ns = same && clock->extra_ns < 999 ? clock->extra_ns + 1 : same ? 999 : 0;
    clock->time_us = time_us;
    clock->begun = true;
}

static void packet_dump(pcap_dumper_t *dumper, const struct clock_ns *clock,
                        const unsigned char *packet, size_t len)
{
    struct pcap_pkthdr head = {.caplen = (bpf_u_int32)len, .len = (bpf_u_int32)len};
    head.ts.tv_sec = (time_t)(clock->epoch_s + clock->time_us / US_PER_S);
    head.ts.tv_usec = (suseconds_t)(clock->time_us % US_PER_S * 1000 + clock->extra_ns);
    pcap_dump((u_char *)dumper, &head, packet);
}

/* BEGIN tells when the scenario's clock began; where it does not, that was 1970. */
static uint64_t epoch_of(struct view begin)
{
    json_t *root = NULL;
    if (json_load(begin, &root) != ERR_OK)
        return 0;
    json_int_t epoch = json_integer_value(json_object_get(root, "epoch"));
    json_decref(root);
    return epoch < 0 || epoch > UINT32_MAX ? 0 : (uint64_t)epoch;
}

static enum err packets_dump(pcap_dumper_t *dumper, struct view events)
{
    unsigned char *packet = mem_alloc(PACKET_MOST);
    struct clock_ns clock = {0};
    if (packet == NULL)
        return ERR_MEMORY;
    for (struct trace_event event; event_take(&events, NULL, &event);) {
        if (event.kind == TRACE_BEGIN)
            clock.epoch_s = epoch_of(event.u.note.text);
        if (event_counts(&event)) {
            clock_step(&clock, event.time_us);
            packet_dump(dumper, &clock, packet, packet_write(packet, &event.u.wire));
        }
    }
    mem_free(packet);
    return ERR_OK;
}

/* libpcap writes to a stream in memory, so that the file is made like every other report. */
static enum err stream_write(FILE *stream, struct view events)
{
    pcap_t *pcap =
        pcap_open_dead_with_tstamp_precision(DLT_RAW, 262144, PCAP_TSTAMP_PRECISION_NANO);
    pcap_dumper_t *dumper = pcap == NULL ? NULL : pcap_dump_fopen(pcap, stream);
    enum err err = dumper == NULL ? ERR_MEMORY : packets_dump(dumper, events);
    if (dumper != NULL && (pcap_dump_flush(dumper) != 0 || ferror(stream)))
        err = ERR_MEMORY;
    if (dumper != NULL)
        pcap_dump_close(dumper); /* closes the stream */
    else
        fclose(stream);
    if (pcap != NULL)
        pcap_close(pcap);
    return err;
}

enum err report_pcap_write(const struct report_case *one, const char *path)
{
    struct writer writer;
    char *bytes = NULL;
    size_t len = 0;
    enum err err = writer_open(&writer, path);
    if (err != ERR_OK)
        return writer_close(&writer, err);
    FILE *stream = open_memstream(&bytes, &len);
    err = stream == NULL ? ERR_MEMORY : stream_write(stream, one->events);
    if (err == ERR_OK)
        buf_add(writer_buf(&writer), (struct view){bytes, len});
    free(bytes); /* the C library's, not ours */
    return writer_close(&writer, err);
}
