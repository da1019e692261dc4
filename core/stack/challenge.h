/* Challenges that are met by the stack itself, RFC 3261 §22: a reason to send a request once more
 * (again.h), and the credentials that later requests of the same dialog bring along.
 *
 *     enum err err = challenge_credentials(stack, &plan, dialog->spaces, &plan.credentials);
 */
#pragma once
#include "core/stack/again.h"

/* 401 and 407 of our own realms, each realm once; once more if the nonce was stale. */
again_reason challenge_again;
/* Rows for a request that is not written yet, "Proxy-Authorization: …\r\n", one for each of these
 * spaces of the keyring (bits); in the stack's scratch. Empty: none. */
enum err challenge_credentials(struct sip_stack *stack, const struct request_plan *plan,
                               uint32_t spaces, struct view *out) NODISCARD;
