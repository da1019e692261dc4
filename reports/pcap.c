#include "reports/event.h"
#include "reports/json.h"
#include "reports/packet.h"
#include "reports/report.h"
#include "reports/talk.h"
#include "reports/writer.h"

#include <pcap/pcap.h>
#include <string.h>

/* What is in the file: each datagram once, where it was born. That is every OUT event but those
 * that a hook swallowed, and every IN event that came of no OUT event of ours (a device's), and
 * what a capture saw. Lost ones are there, for they were sent; a copy that the network made is not.
 * Streams are shown as TCP with one segment or more for each thing that was written, TLS decrypted.
 */

struct clock_ns {     /* events of one microsecond follow each other by a nanosecond */
    uint64_t epoch_s; /* since 1970, of the scenario's start */
    uint64_t time_us;
    uint32_t extra_ns;
    bool begun;
};

static bool event_counts(const struct trace_event *event)
{
    const struct trace_wire *wire = &event->u.wire;
    if (event->kind != TRACE_MESSAGE && event->kind != TRACE_BYTES)
        return false;
    if (wire->side == SIDE_OUT)
        return wire->fate != FATE_SWALLOWED;
    if (wire->proto != PROTO_UDP && wire->intended && wire->side == SIDE_IN)
        return false; /* a part of what a wire wrote in one go, or in several */
    bool arrives = wire->fate == FATE_COPIED || wire->fate == FATE_CORRUPTED; /* as an IN, later */
    return wire->was_out == 0 && !(wire->side == SIDE_SEEN && arrives);
}

static void clock_step(struct clock_ns *clock, uint64_t time_us)
{
    bool same = clock->begun && clock->time_us == time_us;
    clock->extra_ns = same && clock->extra_ns < 999 ? clock->extra_ns + 1 : same ? 999 : 0;
    clock->time_us = time_us;
    clock->begun = true;
}

struct dumping {
    pcap_dumper_t *dumper;
    unsigned char *room;
    struct clock_ns clock;
    struct talks talks;
};

static void packet_dump(struct dumping *dumping, uint64_t time_us, const struct packet_head *packet,
                        struct view payload)
{
    struct clock_ns *clock = &dumping->clock;
    size_t len = packet_write(dumping->room, packet, payload);
    struct pcap_pkthdr head = {.caplen = (bpf_u_int32)len, .len = (bpf_u_int32)len};
    clock_step(clock, time_us);
    head.ts.tv_sec = (time_t)(clock->epoch_s + clock->time_us / US_PER_S);
    head.ts.tv_usec = (suseconds_t)(clock->time_us % US_PER_S * 1000 + clock->extra_ns);
    pcap_dump((u_char *)dumping->dumper, &head, dumping->room);
}

static enum err event_dump(struct dumping *dumping, const struct trace_event *event)
{
    const struct trace_wire *wire = &event->u.wire;
    struct packet_head head = {.source = wire->source, .target = wire->target};
    struct saying saying;
    struct view payload;
    if (wire->proto == PROTO_UDP) {
        packet_dump(dumping, event->time_us, &head, wire->bytes);
        return ERR_OK;
    }
    enum err err = talk_say(&dumping->talks, &wire->source, &wire->target, wire->bytes, &saying);
    while (err == ERR_OK && talk_next(&saying, &head, &payload))
        packet_dump(dumping, event->time_us, &head, payload);
    return err;
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
    struct dumping dumping = {.dumper = dumper, .room = mem_alloc(PACKET_MOST)};
    enum err err = dumping.room == NULL ? ERR_MEMORY : ERR_OK;
    for (struct trace_event event; err == ERR_OK && event_take(&events, NULL, &event);) {
        if (event.kind == TRACE_BEGIN)
            dumping.clock.epoch_s = epoch_of(event.u.note.text);
        if (event_counts(&event))
            err = event_dump(&dumping, &event);
    }
    talks_deinit(&dumping.talks);
    mem_free(dumping.room);
    return err;
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
