/* Creators under failing allocations: each in turn, once and from there on for good.
 *
 *     test_each_oom(make_and_drop_a_tape, NULL);
 */
#pragma once
#include "core/base/err.h"

/* Runs create with the first, the second … allocation failing until none is left to fail. It makes
 * and drops what it tests: with a failure it must say ERR_MEMORY, without one ERR_OK, and in both
 * cases leave as many live blocks as it found. */
void test_each_oom(enum err (*create)(void *ctx), void *ctx);
