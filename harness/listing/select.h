/* Which of the listed scenarios a run means: lines, tags, names, shard.
 *
 *     enum err err = select_scenarios(&options, &discovery, &listing, &complaint);
 *     // listing.scenarios has only those that were meant
 */
#pragma once
#include "harness/listing/listing.h"

/* ERR_SYNTAX: the complaint is one sentence. */
enum err select_scenarios(const struct options *options, const struct discovery *discovery,
                          struct listing *listing, struct buf *complaint) NODISCARD;
/* The shard, from 1 on, that a scenario belongs to: by its id alone, so that no other moves it. */
uint32_t select_shard(struct view id, uint32_t shard_count);
