/* Asking the system's resolvers, by c-ares: records of a name and type, and nothing else of it. Its
 * callbacks only keep what came; what it means is read when the loop takes it.
 *
 *     dns_ask(transport, party, &effect);
 *     dns_drain(transport);
 *     dns_told(transport, party, &packet);
 */
#pragma once
#include "core/transport/inside.h"

void dns_ask(struct transport *transport, uint32_t party, const struct effect *effect);
uint64_t dns_until_us(const struct transport *transport,
                      uint64_t now_us);      /* NEVER: nothing is due */
void dns_drain(struct transport *transport); /* what libevent said is ready, and what is due */
bool dns_waits(const struct transport *transport); /* a question is open */
/* This ANSWER is handed out: fills in its name, type and records, valid until the next one. */
void dns_told(struct transport *transport, uint32_t party, struct packet *packet);
void dns_deinit(struct transport *transport);
