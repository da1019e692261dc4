/* One way of a TCP connection (RFC 9293) as somebody in between sees it: segments out of order,
 * twice, overlapping or missing. Of bytes that came twice the first count. */
#include "harness/capture/tcp_way.h"

enum { HELD_SEGMENTS = 256, HELD_BYTES = 1 << 20, ACK_PATIENCE_NS = 100000000 };

struct segment {
    struct segment *next; /* in order of seq */
    uint32_t seq, len;
    uint32_t frame; /* in which it came */
    uint64_t time_ns;
    char data[];
};

/* How far behind what was read: negative where it (or its head) was read already. */
static int32_t ahead(const struct way *way, uint32_t seq)
{
    return (int32_t)(seq - way->next_seq);
}

static int index_of(const struct way *way)
{
    return (int)(way - way->pair->ways);
}

/* Bytes in their order, the next ones. */
static void read_on(struct capture *capture, struct way *way, const struct ends *ends,
                    struct view bytes)
{
    struct pair *pair = way->pair;
    if (!way->spoke && pair->talk == NULL && tls_begins(bytes)) {
        struct stream *low = &pair->ways[0].stream, *high = &pair->ways[1].stream;
        enum err err = tls_talk_create(capture, low, high, bytes, &pair->talk);
        if (err != ERR_OK)
            capture->failure = err;
    }
    way->spoke = true;
    if (pair->talk != NULL)
        tls_take(capture, pair->talk, index_of(way), ends, bytes);
    else
        stream_bytes(capture, &way->stream, *ends, bytes);
}

static void deliver(struct capture *capture, struct way *way, const struct ends *ends, uint32_t seq,
                    struct view bytes)
{
    size_t known = (size_t) - (int64_t)ahead(way, seq);
    if (known >= bytes.len)
        return;
    way->next_seq = seq + (uint32_t)bytes.len;
    read_on(capture, way, ends, view_skip(bytes, known));
}

/* What had waited and follows now. Late: what stood between never came, and each is of its own
 * frame, and not of the one that filled the hole. */
static void held_deliver(struct capture *capture, struct way *way, const struct ends *ends,
                         bool late)
{
    const struct frame now = capture->frame;
    struct segment *segment;
    while ((segment = way->held) != NULL && ahead(way, segment->seq) <= 0) {
        way->held = segment->next;
        way->held_count--;
        way->held_bytes -= sizeof *segment + segment->len;
        if (late) {
            capture->frame.number = segment->frame;
            capture->frame.time_ns = segment->time_ns;
        }
        deliver(capture, way, ends, segment->seq, (struct view){segment->data, segment->len});
        mem_free(segment);
    }
    capture->frame = now;
    way->acked = false;
}

static void gap(struct capture *capture, struct way *way, const struct ends *ends)
{
    struct tls_talk *talk = way->pair->talk;
    capture->counts.stream_gaps++;
    stream_gap(&way->stream);
    if (talk != NULL)
        tls_gap(talk, index_of(way), way->held->seq - way->next_seq);
    way->next_seq = way->held->seq;
    held_deliver(capture, way, ends, true);
}

static void hold(struct capture *capture, struct way *way, const struct arriving *arriving)
{
    struct segment **at = &way->held;
    struct segment *segment = mem_alloc(sizeof *segment + arriving->bytes.len);
    if (segment == NULL) {
        capture->failure = ERR_MEMORY;
        return;
    }
    while (*at != NULL && (int32_t)((*at)->seq - arriving->seq) <= 0)
        at = &(*at)->next;
    *segment = (struct segment){.next = *at,
                                .seq = arriving->seq,
                                .len = (uint32_t)arriving->bytes.len,
                                .frame = capture->frame.number,
                                .time_ns = capture->frame.time_ns};
    memcpy(segment->data, arriving->bytes.ptr, arriving->bytes.len);
    *at = segment;
    way->held_count++;
    way->held_bytes += sizeof *segment + segment->len;
}

static void held_drop(struct way *way)
{
    for (struct segment *segment = way->held, *next; segment != NULL; segment = next) {
        next = segment->next;
        mem_free(segment);
    }
    way->held = NULL;
    way->held_count = 0;
    way->held_bytes = 0;
}

void way_begin(struct way *way, uint32_t seq, uint32_t number)
{
    held_drop(way);
    stream_deinit(&way->stream);
    stream_init(&way->stream, number);
    way->stream.from_start = true;
    way->spoke = false;
    way->syn_seq = seq;
    way->next_seq = seq + 1;
    way->known = way->begun = true;
}

bool way_begun_so(const struct way *way, uint32_t seq)
{
    return way->known && (way->next_seq == seq + 1 || (way->begun && way->syn_seq == seq));
}

void way_take(struct capture *capture, struct way *way, const struct arriving *arriving)
{
    if (!way->known) {
        way->next_seq = arriving->seq;
        way->known = true;
    }
    if (ahead(way, arriving->seq) <= 0)
        deliver(capture, way, &arriving->ends, arriving->seq, arriving->bytes);
    else
        hold(capture, way, arriving);
    held_deliver(capture, way, &arriving->ends, false);
    bool over = (arriving->flags & (TCP_FIN | TCP_RST)) != 0;
    while (way->held != NULL &&
           (over || way->held_count > HELD_SEGMENTS || way->held_bytes > HELD_BYTES))
        gap(capture, way, &arriving->ends);
}

/* What it has will not come again. But frames of the two ways may stand in the capture in another
 * order than they came in: there is some time for it yet. */
void way_acked(struct capture *capture, struct way *way, const struct arriving *arriving)
{
    const struct ends back = {arriving->ends.target, arriving->ends.source};
    uint64_t now_ns = capture->frame.time_ns;
    if (way->held == NULL || (arriving->flags & TCP_ACK) == 0 || ahead(way, arriving->ack) <= 0)
        return;
    if (!way->acked)
        way->acked_ns = now_ns;
    else if (now_ns > way->acked_ns && now_ns - way->acked_ns > ACK_PATIENCE_NS)
        gap(capture, way, &back);
    way->acked = way->held != NULL;
}

void pair_settle(struct capture *capture, struct pair *pair, const struct ends *ends)
{
    const struct ends back = {ends->target, ends->source};
    while (pair->ways[0].held != NULL)
        gap(capture, &pair->ways[0], ends);
    while (pair->ways[1].held != NULL)
        gap(capture, &pair->ways[1], &back);
}

void pair_init(struct pair *pair, uint32_t number)
{
    for (int i = 0; i < 2; i++) {
        pair->ways[i].pair = pair;
        stream_init(&pair->ways[i].stream, number);
    }
}

void pair_deinit(struct pair *pair)
{
    for (int i = 0; i < 2; i++) {
        held_drop(&pair->ways[i]);
        stream_deinit(&pair->ways[i].stream);
    }
    tls_talk_destroy(pair->talk);
}

size_t pair_held(const struct pair *pair)
{
    size_t held = tls_held(pair->talk);
    for (int i = 0; i < 2; i++)
        held += pair->ways[i].held_bytes + stream_held(&pair->ways[i].stream);
    return held;
}
