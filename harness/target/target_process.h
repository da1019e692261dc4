/* The device of a target while a run lasts: it is started if it names a program, asked whether it
 * is there, reset between scenarios, started again when it has died, and ended with the run.
 *
 *     if (target_process_prepare(&process, target))
 *         run(scenario);
 *     target_process_after(&process, target, &past);
 */
#pragma once
#include "harness/host/child.h"
#include "harness/target/target.h"

struct target_past { /* how a scenario went, as far as the device goes */
    struct view id;
    bool green;  /* else it may have died of it */
    bool mute;   /* nothing at all came from it */
    bool untidy; /* it did not answer when we ended what was still up */
};

struct target_process { /* zeroed */
    struct child child;
    bool used;  /* a scenario has run */
    bool there; /* it has been heard of, and nothing speaks against it since */
    bool mute;  /* as above */
    bool untidy;
    bool failed;      /* it is not to be had, and not tried again; said once */
    struct buf since; /* the scenario after which it was not heard of any more */
    struct buf complaint;
};

/* Before each scenario. False: the environment is not what it has to be; complaint says why. */
bool target_process_prepare(struct target_process *process, const struct target *target);
/* After each. True: its program has ended by itself; complaint says how. */
bool target_process_after(struct target_process *process, const struct target *target,
                          const struct target_past *past);
/* The end of the run. What the last scenario left there is reset. */
void target_process_end(struct target_process *process, const struct target *target);
