/* What a:auto{ring = "1s", answer = "2s", bye = "10s", reject = 486} does with each incoming call.
 *
 *     canned_begin(call, transaction);
 */
#pragma once
#include "harness/agent/transaction.h"

void canned_begin(struct call *call, struct transaction *tx); /* nothing, where none is set */
/* The device that we play lets it ring: each minute it says so again (RFC 3261 §13.3.1.1), and
 * where the INVITE expires it is over with it (§13.3.1). */
void canned_rings(struct call *call, struct transaction *tx);
/* Its state is another: a BYE that was due before the ACK came goes out now. */
void canned_moved(struct call *call);
void canned_drop(struct call *call); /* what waits for that is forgotten */
void canned_clear(struct agents *agents);
