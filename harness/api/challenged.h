/* Challenges that were not met: what a sentence about a 401 or 407 says of its mend.
 *
 *     char room[AUTH_HINT_MAX];
 *     failure.hint = auth_hint(request, room);
 */
#pragma once
#include "harness/agent/agents.h"

enum { AUTH_HINT_MAX = 200 };

/* The first Digest challenge of a response that can be met; proxy: it is a Proxy-Authenticate. The
 * views last as long as both. */
bool challenge_find(struct sip_msg *response, struct arena *arena, struct sip_challenge *out,
                    bool *out_proxy);
/* How such a final response would have been met. Absent where it is none; NULL is fine. */
struct view auth_hint(const struct request *request, char *room);
