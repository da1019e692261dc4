/* Which scenarios cover what an RFC asks for: `--rfc 3261#17.1.1`, by the requirement catalogue.
 *
 *     enum err err = select_rfcs_check(&options->rfcs, &complaint);
 *     if (select_rfcs_mean(&options->rfcs, listed->covers))
 *         …
 */
#pragma once
#include "harness/options/options.h"

/* ERR_SYNTAX: one is no RFC with a section, or the catalogue has nothing of it; the complaint is
 * one sentence. */
enum err select_rfcs_check(const struct strings *rfcs, struct buf *complaint) NODISCARD;
/* covers: ids apart by blanks. Whether one of them is of one of these; true where there are none.
 */
bool select_rfcs_mean(const struct strings *rfcs, struct view covers);
