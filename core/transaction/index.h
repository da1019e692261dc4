/* Objects by a hash of 64 bits. Several may have the same one: whoever looks an object up compares
 * its whole key himself, so that no peer gains by making hashes collide.
 *
 *     for (struct index_entry *at = index_first(&index, hash); at != NULL;
 *          at = index_next(&index, at))
 *         if (view_equal(tx_of(at)->key, key))
 *             return tx_of(at);
 *
 * The order among those of one hash means nothing: only one of them may be the one sought. Slots
 * with the hashes stand side by side, so that a look-up touches one line of the cache; an empty
 * index owns no memory.
 */
#pragma once
#include "core/base.h"

struct index_entry {
    uint64_t hash;
    bool listed;
};

struct index_slot;
struct index {
    struct index_slot *slots;
    uint32_t size, count; /* size: a power of two, or 0 */
};

enum err index_add(struct index *index, struct index_entry *entry,
                   uint64_t hash) NODISCARD;                       /* MEMORY */
void index_remove(struct index *index, struct index_entry *entry); /* not in it: nothing happens */
struct index_entry *index_first(const struct index *index, uint64_t hash); /* NULL: none */
struct index_entry *index_next(const struct index *index,
                               const struct index_entry *entry); /* of the same hash */
uint64_t index_hash(struct view text); /* quick, and of no meaning outside */
