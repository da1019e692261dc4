#include "harness/run/files.h"
#include "harness/host/path.h"
#include "harness/host/place.h"
#include "harness/options/exit_code.h"
#include "harness/run/screen.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

static enum err junit_write(const struct options *options, const struct report_run *run,
                            const char *path)
{
    static const enum junit_dialect dialects[] = {[DIALECT_NONE] = JUNIT_DEFAULT,
                                                  [DIALECT_DEFAULT] = JUNIT_DEFAULT,
                                                  [DIALECT_STRICT] = JUNIT_STRICT,
                                                  [DIALECT_ANT] = JUNIT_ANT};

    return report_junit_write(run, dialects[options->dialect], path);
}

/* What a run can look like: an option each. */
static const struct face {
    const char *option;
    size_t place; /* of its path, in struct options */
    enum err (*write)(const struct report_run *run, const char *path); /* NULL: by dialect */
} faces[] = {
    {"junit", offsetof(struct options, junit), NULL              },
    {"tap",   offsetof(struct options, tap),   report_tap_write  },
    {"html",  offsetof(struct options, html),  report_html_write },
    {"badge", offsetof(struct options, badge), report_badge_write},
    {"json",  offsetof(struct options, json),  report_json_write }, /* last: it has the exit code */
};
enum { FACE_COUNT = sizeof faces / sizeof *faces };

/* Where it is to be written; NULL: it is not asked for. */
static const char *face_path(const struct face *face, const struct options *options)
{
    return *(const char *const *)((const char *)options + face->place);
}

static bool takes_output(const struct face *face, const struct options *options)
{
    const char *path = face_path(face, options);

    return path != NULL && strcmp(path, "-") == 0;
}

bool files_take_output(const struct options *options)
{
    bool takes = false;

    for (size_t i = 0; i < FACE_COUNT; i++)
        takes = takes || takes_output(&faces[i], options);
    return takes;
}

bool files_wanted(const struct options *options)
{
    bool wanted = options->trace != NULL || options->github;

    for (size_t i = 0; i < FACE_COUNT; i++)
        wanted = wanted || face_path(&faces[i], options) != NULL;
    return wanted;
}

static bool complain(const char *option, const char *path, enum err err)
{
    struct buf sentence = {0};
    int error = errno;
    bool system = err == ERR_IO && error != 0;

    buf_printf(&sentence, "--%s %s cannot be written: %s", option, path,
               system ? strerror(error) : err_text(err));
    if (system)
        buf_printf(&sentence, "; %s", place_mend(error));
    screen_complain(buf_view(&sentence));
    buf_deinit(&sentence);
    return false;
}

/* ---- before the run ---- */

/* The folder of one file for each suite is made by its writer. */
static enum place_kind kind_of(const struct face *face, const struct options *options)
{
    bool folder = face->write == NULL && options->dialect == DIALECT_STRICT &&
                  !view_ends(view_of(face_path(face, options)), V(".xml"));

    return folder ? PLACE_FOLDER : PLACE_FILE;
}

static bool face_check(const struct face *face, const struct options *options,
                       struct buf *complaint)
{
    const char *path = face_path(face, options);

    if (path == NULL || strcmp(path, "-") == 0)
        return true;
    for (const struct face *other = faces; other < face; other++) {
        const char *taken = face_path(other, options);
        if (taken == NULL || strcmp(taken, path) != 0 || strcmp(path, "/dev/null") == 0)
            continue;
        buf_printf(complaint, "--%s and --%s both name %s; give each a file of its own",
                   other->option, face->option, path);
        return false;
    }
    return place_check_option(face->option, path, kind_of(face, options), complaint);
}

/* Standard output is one. */
static bool output_check(const struct options *options, struct buf *complaint)
{
    const char *taken = options->github ? "github" : NULL;

    for (size_t i = 0; i < FACE_COUNT; i++) {
        if (!takes_output(&faces[i], options))
            continue;
        if (taken != NULL) {
            buf_printf(complaint, "--%s and --%s - both write to standard output; give one a file",
                       taken, faces[i].option);
            return false;
        }
        taken = faces[i].option;
    }
    return true;
}

