#include "harness/gate/statement.h"
#include "harness/gate/results.h"
#include "harness/gate/score.h"
#include "harness/gate/statement_text.h"
#include "harness/options/exit_code.h"
#include "harness/run/files.h"
#include "harness/run/screen.h"

static int target_check(const struct options *options, const struct report_run *run)
{
    struct buf out = {0};

    if (options->target == NULL || view_equal(run->target, view_of(options->target)))
        return EXIT_ALL_PASSED;
    buf_printf(&out, "statement: %s is not of the target '%s', but of '%.*s'",
               options->paths.items[0], options->target, VIEW_ARG(run->target));
    screen_complain(buf_view(&out));
    buf_deinit(&out);
    return EXIT_USAGE;
}

static int statement_write(const struct options *options, const struct report_run *run)
{
    struct buf text = {0};
    bool written;

    if (options->as_json)
        statement_json(run, &text);
    else
        statement_markdown(run, &text);
    if (options->output != NULL)
        written = files_text("output", options->output, &text);
    else
        written = screen_say(&text);
    buf_deinit(&text);
    return written ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}

int command_statement(const struct options *options)
{
    struct results results = {0};
    struct arena arena = {0};
    int code = EXIT_ALL_PASSED;

    if (options->paths.count == 0) {
        screen_complain(V("statement: of which run? Give the file of 'sipwright run --target NAME "
                          "--json FILE'"));
        return EXIT_USAGE;
    }
    code = results_read("statement", &options->paths, 0, &results);
    if (code == EXIT_ALL_PASSED)
        code = target_check(options, &results.run);
    if (code == EXIT_ALL_PASSED) {
        enum err err = score_make(results.cases, results.case_count, &arena, &results.run);
        code = err == ERR_OK ? statement_write(options, &results.run) : EXIT_ENVIRONMENT;
    }
    results_deinit(&results);
    arena_deinit(&arena);
    return code;
}
