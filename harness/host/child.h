/* A program that a target names: it is started, looked after, and ended with us.
 *
 *     enum err err = child_start(&child, argv, "suite", &complaint);
 *     while (!child_ended(&child, &end))
 *         wait_a_little();
 *     child_stop(&child);
 */
#pragma once
#include "harness/host/process.h"

struct child { /* zeroed: none */
    pid_t pid;
};

/* In that folder (NULL: this one), with no input; what it says goes nowhere. ERR_IO: it cannot be
 * run, complaint says why. It dies with us. */
enum err child_start(struct child *child, const char *const *argv, const char *folder,
                     struct buf *complaint) NODISCARD;
/* Whether it has come to its end by now, and how. */
bool child_ended(struct child *child, struct process_end *out);
/* Waits for that; false: it is still there after so long, and was stopped. */
bool child_wait(struct child *child, uint64_t limit_us, struct process_end *out);
/* Asks it to end, and the programs that it has started; after two seconds they are ended. */
void child_stop(struct child *child);
/* "exit code 3", "signal 11 (Segmentation fault)". */
void process_end_write(struct buf *out, const struct process_end *end);
