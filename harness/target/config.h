/* sipwright.lua: reads what it returned, and finds the target of the run in it.
 *
 *     enum err err = targets_read(&suite_options, configured, "desk_phone", &targets, &complaint);
 *     const struct target *target = targets_chosen(&targets);
 *     targets_deinit(&targets);
 */
#pragma once
#include "harness/target/target.h"
#include "harness/scene/run.h"

struct targets {
    struct arena arena;
    struct target chosen;
    const struct target *first; /* of the file's */
    bool has_chosen;
    struct config *config; /* sipwright.lua, as it was loaded; NULL: there is none */
};

/* `wanted`: a name of the file or a SIP URI; NULL: none. Without a file (configured is false) only
 * a URI will do. ERR_SYNTAX: the complaint is one sentence with its mend. */
enum err targets_read(const struct suite_options *options, bool configured, const char *wanted,
                      struct targets *out, struct buf *complaint) NODISCARD;
const struct target *targets_chosen(const struct targets *targets); /* NULL: none was wanted */
void targets_deinit(struct targets *targets);
