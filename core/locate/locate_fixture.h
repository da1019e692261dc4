/* A lookup against a zone that is written as text, for tests.
 *
 *     dns_open("example.com NAPTR 50 50 s SIP+D2T _sip._tcp.example.com\n"
 *              "_sip._tcp.example.com SRV 0 1 5060 a.example.com\n"
 *              "a.example.com A 192.0.2.1");
 *     dns_expect("sip:bob@example.com", "tcp 192.0.2.1:5060");
 *     dns_close();
 */
#pragma once
#include "core/locate/ask.h"
#include "core/net/zone.h"

struct dns_fixture {
    struct zone zone;
    struct locate *locate;
    struct arena arena;
    uint64_t now_us;
    uint32_t ip4, ip6; /* what we have: UDP, TCP and TLS over IPv4 by itself */
    enum proto proto;  /* what we would rather use: UDP */
    struct buf asked;  /* "NAPTR example.com, SRV …": what was asked, in order */
};
extern struct dns_fixture dns;

/* A record a line: name, type, its fields; "#" and "name FAILS rcode", "name SILENT" too. */
void dns_open(const char *zone);
void dns_close(void); /* and nothing is left over */
void dns_clear_asked(void);
void dns_expect_asked(const char *expected);
enum err dns_begin(const char *uri, struct handle *out);
void dns_answer_all(void); /* from the zone, until there is no question */
/* "udp 192.0.2.1:5060, tcp 192.0.2.2:5070"; "": none; "absent": it cannot even be asked. */
void dns_expect(const char *uri, const char *targets);
