/* The device of a target that names a program: started for the first scenario that needs it, reset
 * between scenarios, ended with the run.
 *
 *     if (!target_process_prepare(&process, target))
 *         say(buf_view(&process.complaint));
 */
#pragma once
#include "harness/host/child.h"
#include "harness/target/target.h"

struct target_process { /* zeroed */
    struct child child;
    bool used;   /* a scenario has run */
    bool failed; /* it cannot be started, and is not tried again */
    struct buf complaint;
};

/* Before each scenario. False: the environment is not what it has to be; complaint says why. */
bool target_process_prepare(struct target_process *process, const struct target *target);
/* After it: true: the program has ended by itself; complaint says how. */
bool target_process_gone(struct target_process *process, const struct target *target);
void target_process_deinit(struct target_process *process);
