/* A small DNS server on loopback, for tests: it answers from a zone, well or badly.
 *
 *     struct dns_server server;
 *     dns_server_open(&server);
 *     server.how = DNS_TRUNCATED;
 *     dns_server_serve(&server);
 *     dns_server_close(&server);
 */
#pragma once
#include "core/net/zone.h"

enum dns_how {
    DNS_WELL,
    DNS_SILENT,
    DNS_FORGED_FIRST, /* an answer with another id before the right one */
    DNS_TRUNCATED,    /* over UDP; all of it over TCP */
    DNS_LOOP,         /* a name that points to itself */
    DNS_CUT,          /* in the middle of a record */
    DNS_NOISE
};

struct dns_server {
    int udp, tcp, stream; /* stream: the connection accepted last, -1: none */
    struct addr addr;
    struct zone zone;
    enum dns_how how;
    uint32_t asked; /* over UDP */
    uint32_t asked_tcp;
};

void dns_server_open(struct dns_server *server);
void dns_server_close(struct dns_server *server);
void dns_server_serve(struct dns_server *server); /* what is there now; never waits */
/* A name of the zone, made where it is not there. */
void dns_server_add(struct dns_server *server, struct view name, const struct dns_record *record);
/* The answer as it would stand on the wire: for tests of the reader. Adds to buf. */
void dns_answer_write(struct buf *buf, uint16_t id, struct view name, uint16_t type,
                      const struct zone_reply *reply);
