#include "harness/kit/demo.h"
#include "harness/host/pipe.h"
#include "harness/kit/bundled.h"
#include "harness/kit/unpack.h"
#include "harness/options/exit_code.h"
#include "harness/run/run.h"
#include "harness/run/screen.h"

#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_USUAL "sipwright-demo"
enum { FILES_MOST = 32, PATH_MOST = 4096 };

/* A file that is there stays: somebody may have changed it, to see what happens. */
static bool is_there(const char *folder, const char *name)
{
    char path[PATH_MOST];
    struct stat status;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &status) == 0;
}

static size_t files_gather(const char *folder, bool fails, struct new_file *out)
{
    size_t count = 0;

    for (const struct bundled *file = bundled_files; file->name != NULL; file++) {
        struct view name = view_of(file->name);
        const char *path = file->name + strlen("demo/");
        if (!view_starts(name, V("demo/")) || (!fails && view_ends(name, V("/fails.lua"))))
            continue;
        ASSERT(count < FILES_MOST);
        if (!is_there(folder, path))
            out[count++] = (struct new_file){path, file->bytes};
    }
    return count;
}

/* The folder, but for the scenario that fails, unless it is wanted. */
static enum err paths_add(const char *folder, bool fails, struct arena *arena, struct strings *out)
{
    char path[PATH_MOST];
    enum err err = ERR_OK;

    for (const struct bundled *file = bundled_files; file->name != NULL && err == ERR_OK; file++) {
        struct view name = view_of(file->name);
        if (!view_starts(name, V("demo/")) || (!fails && view_ends(name, V("/fails.lua"))))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, file->name + strlen("demo/"));
        struct view copy = arena_copy(arena, view_of(path));
        err = copy.ptr == NULL ? ERR_MEMORY : strings_add(out, copy.ptr);
    }
    return err;
}

static bool report_said(const char *path)
{
    struct buf text = {0};

    buf_printf(&text, "the report: %s ('sipwright show' opens it)\n", path);
    bool told = text.failed == ERR_OK && pipe_write(STDOUT_FILENO, buf_view(&text));
    buf_deinit(&text);
    return told;
}

static int demo_run(const struct options *options, const char *folder)
{
    struct arena arena = {0};
    struct options run = *options;
    char html[PATH_MOST];

    snprintf(html, sizeof html, "%s/report.html", folder);
    run.command = COMMAND_RUN;
    run.paths = (struct strings){0};
    run.root = folder;
    if (run.html == NULL)
        run.html = html;
    enum err err = paths_add(folder, options->fail, &arena, &run.paths);
    int code = err == ERR_OK ? command_run(&run) : EXIT_ENVIRONMENT;
    if ((code == EXIT_ALL_PASSED || code == EXIT_FAILED) && !report_said(run.html))
        code = EXIT_ENVIRONMENT;
    strings_deinit(&run.paths);
    arena_deinit(&arena);
    return code;
}

int command_demo(const struct options *options)
{
    const char *folder = options->paths.count > 0 ? options->paths.items[0] : FOLDER_USUAL;
    struct new_file files[FILES_MOST];
    struct buf complaint = {0};
    enum err err = ERR_OK;

    if (options->paths.count > 1 || strlen(folder) > PATH_MOST / 2) {
        buf_add(&complaint, V("demo wants one folder, in which it puts its files: sipwright demo "
                              "" FOLDER_USUAL));
        err = ERR_SYNTAX;
    } else {
        size_t count = files_gather(folder, options->fail, files);
        err = unpack(folder, files, count, &complaint);
    }
    int code = err == ERR_OK ? demo_run(options, folder) : screen_refuse(&complaint, err);
    if (err == ERR_IO)
        code = EXIT_ENVIRONMENT;
    buf_deinit(&complaint);
    return code;
}
