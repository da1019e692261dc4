#include "harness/host/child.h"

#include "harness/host/clock.h"
#include "harness/host/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STOP_US = 2000000, ROUND_MS = 5 };

/* Between fork and exec; what fails goes to the pipe as a number. */
_Noreturn static void become(const char *const *argv, const char *folder, pid_t parent, int told)
{
    sigset_t none;
    int null = open("/dev/null", O_RDWR);

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0); /* it went between the fork and the line above */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    if (folder == NULL || chdir(folder) == 0)
        execvp(argv[0], (char *const *)(uintptr_t)argv);
    int why = errno;
    ssize_t wrote = write(told, &why, sizeof why);
    _exit(wrote == (ssize_t)sizeof why ? 127 : 126);
}

/* 0: it runs; else why it does not. */
static int outcome(int told)
{
    int why = 0;
    ssize_t got;

    do
        got = read(told, &why, sizeof why);
    while (got < 0 && errno == EINTR);
    close(told);
    return got == (ssize_t)sizeof why ? why : 0;
}

enum err child_start(struct child *child, const char *const *argv, const char *folder,
                     struct buf *complaint)
{
    int told[2];

    if (!pipe_open(told)) {
        buf_printf(complaint, "'%s' cannot be run: %s", argv[0], strerror(errno));
        return ERR_IO;
    }
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(argv, folder, parent, told[1]);
    close(told[1]);
    int why = outcome(told[0]);
    if (pid > 0 && why == 0) {
        child->pid = pid;
        return ERR_OK;
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
    buf_printf(complaint, "'%s' cannot be run: %s", argv[0], strerror(pid < 0 ? errno : why));
    return ERR_IO;
}

bool child_ended(struct child *child, struct process_end *out)
{
    int status;

    if (child->pid == 0 || waitpid(child->pid, &status, WNOHANG) != child->pid)
        return false;
    child->pid = 0;
    *out = process_end_of(status);
    return true;
}

void child_stop(struct child *child)
{
    struct process_end end;
    uint64_t began_us = clock_wall_us();

    if (child->pid == 0)
        return;
    kill(-child->pid, SIGTERM);
    while (!child_ended(child, &end) && clock_wall_us() < began_us + STOP_US)
        poll(NULL, 0, ROUND_MS);
    if (child->pid == 0)
        return;
    kill(-child->pid, SIGKILL);
    waitpid(child->pid, NULL, 0);
    child->pid = 0;
}

bool child_wait(struct child *child, uint64_t limit_us, struct process_end *out)
{
    uint64_t began_us = clock_wall_us();

    while (!child_ended(child, out)) {
        if (clock_wall_us() >= began_us + limit_us) {
            child_stop(child);
            return false;
        }
        poll(NULL, 0, ROUND_MS);
    }
    return true;
}

void process_end_write(struct buf *out, const struct process_end *end)
{
    if (end->signal != 0)
        buf_printf(out, "signal %d (%s)", end->signal, strsignal(end->signal));
    else
        buf_printf(out, "exit code %d", end->status);
}
