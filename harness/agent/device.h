/* The device under test, as far as it is known: where it is, and how it is called.
 *
 *     enum err err = device_create(agents, &options, &device);
 */
#pragma once
#include "harness/agent/party.h"

struct device {
    struct party party; /* name "dut"; uri and local address as the target says */
};

struct device_options {
    struct view name, uri;
    struct addr addr; /* its signalling address */
};
enum err device_create(struct agents *agents, const struct device_options *options,
                       struct device **out) NODISCARD;
