/* A run that `run --json FILE` wrote, read for a command.
 *
 *     int code = written_read("report", path, &read);
 *     use(report_read_run(read));
 *     report_read_destroy(read);
 */
#pragma once
#include "reports/reports.h"

/* Gives an exit code; what is not EXIT_ALL_PASSED was told on standard error, and out stays as it
 * was. command: who asks for it, in what is told. The run is the caller's. */
int written_read(const char *command, const char *path, struct report_read **out);
