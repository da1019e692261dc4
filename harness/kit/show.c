#include "harness/kit/show.h"
#include "harness/host/child.h"
#include "harness/options/exit_code.h"
#include "harness/run/screen.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { PATH_MOST = 4096, OPEN_LIMIT_US = 10 * 1000 * 1000 };

static bool is_kind(const char *path, mode_t kind)
{
    struct stat status;

    return stat(path, &status) == 0 && (status.st_mode & S_IFMT) == kind;
}

/* Where a run usually puts it, below the folder. */
static bool report_in(const char *folder, char *out)
{
    static const char *const places[] = {"report.html", "out/report.html",
                                         "sipwright-demo/report.html"};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int len = snprintf(out, PATH_MOST, "%s%s%s", folder, *folder == '\0' ? "" : "/", places[i]);
        if (len > 0 && len < PATH_MOST && is_kind(out, S_IFREG))
            return true;
    }
    return false;
}

static bool report_find(const struct strings *paths, char *out, struct buf *complaint)
{
    const char *path = paths->count > 0 ? paths->items[0] : "";

    if (paths->count > 1)
        buf_printf(complaint, "show one report: sipwright show %s", path);
    else if (paths->count == 1 && is_kind(path, S_IFREG) && strlen(path) < PATH_MOST)
        snprintf(out, PATH_MOST, "%s", path);
    else if (paths->count == 1 && !is_kind(path, S_IFDIR))
        buf_printf(complaint, "there is no '%s'; a run writes one with --html %s", path,
                   view_ends(view_of(path), V(".html")) ? path : "out/report.html");
    else if (!report_in(path, out))
        buf_printf(complaint,
                   "there is no report.html %s%s; a run writes one with --html "
                   "out/report.html, and 'sipwright demo' one of its own",
                   *path == '\0' ? "here" : "in ", path);
    return complaint->len == 0;
}

/* On a desktop; on a machine without one there is nothing to open it with, and that is no fault. */
static void show(const char *path)
{
    const char *const argv[] = {"xdg-open", path, NULL};
    const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
    struct child child = {0};
    struct buf complaint = {0};
    struct process_end end = {0};

    if ((x == NULL || *x == '\0') && (wayland == NULL || *wayland == '\0'))
        return;
    if (child_start(&child, &(struct child_options){.argv = argv}, &complaint) == ERR_OK)
        (void)child_wait(&child, OPEN_LIMIT_US, &end);
    child_close(&child);
    buf_deinit(&complaint);
}

int command_show(const struct options *options)
{
    char path[PATH_MOST] = "";
    struct buf complaint = {0}, text = {0};
    int code = EXIT_ALL_PASSED;

    if (!report_find(&options->paths, path, &complaint)) {
        screen_complain(buf_view(&complaint));
        code = EXIT_USAGE;
    } else {
        show(path);
        buf_printf(&text, "%s\n", path);
        if (!screen_say(&text))
            code = EXIT_ENVIRONMENT;
    }
    buf_deinit(&complaint);
    buf_deinit(&text);
    return code;
}
