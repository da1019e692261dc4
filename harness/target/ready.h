/* Whether a device is there: it answers OPTIONS, whatever it says.
 *
 *     if (ready_wait(target, &child, limit_us, &complaint) == ERR_OK)
 */
#pragma once
#include "harness/host/child.h"
#include "harness/target/target.h"

/* Before its program is started: nobody else listens there, who would be taken for it.
 * ERR_CONFLICT: complaint is one sentence. */
enum err ready_vacant(const struct target *target, struct buf *complaint) NODISCARD;
/* A program that was started: asks until there is an answer. ERR_IO: there was none within that
 * time, or the child has ended meanwhile: complaint is one sentence. */
enum err ready_wait(const struct target *target, struct child *child, uint64_t limit_us,
                    struct buf *complaint) NODISCARD;
/* One that is there already: asks once. child: its program, which may end meanwhile; NULL: it is
 * nobody's. ERR_IO: it is not there: complaint says what was tried.
 * Some answer no OPTIONS; a target of sipwright.lua says so (ready = false). Of one that is named
 * on the command line silence proves something only where a scenario has not heard of it either:
 * mute.
 */
enum err ready_ask(const struct target *target, struct child *child, bool mute,
                   struct buf *complaint) NODISCARD;
