/* Whether a device is there by now: it answers OPTIONS, whatever it says.
 *
 *     enum err err = ready_wait(target, &child, limit_us, &complaint);
 */
#pragma once
#include "harness/host/child.h"
#include "harness/target/target.h"

/* Asks at target->ready until there is an answer. ERR_IO: there was none within that time, or the
 * child has ended meanwhile: complaint is one sentence. */
enum err ready_wait(const struct target *target, struct child *child, uint64_t limit_us,
                    struct buf *complaint) NODISCARD;
