/* What an agent answers by itself because the answer needs a session description, which the stack
 * knows nothing of: re-INVITE and UPDATE, and the ACK that bears an answer.
 *
 *     automatic_answer(call, transaction);
 */
#pragma once
#include "harness/agent/transaction.h"

void automatic_answer(struct call *call, struct transaction *tx); /* unless it is manual */
void automatic_ack(struct call *call); /* of a 2xx with an offer; unless the stack has sent it */