static bool trace_check(const struct options *options, struct buf *complaint)
{
    return options->trace == NULL ||
           place_check_option("trace", options->trace, PLACE_FOLDER, complaint);
}

int files_check(const struct options *options)
{
    struct buf complaint = {0};
    bool good = output_check(options, &complaint) && trace_check(options, &complaint);

    for (size_t i = 0; i < FACE_COUNT && good; i++)
        good = face_check(&faces[i], options, &complaint);
    if (good && options->github)
        good = step_check(&complaint);
    if (!good)
        screen_complain(buf_view(&complaint));
    buf_deinit(&complaint);
    return good ? EXIT_ALL_PASSED : EXIT_USAGE;
}

bool files_begin(const struct options *options, struct step *step)
{
    if (options->github && !step_begin(step))
        return false;
    if (options->trace == NULL)
        return true;
    errno = 0;
    enum err err = path_make_folder(view_of(options->trace));
    return err == ERR_OK || complain("trace", options->trace, err);
}

/* ---- of a case ---- */

/* Where a file of this case goes; .ptr NULL: memory, which was said. */
static struct view case_path(const struct options *options, const struct report_case *one,
                             const char *ending, struct arena *arena)
{
    char room[160];
    struct view slug = report_slug(one, room, sizeof room - strlen(ending) - 1);

    memcpy(room + slug.len, ending, strlen(ending) + 1);
    struct view path = path_join(arena, view_of(options->trace), view_of(room));
    if (path.ptr == NULL)
        complain("trace", room, ERR_MEMORY);
    return path;
}

bool files_pcap(const struct options *options, struct report_case *one, struct arena *arena)
{
    if (options->trace == NULL)
        return true;
    one->pcap = case_path(options, one, ".pcap", arena);
    if (one->pcap.ptr == NULL)
        return false;
    errno = 0;
    enum err err = report_pcap_write(one, one->pcap.ptr);
    if (err == ERR_OK)
        err = report_attachments_write(one);
    return err == ERR_OK || complain("trace", one->pcap.ptr, err);
}

bool files_keys(const struct options *options, const struct report_case *one, struct arena *arena)
{
    if (options->trace == NULL)
        return true;
    struct view path = case_path(options, one, ".keys", arena);
    if (path.ptr == NULL)
        return false;
    errno = 0;
    enum err err = report_keys_write(one, path.ptr);
    return err == ERR_OK || complain("trace", path.ptr, err);
}

/* ---- of the run ---- */

static bool face_write(const struct face *face, const struct options *options,
                       const struct report_run *run)
{
    const char *path = face_path(face, options);

    if (path == NULL)
        return true;
    errno = 0;
    enum err err = face->write != NULL ? face->write(run, path) : junit_write(options, run, path);
    return err == ERR_OK || complain(face->option, path, err);
}

bool files_text(const char *option, const char *path, const struct buf *text)
{
    errno = 0;
    enum err err = text->failed != ERR_OK ? text->failed : report_file_write(path, buf_view(text));
    return files_written(option, path, err);
}

bool files_written(const char *option, const char *path, enum err err)
{
    return err == ERR_OK || complain(option, path, err);
}

/* GitLab finds attachments by their paths below the project. */
static struct view project_folder(struct arena *arena)
{
    const char *folder = getenv("CI_PROJECT_DIR");

    return folder == NULL || *folder == '\0' ? (struct view){0} : path_real(arena, view_of(folder));
}

bool files_write(const struct options *options, const struct report_run *run)
{
    struct arena arena = {0};
    bool written = !options->github || step_summarize(run);
    struct report_run linked = *run;

    linked.json = options->json == NULL ? (struct view){0} : view_of(options->json);
    linked.base = project_folder(&arena);
    for (size_t i = 0; i < FACE_COUNT; i++) {
        if (!written && linked.exit_code == EXIT_ALL_PASSED)
            linked.exit_code = EXIT_ENVIRONMENT; /* who joins shards has to know */
        written = face_write(&faces[i], options, &linked) && written;
    }
    arena_deinit(&arena);
    return written;
}

bool files_end(const struct options *options, const struct step *step, const struct report_run *run)
{
    return !options->github || step_end(step, run);
}
