/* Where the records of TLS go on, when some of them are missing or are not what they should be:
 * each place that may be the head of a record is tried with the numbers that may be its. */
#include "harness/capture/tls_talk.h"

enum { WINDOW_MOST = 1024, SEARCH_MOST = 256 << 10, KEYS_AHEAD = 3, BLOCK = 16 };

void tls_lose(struct tls_way *way, uint64_t window)
{
    way->window = window > WINDOW_MOST ? WINDOW_MOST : window;
    way->searched = 0;
    way->lost = true;
}

/* By one of the numbers from way->seq on, which it then has. */
static bool opens(struct capture *capture, const struct tls_talk *talk, struct tls_way *way,
                  const struct record *record)
{
    struct view plain;
    if (way->phase == TLS_PLAIN || (talk->version == TLS_1_3_WIRE && record->type != RECORD_DATA))
        return false;
    for (uint64_t i = 0; i <= way->window; i++) {
        struct seal_key key = way->key;
        if (seal_open(capture->opener, &way->seal, &key, way->seq + i, record, &plain)) {
            way->seq += i;
            return true;
        }
    }
    return false;
}

/* Also by a key that comes later: what said so may be among what is missing. */
static bool opens_ahead(struct capture *capture, struct tls_talk *talk, int index,
                        const struct record *record)
{
    struct tls_way ahead = talk->ways[index];
    for (int i = 0; i < KEYS_AHEAD; i++) {
        if (opens(capture, talk, &ahead, record)) {
            talk->ways[index] = ahead;
            return true;
        }
        if (!tls_step(capture, talk, index, &ahead))
            return false;
    }
    return false;
}

static bool plain(const struct tls_way *way, const struct record *record)
{
    return way->phase == TLS_PLAIN && (record->type == RECORD_HANDSHAKE ||
                                       (record->type == RECORD_CHANGE && record->bytes.len == 1));
}

/* Its head stands here, and it is one that we can read. */
static bool found(struct capture *capture, struct tls_talk *talk, int index,
                  const struct record *record)
{
    struct tls_way *way = &talk->ways[index];
    uint64_t seq = way->seq;
    if (!opens_ahead(capture, talk, index, record) && !plain(way, record))
        return false;
    if (way->searched > 0 || (way->seq != seq && way->seq != 0))
        stream_gap(way->stream);
    way->lost = false;
    return true;
}

/* TLS 1.0 begins where the record before it ended, which need not have been read for that. */
static void passed(struct capture *capture, struct tls_way *way, const struct record *record)
{
    size_t len = record->bytes.len;
    capture->counts.tls_lost_records++;
    way->window++;
    if (way->phase != TLS_PLAIN && len >= BLOCK)
        memcpy(way->key.iv, record->bytes.ptr + len - BLOCK,
               way->seal.version == TLS_1_0_WIRE ? BLOCK : 0);
}

bool tls_search(struct capture *capture, struct tls_talk *talk, int index)
{
    struct tls_way *way = &talk->ways[index];
    struct record record;
    way->dead |= !talk->agreed && !way->said_hello;
    while (!way->dead && talk->agreed) {
        enum found_record is = tls_record_read(view_skip(buf_view(&way->wire), way->at), &record);
        if (is == RECORD_PART)
            return false;
        if (is == RECORD_WHOLE && found(capture, talk, index, &record))
            return true;
        if (is == RECORD_WHOLE)
            passed(capture, way, &record);
        way->at++;
        way->dead |= ++way->searched > SEARCH_MOST;
    }
    return false;
}
