/* One lookup: from a host to addresses, stage by stage.
 *
 *     lookup_start(lookup);
 *     lookup_answered(lookup, question);
 *     enum located located = lookup_take(lookup, &target);
 */
#pragma once
#include "core/locate/locate.h"
#include "core/locate/naptr.h"
#include "core/locate/questions.h"

enum stage { STAGE_NAPTR, STAGE_SRV, STAGE_HOSTS };
enum { LOOKUP_HOSTS_MAX = 32, LOOKUP_ADDRS_MAX = 16, LOOKUP_WANTS_MAX = 2 * LOOKUP_HOSTS_MAX };

struct want {        /* a question of this lookup that is not answered */
    uint32_t number; /* 0: not open */
    uint16_t type;
    uint16_t index; /* of the service or host that it is for */
    uint8_t hops;   /* CNAMEs so far */
};

struct answers { /* to the SRV question of a service */
    bool known, refused;
    struct dns_record *records; /* in the order in which they are tried */
    size_t count;
};

struct host {
    struct view name;
    enum proto proto;
    uint16_t port;
    uint32_t open; /* questions */
    struct addr addrs[LOOKUP_ADDRS_MAX];
    uint32_t addr_count, ip6_count; /* IPv6 first */
};

struct lookup {
    struct handle self;
    struct lookup *next, *previous, *next_ready;
    struct questions *questions;
    struct rng rng;
    uint64_t number; /* of the stack's lookups: names its draws */
    struct locate_owner owner;
    uint64_t now_us;
    struct locate_ask ask; /* its own */
    enum stage stage;
    struct service services[LOCATE_SERVICES_MAX];
    struct answers answers[LOCATE_SERVICES_MAX];
    size_t service_count;
    struct host *hosts;
    uint32_t host_count, host_index, addr_index;
    struct want wants[LOOKUP_WANTS_MAX];
    uint32_t want_count;
    bool waits;      /* its user was told to wait */
    enum err failed; /* memory or a limit: it goes on as if nothing had been found */
    struct arena texts;
};

enum err lookup_start(struct lookup *lookup) NODISCARD; /* ABSENT, MEMORY */
void lookup_answered(struct lookup *lookup, const struct question *question);
enum located lookup_take(struct lookup *lookup, struct locate_target *out);
bool lookup_waits(const struct lookup *lookup); /* lookup_take would say so */
