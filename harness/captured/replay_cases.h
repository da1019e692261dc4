/* The cases of a replay: what is kept of each call for the reports, which is little where it
 * passed.
 *
 *     enum err err = replay_cases_add(&cases, &about, &result, &one);
 *     err = replay_cases_settle(&cases);
 *     replay_cases_deinit(&cases);
 */
#pragma once
#include "harness/replay/replay.h"
#include "harness/options/options.h"
#include "harness/run/spool.h"
#include "reports/reports.h"

struct replay_cases { /* zeroed, but for options */
    const struct options *options;
    struct arena arena;
    struct spool spool;
    struct report_case *items;
    struct {
        uint64_t from, len;
    } * events; /* of each, in the spool */
    uint32_t count, size, event_size;
};

struct replay_about { /* where a call stands */
    const char *path;
    const struct call *call;
    uint32_t number; /* in its capture, from 1 on */
    uint64_t seed, wall_us;
    struct view net;
};

/* Its events are those of the result until the next call. MEMORY, IO. */
enum err replay_cases_add(struct replay_cases *cases, const struct replay_about *about,
                          const struct replay_result *result, struct report_case **out) NODISCARD;
/* No more come: from now on each has its events. MEMORY, IO. */
enum err replay_cases_settle(struct replay_cases *cases) NODISCARD;
void replay_cases_deinit(struct replay_cases *cases);
