/* `--until-fail` and `--for`: the whole selection again and again, each time with the next seed,
 * until one fails or the time is over. Only the last round is kept: memory stays flat for hours.
 *
 *     rounds_begin(&rounds, &options);
 *     while (rounds_again(&rounds, seed, &cases, &line))
 *         …
 */
#pragma once
#include "harness/run/cases.h"

struct rounds {
    const struct options *options;
    uint64_t started_us, told_us;
    uint64_t count; /* that are through */
};

bool rounds_meant(const struct options *options);
void rounds_begin(struct rounds *rounds, const struct options *options);
/* A round is through; seed: of the first. Whether there is another one. out: what is to be told of
 * this one, one line; empty: nothing, as somebody was told a moment ago. */
bool rounds_again(struct rounds *rounds, uint64_t seed, const struct cases *cases, struct buf *out);
