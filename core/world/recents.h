/* The last datagrams of a real network, by what can be seen of them: which event a datagram comes
 * from when both ends are ours, and whether a device sent the same one before.
 *
 *     enum err err = recents_add(&recents, &recent);
 *     struct recent *recent = recents_match(&recents, &source, &target, bytes_hash);
 */
#pragma once
#include "core/base.h"

struct recent {
    struct addr source, target;
    uint64_t bytes_hash, seq, copy_of, at_us;
    struct blob *bytes; /* NULL: not kept */
    bool matched;       /* it arrived */
    bool awaited;       /* its target is ours */
    bool intended;
};

struct recents { /* zeroed: empty */
    struct recent *items;
    uint64_t count; /* ever added */
};

enum err recents_add(struct recents *recents,
                     const struct recent *recent) NODISCARD; /* takes its own reference; MEMORY */
/* The oldest that did not arrive yet, else the newest that did; NULL: none. */
struct recent *recents_match(const struct recents *recents, const struct addr *source,
                             const struct addr *target, uint64_t bytes_hash);
/* The newest from there to there, whatever its bytes; NULL: none. */
struct recent *recents_last(const struct recents *recents, const struct addr *source,
                            const struct addr *target);
uint32_t recents_open(const struct recents *recents,
                      uint64_t since_us); /* awaited, sent since then */
void recents_deinit(struct recents *recents);
uint64_t bytes_hash(struct view bytes); /* fast; for one run of the program */
