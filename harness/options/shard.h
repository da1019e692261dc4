/* Which shard we are, as the CI system says it in the environment: what `--shard auto` means.
 *
 *     enum err err = shard_find(getenv, &options.shard_index, &options.shard_count, &complaint);
 */
#pragma once
#include "core/core.h"

/* look: the value of a variable, NULL where there is none. Index from 1 on. ERR_SYNTAX: no system
 * says it, or one says it by half or wrongly; the complaint is one sentence. */
enum err shard_find(char *(*look)(const char *name), uint32_t *out_index, uint32_t *out_count,
                    struct buf *complaint) NODISCARD;
