#include "harness/host/process.h"
#include "harness/host/pipe.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of one worker, beyond what its own limits allow a scenario: the net under a fault of ours. */
#define MEMORY_MOST (UINT64_C(6) << 30)

#if defined(__SANITIZE_ADDRESS__)
#define SHADOWED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SHADOWED 1
#endif
#endif
#ifndef SHADOWED
#define SHADOWED 0 /* an address sanitizer maps terabytes that it never uses */
#endif

#if defined(SIPWRIGHT_COUNTED)
#define COUNTED 1
#else
#define COUNTED 0
#endif

static void child_limit(pid_t parent)
{
    struct rlimit memory = {.rlim_cur = MEMORY_MOST, .rlim_max = MEMORY_MOST};
    struct rlimit core = {0};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0); /* it went between the fork and the line above */
    setrlimit(RLIMIT_CORE, &core);
    if (!SHADOWED)
        setrlimit(RLIMIT_DATA, &memory);
}

static void pair_close(const int pair[2])
{
    close(pair[0]);
    close(pair[1]);
}

enum err process_fork(struct process *process, struct process_ends *ends)
{
    int jobs[2], frames[2];
    pid_t parent = getpid();

    if (!pipe_open(jobs))
        return ERR_IO;
    if (!pipe_open(frames)) {
        pair_close(jobs);
        return ERR_IO;
    }
    pid_t pid = fork();
    if (pid < 0) {
        pair_close(jobs);
        pair_close(frames);
        return ERR_IO;
    }
    if (pid == 0) {
        child_limit(parent);
        close(jobs[1]);
        close(frames[0]);
        *ends = (struct process_ends){.in = jobs[0], .out = frames[1]};
        *process = (struct process){0};
        return ERR_OK;
    }
    close(jobs[0]);
    close(frames[1]);
    *process = (struct process){.pid = pid, .in = jobs[1], .out = frames[0]};
    return ERR_OK;
}

void process_exit(void)
{
    if (SHADOWED || COUNTED)
        exit(0); /* with the sanitizer's check for leaks, or the counts of what ran */
    _exit(0);
}

void process_tell(struct process *process, struct view bytes)
{
    if (!pipe_write(process->in, bytes))
        return; /* it is gone, which its end of file tells */
}

void process_dismiss(struct process *process)
{
    if (process->pid != 0 && process->in >= 0) {
        close(process->in);
        process->in = -1;
    }
}

struct process_end process_end_of(int status)
{
    return WIFSIGNALED(status) ? (struct process_end){.signal = WTERMSIG(status)}
                               : (struct process_end){.status = WEXITSTATUS(status)};
}

void process_end_write(struct buf *out, const struct process_end *end)
{
    if (end->signal != 0)
        buf_printf(out, "signal %d (%s)", end->signal, strsignal(end->signal));
    else
        buf_printf(out, "exit code %d", end->status);
}

struct process_end process_end(struct process *process, bool kill_it)
{
    int status = 0;

    process_dismiss(process);
    if (kill_it)
        kill(process->pid, SIGKILL);
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(process->out);
    *process = (struct process){0};
    return process_end_of(status);
}

void process_forget(struct process *process)
{
    if (process->pid == 0)
        return;
    process_dismiss(process);
    close(process->out);
    *process = (struct process){0};
}
