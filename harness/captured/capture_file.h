/* A capture that is named on the command line.
 *
 *     int code = capture_file_open(options, path, &capture);
 */
#pragma once
#include "harness/capture/capture.h"
#include "harness/options/options.h"

/* EXIT_ALL_PASSED: it is open, with the keys of --keylog; else the exit code, and why was said. */
int capture_file_open(const struct options *options, const char *path, struct capture **out);
