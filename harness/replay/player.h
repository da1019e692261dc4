/* Who of a captured call is meant by --play.
 *
 *     uint16_t party;
 *     if (!player_find(call, V("bob"), &party))
 *         skip(call);
 */
#pragma once
#include "harness/calls/calls.h"

/* A name, an address with or without its port, "caller" (the client of the first request; so for an
 * empty one) or "callee" (its server). False: nobody, or he sends and gets nothing. */
bool player_find(const struct call *call, struct view play, uint16_t *out);
/* Somebody in particular, and not whoever calls or is called. */
bool player_is_named(struct view play);
