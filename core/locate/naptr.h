/* What NAPTR records say about transports, RFC 3263 §4.1.
 *
 *     size_t count = naptr_select(records, record_count, protos, secure, services);
 */
#pragma once
#include "core/net/net.h"

enum { LOCATE_SERVICES_MAX = 8 };

struct service { /* a transport, and the name whose SRV records say where */
    enum proto proto;
    struct view name;
};

/* Those of the lowest order that has any for us, by preference. protos: bits 1 << proto of what we
 * speak; secure: only what TLS protects. The names are the records'. Gives their number. */
size_t naptr_select(const struct dns_record *records, size_t count, uint32_t protos, bool secure,
                    struct service out[LOCATE_SERVICES_MAX]);
