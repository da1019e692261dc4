/* One worker process and its two pipes.
 *
 *     enum err err = process_fork(&process, &ends);
 *     if (err == ERR_OK && process.pid == 0)
 *         work(ends.in, ends.out);
 */
#pragma once
#include "core/core.h"

#include <sys/types.h>

struct process {
    pid_t pid; /* 0: none, or we are it */
    int in;    /* we write its jobs to it */
    int out;   /* we read its frames from it */
};

struct process_ends { /* the child's */
    int in, out;
};

struct process_end { /* how it came to its end */
    int signal, status;
};

/* Returns twice: in the child with pid 0 and its ends. It dies with its parent, has a limit of
 * memory, and the parent's signals are blocked in it. */
enum err process_fork(struct process *process, struct process_ends *ends) NODISCARD; /* IO */
_Noreturn void process_exit(void); /* of a child, in good order */
void process_tell(struct process *process, struct view bytes);
void process_dismiss(struct process *process); /* no more jobs: it may go */
struct process_end process_end_of(int status); /* as waitpid gives it */
/* "exit code 3", "signal 11 (Segmentation fault)". */
void process_end_write(struct buf *out, const struct process_end *end);
/* Waits for its end; kill: makes it end. */
struct process_end process_end(struct process *process, bool kill);
void process_forget(struct process *process); /* closes our ends, in a child that inherited them */
