/* TCP (RFC 9293) as somebody in between sees it: segments out of order, twice, overlapping or
 * missing, of connections whose beginning may not be in the capture. Of bytes that came twice the
 * first count. */
#include "harness/capture/inside.h"

#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };
enum { HELD_SEGMENTS = 256, HELD_BYTES = 1 << 20, ACK_PATIENCE_NS = 100000000 };

struct segment {
    struct segment *next; /* in order of seq */
    uint32_t seq, len;
    uint32_t frame; /* in which it came */
    uint64_t time_ns;
    char data[];
};

struct direction {
    uint32_t next_seq;
    uint32_t syn_seq; /* of the SYN that it began with */
    bool known;       /* next_seq is */
    bool begun;       /* syn_seq is known */
    bool spoke;       /* bytes of it were read */
    uint8_t index;
    struct connection *connection;
    bool acked;        /* the other side has what is missing here: so the capture has it not */
    uint64_t acked_ns; /* when that was seen */
    struct segment *held;
    uint32_t held_count;
    size_t held_bytes;
    struct stream stream;
};

struct connection_key { /* the lower end first; no padding, for it is hashed as bytes */
    uint8_t low_ip[16], high_ip[16];
    uint16_t low_port, high_port;
    uint8_t family, zero[3];
};

struct connection {
    UT_hash_handle hh;
    struct connection_key key;
    struct direction ways[2]; /* 0: from the lower end */
    struct tls_talk *talk;    /* NULL: it is not in TLS */
    size_t counted;           /* of connections.held */
    bool lost;                /* there was no memory to put it into the table */
};

struct arriving { /* a segment */
    struct ends ends;
    uint32_t seq, ack;
    uint8_t flags;
    struct view bytes;
};

static size_t held_by(const struct connection *connection)
{
    size_t held = sizeof *connection + tls_held(connection->talk);
    for (int way = 0; way < 2; way++)
        held += connection->ways[way].held_bytes + stream_held(&connection->ways[way].stream);
    return held;
}

static void recount(struct capture *capture, struct connection *connection)
{
    size_t held = held_by(connection);
    capture->connections.held += held - connection->counted;
    connection->counted = held;
}

static void held_drop(struct direction *way)
{
    for (struct segment *segment = way->held, *next; segment != NULL; segment = next) {
        next = segment->next;
        mem_free(segment);
    }
    way->held = NULL;
    way->held_count = 0;
    way->held_bytes = 0;
}

/* It is in the table no longer. */
static void connection_drop(struct capture *capture, struct connection *connection)
{
    capture->connections.held -= connection->counted;
    for (int way = 0; way < 2; way++) {
        held_drop(&connection->ways[way]);
        stream_deinit(&connection->ways[way].stream);
    }
    tls_talk_destroy(connection->talk);
    mem_free(connection);
}

static void connection_free(struct capture *capture, struct connection *connection)
{
    HASH_DEL(capture->connections.first, connection);
    connection_drop(capture, connection);
}

/* Which way a segment goes: 0 where its source is the lower end. */
static int key_of(const struct ends *ends, struct connection_key *key)
{
    const struct addr *low = &ends->source, *high = &ends->target;
    int order = memcmp(low->ip, high->ip, sizeof low->ip);
    int way = order > 0 || (order == 0 && low->port > high->port);
    *key = (struct connection_key){.family = low->family};
    memcpy(key->low_ip, (way == 0 ? low : high)->ip, sizeof key->low_ip);
    memcpy(key->high_ip, (way == 0 ? high : low)->ip, sizeof key->high_ip);
    key->low_port = (way == 0 ? low : high)->port;
    key->high_port = (way == 0 ? high : low)->port;
    return way;
}

