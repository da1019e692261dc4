/* Chance without state: each draw is named, so that a new draw shifts no other (DESIGN: "The same
 * seed, the same bytes").
 *
 *     struct rng ids = rng_stream((struct rng){seed}, V("ids"));
 *     uint64_t tag = rng_at(ids, V("tag"), n);
 */
#pragma once
#include "core/base/view.h"

struct rng {
    uint64_t seed;
};

struct rng rng_stream(struct rng parent, struct view name);
uint64_t rng_at(struct rng stream, struct view key, uint64_t n); /* the n-th draw for this key */
uint64_t rng_mix(uint64_t x);                                    /* splitmix64's finisher */
