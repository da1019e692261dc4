/* A DNS zone in memory, and what a resolver would answer from it.
 *
 *     enum err err = zone_name_add(&zone, V("example.com"), &name);
 *     err = zone_record_add(name, &record);
 *     zone_ask(&zone, V("EXAMPLE.com"), DNS_A, &reply);
 */
#pragma once
#include "core/net/net.h"

enum { DNS_OK = 0, DNS_SERVFAIL = 2, DNS_NXDOMAIN = 3, DNS_REFUSED = 5 }; /* rcodes, RFC 1035 */
enum { ZONE_RECORDS_MAX = 128 }; /* of a name, and in a reply */

struct zone_name {
    struct view name; /* in lower case, without a dot at the end */
    struct dns_record *records;
    size_t record_count;
    uint64_t delay_us; /* before it is answered */
    uint32_t rcode;    /* not DNS_OK: that is the answer */
    bool silent;       /* there is none: it times out */
};

struct zone_item;
struct zone { /* zeroed: it knows nothing, and says so */
    struct zone_item *items;
};

/* A new one without records, in the place of what was there. SYNTAX: that is no name. MEMORY. */
enum err zone_name_add(struct zone *zone, struct view name, struct zone_name **out) NODISCARD;
/* Copies it; its owner is the name. LIMIT, MEMORY. */
enum err zone_record_add(struct zone_name *name, const struct dns_record *record) NODISCARD;
void zone_name_remove(struct zone *zone, struct view name);
const struct zone_name *zone_find(const struct zone *zone, struct view name); /* NULL */
/* In the order in which they were added; begin with NULL. NULL: no more. */
const struct zone_name *zone_next(const struct zone *zone, const struct zone_name *name);
void zone_deinit(struct zone *zone);

struct zone_reply {
    uint32_t rcode;
    uint64_t delay_us;
    bool silent;
    struct dns_record records[ZONE_RECORDS_MAX]; /* their views: the zone's, until it changes */
    size_t record_count;
};
/* With the CNAMEs on the way to the records, as far as the zone knows them, RFC 1034 §4.3.2. The
 * first name with a delay, a failure or silence decides. */
void zone_ask(const struct zone *zone, struct view name, uint16_t type, struct zone_reply *out);
