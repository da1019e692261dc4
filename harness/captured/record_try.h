/* Whether a written scenario does what it says: run once on the simulated network, it passes, and
 * what went over the wire is the captured call, message by message.
 *
 *     enum err err = record_try(outline, text, &why);
 */
#pragma once
#include "harness/record/outline.h"

/* ERR_SYNTAX: it does not, and `why` says in one sentence what came of it; ERR_STATE: it does, but
 * at its end something is taken back that was left up (struct outline: leaves). ERR_MEMORY. */
enum err record_try(const struct outline *outline, struct view text, struct buf *why) NODISCARD;
