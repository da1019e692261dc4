/* What agents, wires and devices have in common: a name, an address, an inbox of what comes to them
 * outside of calls.
 *
 *     struct party *party = agents_party(agents, number);
 *     enum err err = party_bind(party, &options);
 */
#pragma once
#include "harness/agent/inbox.h"
#include "harness/agent/security.h"

struct agents;

enum party_kind { PARTY_AGENT, PARTY_WIRE, PARTY_DEVICE };

enum { PARTY_BINDS_MAX = 5 };
struct party_bind { /* where it listens */
    enum proto proto;
    struct addr local;
};

struct party {
    enum party_kind kind;
    enum proto proto;     /* of its first bind, as link and local are */
    bool up;              /* not stopped, not crashed */
    uint32_t number;      /* of the world */
    struct handle handle; /* in the table of its kind */
    struct handle link;
    struct addr local;
    struct party_bind binds[PARTY_BINDS_MAX];
    size_t bind_count;
    uint64_t keepalive_us; /* between pings of a connection that it opened; 0: none */
    bool plain;            /* by TLS it is reached as sip:…;transport=tls */
    struct view name;
    struct view uri; /* its address of record */
    struct agents *agents;
    struct inbox inbox;
    struct party_security security;
};

struct party_options {
    struct view name;
    struct view uri;     /* absent: sip:NAME@ADDRESS */
    struct addr address; /* family 0: the network's choice; port 0: a free one */
    bool ipv6;
    enum proto proto;
    enum proto others[PARTY_BINDS_MAX - 1]; /* where it listens, too */
    size_t other_count;
    uint16_t other_port; /* of those; 0: that of address */
    bool plain;          /* its own URIs by TLS are no sips: it was not asked for by name */
    uint64_t keepalive_us;
    struct security_options security;
};

/* Whether it can be a name: letters, digits and "_", a letter first, not reserved, not there yet.
 * NULL: it can; else why not, with a mend. */
const char *party_name_wrong(const struct agents *agents, struct view name);
/* Where it listens by that transport; NULL: nowhere. */
const struct party_bind *party_bind_of(const struct party *party, enum proto proto);
/* "sip:bob@192.0.2.2;transport=tcp": where it is reached by that transport, whoever it says it is;
 * by its first one where it has no such. */
void party_uri_write(const struct party *party, enum proto proto, struct buf *buf);
/* Common fields and the sockets; the party is the world's already. */
enum err party_open(struct party *party, const struct party_options *options) NODISCARD;
