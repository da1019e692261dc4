/* The files that a run leaves: JUnit, JSON lines, a pcap of each case.
 *
 *     enum err err = files_begin(&options);              // the folder for pcaps
 *     bool written = files_pcap(&options, &one->report, &arena);
 *     bool written = files_write(&options, &run);
 *
 * What cannot be written is said on standard error; the run is then not green.
 */
#pragma once
#include "harness/options/options.h"
#include "reports/reports.h"

bool files_begin(const struct options *options);
/* Writes it and sets one->pcap, in the arena. */
bool files_pcap(const struct options *options, struct report_case *one, struct arena *arena);
/* Beside it, the keys of its TLS connections: "….keys", where it had any. */
bool files_keys(const struct options *options, const struct report_case *one, struct arena *arena);
bool files_write(const struct options *options, const struct report_run *run);
