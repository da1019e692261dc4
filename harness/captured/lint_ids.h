/* How many Call-IDs there are: eight bytes each, however long they are.
 *
 *     enum err err = lint_ids_add(&ids, call_id);
 *     uint64_t count = lint_ids_count(&ids);
 *     lint_ids_deinit(&ids);
 */
#pragma once
#include "core/core.h"

struct lint_ids {    /* zeroed: none */
    uint64_t *slots; /* hashes; 0: free */
    size_t size, used;
};

enum err lint_ids_add(struct lint_ids *ids,
                      struct view call_id) NODISCARD; /* an empty one is none */
uint64_t lint_ids_count(const struct lint_ids *ids);
void lint_ids_deinit(struct lint_ids *ids);
