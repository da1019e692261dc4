#include "harness/run/binary_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* The program lies in the folder above that of the tests. */
void binary_path(char room[PATH_MAX])
{
    ssize_t len = readlink("/proc/self/exe", room, PATH_MAX - 16);

    ASSERT(len > 0);
    for (int slashes = 0; len > 0 && slashes < 2; len--)
        slashes += room[len - 1] == '/';
    memcpy(room + len, "/sipwright", sizeof "/sipwright");
}

static void child_environment(const struct binary_start *start)
{
    char path[] = "PATH=/usr/bin:/bin", tmp[] = "TMPDIR=/tmp";

    clearenv();
    putenv(strdup(path));
    putenv(strdup(tmp));
    for (const char *const *one = start->environment; one != NULL && *one != NULL; one++)
        putenv(strdup(*one));
}

static _Noreturn void child(const struct binary_start *start, const char *const *words, int out,
                            int err)
{
    char path[PATH_MAX];
    const char *argv[BINARY_WORDS_MOST + 2] = {"sipwright"};

    binary_path(path);
    for (size_t i = 0; words[i] != NULL && i < BINARY_WORDS_MOST; i++)
        argv[i + 1] = words[i];
    if (start->out_full)
        out = open("/dev/full", O_WRONLY);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    child_environment(start);
    if (start->folder != NULL && chdir(start->folder) != 0)
        _exit(99);
    execv(path, (char *const *)(uintptr_t)argv);
    _exit(98);
}

static bool take(int fd, struct buf *text)
{
    char *room = buf_room(text, 4096);
    ssize_t len = read(fd, room, 4096);

    if (len < 0 && errno == EINTR)
        return true;
    text->len += len > 0 ? (size_t)len : 0;
    return len > 0;
}

static bool has_said(const struct binary_end *end, const char *what)
{
    return binary_said(&end->out, what) || binary_said(&end->err, what);
}

struct cue {
    const char *after;
    int signal;
};

static void ends_read(struct binary_end *end, const struct binary_start *start, pid_t pid, int out,
                      int err)
{
    struct pollfd polls[2] = {
        {.fd = out, .events = POLLIN},
        {.fd = err, .events = POLLIN}
    };
    struct cue cues[] = {
        {start->signal_after, start->signal     },
        {start->then_after,   start->then_signal}
    };
    size_t cue = 0;

    while (polls[0].fd >= 0 || polls[1].fd >= 0) {
        ASSERT(poll(polls, 2, -1) >= 0 || errno == EINTR);
        if (polls[0].revents != 0 && !take(out, &end->out))
            polls[0].fd = -1;
        if (polls[1].revents != 0 && !take(err, &end->err))
            polls[1].fd = -1;
        for (; cue < 2 && cues[cue].signal != 0 && has_said(end, cues[cue].after); cue++)
            kill(pid, cues[cue].signal);
    }
}

/* out[0] is read, out[1] the program's. */
static bool out_open(const struct binary_start *start, int out[2])
{
    struct winsize size = {.ws_row = 40, .ws_col = start->columns};

    if (start->columns == 0)
        return pipe(out) == 0;
    return openpty(&out[0], &out[1], NULL, NULL, &size) == 0;
}

void binary_run_words(struct binary_end *end, const struct binary_start *start,
                      const char *const *words)
{
    static const struct binary_start usual;
    int out[2], err[2], status = 0;

    if (start == NULL)
        start = &usual;
    *end = (struct binary_end){0};
    ASSERT(out_open(start, out) && pipe(err) == 0);
    pid_t pid = fork();
    ASSERT(pid >= 0);
    if (pid == 0)
        child(start, words, out[1], err[1]);
    close(out[1]);
    close(err[1]);
    ends_read(end, start, pid, out[0], err[0]);
    close(out[0]);
    close(err[0]);
    ASSERT(waitpid(pid, &status, 0) == pid);
    end->code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    buf_add_char(&end->out, '\0');
    buf_add_char(&end->err, '\0');
    end->out.len--;
    end->err.len--;
}

bool binary_said(const struct buf *text, const char *what)
{
    return view_find(buf_view(text), view_of(what)) < text->len;
}

void binary_end_free(struct binary_end *end)
{
    buf_deinit(&end->out);
    buf_deinit(&end->err);
}
