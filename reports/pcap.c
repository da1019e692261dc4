#include "reports/packet.h"
#include "reports/pcap_head.h"
#include "reports/pcapng.h"
#include "reports/remark.h"
#include "reports/report.h"
#include "reports/talk.h"
#include "reports/writer.h"

/* What is in the file: each datagram once, where it was born. That is every OUT event but those
 * that a hook swallowed, and every IN event that came of no OUT event of ours (a device's), and
 * what a capture saw. Lost ones are there, for they were sent; a copy that the network made is not.
 * Streams are shown as TCP with one segment or more for each thing that was written, TLS decrypted.
 * What befell a packet is its comment, and its interface is whoever sent it.
 */

enum { FRAMES_LEAST = 64, NS_PER_S = 1000000000, ETHER_HEAD = 14 };

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

struct sent { /* in which frame an event is */
    uint64_t seq;
    uint32_t frame, copies;
};

struct dumping {
    struct writer writer;
    unsigned char *room;
    struct clock_ns clock;
    struct talks talks;
    struct survey survey;
    struct sent *sent; /* in order of seq */
    uint32_t sent_count, sent_size;
    uint32_t frame;     /* of the last packet */
    uint64_t timer_seq; /* of the timer that fired last */
    struct view timer;
    bool failed, told_failure; /* an expectation */
    struct buf comment;
};

