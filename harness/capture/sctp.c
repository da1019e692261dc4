/* SCTP, RFC 9260: messages out of DATA chunks. One that is longer than a packet is spread over
 * chunks with consecutive numbers (§6.9); a chunk that is sent once more counts once. */
#include "harness/capture/inside.h"

enum { CHUNK_DATA = 0, CHUNKS_MOST = 256 };
enum { CHUNK_LAST = 1, CHUNK_FIRST = 2, CHUNK_WHOLE = CHUNK_FIRST | CHUNK_LAST }; /* §3.3.1 */
enum { SEEN_MOST = 256, PIECES_MOST = 1024, HELD_MOST = 4 << 20 };

struct chunk {
    struct ends ends;
    uint32_t tag, number; /* of the association, and its own (TSN) */
    uint8_t flags;
    struct view bytes;
};

struct piece {          /* of a message that is not whole */
    struct piece *next; /* by association, in order of numbers */
    struct chunk chunk; /* its bytes are data */
    char data[];
};

struct sctp {
    struct piece *first;
    uint32_t count;
    size_t held;
    struct chunk seen[SEEN_MOST]; /* the newest; without bytes */
    uint32_t seen_count;
};

static bool same_way(const struct chunk *a, const struct chunk *b)
{
    return a->tag == b->tag && addr_equal(&a->ends.source, &b->ends.source) &&
           addr_equal(&a->ends.target, &b->ends.target);
}

/* False: it came before. */
static bool is_new(struct sctp *sctp, const struct chunk *chunk)
{
    for (uint32_t i = 0; i < SEEN_MOST && i < sctp->seen_count; i++)
        if (sctp->seen[i].number == chunk->number && same_way(&sctp->seen[i], chunk))
            return false;
    sctp->seen[sctp->seen_count++ % SEEN_MOST] = *chunk;
    return true;
}

static void pieces_drop(struct sctp *sctp)
{
    for (struct piece *piece = sctp->first, *next; piece != NULL; piece = next) {
        next = piece->next;
        mem_free(piece);
    }
    sctp->first = NULL;
    sctp->count = 0;
    sctp->held = 0;
}

static bool follows(const struct piece *piece, const struct piece *next)
{
    return next != NULL && same_way(&piece->chunk, &next->chunk) &&
           next->chunk.number == piece->chunk.number + 1 && (next->chunk.flags & CHUNK_FIRST) == 0;
}

/* The place of the first piece of a message that is whole, of this way; NULL: there is none. */
static struct piece **whole_find(struct sctp *sctp, const struct chunk *chunk)
{
    for (struct piece **at = &sctp->first; *at != NULL; at = &(*at)->next) {
        struct piece *piece = *at;
        if ((piece->chunk.flags & CHUNK_FIRST) == 0 || !same_way(&piece->chunk, chunk))
            continue;
        while ((piece->chunk.flags & CHUNK_LAST) == 0 && follows(piece, piece->next))
            piece = piece->next;
        if ((piece->chunk.flags & CHUNK_LAST) != 0)
            return at;
    }
    return NULL;
}

/* Gives it out, and lets go of its pieces. */
static void whole_take(struct capture *capture, struct sctp *sctp, struct piece **at)
{
    struct buf message = {0};
    struct ends ends = (*at)->chunk.ends;
    for (bool last = false; !last;) {
        struct piece *piece = *at;
        buf_add(&message, piece->chunk.bytes);
        last = (piece->chunk.flags & CHUNK_LAST) != 0;
        sctp->held -= sizeof *piece + piece->chunk.bytes.len;
        sctp->count--;
        *at = piece->next;
        mem_free(piece);
    }
    if (message.failed == ERR_OK)
        found_datagram(capture, CARRIER_SCTP, ends, buf_view(&message));
    else
        capture->failure = message.failed;
    buf_deinit(&message);
}

/* Where a piece belongs: those of one way stand together. */
static struct piece **place_find(struct sctp *sctp, const struct chunk *chunk)
{
    struct piece **at = &sctp->first;
    while (*at != NULL && !same_way(&(*at)->chunk, chunk))
        at = &(*at)->next;
    while (*at != NULL && same_way(&(*at)->chunk, chunk) &&
           (int32_t)((*at)->chunk.number - chunk->number) < 0)
        at = &(*at)->next;
    return at;
}

static void piece_keep(struct capture *capture, struct sctp *sctp, const struct chunk *chunk)
{
    struct piece *piece = mem_alloc(sizeof *piece + chunk->bytes.len);
    if (piece == NULL) {
        capture->failure = ERR_MEMORY;
        return;
    }
    if (sctp->count == PIECES_MOST || sctp->held > HELD_MOST) {
        capture->counts.given_up += sctp->count;
        pieces_drop(sctp);
    }
    struct piece **at = place_find(sctp, chunk);
    *piece = (struct piece){.next = *at, .chunk = *chunk};
    piece->chunk.bytes = (struct view){piece->data, chunk->bytes.len};
    if (chunk->bytes.len > 0)
        memcpy(piece->data, chunk->bytes.ptr, chunk->bytes.len);
    *at = piece;
    sctp->count++;
    sctp->held += sizeof *piece + chunk->bytes.len;
    at = whole_find(sctp, chunk);
    if (at != NULL)
        whole_take(capture, sctp, at);
}

static void data_take(struct capture *capture, struct chunk chunk, struct octets at)
{
    chunk.number = octets_u32(&at);
    octets_take(&at, 8); /* stream, its number, protocol */
    chunk.bytes = at.rest;
    if (at.failed)
        capture->counts.broken_packets++;
    else if (!is_new(capture->sctp, &chunk))
        return;
    else if ((chunk.flags & CHUNK_WHOLE) == CHUNK_WHOLE)
        found_datagram(capture, CARRIER_SCTP, chunk.ends, chunk.bytes);
    else
        piece_keep(capture, capture->sctp, &chunk);
}

void sctp_take(struct capture *capture, struct ends ends, struct octets at)
{
    struct chunk chunk = {.ends = ends};
    if (capture->sctp == NULL)
        capture->sctp = mem_zalloc(sizeof *capture->sctp);
    if (capture->sctp == NULL) {
        capture->failure = ERR_MEMORY;
        return;
    }
    chunk.ends.source.port = octets_u16(&at);
    chunk.ends.target.port = octets_u16(&at);
    chunk.tag = octets_u32(&at);
    octets_take(&at, 4);
    for (int i = 0; i < CHUNKS_MOST && at.rest.len >= 4 && !at.failed; i++) {
        uint8_t kind = octets_u8(&at);
        chunk.flags = octets_u8(&at);
        size_t len = octets_u16(&at);
        struct octets inside = {.rest = octets_take(&at, len < 4 ? SIZE_MAX : len - 4)};
        if (at.failed)
            capture->counts.broken_packets++;
        else if (kind == CHUNK_DATA)
            data_take(capture, chunk, inside);
        octets_take(&at, (4 - len % 4) % 4 < at.rest.len ? (4 - len % 4) % 4 : at.rest.len);
    }
}

void sctp_deinit(struct capture *capture)
{
    if (capture->sctp != NULL)
        pieces_drop(capture->sctp);
    mem_free(capture->sctp);
}
