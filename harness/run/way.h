/* What a run's messages go over where a scenario names no transport: --transport, else what the
 * target's URI says, else UDP.
 *
 *     enum err err = way_settle(options, &targets.chosen, &complaint);
 *     struct scene_way way = way_of(options, targets_chosen(&targets));
 */
#pragma once
#include "harness/options/options.h"
#include "harness/target/target.h"

/* The target is to be reached by what the options ask for. ERR_SYNTAX: it never can. */
enum err way_settle(const struct options *options, struct target *target, struct arena *arena,
                    struct buf *complaint) NODISCARD;
/* target: NULL, or settled. */
struct scene_way way_of(const struct options *options, const struct target *target);
/* A scenario of UDP alone: what it checks holds of no stream. */
bool way_is_foreign(const struct scene_way *way, const struct scenario_info *info);
/* "tcp", where it is worth being told of; absent: UDP, unasked. */
struct view way_told(const struct options *options, const struct scene_way *way);
