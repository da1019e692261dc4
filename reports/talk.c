#include "reports/talk.h"

#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

enum { END_LEN = 19, SEGMENT_MOST = 1460, HANDSHAKE = 3 };

struct talk {
    UT_hash_handle hh;
    char ends[2 * END_LEN];
    bool lost;
    struct addr opener, other;
    uint32_t said[2]; /* bytes, by the opener and by the other */
    uint8_t shaken;   /* segments of the handshake */
};

static void put_end(char *at, const struct addr *addr)
{
    at[0] = (char)addr->family;
    at[1] = (char)(addr->port >> 8);
    at[2] = (char)addr->port;
    memcpy(at + 3, addr->ip, 16);
}

static struct talk *find(struct talks *talks, const struct addr *source, const struct addr *target)
{
    struct talk *talk;
    char ends[2 * END_LEN];
    put_end(ends, source);
    put_end(ends + END_LEN, target);
    HASH_FIND(hh, talks->by_ends, ends, sizeof ends, talk);
    return talk;
}

static struct talk *create(struct talks *talks, const struct addr *source,
                           const struct addr *target)
{
    struct talk *talk = mem_zalloc(sizeof *talk);
    if (talk == NULL)
        return NULL;
    put_end(talk->ends, source);
    put_end(talk->ends + END_LEN, target);
    talk->opener = *source;
    talk->other = *target;
    HASH_ADD(hh, talks->by_ends, ends, sizeof talk->ends, talk);
    if (!talk->lost)
        return talk;
    mem_free(talk);
    return NULL;
}

enum err talk_say(struct talks *talks, const struct addr *source, const struct addr *target,
                  struct view bytes, struct saying *out)
{
    struct talk *talk = find(talks, source, target);
    struct talk *back = talk == NULL ? find(talks, target, source) : NULL;
    if (talk == NULL && back == NULL) {
        talk = create(talks, source, target);
        if (talk == NULL)
            return ERR_MEMORY;
    }
    *out = (struct saying){.talk = back != NULL ? back : talk, .back = back != NULL, .rest = bytes};
    return ERR_OK;
}

static struct packet_head head_of(const struct talk *talk, bool back)
{
    return (struct packet_head){.source = back ? talk->other : talk->opener,
                                .target = back ? talk->opener : talk->other,
                                .tcp = true,
                                .flags = PACKET_ACK,
                                .seq = talk->said[back] + 1,
                                .ack = talk->said[!back] + 1};
}

/* SYN, SYN with ACK, ACK: RFC 9293 §3.5. */
static struct packet_head shake(struct talk *talk)
{
    struct packet_head head = head_of(talk, talk->shaken == 1);
    if (talk->shaken < 2) {
        head.seq = 0;
        head.flags = talk->shaken == 0 ? PACKET_SYN : PACKET_SYN | PACKET_ACK;
    }
    if (talk->shaken == 0)
        head.ack = 0;
    talk->shaken++;
    return head;
}

bool talk_next(struct saying *saying, struct packet_head *out, struct view *out_payload)
{
    struct talk *talk = saying->talk;
    if (talk->shaken < HANDSHAKE) {
        *out = shake(talk);
        *out_payload = (struct view){0};
        return true;
    }
    if (saying->rest.len == 0)
        return false;
    *out = head_of(talk, saying->back);
    *out_payload = view_head(saying->rest, SEGMENT_MOST);
    saying->rest = view_skip(saying->rest, SEGMENT_MOST);
    if (saying->rest.len == 0)
        out->flags |= PACKET_PUSH;
    talk->said[saying->back] += (uint32_t)out_payload->len;
    return true;
}

void talks_deinit(struct talks *talks)
{
    struct talk *talk, *next;
    HASH_ITER(hh, talks->by_ends, talk, next)
    {
        HASH_DEL(talks->by_ends, talk);
        mem_free(talk);
    }
}
