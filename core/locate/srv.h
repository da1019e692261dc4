/* SRV records in the order in which they are to be tried, RFC 2782.
 *
 *     srv_sort(records, count, rng, key, n);
 */
#pragma once
#include "core/net/net.h"

/* By priority; among equal ones by draws that their weights bias. key and n name the draws. */
void srv_sort(struct dns_record *records, size_t count, struct rng rng, struct view key,
              uint64_t n);
