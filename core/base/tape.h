/* The decisions that chance takes for the network, by name and not by position: a tape can be
 * replayed, edited and shrunk without moving what it does not mention.
 *
 *     tape_choose(tape, V("alice>bob loss"), 1000000, 50000, &choice);
 *     if (choice.value != 0)
 *         drop();
 */
#pragma once
#include "core/base/rng.h"
#include "core/base/err.h"

struct choice {
    uint64_t id;           /* of (stream, key, n): the same in every run with this seed */
    uint32_t bound, value; /* 0 <= value < bound; 0 is always the benign one */
};

struct tape;
/* forced: decisions by id whose value is given (copied). only_forced: all others are benign. */
enum err tape_create(struct rng stream, const struct choice *forced, size_t count, bool only_forced,
                     struct tape **out) NODISCARD;
void tape_destroy(struct tape *tape);
/* The next decision for key. With chance_ppm (parts of a million) it is one of 1 .. bound-1, all
 * alike; else 0. On ERR_MEMORY nothing was decided. */
enum err tape_choose(struct tape *tape, struct view key, uint32_t bound, uint32_t chance_ppm,
                     struct choice *out) NODISCARD;
/* The n-th decision for key, where the caller counts (messages of a link, say), so that what is not
 * asked moves no other. */
struct choice tape_choose_at(const struct tape *tape, struct view key, uint64_t n, uint32_t bound,
                             uint32_t chance_ppm);
