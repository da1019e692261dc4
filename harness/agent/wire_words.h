/* What a wire says by itself, in the tidy-up only: written from the INVITE and its answer. Each
 * sends, or does nothing where the messages do not say enough.
 *
 *     wire_send_ack(leg);
 *     wire_send_bye(leg);
 */
#pragma once
#include "harness/agent/wire_leg.h"

void wire_send_cancel(const struct wire_leg *leg); /* RFC 3261 §9.1 */
void wire_send_ack(const struct wire_leg *leg); /* §17.1.1.3 of a refusal, §13.2.2.4 of a 2xx */
void wire_send_bye(struct wire_leg *leg);       /* §15.1.1 */
/* The OUT event's seq; 0: it could not be sent. */
uint64_t party_send_reply(struct party *party, struct blob *request, const struct addr *source,
                          uint16_t status);
