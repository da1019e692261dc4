/* TLS with the secrets of a key log: records out of both ways of a connection, opened, and what is
 * in them given to the streams above. */
#include "harness/capture/tls_talk.h"

enum { WAIT_MOST = 512 << 10, CLIENT_HELLO = 1, SERVER_HELLO = 2, RECORD_LEAST = 22 };

enum found_record tls_record_read(struct view bytes, struct record *out)
{
    struct octets at = {.rest = bytes};
    struct record record = {.type = octets_u8(&at)};
    record.version = octets_u16(&at);
    size_t len = octets_u16(&at);
    if (at.failed)
        return RECORD_PART;
    if (record.type < RECORD_CHANGE || record.type > RECORD_DATA + 1 || record.version >> 8 != 3 ||
        (record.version & 0xff) > 4 || len > RECORD_MOST)
        return RECORD_NONE;
    record.bytes = octets_take(&at, len);
    *out = record;
    return at.failed ? RECORD_PART : RECORD_WHOLE;
}

/* RFC 8446 §5.4: behind what is in it stand its type and zeros. */
static bool padding_strip(struct view *plain, uint8_t *out_type)
{
    while (plain->len > 0 && plain->ptr[plain->len - 1] == '\0')
        plain->len--;
    if (plain->len == 0)
        return false;
    *out_type = (uint8_t)plain->ptr[--plain->len];
    return true;
}

static void content_take(struct capture *capture, struct tls_talk *talk, int index,
                         const struct ends *ends, uint8_t type, struct view plain)
{
    struct tls_way *way = &talk->ways[index];
    if (type == RECORD_HANDSHAKE)
        tls_shake(capture, talk, index, plain);
    if (type != RECORD_DATA || (way->phase != TLS_TRAFFIC && way->phase != TLS_EARLY))
        return;
    way->stream->secure = true;
    stream_bytes(capture, way->stream, *ends, plain);
}

/* False: it cannot be opened. */
static bool sealed_take(struct capture *capture, struct tls_talk *talk, int index,
                        const struct ends *ends, const struct record *record)
{
    struct tls_way *way = &talk->ways[index];
    struct view plain;
    uint8_t type = record->type;
    if (!seal_open(capture->opener, &way->seal, &way->key, way->seq, record, &plain))
        return false;
    way->seq++;
    capture->counts.tls_read += !talk->read;
    talk->read = true;
    if (talk->version != TLS_1_3_WIRE || padding_strip(&plain, &type))
        content_take(capture, talk, index, ends, type, plain);
    return true;
}

static bool record_take(struct capture *capture, struct tls_talk *talk, int index,
                        const struct ends *ends, const struct record *record)
{
    struct tls_way *way = &talk->ways[index];
    bool at_13 = talk->version == TLS_1_3_WIRE;
    if (record->type == RECORD_CHANGE) { /* RFC 8446 §D.4: there it means nothing */
        if (!at_13)
            tls_change(way);
        return true;
    }
    if (way->phase != TLS_PLAIN && (!at_13 || record->type == RECORD_DATA))
        return sealed_take(capture, talk, index, ends, record);
    content_take(capture, talk, index, ends, record->type, record->bytes);
    return true;
}

/* It cannot be read before the other side has said something. */
static bool waits(const struct tls_talk *talk, const struct tls_way *way,
                  const struct record *record)
{
    if (talk->agreed)
        return false;
    if (record->type == RECORD_HANDSHAKE && way->phase == TLS_PLAIN)
        return talk->client < 0 && record->bytes.len > 0 && record->bytes.ptr[0] == SERVER_HELLO;
    if (record->type == RECORD_CHANGE) /* not after a HelloRetryRequest: that is TLS 1.3 */
        return talk->version != TLS_1_3_WIRE;
    return way->phase == TLS_PLAIN;
}

