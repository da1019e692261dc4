/* TCP connections by their ends, also those whose beginning is not in the capture. */
#include "harness/capture/tcp_way.h"

#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

struct connection_key { /* the lower end first; no padding, for it is hashed as bytes */
    uint8_t low_ip[16], high_ip[16];
    uint16_t low_port, high_port;
    uint8_t family, zero[3];
};

struct connection {
    UT_hash_handle hh;
    struct connection_key key;
    struct pair pair;
    size_t counted; /* of connections.held */
    bool lost;      /* there was no memory to put it into the table */
};

static void recount(struct capture *capture, struct connection *connection)
{
    size_t held = sizeof *connection + pair_held(&connection->pair);
    capture->connections.held += held - connection->counted;
    connection->counted = held;
}

/* It is in the table no longer. */
static void connection_drop(struct capture *capture, struct connection *connection)
{
    capture->connections.held -= connection->counted;
    pair_deinit(&connection->pair);
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
    pair_init(&connection->pair, ++all->made);
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

static struct addr end_of(const uint8_t ip[16], uint16_t port, uint8_t family)
{
    struct addr addr = {.family = family, .port = port};
    memcpy(addr.ip, ip, sizeof addr.ip);
    return addr;
}

static struct ends ends_of(const struct connection *connection)
{
    const struct connection_key *key = &connection->key;
    return (struct ends){end_of(key->low_ip, key->low_port, key->family),
                         end_of(key->high_ip, key->high_port, key->family)};
}

/* A SYN that is not a copy: the connection that was on these ports before is over, if the other
 * way's SYN has not said so already. */
static void begin(struct capture *capture, struct connection *connection, struct way *way,
                  uint32_t seq)
{
    const struct ends ends = ends_of(connection);
    const struct way *other = &connection->pair.ways[way == &connection->pair.ways[0]];
    uint32_t number = other->stream.connection;
    if (way->known && number <= way->stream.connection) {
        pair_settle(capture, &connection->pair, &ends);
        tls_talk_destroy(connection->pair.talk);
        connection->pair.talk = NULL;
        number = ++capture->connections.made;
    }
    way_begin(way, seq, number);
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
    struct way *way = &connection->pair.ways[index];
    bool syn = (arriving->flags & TCP_SYN) != 0;
    if (syn && !way_begun_so(way, arriving->seq))
        begin(capture, connection, way, arriving->seq);
    if (arriving->bytes.len > 0) {
        struct arriving data = *arriving;
        data.seq += syn;
        way_take(capture, way, &data);
    }
    way_acked(capture, &connection->pair.ways[!index], arriving);
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

void connections_flush(struct capture *capture)
{
    struct connection *connection, *next;
    HASH_ITER(hh, capture->connections.first, connection, next)
    {
        const struct ends ends = ends_of(connection);
        pair_settle(capture, &connection->pair, &ends);
        recount(capture, connection);
    }
}

void connections_deinit(struct capture *capture)
{
    while (capture->connections.first != NULL)
        connection_free(capture, capture->connections.first);
}
