/* What failed last, for --last-failed and --failed-first, and what is kept of a run for the next
 * one. Only a suite of its own, a folder with sipwright.lua, remembers: the root of a bare folder
 * is another one with each PATH.
 *
 *     enum err err = again_select(&options, &discovery, &listing, &complaint);
 *     …
 *     again_keep(&discovery, &report);
 */
#pragma once
#include "harness/listing/listing.h"
#include "reports/reports.h"

/* ERR_SYNTAX: the complaint is one sentence. */
enum err again_select(const struct options *options, const struct discovery *discovery,
                      struct listing *listing, struct buf *complaint) NODISCARD;
/* What cannot be kept is said on standard error; the run does not fail for it. */
void again_keep(const struct discovery *discovery, const struct report_run *run);
