#include "harness/host/child.h"

#include "harness/host/clock.h"
#include "harness/host/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STOP_US = 2000000, ROUND_MS = 5 };
enum { SAID_MOST = 2048, CLAUSE_MOST = 240, LOG_MOST = 1 << 20 };

/* Between fork and exec; what fails goes to the pipe as a number. */
_Noreturn static void become(const struct child_options *options, pid_t parent, int in, int log,
                             int told)
{
    sigset_t none;

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0); /* it went between the fork and the line above */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    dup2(in, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    if (options->folder == NULL || chdir(options->folder) == 0)
        execvp(options->argv[0], (char *const *)(uintptr_t)options->argv);
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

/* Bytes in memory that a program may read or write as a file. */
static int memory_file(struct view bytes, int flags)
{
    int fd = memfd_create("sipwright", MFD_CLOEXEC);

    if (fd < 0)
        return -1;
    if (pipe_write(fd, bytes) && lseek(fd, 0, SEEK_SET) == 0 && fcntl(fd, F_SETFL, flags) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Reads until nobody holds the other end any more, which is when we are gone. */
_Noreturn static void stand_watch(pid_t group, int lifeline)
{
    char byte;

    setpgid(0, 0); /* what is typed at the terminal is for us */
    dup2(lifeline, STDIN_FILENO);
    close_range(STDOUT_FILENO, ~0U, 0); /* else others would wait for its end instead of ours */
    while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
        continue;
    kill(-group, SIGKILL);
    _exit(0);
}

/* A child that is killed takes its first program along, but not what that has started. */
static void watch_begin(struct child *child)
{
    int ends[2];

    if (!pipe_open(ends))
        return;
    pid_t pid = fork();
    if (pid == 0)
        stand_watch(child->group, ends[0]);
    close(ends[0]);
    if (pid < 0) {
        close(ends[1]);
        return;
    }
    child->watch = pid;
    child->lifeline = ends[1];
}

static void watch_end(struct child *child)
{
    if (child->watch == 0)
        return;
    kill(child->watch, SIGKILL);
    waitpid(child->watch, NULL, 0);
    close(child->lifeline);
    child->watch = 0;
}

void child_sweep(const struct child *child)
{
    if (child->group != 0)
        kill(-child->group, SIGKILL);
}

/* 0: it runs; else why it does not. */
static int child_fork(struct child *child, const struct child_options *options, int in, int log)
{
    int told[2];

    if (in < 0 || log < 0 || !pipe_open(told))
        return errno;
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(options, parent, in, log, told[1]);
    int why = pid < 0 ? errno : 0;
    close(told[1]);
    int refused = outcome(told[0]);
    if (pid > 0 && refused == 0) {
        child->pid = child->group = pid;
        watch_begin(child);
    } else if (pid > 0) {
        waitpid(pid, NULL, 0);
    }
    return why != 0 ? why : refused;
}

enum err child_start(struct child *child, const struct child_options *options,
                     struct buf *complaint)
{
    child_close(child);
    int in = memory_file(options->input, 0), log = memory_file(V(""), O_APPEND);
    int why = child_fork(child, options, in, log);
    if (in >= 0)
        close(in);
    if (why == 0) {
        child->log = log;
        child->logged = true;
        return ERR_OK;
    }
    if (log >= 0)
        close(log);
    buf_printf(complaint, "'%s' cannot be run: %s", options->argv[0], strerror(why));
    return ERR_IO;
}

void child_said(const struct child *child, struct buf *out)
{
    char room[SAID_MOST];
    off_t len = child->logged ? lseek(child->log, 0, SEEK_END) : 0;
    off_t from = len > SAID_MOST ? len - SAID_MOST : 0;
    ssize_t got = len > 0 ? pread(child->log, room, sizeof room, from) : 0;

    if (got <= 0)
        return;
    struct view said = {room, (size_t)got};
    if (from > 0) /* not from the middle of a line */
        said = view_skip(said, view_find_char(said, '\n') + 1);
    buf_add(out, said);
}

static void printable_add(struct buf *out, struct view line)
{
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.ptr[i] >= ' ')
            buf_add_char(out, line.ptr[i]);
}

/* The last lines that fit, joined by " | ". */
static struct view last_lines(struct view said, struct buf *room)
{
    struct view rest = view_trim(said);

    if (rest.len > CLAUSE_MOST) {
        rest = view_skip(rest, rest.len - CLAUSE_MOST);
        if (view_find_char(rest, '\n') < rest.len)
            rest = view_skip(rest, view_find_char(rest, '\n') + 1);
    }
    while (rest.len > 0) {
        struct view line = view_head(rest, view_find_char(rest, '\n'));
        rest = view_skip(rest, line.len + 1);
        line = view_trim(line);
        if (line.len > 0 && room->len > 0)
            buf_add(room, V(" | "));
        printable_add(room, line);
    }
    return buf_view(room);
}

void child_said_write(const struct child *child, struct buf *out)
{
    struct buf said = {0}, room = {0};

    child_said(child, &said);
    struct view lines = last_lines(buf_view(&said), &room);
    if (lines.len > 0)
        buf_printf(out, "; it said last: \"%.*s\"", VIEW_ARG(lines));
    buf_deinit(&room);
    buf_deinit(&said);
}

void child_trim(const struct child *child)
{
    if (child->logged && lseek(child->log, 0, SEEK_END) > LOG_MOST && ftruncate(child->log, 0) != 0)
        return; /* it grows on, then */
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

bool child_gone(const struct child *child)
{
    siginfo_t info = {.si_pid = 0};

    return child->pid != 0 &&
           waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid != 0;
}

/* Neither it nor what it has started is there any more. */
static bool group_ended(struct child *child)
{
    struct process_end end;

    return (child->pid == 0 || child_ended(child, &end)) && kill(-child->group, 0) != 0;
}

static void child_end(struct child *child)
{
    uint64_t began_us = clock_wall_us();

    kill(-child->group, SIGTERM);
    while (!group_ended(child) && clock_wall_us() < began_us + STOP_US)
        poll(NULL, 0, ROUND_MS);
    child_sweep(child);
    if (child->pid != 0)
        waitpid(child->pid, NULL, 0);
    child->pid = 0;
}

void child_stop(struct child *child)
{
    if (child->pid != 0)
        child_end(child);
    watch_end(child);
}

void child_close(struct child *child)
{
    child_stop(child);
    if (child->logged)
        close(child->log);
    *child = (struct child){0};
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
