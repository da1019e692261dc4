/* Which event showed the first transmission of a message: the stack counts copies, the trace links
 * them.
 *
 *     uint64_t first_seq = copies_find(&copies, party, copy_key, now_us);
 *     enum err err = copies_put(&copies, party, copy_key, seq, now_us);
 */
#pragma once
#include "core/base.h"

struct copy_slot;
struct copies { /* zeroed: empty */
    struct copy_slot *slots;
    uint32_t size, used;
};

enum { COPIES_KEPT_S = 40 }; /* longer than any gap between two copies, so that memory stays flat */

/* A key that is there is replaced. MEMORY; at the bound the oldest are forgotten. */
enum err copies_put(struct copies *copies, uint32_t party, uint64_t key, uint64_t seq,
                    uint64_t now_us) NODISCARD;
uint64_t copies_find(struct copies *copies, uint32_t party, uint64_t key,
                     uint64_t now_us); /* 0: none */
void copies_deinit(struct copies *copies);
