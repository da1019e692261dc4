#include "harness/watch/sample.h"

enum err sample_asks(struct sample *sample, uint64_t key, bool *out)
{
    if (keyset_has(&sample->first, key) || rng_mix(key) % SAMPLE_ONE_IN == 0) {
        *out = true;
        return ERR_OK;
    }
    *out = sample->first.count < SAMPLE_WHOLE;
    return *out ? keyset_add(&sample->first, key) : ERR_OK;
}

void sample_deinit(struct sample *sample)
{
    keyset_deinit(&sample->first);
}
