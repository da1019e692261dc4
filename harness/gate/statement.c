#include "harness/gate/statement.h"
#include "harness/gate/results.h"
#include "harness/gate/score.h"
#include "harness/gate/statement_text.h"
#include "harness/host/pipe.h"
#include "harness/options/exit_code.h"
#include "harness/run/screen.h"

#include <errno.h>
#include <unistd.h>

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

static int file_write(const char *path, struct view text)
{
    struct writer writer;
    struct buf sentence = {0};

    errno = 0;
    enum err err = writer_open(&writer, path);
    if (err == ERR_OK)
        buf_add(writer_buf(&writer), text);
    if (writer_close(&writer, err) == ERR_OK)
        return EXIT_ALL_PASSED;
    buf_printf(&sentence, "%s cannot be written: %s", path,
               errno != 0 ? strerror(errno) : "there is no room for it");
    screen_complain(buf_view(&sentence));
    buf_deinit(&sentence);
    return EXIT_ENVIRONMENT;
}

static int statement_write(const struct options *options, const struct report_run *run)
{
    struct buf text = {0};
    int code = EXIT_ENVIRONMENT;

    if (options->as_json)
        statement_json(run, &text);
    else
        statement_markdown(run, &text);
    if (text.failed != ERR_OK)
        screen_complain(view_of(err_text(text.failed)));
    else if (options->output != NULL)
        code = file_write(options->output, buf_view(&text));
    else if (pipe_write(STDOUT_FILENO, buf_view(&text)))
        code = EXIT_ALL_PASSED;
    buf_deinit(&text);
    return code;
}

int command_statement(const struct options *options, int argc, char **argv)
{
    struct results results = {0};
    struct arena arena = {0};
    int code = EXIT_ALL_PASSED;

    (void)argc, (void)argv;
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
