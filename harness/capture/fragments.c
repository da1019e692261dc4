/* Datagrams that came in pieces, in whatever order: RFC 791 §3.2, RFC 8200 §4.5. Where pieces
 * overlap the one that came first counts, as RFC 5722 has it for what is not refused altogether. */
#include "harness/capture/inside.h"

#include <utlist.h>

enum { DATAGRAM_MOST = 65535, WAIT_S = 30, DATAGRAMS_MOST = 1024 };

struct piece {
    struct piece *next; /* in order of offset, not overlapping */
    uint32_t offset, len;
    char data[];
};

struct fragmented {
    struct fragmented *prev, *next; /* the oldest first */
    struct fragment key;            /* of its first piece; without bytes */
    struct piece *pieces;
    uint64_t since_ns;
    uint32_t whole_len; /* once the last piece is there; 0: not yet */
    size_t held;
};

static void fragmented_free(struct capture *capture, struct fragmented *datagram)
{
    struct fragments *all = &capture->fragments;
    for (struct piece *piece = datagram->pieces, *next; piece != NULL; piece = next) {
        next = piece->next;
        mem_free(piece);
    }
    all->held -= datagram->held;
    all->count--;
    DL_DELETE(all->first, datagram);
    mem_free(datagram);
}

static bool same(const struct fragment *a, const struct fragment *b)
{
    return a->id == b->id && a->protocol == b->protocol && addr_ip_equal(&a->source, &b->source) &&
           addr_ip_equal(&a->target, &b->target);
}

/* Those that waited too long will never be whole. */
static void stale_drop(struct capture *capture)
{
    struct fragmented *oldest;
    while ((oldest = capture->fragments.first) != NULL &&
           oldest->since_ns + WAIT_S * UINT64_C(1000000000) < capture->frame.time_ns) {
        fragmented_free(capture, oldest);
        capture->counts.lost_fragments++;
    }
}

static struct fragmented *fragmented_get(struct capture *capture, const struct fragment *fragment)
{
    struct fragmented *datagram;
    DL_FOREACH(capture->fragments.first, datagram)
    if (same(&datagram->key, fragment))
        return datagram;
    datagram = mem_zalloc(sizeof *datagram);
    if (datagram == NULL)
        return NULL;
    datagram->key = *fragment;
    datagram->since_ns = capture->frame.time_ns;
    datagram->held = sizeof *datagram;
    capture->fragments.held += datagram->held;
    capture->fragments.count++;
    DL_APPEND(capture->fragments.first, datagram);
    return datagram;
}

/* What of [offset, end) is not covered yet, up to the next piece; its place in the list. */
static struct piece **hole_find(struct fragmented *datagram, uint32_t *offset, uint32_t *end)
{
    struct piece **at = &datagram->pieces;
    while (*at != NULL && (*at)->offset + (*at)->len <= *offset)
        at = &(*at)->next;
    if (*at != NULL && (*at)->offset <= *offset)
        *offset = (*at)->offset + (*at)->len;
    else if (*at != NULL && (*at)->offset < *end)
        *end = (*at)->offset;
    return at;
}

static bool piece_add(struct capture *capture, struct fragmented *datagram,
                      const struct fragment *fragment)
{
    uint32_t offset = fragment->offset, last = offset + (uint32_t)fragment->bytes.len;
    while (offset < last) {
        uint32_t from = offset, end = last;
        struct piece **at = hole_find(datagram, &from, &end);
        if (from == offset) {
            struct piece *piece = mem_alloc(sizeof *piece + (end - from));
            if (piece == NULL)
                return false;
            *piece = (struct piece){.next = *at, .offset = from, .len = end - from};
            memcpy(piece->data, fragment->bytes.ptr + (from - fragment->offset), end - from);
            *at = piece;
            datagram->held += sizeof *piece + piece->len;
            capture->fragments.held += sizeof *piece + piece->len;
            from = end;
        }
        offset = from;
    }
    return true;
}

static bool is_whole(const struct fragmented *datagram)
{
    uint32_t at = 0;
    for (const struct piece *piece = datagram->pieces; piece != NULL; piece = piece->next) {
        if (piece->offset != at)
            return false;
        at += piece->len;
    }
    return datagram->whole_len != 0 && at >= datagram->whole_len;
}

static struct view join(struct capture *capture, struct fragmented *datagram)
{
    struct buf *whole = &capture->fragments.whole;
    buf_clear(whole);
    for (const struct piece *piece = datagram->pieces; piece != NULL; piece = piece->next)
        buf_add(whole, (struct view){piece->data, piece->len});
    size_t len = datagram->whole_len;
    fragmented_free(capture, datagram);
    if (whole->failed != ERR_OK)
        capture->failure = ERR_MEMORY;
    return view_head(buf_view(whole), len);
}

bool fragments_add(struct capture *capture, const struct fragment *fragment, struct view *out)
{
    stale_drop(capture);
    if (fragment->bytes.len == 0 || fragment->offset + fragment->bytes.len > DATAGRAM_MOST) {
        capture->counts.broken_packets++;
        return false;
    }
    struct fragmented *datagram = fragmented_get(capture, fragment);
    if (datagram == NULL || !piece_add(capture, datagram, fragment)) {
        capture->failure = ERR_MEMORY;
        return false;
    }
    if (!fragment->more)
        datagram->whole_len = fragment->offset + (uint32_t)fragment->bytes.len;
    if (is_whole(datagram)) {
        *out = join(capture, datagram);
        return true;
    }
    while (capture->fragments.held > capture->limits.held_limit ||
           capture->fragments.count > DATAGRAMS_MOST) {
        fragmented_free(capture, capture->fragments.first);
        capture->counts.given_up++;
    }
    return false;
}

void fragments_deinit(struct capture *capture)
{
    while (capture->fragments.first != NULL)
        fragmented_free(capture, capture->fragments.first);
    buf_deinit(&capture->fragments.whole);
}
