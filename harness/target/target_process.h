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
    bool ran;    /* else the device was not even looked for */
    bool green;  /* else it may have died of it */
    bool mute;   /* nothing at all came from it */
    bool untidy; /* it did not answer when we ended what was still up */
};

struct target_process { /* zeroed */
    struct child child;
    bool used;  /* a scenario has run */
    bool there; /* it has been heard of, and nothing speaks against it since */
    bool gone;  /* it has not answered when it was asked behind the last scenario */
    bool mute;  /* as above */
    bool untidy;
    bool failed;      /* it is not to be had, and not tried again; said once */
    struct buf heard; /* the scenario in which it was heard of last */
    struct buf since; /* the one after which it was not heard of any more */
    struct buf complaint;
};

/* Before each scenario. False: the environment is not what it has to be; complaint says why. */
bool target_process_prepare(struct target_process *process, const struct target *target);
/* After each. True: its program has ended by itself, or it does not answer any more; complaint says
 * how. A program of ours is asked after each, so that the scenario that killed it is the one that
 * is named; nobody's only after one that is not green. */
bool target_process_after(struct target_process *process, const struct target *target,
                          const struct target_past *past);
/* The end of the run. What the last scenario left there is reset. */
void target_process_end(struct target_process *process, const struct target *target);
