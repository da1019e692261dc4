#include "harness/kit/demo.h"
#include "harness/kit/bundled.h"
#include "harness/kit/unpack.h"
#include "harness/options/exit_code.h"
#include "harness/run/run.h"
#include "harness/run/screen.h"

#include <sys/stat.h>

#define FOLDER_USUAL "sipwright-demo"
enum { FILES_MOST = 32, PATH_MOST = 4096 };

struct demo {
    struct arena arena;
    struct strings paths;              /* what is run: file by file, for one fails on purpose */
    struct new_file files[FILES_MOST]; /* those of them that are not there yet */
    size_t count;
};

/* A file that is there stays: somebody may have changed it, to see what happens. */
static enum err file_add(struct demo *demo, const char *folder, const struct bundled *file)
{
    const char *name = file->name + strlen("demo/");
    struct stat status;
    char path[PATH_MOST];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct view copy = arena_copy(&demo->arena, view_of(path));
    if (copy.ptr == NULL)
        return ERR_MEMORY;
    ASSERT(demo->count < FILES_MOST);
    if (stat(path, &status) != 0)
        demo->files[demo->count++] = (struct new_file){name, file->bytes};
    return strings_add(&demo->paths, copy.ptr);
}

static enum err files_gather(struct demo *demo, const char *folder, bool fails)
{
    enum err err = ERR_OK;

    for (const struct bundled *file = bundled_files; file->name != NULL && err == ERR_OK; file++) {
        struct view name = view_of(file->name);
        if (view_starts(name, V("demo/")) && (fails || !view_ends(name, V("/fails.lua"))))
            err = file_add(demo, folder, file);
    }
    return err;
}

static bool report_said(const char *path)
{
    struct buf text = {0};

    buf_printf(&text, "the report: %s ('sipwright show' opens it)\n", path);
    bool told = screen_say(&text);
    buf_deinit(&text);
    return told;
}

static int demo_run(const struct demo *demo, const struct options *options, const char *folder)
{
    struct options run = *options;
    char html[PATH_MOST];

    snprintf(html, sizeof html, "%s/report.html", folder);
    run.command = COMMAND_RUN;
    run.paths = demo->paths;
    run.root = folder;
    if (run.html == NULL)
        run.html = html;
    int code = command_run(&run);
    if ((code == EXIT_ALL_PASSED || code == EXIT_FAILED) && !report_said(run.html))
        code = EXIT_ENVIRONMENT;
    return code;
}

int command_demo(const struct options *options)
{
    const char *folder = options->paths.count > 0 ? options->paths.items[0] : FOLDER_USUAL;
    struct demo demo = {0};
    struct buf complaint = {0};
    enum err err = ERR_OK;

    if (options->paths.count > 1 || strlen(folder) > PATH_MOST / 2) {
        buf_add(
            &complaint,
            V("demo wants one folder, in which it puts its files: sipwright demo " FOLDER_USUAL));
        err = ERR_SYNTAX;
    } else {
        err = files_gather(&demo, folder, options->fail);
    }
    if (err == ERR_OK)
        err = unpack(folder, demo.files, demo.count, &complaint);
    int code = err == ERR_OK ? demo_run(&demo, options, folder) : screen_refuse(&complaint, err);
    if (err == ERR_IO)
        code = EXIT_ENVIRONMENT;
    strings_deinit(&demo.paths);
    arena_deinit(&demo.arena);
    buf_deinit(&complaint);
    return code;
}
