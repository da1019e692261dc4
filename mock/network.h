/* The simulated network: virtual time jumps to the next thing that happens.
 *
 *     enum err err = mock_create(&options, &driver);
 *     driver->ops->bind(driver, party, PROTO_UDP, &addr, &link);
 *     driver->ops->destroy(driver);
 *
 * Each party is a host: unless bind names an address, party n gets 10.0.0.n (fd00::n) and the first
 * free port from 5060 on. A link has latency (1 ms each way by itself) and a rate; what else may
 * befall a datagram is the loop's to decide (core/world). Nobody at an address: the sender hears
 * that it was refused, or unreachable where no such host is, after the way back.
 */
#pragma once
#include "core/core.h"

struct mock_options {
    struct order *order;  /* NULL: the mock has its own, until the world puts its own there */
    uint32_t queue_limit; /* most packets under way; 0: 1,000,000 */
};
enum err mock_create(const struct mock_options *options, struct driver **out) NODISCARD;
