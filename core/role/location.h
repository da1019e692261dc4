/* Who is reachable where: the bindings of addresses-of-record, RFC 3261 §10.3. Pure data, shared by
 * the registrar that changes it and the proxies that look things up.
 *
 *     const struct sip_binding *b = location_find(location, now_us, &address);
 *     for (; b != NULL; b = b->next)
 *         try(b->contact);
 */
#pragma once
#include "core/message/uri.h"
#include "core/net/net.h"

struct sip_binding { /* all borrowed from the location, until it changes */
    struct sip_binding
        *next;           /* of the same address, in order of q, the newest first among equals */
    struct view contact; /* a URI */
    struct view
        params; /* of the Contact value, but for what the registrar says: ";q=0.5;+sip.flow" */
    struct view instance; /* "+sip.instance" without quotes; absent: none */
    struct view call_id;
    struct view *path; /* values, the first is the next hop: RFC 3327 §5.3 */
    size_t path_count;
    uint32_t cseq;
    uint32_t reg_id;               /* of a flow, RFC 5626; 0: none */
    uint32_t q_permille;           /* without "q": 1000 */
    uint64_t since_us, expires_us; /* the instants */
    struct addr source;            /* where the REGISTER came from, and by which connection */
    struct handle link;
    const void *holder; /* whose connection that is */
    enum proto proto;
    bool lost; /* as that connection is, which it went by; the location's own, as what follows */
    struct location_flow *flow; /* NULL: it is no matter by which connection */
    struct sip_binding *flow_before, *flow_after;
};

struct location_options {
    uint32_t address_limit; /* 0: 100,000 */
    uint32_t binding_limit; /* of one address; 0: 64 */
    uint64_t secret;        /* of its temporary GRUUs */
};

struct location;
enum err location_create(const struct location_options *options, struct location **out) NODISCARD;
struct location *location_ref(struct location *location);
void location_unref(struct location *location); /* NULL is fine */

/* The bindings of an address that have not expired; NULL: none. The address is compared in its
 * canonical form: without parameters, unescaped (RFC 3261 §10.3, step 5). */
const struct sip_binding *location_find(struct location *location, uint64_t now_us,
                                        const struct sip_uri *address);
/* Somebody is or was there, and has not left: his time is not over, though his connections are. */
bool location_knows(struct location *location, uint64_t now_us, const struct sip_uri *address);
/* RFC 5627: a URI with "gr" is of one instance of a user agent. */
bool gruu_is(const struct sip_uri *uri);
/* The binding that a GRUU leads to; NULL: its instance is not there now. ERR_ABSENT: it is no GRUU
 * of this location, or none any more. ERR_MEMORY. */
enum err location_find_gruu(struct location *location, uint64_t now_us, const struct sip_uri *uri,
                            const struct sip_binding **out) NODISCARD;
/* Those of a binding that has an instance: the public one, and another temporary one each time. */
void gruu_write_public(struct buf *buf, const struct sip_uri *address,
                       const struct sip_binding *binding);
enum err gruu_write_temporary(struct location *location, struct buf *buf,
                              const struct sip_uri *address,
                              const struct sip_binding *binding) NODISCARD;
void location_clear(struct location *location);           /* of all bindings */
uint32_t location_count(const struct location *location); /* addresses; expired ones too */

struct location_contact { /* one value of Contact */
    const struct sip_name_addr *value;
    uint32_t expires_s; /* 0: remove it */
};

struct location_update { /* what one REGISTER wants */
    const struct sip_uri *address;
    struct view call_id;
    uint32_t cseq;
    bool all;   /* "*": remove every binding; no contacts then */
    bool flows; /* "reg-id" counts, RFC 5626 §6 */
    const struct location_contact *contacts;
    size_t contact_count;
    const struct view *path;
    size_t path_count;
    struct addr source;
    struct handle link;
    const void *holder; /* the stack that took it */
    enum proto proto;
};

/* All of it or nothing, RFC 3261 §10.3 steps 6 and 7. ERR_CONFLICT: of this Call-ID something newer
 * is known; ERR_LIMIT: too many; ERR_MEMORY. */
enum err location_update(struct location *location, uint64_t now_us,
                         const struct location_update *update) NODISCARD;
/* Nothing gets there any more: the bindings that go by it have ended, of whatever address (RFC 5626
 * §7). */
struct location_lost {
    enum proto proto;
    struct handle link; /* of a connection */
    struct addr remote;
};
void location_flow_lost(struct location *location, const struct location_lost *lost);