static struct connection *connection_make(struct capture *capture, const struct connection_key *key)
{
    struct connections *all = &capture->connections;
    struct connection *connection = mem_zalloc(sizeof *connection);
    if (connection == NULL)
        return NULL;
    connection->key = *key;
    HASH_ADD(hh, all->first, key, sizeof connection->key, connection);
    if (connection->lost) {
        mem_free(connection);
        return NULL;
    }
    all->made++;
    for (uint8_t way = 0; way < 2; way++) {
        connection->ways[way].index = way;
        connection->ways[way].connection = connection;
        stream_init(&connection->ways[way].stream, all->made);
    }
    return connection;
}

/* The one that was used last stands last. */
static struct connection *connection_get(struct capture *capture, const struct connection_key *key)
{
    struct connections *all = &capture->connections;
    struct connection *connection;
    HASH_FIND(hh, all->first, key, sizeof *key, connection);
    if (connection == NULL)
        connection = connection_make(capture, key);
    else if (connection->hh.next != NULL) {
        HASH_DEL(all->first, connection);
        HASH_ADD(hh, all->first, key, sizeof connection->key, connection);
        if (connection->lost) {
            connection_drop(capture, connection);
            connection = NULL;
        }
    }
    if (connection == NULL)
        capture->failure = ERR_MEMORY;
    return connection;
}

/* How far behind what was read: negative where it (or its head) was read already. */
static int32_t ahead(const struct direction *way, uint32_t seq)
{
    return (int32_t)(seq - way->next_seq);
}

/* Bytes in their order, the next ones. */
static void read_on(struct capture *capture, struct direction *way, const struct ends *ends,
                    struct view bytes)
{
    struct connection *connection = way->connection;
    if (!way->spoke && connection->talk == NULL && tls_begins(bytes)) {
        struct stream *low = &connection->ways[0].stream, *high = &connection->ways[1].stream;
        enum err err = tls_talk_create(capture, low, high, bytes, &connection->talk);
        if (err != ERR_OK)
            capture->failure = err;
    }
    way->spoke = true;
    if (connection->talk != NULL)
        tls_take(capture, connection->talk, way->index, ends, bytes);
    else
        stream_bytes(capture, &way->stream, *ends, bytes);
}

static void deliver(struct capture *capture, struct direction *way, const struct ends *ends,
                    uint32_t seq, struct view bytes)
{
    size_t known = (size_t) - (int64_t)ahead(way, seq);
    if (known >= bytes.len)
        return;
    way->next_seq = seq + (uint32_t)bytes.len;
    read_on(capture, way, ends, view_skip(bytes, known));
}

/* What had waited and follows now. Late: what stood between never came, and each is of its own
 * frame, and not of the one that filled the hole. */
