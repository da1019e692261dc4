/* Command lines as text: the one that repeats a case, the one that was given.
 *
 *     enum err err = rerun_write(&setup, one, &arena);    // one->report.rerun
 *     command_line_write(&buf, options->argc, options->argv);
 */
#pragma once
#include "harness/run/cases.h"

/* From where we are: "sipwright run scenarios/examples/basic.lua:4 --seed 7". */
enum err rerun_write(const struct cases_setup *setup, struct run_case *one,
                     struct arena *arena) NODISCARD;
/* As typed, with the values of --secret and --password blacked out. */
void command_line_write(struct buf *out, int argc, char **argv);
void shell_add(struct buf *out, struct view word); /* in quotes where a shell needs them */
