#include "harness/coverage/command.h"
#include "harness/coverage/coverage.h"
#include "harness/host/pipe.h"
#include "harness/run/files.h"
#include "harness/run/list.h"
#include "harness/run/prepare.h"
#include "harness/run/screen.h"
#include "harness/written/written.h"

#include <unistd.h>

static enum err scenarios_add(struct coverage *coverage, const struct listing *listing,
                              const struct discovery *discovery)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < listing->scenarios.count && err == ERR_OK; i++) {
        const struct listed *listed = listing->scenarios.items[i];
        const struct report_cover_scenario scenario = {
            listed->id, listed->name, discovery->files[listed->file]->shown, listed->line};
        err = coverage_scenario_add(coverage, &scenario, listed->covers);
    }
    return err;
}

static int results_add(struct coverage *coverage, const struct strings *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        struct report_read *read;
        int code = written_read("--results", paths->items[i], &read);
        if (code != EXIT_ALL_PASSED)
            return code;
        enum err err = coverage_run_add(coverage, view_of(paths->items[i]), report_read_run(read));
        report_read_destroy(read);
        if (err != ERR_OK)
            return screen_refuse(&(struct buf){0}, err);
    }
    return EXIT_ALL_PASSED;
}

/* What was asked for, as it was typed; nothing: the folder that one is in. */
static bool page_write(const struct options *options, const struct coverage *coverage)
{
    struct buf suite = {0};

    for (size_t i = 0; i < options->paths.count; i++)
        buf_printf(&suite, i > 0 ? " %s" : "%s", options->paths.items[i]);
    enum err err = suite.failed != ERR_OK
                       ? suite.failed
                       : coverage_page(coverage, buf_view(&suite), options->html);
    buf_deinit(&suite);
    return files_written("html", options->html, err);
}

/* With --json - the object alone goes to standard output. */
static int coverage_tell(const struct options *options, const struct coverage *coverage)
{
    struct buf text = {0}, json = {0};
    bool told = true;

    if (options->json != NULL) {
        coverage_json(coverage, &json);
        told = files_text("json", options->json, &json);
    }
    if (options->html != NULL)
        told = page_write(options, coverage) && told;
    if (options->json == NULL || strcmp(options->json, "-") != 0) {
        coverage_text(coverage, &text);
        told = screen_say(&text) && told;
    }
    buf_deinit(&text);
    buf_deinit(&json);
    return told ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}

static int coverage_make(const struct options *options, const struct setup *setup,
                         const struct listing *listing)
{
    struct coverage *coverage = NULL;
    enum err err = coverage_create(&coverage);

    if (err == ERR_OK)
        err = scenarios_add(coverage, listing, &setup->discovery);
    int code = err == ERR_OK ? EXIT_ALL_PASSED : screen_refuse(&(struct buf){0}, err);
    if (code == EXIT_ALL_PASSED)
        code = results_add(coverage, &options->results);
    if (code == EXIT_ALL_PASSED)
        code = coverage_tell(options, coverage);
    coverage_destroy(coverage);
    return code;
}

int command_coverage(const struct options *options)
{
    struct setup setup = {0};
    struct listing listing = {0};
    int code = list_prepare(options, &setup, &listing);

    if (code == EXIT_ALL_PASSED)
        code = coverage_make(options, &setup, &listing);
    if (code == EXIT_ALL_PASSED && listing.failures.count > 0) {
        listing_complain(&setup, &listing);
        code = EXIT_LOAD;
    }
    listing_deinit(&listing);
    setup_deinit(&setup);
    return code;
}
