#include "harness/command.h"
#include "harness/captured/lint.h"
#include "harness/captured/record.h"
#include "harness/captured/replay.h"
#include "harness/coverage/command.h"
#include "harness/doctor/doctor.h"
#include "harness/gate/command_baseline.h"
#include "harness/gate/statement.h"
#include "harness/kit/demo.h"
#include "harness/kit/generate.h"
#include "harness/kit/init.h"
#include "harness/kit/show.h"
#include "harness/language/language.h"
#include "harness/options/exit_code.h"
#include "harness/options/shard.h"
#include "harness/probe/probe.h"
#include "harness/run/list.h"
#include "harness/run/run.h"
#include "harness/run/screen.h"
#include "harness/settings/settings.h"
#include "harness/written/report.h"

#include <signal.h>
#include <stdlib.h>

static int print(struct buf *text)
{
    bool told = screen_say(text);

    buf_deinit(text);
    return told ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}

static int command_version(const struct options *options)
{
    struct buf text = {0};

    (void)options;
    buf_add(&text, V("sipwright " SIPWRIGHT_VERSION "\n"));
    return print(&text);
}

/* "help language", "help language call:ring" */
static int language_help(const char *name)
{
    struct buf text = {0}, complaint = {0};
    int code = EXIT_ALL_PASSED;

    if (*name == '\0')
        language_reference(&text);
    else if (!language_explain(view_of(name), &text, &complaint))
        code = screen_refuse(&complaint, complaint.failed);
    if (code == EXIT_ALL_PASSED)
        code = print(&text);
    buf_deinit(&complaint);
    buf_deinit(&text);
    return code;
}

static int command_help(const struct options *options)
{
    struct buf text = {0};

    if (options->language != NULL)
        return language_help(options->language);
    options_help(&text, options->topic);
    return print(&text);
}

/* What each command of the command line does. */
/* clang-format off */
static const struct {
    enum command command;
    int (*run)(const struct options *options);
} commands[] = {
    {COMMAND_HELP, command_help},
    {COMMAND_VERSION, command_version},
    {COMMAND_RUN, command_run},
    {COMMAND_LIST, command_list},
    {COMMAND_REPORT, command_report},
    {COMMAND_LINT, command_lint},
    {COMMAND_REPLAY, command_replay},
    {COMMAND_RECORD, command_record},
    {COMMAND_BASELINE, command_baseline},
    {COMMAND_COVERAGE, command_coverage},
    {COMMAND_STATEMENT, command_statement},
    {COMMAND_PROBE, command_probe},
    {COMMAND_DOCTOR, command_doctor},
    {COMMAND_CONFIG, command_config},
    {COMMAND_INIT, command_init},
    {COMMAND_DEMO, command_demo},
    {COMMAND_SHOW, command_show},
    {COMMAND_GENERATE, command_generate},
};
/* clang-format on */

static int command_do(const struct options *options)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (commands[i].command == options->command)
            return commands[i].run(options);
    return EXIT_INTERNAL;
}

int command_main(int argc, char **argv)
{
    struct options options = {0};
    struct buf complaint = {0};

    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is told, as a full disk is */
    enum err err = options_parse(argc, argv, &options, &complaint);
    if (err == ERR_OK && options.shard_auto && options.command != COMMAND_HELP)
        err = shard_find(getenv, &options.shard_index, &options.shard_count, &complaint);
    int code = err == ERR_OK ? command_do(&options) : screen_refuse(&complaint, err);

    buf_deinit(&complaint);
    options_deinit(&options);
    return code;
}
