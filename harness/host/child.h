/* A program that a target names: it is started, looked after, and ended with us.
 *
 *     struct child_options options = {.argv = argv, .folder = "suite"};
 *     enum err err = child_start(&child, &options, &complaint);
 *     while (!child_ended(&child, &end))
 *         wait_a_little();
 *     child_said(&child, &complaint);
 *     child_stop(&child);
 */
#pragma once
#include "harness/host/process.h"

struct child { /* zeroed: none */
    pid_t pid;
    pid_t group;  /* it, and what it has started */
    pid_t watch;  /* ends the group when we die; 0: nobody does */
    int lifeline; /* of the watch */
    bool logged;
    int log; /* what it said; outlasts it */
};

struct child_options {
    const char *const *argv; /* NULL at its end */
    const char *folder;      /* NULL: this one */
    struct view input;       /* what it reads; absent: nothing */
};

/* What it says is kept. ERR_IO: it cannot be run, complaint says why. It dies with us, however we
 * die, and with it what it has started. */
enum err child_start(struct child *child, const struct child_options *options,
                     struct buf *complaint) NODISCARD;
/* Whether it has come to its end by now, and how. */
bool child_ended(struct child *child, struct process_end *out);
/* The same, and its end is there to be asked for by child_ended still. */
bool child_gone(const struct child *child);
/* Waits for that; false: it is still there after so long, and was stopped. */
bool child_wait(struct child *child, uint64_t limit_us, struct process_end *out);
/* The last lines of what it has said so far, 2 KiB at most; appended. */
void child_said(const struct child *child, struct buf *out);
/* The same as a clause, `; it said last: "…"`, in one line that is short; nothing where it said
 * nothing. */
void child_said_write(const struct child *child, struct buf *out);
/* Of one that runs for long: lets go of what it said long ago. */
void child_trim(const struct child *child);
/* Asks it to end, and the programs that it has started; after two seconds they are ended. */
void child_stop(struct child *child);
/* Of one that has ended by itself: ends what it had started and left behind. */
void child_sweep(const struct child *child);
/* And what it said is let go of. */
void child_close(struct child *child);
