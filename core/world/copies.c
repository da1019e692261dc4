#include "core/world/copies.h"

enum { SLOTS_FIRST = 256, SLOTS_MAX = 1 << 19 };

struct copy_slot { /* linear probing; seq 0: free */
    uint64_t key, seq;
    uint32_t party, used_s;
};

/* A stack counts its keys up: eight in a row stand side by side, for the cache's sake. */
static uint32_t place(const struct copies *copies, uint32_t party, uint64_t key)
{
    uint64_t hash = rng_mix(key >> 3 ^ (uint64_t)party << 40);
    return (uint32_t)(hash << 3 | (key & 7)) & (copies->size - 1);
}

static struct copy_slot *probe(const struct copies *copies, uint32_t party, uint64_t key)
{
    uint32_t at = place(copies, party, key);
    while (copies->slots[at].seq != 0) {
        struct copy_slot *slot = &copies->slots[at];
        if (slot->key == key && slot->party == party)
            return slot;
        at = (at + 1) & (copies->size - 1);
    }
    return &copies->slots[at];
}

static enum err rebuild(struct copies *copies, uint32_t size, uint64_t since_s)
{
    struct copies next = {.size = size};
    next.slots = mem_zalloc(size * sizeof *next.slots);
    if (next.slots == NULL)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < copies->size; i++) {
        const struct copy_slot *slot = &copies->slots[i];
        if (slot->seq == 0 || slot->used_s < since_s)
            continue;
        *probe(&next, slot->party, slot->key) = *slot;
        next.used++;
    }
    mem_free(copies->slots);
    *copies = next;
    return ERR_OK;
}

/* Half full: forgets what is old and, where that is not enough, grows; at the bound it forgets
 * younger and younger ones. */
static enum err make_room(struct copies *copies, uint64_t now_us)
{
    uint64_t now_s = now_us / US_PER_S;
    uint64_t since_s = now_s > COPIES_KEPT_S ? now_s - COPIES_KEPT_S : 0;
    if (copies->size == 0)
        return rebuild(copies, SLOTS_FIRST, 0);
    for (;;) {
        enum err err = rebuild(copies, copies->size, since_s);
        if (err != ERR_OK || copies->used < copies->size / 4)
            return err;
        if (copies->size < SLOTS_MAX)
            return rebuild(copies, copies->size * 2, 0);
        since_s += (now_s - since_s) / 2 + 1;
    }
}

/* In whole seconds; a run of more than a century would begin to forget too early. */
static uint32_t seconds(uint64_t now_us)
{
    uint64_t now_s = now_us / US_PER_S;
    return now_s < UINT32_MAX ? (uint32_t)now_s : UINT32_MAX;
}

enum err copies_put(struct copies *copies, uint32_t party, uint64_t key, uint64_t seq,
                    uint64_t now_us)
{
    if (seq == 0) /* the trace is cut: nothing to link to */
        return ERR_OK;
    if (copies->used >= copies->size / 2) {
        enum err err = make_room(copies, now_us);
        if (err != ERR_OK)
            return err;
    }
    struct copy_slot *slot = probe(copies, party, key);
    copies->used += slot->seq == 0;
    *slot = (struct copy_slot){.key = key, .seq = seq, .used_s = seconds(now_us), .party = party};
    return ERR_OK;
}

uint64_t copies_find(struct copies *copies, uint32_t party, uint64_t key, uint64_t now_us)
{
    if (copies->size == 0)
        return 0;
    struct copy_slot *slot = probe(copies, party, key);
    if (slot->seq != 0)
        slot->used_s = seconds(now_us);
    return slot->seq;
}

void copies_deinit(struct copies *copies)
{
    mem_free(copies->slots);
    *copies = (struct copies){0};
}
