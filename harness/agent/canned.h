/* What a:auto{ring = "1s", answer = "2s", bye = "10s", reject = 486} does with each incoming call.
 *
 *     canned_begin(call, transaction);
 */
#pragma once
#include "harness/agent/transaction.h"

void canned_begin(struct call *call, struct transaction *tx); /* nothing, where none is set */
void canned_clear(struct agents *agents);
