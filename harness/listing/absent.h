/* Which entries of the baseline the suite has no more. A scenario that was deleted must not look
 * like one that passes; one that this run does not mean is no concern of it.
 *
 *     enum err err = absent_find(&options, &discovery, &listing, &gate.baseline, &complaint);
 */
#pragma once
#include "harness/gate/baseline.h"
#include "harness/listing/listing.h"

/* Sets `absent` of each settled entry: the paths of the command line reach its file, it fits
 * --grep, and no file registers it. Before any scenario is left out of the listing. ERR_SYNTAX: the
 * complaint says that the baseline is of another suite. */
enum err absent_find(const struct options *options, const struct discovery *discovery,
                     const struct listing *listing, struct baseline *baseline,
                     struct buf *complaint) NODISCARD;
