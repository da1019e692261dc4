/* What run, list and coverage have in common: finds files, reads and selects scenarios.
 *
 *     int code = run_prepare(options, &setup, &worker, &pool, &listing);
 */
#pragma once
#include "harness/listing/listing.h"
#include "harness/options/exit_code.h"
#include "harness/run/setup.h"

/* Something other than EXIT_ALL_PASSED: it was said why, and that is the exit code. A file that
 * does not load is none of this: it stands in the listing. The pool is made before anything is
 * opened; the caller destroys it, whatever the code. */
int run_prepare(const struct options *options, struct setup *setup, struct worker_setup *worker,
                struct pool **out_pool, struct listing *out_listing);
/* The same for a command that runs nothing: the pool is gone when it returns. */
int list_prepare(const struct options *options, struct setup *setup, struct listing *out_listing);
