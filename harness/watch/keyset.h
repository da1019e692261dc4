/* A set of keys: hashes of what was named. It only grows.
 *
 *     struct keyset set = {0};
 *     enum err err = keyset_add(&set, view_hash(call_id));
 *     bool there = keyset_has(&set, view_hash(call_id));
 *     keyset_deinit(&set);
 */
#pragma once
#include "core/core.h"

struct keyset { /* zeroed: empty */
    uint64_t *slots;
    size_t size, count;
};

enum err keyset_add(struct keyset *set, uint64_t key) NODISCARD; /* MEMORY. Twice is once */
bool keyset_has(const struct keyset *set, uint64_t key);
void keyset_deinit(struct keyset *set);