static void held_deliver(struct capture *capture, struct direction *way, const struct ends *ends,
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

/* What is missing will not come any more. */
static void gap(struct capture *capture, struct direction *way, const struct ends *ends)
{
    if (way->held == NULL)
        return;
    capture->counts.stream_gaps++;
    stream_gap(&way->stream);
    if (way->connection->talk != NULL)
        tls_gap(way->connection->talk, way->index, way->held->seq - way->next_seq);
    way->next_seq = way->held->seq;
    held_deliver(capture, way, ends, true);
}

static void hold(struct capture *capture, struct direction *way, const struct arriving *arriving)
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

static void segment_take(struct capture *capture, struct direction *way,
                         const struct arriving *arriving)
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

/* On these ports there was another one before. */
static void end_former(struct capture *capture, struct connection *connection,
                       const struct ends *ends, int index)
{
    const struct ends back = {ends->target, ends->source};
    while (connection->ways[index].held != NULL)
        gap(capture, &connection->ways[index], ends);
    while (connection->ways[!index].held != NULL)
        gap(capture, &connection->ways[!index], &back);
    tls_talk_destroy(connection->talk);
    connection->talk = NULL;
}

/* A connection that begins: also anew, on ports that were used before. */
static void begin(struct direction *way, uint32_t seq, uint32_t number)
{
    stream_deinit(&way->stream);
    way->spoke = false;
    stream_init(&way->stream, number);
    way->stream.from_start = true;
    way->syn_seq = seq;
    way->next_seq = seq + 1;
    way->known = way->begun = true;
}

/* The other side acknowledges what is missing in this way's bytes. Frames of the two ways may stand
 * in the capture in another order than they came in: there is some time for it yet. */
static void ack_take(struct capture *capture, struct connection *connection,
                     const struct arriving *arriving, int index)
{
    const struct ends back = {arriving->ends.target, arriving->ends.source};
    struct direction *way = &connection->ways[!index];
    uint64_t now_ns = capture->frame.time_ns;
    if (way->held == NULL || (arriving->flags & TCP_ACK) == 0 || ahead(way, arriving->ack) <= 0)
        return;
    if (!way->acked)
        way->acked_ns = now_ns;
    else if (now_ns > way->acked_ns && now_ns - way->acked_ns > ACK_PATIENCE_NS)
        gap(capture, way, &back);
    way->acked = way->held != NULL;
}

static void limits_hold(struct capture *capture)
{
    struct connections *all = &capture->connections;
    while (HASH_COUNT(all->first) > 1 && (HASH_COUNT(all->first) > capture->limits.held_count ||
                                          all->held > capture->limits.held_limit)) {
        connection_free(capture, all->first);
        capture->counts.given_up++;
    }
}

static void arrive(struct capture *capture, const struct arriving *arriving)
{
    struct connection_key key;
    int index = key_of(&arriving->ends, &key);
    struct connection *connection = connection_get(capture, &key);
    if (connection == NULL)
        return;
    struct direction *way = &connection->ways[index];
    bool syn = (arriving->flags & TCP_SYN) != 0;
    bool again = way->known && (way->next_seq == arriving->seq + 1 ||
                                (way->begun && way->syn_seq == arriving->seq));
    if (syn && !again && way->known)
        end_former(capture, connection, &arriving->ends, index);
    if (syn && !again)
        begin(way, arriving->seq,
              way->known ? ++capture->connections.made : connection->ways[0].stream.connection);
    if (arriving->bytes.len > 0) {
        struct arriving data = *arriving;
        data.seq += syn;
        segment_take(capture, way, &data);
    }
    ack_take(capture, connection, arriving, index);
    recount(capture, connection);
    limits_hold(capture);
}

void tcp_take(struct capture *capture, struct ends ends, struct octets at)
{
    struct arriving arriving = {.ends = ends};
    arriving.ends.source.port = octets_u16(&at);
    arriving.ends.target.port = octets_u16(&at);
    arriving.seq = octets_u32(&at);
    arriving.ack = octets_u32(&at);
    size_t head = (size_t)(octets_u8(&at) >> 4) * 4;
    arriving.flags = octets_u8(&at);
    octets_take(&at, 6);
    octets_take(&at, head < 20 ? SIZE_MAX : head - 20);
    if (at.failed) {
        capture->counts.broken_packets++;
        return;
    }
    arriving.bytes = at.rest;
    arrive(capture, &arriving);
}

static struct addr end_of(const uint8_t ip[16], uint16_t port, uint8_t family)
{
    struct addr addr = {.family = family, .port = port};
    memcpy(addr.ip, ip, sizeof addr.ip);
    return addr;
}

void connections_flush(struct capture *capture)
{
    struct connection *connection, *next;
    HASH_ITER(hh, capture->connections.first, connection, next)
    {
        const struct connection_key *key = &connection->key;
        struct addr low = end_of(key->low_ip, key->low_port, key->family);
        struct addr high = end_of(key->high_ip, key->high_port, key->family);
        while (connection->ways[0].held != NULL)
            gap(capture, &connection->ways[0], &(struct ends){low, high});
        while (connection->ways[1].held != NULL)
            gap(capture, &connection->ways[1], &(struct ends){high, low});
        recount(capture, connection);
    }
}

void connections_deinit(struct capture *capture)
{
    while (capture->connections.first != NULL)
        connection_free(capture, capture->connections.first);
}
