/* Where a SIP URI is to be found, RFC 3263: transport, address and port, one target after another.
 * It does no I/O: questions for the DNS come out, answers go in, and what was answered is kept as
 * long as its TTL says.
 *
 *     enum err err = locate_begin(locate, now_us, &ask, &lookup);
 *     while (locate_question(locate, &question))
 *         carry_out(&question);
 *     if (locate_take(locate, lookup, &target) == LOCATED)
 *         send(&target);
 *
 * sip:bob@example.com asks NAPTR example.com, which says that TCP is preferred, then SRV
 * _sip._tcp.example.com, then A of all targets at once. locate_take gives the first target as soon
 * as its own address is there, whatever is known of the others; it WAITS where it is not, and then
 * locate_ready names the lookup once it goes on. When a target has failed, the next one is taken.
 * A numeric host needs no question: it is LOCATED at once.
 */
#pragma once
#include "core/net/net.h"

struct locate_ask {
    struct view host; /* to be found: a name, or an address with or without brackets */
    struct view name; /* the domain that a certificate has to be for: the URI's host, whatever
                         maddr says; empty: none, the host is an address */
    uint16_t port;    /* 0: none was named */
    bool secure;      /* sips: TLS, or WebSocket over it, and nothing else */
    bool named;       /* proto is what the URI says; else what we would rather use */
    enum proto proto;
    uint32_t ip4, ip6; /* bits 1 << proto: what we have an address for */
    bool response;     /* RFC 3263 §5: sent-by of a Via; no NAPTR */
};

struct locate_target {
    enum proto proto;
    struct addr addr;
    struct view name; /* as it was asked for, not what SRV said: RFC 5922 §7.3. As long as the
                         lookup */
};

struct locate_question {
    uint32_t number; /* by which the answer comes back; never 0 */
    struct view name;
    uint16_t type; /* DNS_A … */
};

uint16_t locate_port(enum proto proto); /* where none is named: 5060, 5061; 80, 443 (RFC 7118) */

struct locate;
struct locate_options {
    struct rng rng;       /* RFC 2782 weights */
    uint32_t last_number; /* questions are numbered from the next one on: no answer to who had this
                             party's place before is taken for one to it */
    uint32_t lookup_limit, question_limit; /* 0: 65,536; 4,096 */
};
enum err locate_create(const struct locate_options *options, struct locate **out) NODISCARD;
void locate_destroy(struct locate *locate); /* NULL is fine */

/* Copies what it is given. ABSENT: it can never be found: a transport that we do not have or that
 * does not fit the scheme, a host that is no name. LIMIT, MEMORY. */
enum err locate_begin(struct locate *locate, uint64_t now_us, const struct locate_ask *ask,
                      struct handle *out) NODISCARD;
enum located { LOCATED, LOCATE_WAITS, LOCATE_NONE };
/* The next target; NONE: there are no more. */
enum located locate_take(struct locate *locate, struct handle lookup, struct locate_target *out);
void locate_end(struct locate *locate, struct handle lookup); /* stale: nothing happens */

struct locate_owner { /* for whom it is: its user's words */
    struct handle object;
    uint32_t kind;
};
void locate_own(struct locate *locate, struct handle lookup, struct locate_owner owner);
void locate_wake(struct locate *locate, struct handle lookup); /* it is ready, whatever is known */

bool locate_question(struct locate *locate, struct locate_question *out); /* until false */
/* An answer to one of them: PACKET_ANSWER. One that nobody waits for is passed over. MEMORY: it is
 * as if nothing had been found. */
enum err locate_answer(struct locate *locate, uint64_t now_us,
                       const struct packet *answer) NODISCARD;
/* Lookups that waited and go on now, in the order in which they began; until false. */
bool locate_ready(struct locate *locate, struct handle *out_lookup, struct locate_owner *out_owner);

uint32_t locate_count(const struct locate *locate);     /* lookups */
uint32_t locate_questions(const struct locate *locate); /* asked, or known */
