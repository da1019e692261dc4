/* An IPv4 or IPv6 address with a port, and the transports of SIP.
 *
 *     struct addr addr;
 *     if (addr_parse(V("[::1]:5060"), &addr) == ERR_OK)
 *         addr_write(&buf, &addr);
 */
#pragma once
#include "core/base/buf.h"

struct addr {
    uint8_t family; /* 0: none, 4 or 6 */
    uint8_t ip[16]; /* network order; IPv4 in the first four */
    uint16_t port;  /* host order; 0: none */
    uint32_t scope; /* IPv6 zone */
};

#define PROTO_LIST(X) X(UDP, "udp") X(TCP, "tcp") X(TLS, "tls") X(WS, "ws") X(WSS, "wss")
enum proto {
#define PROTO_ENUM(name, text) PROTO_##name,
    PROTO_LIST(PROTO_ENUM)
#undef PROTO_ENUM
};

enum { ADDR_TEXT_MAX = 64 }; /* "[" IPv6 "]:" port and a NUL fit */

/* "192.0.2.1", "192.0.2.1:5060", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:5060"; no names. */
enum err addr_parse(struct view text, struct addr *out) NODISCARD; /* SYNTAX */
enum err addr_ip_parse(struct view text,
                       struct addr *out) NODISCARD; /* without port and brackets */
/* The host of a URI or Via, IPv6 in brackets or not. SYNTAX: it is a name. */
enum err addr_host_parse(struct view host, struct addr *out) NODISCARD;
void addr_ip_write(struct buf *buf, const struct addr *addr); /* RFC 5952, no brackets */
void addr_write(struct buf *buf, const struct addr *addr);    /* with port where it is not 0 */
/* Text in the caller's room of ADDR_TEXT_MAX bytes, terminated. */
struct view addr_text(const struct addr *addr, char *room);
bool addr_equal(const struct addr *a, const struct addr *b);    /* with port */
bool addr_ip_equal(const struct addr *a, const struct addr *b); /* without */
bool addr_is_at(const struct addr *addr,
                const struct addr *place);   /* with port where the place has one */
bool addr_ip_given(const struct addr *addr); /* neither 0.0.0.0 nor :: */
const char *proto_text(enum proto proto);    /* "udp" */
const char *proto_word(enum proto proto);    /* "UDP", as in Via */
enum err proto_parse(struct view text, enum proto *out) NODISCARD; /* any case; UNSUPPORTED */
bool proto_reliable(enum proto proto);                             /* all but UDP: RFC 3261 §17 */
bool proto_secure(enum proto proto);                               /* TLS and WSS */
