/* The cases of a run before any of them ran: what there is, in which order, of which shard.
 *
 *     enum err err = cases_plan(&setup, &cases);
 *     …
 *     cases_renew(&cases);
 */
#pragma once
#include "harness/run/cases.h"

enum err cases_plan(const struct cases_setup *setup, struct cases *out) NODISCARD; /* MEMORY */
/* As planned, for another round: what is through is forgotten; nobody has seen it. */
void cases_renew(struct cases *cases);
