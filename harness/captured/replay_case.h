/* A replayed call as a case of a report.
 *
 *     enum err err = replay_case_make(options, &about, &result, &arena, &one);
 *     err = case_book_add(&book, &one);
 */
#pragma once
#include "harness/options/options.h"
#include "harness/replay/replay.h"
#include "reports/reports.h"

struct replay_about { /* where a call stands */
    const char *path;
    const struct call *call;
    uint32_t number; /* in its capture, from 1 on */
    uint64_t seed, wall_us;
    struct view net;
};

/* Texts are in the arena, or the result's; the events are the result's. MEMORY. */
enum err replay_case_make(const struct options *options, const struct replay_about *about,
                          const struct replay_result *result, struct arena *arena,
                          struct report_case *out) NODISCARD;
