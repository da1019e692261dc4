/* The commands of the program. Each gives its exit code.
 *
 *     return command_main(argc, argv);
 */
#pragma once
#include "harness/run/listing.h"
#include "harness/run/setup.h"

enum exit_code {
    EXIT_ALL_PASSED = 0,
    EXIT_FAILED = 1,      /* a scenario failed */
    EXIT_USAGE = 2,       /* usage or configuration */
    EXIT_LOAD = 3,        /* a scenario file does not load */
    EXIT_NOTHING = 4,     /* nothing was selected */
    EXIT_ENVIRONMENT = 5, /* a port, the target, a report */
    EXIT_INTERNAL = 70,   /* a fault of ours */
    EXIT_SIGNAL = 128     /* plus its number */
};

int command_main(int argc, char **argv);
int command_run(const struct options *options, int argc, char **argv);
int command_list(const struct options *options);

/* What run and list have in common: finds files, reads and selects scenarios. Something other than
 * EXIT_ALL_PASSED: it was said why, and that is the exit code. A file that does not load is none of
 * this: it stands in the listing. */
int command_prepare(const struct options *options, struct setup *setup, struct worker_setup *worker,
                    struct pool **out_pool, struct listing *out_listing);
/* Prints the listing; the exit code. */
int listing_print(const struct options *options, const struct setup *setup,
                  const struct listing *listing);
/* Says what does not load on standard error. */
void listing_complain(const struct setup *setup, const struct listing *listing);
