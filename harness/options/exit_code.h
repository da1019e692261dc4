/* What the program ends with: the CI system reads nothing else.
 *
 *     return EXIT_ALL_PASSED;
 */
#pragma once

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
