#include "core/base/rng.h"

uint64_t rng_mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

struct rng rng_stream(struct rng parent, struct view name)
{
    return (struct rng){rng_mix(parent.seed ^ rng_mix(view_hash(name)))};
}

uint64_t rng_at(struct rng stream, struct view key, uint64_t n)
{
    uint64_t named = rng_mix(stream.seed ^ view_hash(key));
    return rng_mix(named + n * 0xd1342543de82ef95u);
}
