/* What is to be found for a URI, or for the response to a Via: RFC 3263 §4, §5.
 *
 *     struct locate_ask ask = {.proto = PROTO_UDP, .ip4 = 1u << PROTO_UDP};
 *     enum err err = locate_ask_uri(&uri, &ask);
 */
#pragma once
#include "core/locate/locate.h"
#include "core/message/msg.h"

/* ask->proto comes in as what we would rather use, ip4 and ip6 as what we have; the rest is filled
 * in. The host is maddr's where there is one (RFC 3263 §4, RFC 3261 §19.1.1). ABSENT: a scheme
 * other than sip and sips, or a transport that nobody here speaks or that its scheme forbids. */
enum err locate_ask_uri(const struct sip_uri *uri, struct locate_ask *ask) NODISCARD;
/* The place that its sent-by names, by its transport. ABSENT: a transport that is not known. */
enum err locate_ask_via(const struct sip_via *via, struct locate_ask *ask) NODISCARD;
