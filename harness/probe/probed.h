/* What a device has answered, and the same as lines for people.
 *
 *     struct probed probed = {.target = &target, .places = places, .answers = answers, …};
 *     probed_write(&text, &probed, "");
 */
#pragma once
#include "harness/probe/places.h"
#include "harness/target/target.h"

struct probed {
    const struct target *target; /* its URI, as it was given */
    struct view name;            /* of the target in the draft */
    const struct ask_place *places;
    const struct ask_answer *answers;
    size_t count;
};

const struct ask_answer *probed_first(const struct probed *probed); /* answered; NULL: none did */
/* A line for each place, and what the answers say of the device; each begins with `head`. */
void probed_write(struct buf *out, const struct probed *probed, const char *head);
