/* Which calls of a scenario the monitor judges: the first thousand, and of a load that goes on
 * after that one in 64, by their Call-IDs: each of them whole, and the same ones in each run.
 *
 *     bool judged;
 *     enum err err = sample_asks(&sample, view_hash(call_id), &judged);
 */
#pragma once
#include "harness/watch/keyset.h"

enum { SAMPLE_WHOLE = 1000, SAMPLE_ONE_IN = 64 };

struct sample { /* zeroed: nothing was seen */
    struct keyset first;
};

enum err sample_asks(struct sample *sample, uint64_t key, bool *out) NODISCARD; /* MEMORY */
void sample_deinit(struct sample *sample);
