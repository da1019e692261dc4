#include "harness/run/command.h"
#include "harness/run/lint.h"
#include "harness/run/replay.h"
#include "harness/run/record.h"
#include "harness/lua/handle.h"
#include "harness/run/pipe.h"
#include "harness/run/screen.h"
#include "harness/run/select.h"
#include "harness/run/value.h"

#include <unistd.h>

static int complain(const struct buf *complaint, enum err err)
{
    bool usage = complaint->len > 0;

    screen_complain(usage ? buf_view(complaint) : view_of(err_text(err)));
    return usage ? EXIT_USAGE : EXIT_ENVIRONMENT;
}

/* A parameter that no file asks for at its top level may be asked for later; but a name that is
 * nearly one of those asked for is a mistake. */
static enum err params_check(const struct options *options, struct listing *listing,
                             struct buf *complaint)
{
    size_t count = listing->params.count;
    const char **names = arena_zalloc(&listing->arena, (count + 1) * sizeof *names);
    struct view name, value;

    if (names == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        names[i] = ((const struct view *)listing->params.items[i])->ptr;
    for (size_t i = 0; i < options->sets.count; i++) {
        if (!value_pair(view_of(options->sets.items[i]), &name, &value))
            continue;
        struct view copy = arena_copy(&listing->arena, name);
        const char *near = copy.ptr == NULL ? NULL : suggest(copy.ptr, names);
        if (near != NULL && !view_equal(view_of(near), name)) {
            buf_printf(complaint, "--set: no scenario asks for param '%s'; did you mean '%s'?",
                       copy.ptr, near);
            return ERR_SYNTAX;
        }
    }
    return ERR_OK;
}

static int listing_get(const struct setup *setup, struct pool *pool, struct listing *out,
                       struct buf *complaint)
{
    const struct options *options = setup->options;
    enum err err = listing_read(pool, &setup->discovery, options->wall_limit_us, out);

    if (err == ERR_STATE)
        return EXIT_SIGNAL + pool_signal(pool);
    if (err == ERR_OK && out->config_complaint.ptr != NULL) {
        screen_complain(out->config_complaint);
        return EXIT_USAGE;
    }
    if (err == ERR_OK)
        err = params_check(options, out, complaint);
    if (err == ERR_OK)
        err = select_scenarios(options, &setup->discovery, out, complaint);
    return err == ERR_OK ? EXIT_ALL_PASSED : complain(complaint, err);
}

static const char *nothing_sentence(const struct setup *setup)
{
    const struct options *options = setup->options;

    if (setup->discovery.file_count == 0)
        return "there is no file of scenarios (*.lua) there";
    if (options->tags.count > 0 || options->grep != NULL || options->grep_invert != NULL ||
        options->shard_count > 0)
        return "no scenario is selected; 'sipwright list' shows what there is";
    return "the files register no scenario";
}

int command_prepare(const struct options *options, struct setup *setup, struct worker_setup *worker,
                    struct pool **out_pool, struct listing *out_listing)
{
    struct buf complaint = {0};
    enum err err = setup_make(options, setup, &complaint);
    int code = EXIT_ALL_PASSED;

    if (err == ERR_OK) {
        *worker = setup_worker(setup);
        struct pool_options pool = {.jobs = setup->jobs, .ctx = worker, .work = worker_work};
        err = pool_create(&pool, out_pool);
    }
    code = err == ERR_OK ? listing_get(setup, *out_pool, out_listing, &complaint)
                         : complain(&complaint, err);
    if (code == EXIT_ALL_PASSED &&
        out_listing->scenarios.count + out_listing->failures.count == 0) {
        screen_complain(view_of(nothing_sentence(setup)));
        code = EXIT_NOTHING;
    }
    buf_deinit(&complaint);
    return code;
}

static int print(struct buf *text)
{
    bool told = text->failed == ERR_OK && pipe_write(STDOUT_FILENO, buf_view(text));

    buf_deinit(text);
    return told ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}

static int command_do(const struct options *options, int argc, char **argv)
{
    struct buf text = {0};

    switch (options->command) {
    case COMMAND_RUN:
        return options->list ? command_list(options) : command_run(options, argc, argv);
    case COMMAND_LIST:
        return command_list(options);
    case COMMAND_RECORD:
        return command_record(options);
    case COMMAND_LINT:
        return command_lint(options);
    case COMMAND_REPLAY:
        return command_replay(options, argc, argv);
    case COMMAND_VERSION:
        buf_add(&text, V("sipwright " SIPWRIGHT_VERSION "\n"));
        break;
    case COMMAND_HELP:
    case COMMAND_NONE:
        options_help(&text, options->topic);
        break;
    }
    return print(&text);
}

int command_main(int argc, char **argv)
{
    struct options options = {0};
    struct buf complaint = {0};
    enum err err = options_parse(argc, argv, &options, &complaint);
    int code = err == ERR_OK ? command_do(&options, argc, argv) : complain(&complaint, err);

    buf_deinit(&complaint);
    options_deinit(&options);
    return code;
}
