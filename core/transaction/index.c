#include "core/transaction/index.h"

#include "core/base/alloc.h"

#include <string.h>

/* Open addressing; two thirds of the slots are in use at most. */
enum { INDEX_FIRST = 16 };

struct index_slot {
    struct index_entry *entry; /* NULL: free */
    uint64_t hash;
};

/* Eight bytes at a time; a multiplication spreads them upwards, the shift brings them down again.
 */
uint64_t index_hash(struct view text)
{
    uint64_t hash = text.len * 0x9e3779b97f4a7c15u;
    for (; text.len >= 8; text = view_skip(text, 8)) {
        uint64_t word;
        memcpy(&word, text.ptr, 8);
        hash = (hash ^ word) * 0xd1342543de82ef95u;
        hash ^= hash >> 32;
    }
    uint64_t last = 0;
    if (text.len > 0)
        memcpy(&last, text.ptr, text.len);
    return rng_mix(hash ^ last);
}

static uint32_t slot_after(const struct index *index, uint32_t at)
{
    return (at + 1) & (index->size - 1);
}

static uint32_t slot_home(const struct index *index, uint64_t hash)
{
    return (uint32_t)hash & (index->size - 1);
}

static void slot_fill(struct index *index, struct index_entry *entry, uint64_t hash)
{
    uint32_t at = slot_home(index, hash);
    while (index->slots[at].entry != NULL)
        at = slot_after(index, at);
    index->slots[at] = (struct index_slot){entry, hash};
}

static enum err grow(struct index *index)
{
    struct index bigger = {.count = index->count};
    bigger.size = index->size == 0 ? INDEX_FIRST : index->size * 2;
    bigger.slots = mem_zalloc(bigger.size * sizeof *bigger.slots);
    if (bigger.slots == NULL)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < index->size; i++)
        if (index->slots[i].entry != NULL)
            slot_fill(&bigger, index->slots[i].entry, index->slots[i].hash);
    mem_free(index->slots);
    *index = bigger;
    return ERR_OK;
}

enum err index_add(struct index *index, struct index_entry *entry, uint64_t hash)
{
    ASSERT(!entry->listed);
    if ((index->count + 1) * 3 > index->size * 2) {
        enum err err = index->size > UINT32_MAX / 8 ? ERR_MEMORY : grow(index);
        if (err != ERR_OK)
            return err;
    }
    entry->hash = hash;
    entry->listed = true;
    slot_fill(index, entry, hash);
    index->count++;
    return ERR_OK;
}

static uint32_t slot_of(const struct index *index, const struct index_entry *entry)
{
    uint32_t at = slot_home(index, entry->hash);
    while (index->slots[at].entry != entry)
        at = slot_after(index, at);
    return at;
}

/* What stands behind the hole and would not be found beyond it moves into it. */
static void slot_free(struct index *index, uint32_t hole)
{
    uint32_t mask = index->size - 1;
    for (uint32_t at = slot_after(index, hole); index->slots[at].entry != NULL;
         at = slot_after(index, at)) {
        uint32_t home = slot_home(index, index->slots[at].hash);
        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        index->slots[hole] = index->slots[at];
        hole = at;
    }
    index->slots[hole].entry = NULL;
}

void index_remove(struct index *index, struct index_entry *entry)
{
    if (!entry->listed)
        return;
    slot_free(index, slot_of(index, entry));
    entry->listed = false;
    if (--index->count > 0)
        return;
    mem_free(index->slots);
    *index = (struct index){0};
}

static struct index_entry *find_from(const struct index *index, uint32_t at, uint64_t hash)
{
    while (index->slots[at].entry != NULL && index->slots[at].hash != hash)
        at = slot_after(index, at);
    return index->slots[at].entry;
}

struct index_entry *index_first(const struct index *index, uint64_t hash)
{
    return index->count == 0 ? NULL : find_from(index, slot_home(index, hash), hash);
}

struct index_entry *index_next(const struct index *index, const struct index_entry *entry)
{
    return find_from(index, slot_after(index, slot_of(index, entry)), entry->hash);
}
