/* How a replay is to be done, out of the command line.
 *
 *     if (!replay_settings_make(options, seed, &settings, &complaint))
 *         complain(&complaint);
 *     err = replay_create(&settings.how, &replay);
 */
#pragma once
#include "harness/replay/replay.h"
#include "harness/options/options.h"
#include "harness/target/target.h"

struct replay_settings { /* zeroed; how points into the rest of it */
    const struct options *options;
    struct replay_options how;
    struct replay_target device;
    struct target target;
    struct arena arena;
};

/* False: the complaint is one sentence. */
bool replay_settings_make(const struct options *options, uint64_t seed,
                          struct replay_settings *settings, struct buf *complaint);
void replay_settings_deinit(struct replay_settings *settings);
