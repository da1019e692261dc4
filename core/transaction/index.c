#include "core/base/alloc.h"

/* The key is a hash already. The library's memory goes through our seam; when there is none, it
 * tells us instead of ending the process. */
#define HASH_FUNCTION(ptr, len, out) ((out) = (unsigned)*(const uint64_t *)(ptr))
#define HASH_KEYCMP(a, b, len) (*(const uint64_t *)(a) != *(const uint64_t *)(b))
#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(entry) (out_of_memory = true)

#include "core/transaction/index.h"

#include <string.h>

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

enum err index_add(struct index *index, struct index_entry *entry, uint64_t hash)
{
    bool out_of_memory = false;
    ASSERT(entry->hh.tbl == NULL);
    entry->hash = hash;
    HASH_ADD(hh, index->entries, hash, sizeof hash, entry);
    return out_of_memory ? ERR_MEMORY : ERR_OK;
}

void index_remove(struct index *index, struct index_entry *entry)
{
    if (entry->hh.tbl == NULL)
        return;
    HASH_DELETE(hh, index->entries, entry);
    entry->hh.tbl = NULL;
}

struct index_entry *index_first(const struct index *index, uint64_t hash)
{
    struct index_entry *found = NULL;
    HASH_FIND(hh, index->entries, &hash, sizeof hash, found);
    return found;
}

struct index_entry *index_next(const struct index_entry *entry)
{
    for (UT_hash_handle *hh = entry->hh.hh_next; hh != NULL; hh = hh->hh_next) {
        struct index_entry *other = (struct index_entry *)hh; /* hh is its first member */
        if (other->hash == entry->hash)
            return other;
    }
    return NULL;
}
