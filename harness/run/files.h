/* The files that a command leaves: its faces (JUnit, HTML …), and a capture of each case.
 *
 *     int code = files_check(&options);                  // before anything is run
 *     bool begun = files_begin(&options, &step);         // the folder for captures
 *     bool written = files_pcap(&options, &one->report, &arena);
 *     bool written = files_write(&options, &run);
 *     bool told = files_end(&options, &step, &run);      // behind all other output
 *
 * What cannot be written is said on standard error, with the mend; the run is then not green.
 */
#pragma once
#include "harness/options/options.h"
#include "harness/run/step.h"
#include "reports/reports.h"

/* What can be known before: EXIT_USAGE where something could not be written, which is said. */
int files_check(const struct options *options);
/* A face takes standard output; what is said to people goes to standard error then. */
bool files_take_output(const struct options *options);
/* Somebody will want to see what happened, also in what passed. */
bool files_wanted(const struct options *options);
bool files_begin(const struct options *options, struct step *step);
/* Writes it, with what was attached, and sets one->pcap, in the arena. */
bool files_pcap(const struct options *options, struct report_case *one, struct arena *arena);
/* Beside it, the keys of its TLS connections: "….keys", where it had any. */
bool files_keys(const struct options *options, const struct report_case *one, struct arena *arena);
bool files_write(const struct options *options, const struct report_run *run);
/* A text of the command's own, where the option says; "-" is standard output. */
bool files_text(const char *option, const char *path, const struct buf *text);
/* Says why one was not written, at once behind the attempt; whether it was. */
bool files_written(const char *option, const char *path, enum err err);
bool files_end(const struct options *options, const struct step *step,
               const struct report_run *run);