/* True: something happened, and there may be more. */
static bool way_step(struct capture *capture, struct tls_talk *talk, int index,
                     const struct ends *ends)
{
    struct tls_way *way = &talk->ways[index];
    struct record record;
    if (way->dead || capture->failure != ERR_OK || (way->lost && !tls_search(capture, talk, index)))
        return false;
    enum found_record found = tls_record_read(view_skip(buf_view(&way->wire), way->at), &record);
    if (found == RECORD_PART || (found == RECORD_WHOLE && waits(talk, way, &record)))
        return false;
    if (found == RECORD_WHOLE && record_take(capture, talk, index, ends, &record))
        way->at += RECORD_HEAD + record.bytes.len;
    else
        tls_lose(way, 1);
    return true;
}

static void way_deinit(struct tls_way *way)
{
    buf_deinit(&way->wire);
    buf_deinit(&way->shake);
    way->at = 0;
}

static void way_run(struct capture *capture, struct tls_talk *talk, int index,
                    const struct ends *ends)
{
    struct tls_way *way = &talk->ways[index];
    while (way_step(capture, talk, index, ends))
        continue;
    struct view rest = view_skip(buf_view(&way->wire), way->at);
    if (way->at > 0 && rest.len > 0)
        memmove(way->wire.ptr, rest.ptr, rest.len);
    way->wire.len = rest.len;
    way->at = 0;
    way->dead |= rest.len > WAIT_MOST;
    if (way->dead || rest.len == 0)
        buf_deinit(&way->wire);
    if (way->dead)
        buf_deinit(&way->shake);
}

void tls_take(struct capture *capture, struct tls_talk *talk, int index, const struct ends *ends,
              struct view bytes)
{
    struct tls_way *way = &talk->ways[index];
    const struct ends back = {ends->target, ends->source};
    if (way->dead)
        return;
    buf_add(&way->wire, bytes);
    if (way->wire.failed != ERR_OK) {
        capture->failure = way->wire.failed;
        return;
    }
    way_run(capture, talk, index, ends);
    way_run(capture, talk, !index, &back); /* which may have waited for this one */
    way_run(capture, talk, index, ends);
}

void tls_gap(struct tls_talk *talk, int index, uint32_t missing)
{
    struct tls_way *way = &talk->ways[index];
    way_deinit(way);
    tls_lose(way, missing / RECORD_LEAST + 1);
}

/* What the first bytes that are seen of a way begin with. */
static bool begins_late(struct view bytes)
{
    struct record record;
    bool short_hello = bytes.len <= RECORD_HEAD;
    if (bytes.ptr[0] == RECORD_HANDSHAKE &&
        (short_hello || bytes.ptr[RECORD_HEAD] == CLIENT_HELLO ||
         bytes.ptr[RECORD_HEAD] == SERVER_HELLO))
        return false;
    return tls_record_read(bytes, &record) != RECORD_NONE;
}

bool tls_begins(struct view bytes)
{
    struct record record;
    if (bytes.len < 2)
        return bytes.len == 1 && bytes.ptr[0] == RECORD_HANDSHAKE;
    return bytes.ptr[0] >= RECORD_CHANGE && bytes.ptr[0] <= RECORD_DATA && bytes.ptr[1] == 3 &&
           tls_record_read(bytes, &record) != RECORD_NONE;
}

enum err tls_talk_create(struct capture *capture, struct stream *low, struct stream *high,
                         struct view bytes, struct tls_talk **out)
{
    struct tls_talk *talk = mem_zalloc(sizeof *talk);
    if (talk == NULL)
        return ERR_MEMORY;
    bool late = begins_late(bytes);
    capture->counts.tls_connections++;
    capture->counts.tls_late += late;
    talk->client = -1;
    talk->ways[0] = (struct tls_way){.stream = low, .dead = late};
    talk->ways[1] = (struct tls_way){.stream = high, .dead = late};
    low->from_start = high->from_start = true;
    *out = talk;
    return ERR_OK;
}

void tls_talk_destroy(struct tls_talk *talk)
{
    if (talk == NULL)
        return;
    way_deinit(&talk->ways[0]);
    way_deinit(&talk->ways[1]);
    mem_free(talk);
}

size_t tls_held(const struct tls_talk *talk)
{
    size_t held = talk == NULL ? 0 : sizeof *talk;
    for (int i = 0; talk != NULL && i < 2; i++)
        held += talk->ways[i].wire.size + talk->ways[i].shake.size;
    return held;
}
