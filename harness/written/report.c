#include "harness/written/report.h"
#include "harness/options/exit_code.h"
#include "harness/run/files.h"
#include "harness/run/screen.h"
#include "harness/written/shards.h"
#include "harness/written/written.h"

struct reporting {
    struct options options; /* with -o as the face that it means */
    const char *const *paths;
    size_t count;
    bool merge;
    struct report_read **reads;
    struct shard_file *files;
    struct shards shards;
    struct report_run run;
    struct buf complaint;
};

/* ---- what is asked for ---- */

static int usage(const char *sentence)
{
    screen_complain(view_of(sentence));
    return EXIT_USAGE;
}

/* -o FILE: what its name ends in. */
static bool output_choose(struct reporting *r)
{
    struct options *options = &r->options;
    const struct {
        const char *ending;
        const char **place;
    } endings[] = {
        {".html",  &options->html },
        {".htm",   &options->html },
        {".xml",   &options->junit},
        {".tap",   &options->tap  },
        {".jsonl", &options->json },
        {".json",  &options->json },
    };

    if (options->output == NULL)
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (view_ends(view_of(options->output), view_of(endings[i].ending)) &&
            *endings[i].place == NULL) {
            *endings[i].place = options->output;
            return true;
        }
    return false;
}

static int arguments_read(struct reporting *r, const struct options *options)
{
    r->options = *options;
    r->paths = options->paths.items;
    r->count = options->paths.count;
    r->merge = r->count > 0 && strcmp(r->paths[0], "merge") == 0;
    if (r->merge) {
        r->paths++;
        r->count--;
    }
    if (r->count == 0)
        return usage(r->merge ? "report merge: which shards? (sipwright report merge FILE ... "
                                "-o all.jsonl, each of 'run --shard I/N --json FILE')"
                              : "report: which run? (sipwright report FILE, of 'run --json FILE')");
    if (!output_choose(r))
        return usage(
            "-o: give a name that ends in .html, .xml, .tap or .jsonl, or say which it is by "
            "--html, --junit, --tap or --json");
    return files_check(&r->options);
}

/* ---- what was written ---- */

static int files_read(struct reporting *r)
{
    r->reads = mem_zalloc(r->count * sizeof(struct report_read *));
    r->files = mem_zalloc(r->count * sizeof *r->files);
    if (r->reads == NULL || r->files == NULL)
        return EXIT_ENVIRONMENT;
    for (size_t i = 0; i < r->count; i++) {
        int code = written_read("report", r->paths[i], &r->reads[i]);
        if (code != EXIT_ALL_PASSED)
            return code;
        r->files[i] = (struct shard_file){r->paths[i], report_read_run(r->reads[i])};
    }
    return EXIT_ALL_PASSED;
}

static int run_make(struct reporting *r)
{
    bool whole = r->count == 1 && (!r->merge || r->files[0].run->shard.count == 0);

    if (whole) {
        r->run = *r->files[0].run;
    } else {
        enum err err = shards_join(r->files, r->count, &r->shards, &r->complaint);
        if (err != ERR_OK)
            return screen_refuse(&r->complaint, err);
        r->run = r->shards.run;
    }
    if (r->options.no_wall_clock)
        r->run.started_s = 0;
    return EXIT_ALL_PASSED;
}

/* ---- what is shown ---- */

static int run_render(struct reporting *r)
{
    struct screen screen = {0};
    struct step step;
    bool written = files_begin(&r->options, &step) && files_write(&r->options, &r->run);
    enum err err = screen_open(&r->options, r->run.case_count, &screen);

    if (err == ERR_OK) {
        console_begin(screen.console, &r->run);
        for (size_t i = 0; i < r->run.case_count; i++)
            console_case(screen.console, &r->run.cases[i]);
        console_end(screen.console, &r->run);
    }
    written = screen_close(&screen) && err == ERR_OK && written;
    written = files_end(&r->options, &step, &r->run) && written;
    return r->run.exit_code == EXIT_ALL_PASSED && !written ? EXIT_ENVIRONMENT : r->run.exit_code;
}

static void reporting_deinit(struct reporting *r)
{
    for (size_t i = 0; r->reads != NULL && i < r->count; i++)
        report_read_destroy(r->reads[i]);
    shards_deinit(&r->shards);
    mem_free(r->reads);
    mem_free(r->files);
    buf_deinit(&r->complaint);
}

int command_report(const struct options *options)
{
    struct reporting r = {0};
    int code = arguments_read(&r, options);

    if (code == EXIT_ALL_PASSED)
        code = files_read(&r);
    if (code == EXIT_ALL_PASSED)
        code = run_make(&r);
    if (code == EXIT_ALL_PASSED)
        code = run_render(&r);
    reporting_deinit(&r);
    return code;
}
