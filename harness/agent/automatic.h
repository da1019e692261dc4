/* What an agent answers by itself because the answer needs a session description, which the stack
 * does not make: re-INVITE and UPDATE, PRACK with an offer, and the ACK or PRACK that bears an
 * answer.
 *
 *     automatic_answer(call, transaction);
 */
#pragma once
#include "harness/agent/transaction.h"

void automatic_answer(struct call *call, struct transaction *tx); /* unless it is manual */
/* Of a 2xx or a reliable 1xx with an offer: the others the stack acknowledges itself. */
void automatic_acknowledge(struct call *call, struct sip_msg *response);
