/* sip, sips and tel URIs: RFC 3261 §19.1, RFC 3966, with the comparison of §19.1.4.
 *
 *     struct sip_uri uri;
 *     if (sip_uri_parse(V("sip:bob@example.com;lr"), &arena, &uri) == ERR_OK)
 *         same = sip_uri_equal(&uri, &other);
 */
#pragma once
#include "core/message/types.h"

/* Grammar faults are ERR_SYNTAX; an unknown scheme parses with scheme OTHER and its text. */
enum err sip_uri_parse(struct view text, struct arena *arena, struct sip_uri *out) NODISCARD;
void sip_uri_write(struct buf *buf, const struct sip_uri *uri); /* from its parts, not from text */
bool sip_uri_equal(const struct sip_uri *a,
                   const struct sip_uri *b); /* RFC 3261 §19.1.4, RFC 3966 §4 */
/* %HH decoded once into the arena; views without % come back as they are. */
struct view sip_unescape(struct view text, struct arena *arena) NODISCARD;
enum err sip_name_addr_parse(struct view text, struct arena *arena,
                             struct sip_name_addr *out) NODISCARD;
void sip_name_addr_write(struct buf *buf, const struct sip_name_addr *value);
/* The text of a sip or sips URI without its headers, which are no part of a Request-URI, From, To
 * or target: RFC 3261 §19.1.1, Table 1. */
struct view sip_uri_bare(struct view uri);
/* Likewise without the first parameter of that name: head, then tail. Both borrowed; no tail: it is
 * not there, or the last one. */
struct sip_uri_parts {
    struct view head, tail;
};
struct sip_uri_parts sip_uri_without(struct view uri, struct view param);
/* Default port of a URI's transport: 5061 for sips and tls, else 5060 (80 and 443: RFC 7118 §5.2
 * ws, wss). */
uint16_t sip_uri_port(const struct sip_uri *uri);
