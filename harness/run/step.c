#include "harness/run/step.h"
#include "harness/host/clock.h"
#include "harness/host/path.h"
#include "harness/host/pipe.h"
#include "harness/host/place.h"
#include "harness/run/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUMMARY "GITHUB_STEP_SUMMARY"

/* Room that a summary needs at the least: its first lines, and what it leaves out. */
enum { SUMMARY_LEAST = 4 << 10 };

static const char *given(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0' ? value : NULL;
}

bool step_check(struct buf *complaint)
{
    const char *path = given(SUMMARY);

    if (path == NULL) {
        buf_printf(complaint,
                   "--github: $" SUMMARY " is not set, so this is no step of a GitHub workflow; "
                   "give --html or --junit here, or name a file: " SUMMARY "=summary.md");
        return false;
    }
    return place_check_option("github", path, PLACE_FILE, complaint);
}

bool step_begin(struct step *step)
{
    char line[80];

    snprintf(step->token, sizeof step->token, "sipwright-%08llx%08llx",
             (unsigned long long)clock_random(), (unsigned long long)clock_random());
    snprintf(line, sizeof line, "::stop-commands::%s\n", step->token);
    return pipe_write(STDOUT_FILENO, view_of(line));
}

/* The suite's folder as seen from the repository: where we are below it, then the root. */
static struct view prefix_of(struct arena *arena, struct view root)
{
    const char *workspace = given("GITHUB_WORKSPACE");
    struct view here = path_real(arena, V(".")), top = {0}, below;

    if (workspace != NULL)
        top = path_real(arena, view_of(workspace));
    if (top.ptr == NULL || here.ptr == NULL || !path_below(top, here, &below))
        return root;
    return path_join(arena, below, root);
}

/* Half a summary is none: what stood there before stays as it was, where it is a file. */
static bool append(int fd, struct view text, const struct stat *before)
{
    if (pipe_write(fd, text))
        return true;
    int error = errno;
    if (S_ISREG(before->st_mode) && ftruncate(fd, before->st_size) != 0)
        error = errno;
    errno = error;
    return false;
}

static bool summary_append(const struct report_run *run, struct arena *arena, int fd)
{
    struct buf text = {0};
    struct stat info;
    struct github github = {.run = run, .prefix = prefix_of(arena, run->root)};

    if (fstat(fd, &info) != 0)
        return false;
    if (S_ISREG(info.st_mode) && info.st_size > GITHUB_SUMMARY_MOST - SUMMARY_LEAST) {
        errno = EFBIG;
        return false;
    }
    github.bytes_most = GITHUB_SUMMARY_MOST - (S_ISREG(info.st_mode) ? (size_t)info.st_size : 0);
    github_summary_write(&github, &text);
    errno = ENOMEM;
    bool written = text.failed == ERR_OK && append(fd, buf_view(&text), &info);
    buf_deinit(&text);
    return written;
}

bool step_summarize(const struct report_run *run)
{
    struct arena arena = {0};
    struct buf sentence = {0};
    const char *path = given(SUMMARY);

    errno = 0;
    int fd = path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    bool written = fd >= 0 && summary_append(run, &arena, fd);
    int error = errno;
    if (fd >= 0 && close(fd) != 0 && written) {
        error = errno;
        written = false;
    }
    if (!written) {
        buf_printf(&sentence, "--github: the step's summary %s cannot be written: %s; %s",
                   path == NULL ? "" : path, strerror(error), place_mend(error));
        screen_complain(buf_view(&sentence));
    }
    buf_deinit(&sentence);
    arena_deinit(&arena);
    return written;
}

bool step_end(const struct step *step, const struct report_run *run)
{
    struct arena arena = {0};
    struct github github = {.run = run, .prefix = prefix_of(&arena, run->root)};
    struct buf text = {0};

    buf_printf(&text, "::%s::\n", step->token);
    github_annotations_write(&github, &text);
    bool told = screen_say(&text);
    buf_deinit(&text);
    arena_deinit(&arena);
    return told;
}