static struct sent *sent_find(const struct dumping *dumping, uint64_t seq)
{
    size_t low = 0, high = dumping->sent_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dumping->sent[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < dumping->sent_count && dumping->sent[low].seq == seq;
    return found ? &dumping->sent[low] : NULL;
}

static enum err sent_add(struct dumping *dumping, uint64_t seq)
{
    uint32_t count = dumping->sent_count;
    if (count == dumping->sent_size) {
        void *room = mem_room(dumping->sent, sizeof *dumping->sent, count, &dumping->sent_size,
                              FRAMES_LEAST);
        if (room == NULL)
            return ERR_MEMORY;
        dumping->sent = room;
    }
    dumping->sent[dumping->sent_count++] = (struct sent){seq, dumping->frame + 1, 0};
    return ERR_OK;
}

/* Interfaces stand in the order of the parties; the first one is of strangers, if there are any. */
static uint32_t interface_of(const struct dumping *dumping, uint32_t number)
{
    const struct survey_party *party = survey_party(&dumping->survey, number);
    return party == NULL ? 0 : party->interface;
}

/* Addresses that nobody was given (IEEE 802's "locally administered"), by the parties' numbers. */
static void ether_write(unsigned char *at, uint32_t from, uint32_t to, bool ip6)
{
    const unsigned char head[ETHER_HEAD] = {2,
                                            0,
                                            0,
                                            0,
                                            (unsigned char)(to >> 8),
                                            (unsigned char)to,
                                            2,
                                            0,
                                            0,
                                            0,
                                            (unsigned char)(from >> 8),
                                            (unsigned char)from,
                                            ip6 ? 0x86 : 0x08,
                                            ip6 ? 0xdd : 0x00};
    memcpy(at, head, ETHER_HEAD);
}

static void packet_dump(struct dumping *dumping, const struct trace_event *event,
                        const struct packet_head *packet, struct view payload, struct view comment)
{
    const struct trace_wire *wire = &event->u.wire;
    bool back = packet->tcp && addr_equal(&packet->source, &wire->target); /* of a handshake */
    uint32_t from = back ? wire->to : wire->from, to = back ? wire->from : wire->to;
    struct clock_ns *clock = &dumping->clock;
    unsigned char *ip = dumping->room + ETHER_HEAD;
    size_t len = ETHER_HEAD + packet_write(ip, packet, payload);
    ether_write(dumping->room, from, to, ip[0] >> 4 == 6);
    clock_step(clock, event->time_us);
    uint64_t since_ns = clock->time_us * 1000 + clock->extra_ns;
    pcapng_packet(writer_buf(&dumping->writer), &(struct pcapng_packet){
                                                    .interface = interface_of(dumping, from),
                                                    .time_ns = clock->epoch_s * NS_PER_S + since_ns,
                                                    .bytes = {(const char *)dumping->room, len},
                                                    .comment = comment
    });
    dumping->frame++;
    writer_spill(&dumping->writer);
}

static struct view comment_of(struct dumping *dumping, const struct trace_event *event)
{
    const struct trace_wire *wire = &event->u.wire;
    struct remark remark = {.survey = &dumping->survey, .event = event};
    struct sent *first = sent_find(dumping, wire->copy_of);
    if (wire->copy_of != 0 && wire->copy_of != event->seq && first != NULL) {
        remark.nth_copy = ++first->copies;
        remark.first_frame = first->frame;
    }
    if (event->cause != 0 && event->cause == dumping->timer_seq)
        remark.timer = dumping->timer;
    remark.after_failure = dumping->failed && !dumping->told_failure;
    dumping->told_failure = dumping->failed;
    buf_clear(&dumping->comment);
    remark_write(&dumping->comment, &remark);
    return buf_view(&dumping->comment);
}

static enum err stream_dump(struct dumping *dumping, const struct trace_event *event,
                            struct view comment)
{
    const struct trace_wire *wire = &event->u.wire;
    struct packet_head head;
    struct saying saying;
    struct view payload;
    enum err err = talk_say(&dumping->talks, &wire->source, &wire->target, wire->bytes, &saying);
    while (err == ERR_OK && talk_next(&saying, &head, &payload)) {
        packet_dump(dumping, event, &head, payload, payload.len > 0 ? comment : (struct view){0});
        if (payload.len > 0) /* the first segment has it */
            comment.len = 0;
    }
    return err;
}

static enum err event_dump(struct dumping *dumping, const struct trace_event *event)
{
    const struct trace_wire *wire = &event->u.wire;
    struct packet_head head = {.source = wire->source, .target = wire->target};
    struct view comment = comment_of(dumping, event);
    enum err err = sent_add(dumping, event->seq);
    if (err == ERR_OK && wire->proto == PROTO_UDP)
        packet_dump(dumping, event, &head, wire->bytes, comment);
    else if (err == ERR_OK)
        err = stream_dump(dumping, event, comment);
    return err != ERR_OK ? err : dumping->comment.failed;
}

/* What packets that follow are told by. */
static void event_note(struct dumping *dumping, const struct trace_event *event)
{
    if (event->kind == TRACE_TIMER && event->u.timer.act == TIMER_FIRED) {
        dumping->timer_seq = event->seq;
        dumping->timer = event->u.timer.name;
    }
    if (event->kind == TRACE_EXPECT)
        dumping->failed |= !event->u.expect.ok && !event->u.expect.soft;
}

static enum err packets_dump(struct dumping *dumping, struct view events)
{
    enum err err = ERR_OK;
    dumping->clock.epoch_s = dumping->survey.epoch_s;
    for (struct trace_event event; err == ERR_OK && event_take(&events, NULL, &event);) {
        event_note(dumping, &event);
        if (event_counts(&event))
            err = event_dump(dumping, &event);
    }
    return err;
}

enum err report_pcap_write(const struct report_case *one, const char *path)
{
    struct dumping dumping = {0};
    enum err err = writer_open(&dumping.writer, path);
    dumping.room = mem_alloc(ETHER_HEAD + PACKET_MOST);
    if (err == ERR_OK && dumping.room == NULL)
        err = ERR_MEMORY;
    if (err == ERR_OK)
        err = survey_make(&dumping.survey, one);
    if (err == ERR_OK)
        err = pcap_head_write(writer_buf(&dumping.writer), &dumping.survey, one);
    if (err == ERR_OK)
        err = packets_dump(&dumping, one->events);
    talks_deinit(&dumping.talks);
    survey_deinit(&dumping.survey);
    mem_free(dumping.sent);
    mem_free(dumping.room);
    buf_deinit(&dumping.comment);
    return writer_close(&dumping.writer, err);
}
