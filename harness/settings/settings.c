#include "harness/settings/settings.h"
#include "harness/options/exit_code.h"
#include "harness/run/screen.h"
#include "harness/run/setup.h"
#include "harness/settings/setting.h"
#include "harness/target/config.h"

#include <stdlib.h>
#include <string.h>

static const char *colour_variable(void)
{
    static const char *const names[] = {"$NO_COLOR", "$FORCE_COLOR"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i] + 1);
        if (value != NULL && *value != '\0')
            return names[i];
    }
    return getenv("TERM") != NULL ? "$TERM, and whether it is one" : NULL;
}

/* What the environment decides where the command line leaves it to it (screen_colour). */
static const char *environment_of(const char *option, const struct options *options)
{
    if (strcmp(option, "shard") == 0 && options->shard_auto)
        return "--shard auto, by the environment";
    bool said = options->color == COLOR_ALWAYS || options->color == COLOR_NEVER;
    return strcmp(option, "color") == 0 && !said ? colour_variable() : NULL;
}

/* What holds where nothing was said, and why. */
static struct view unsaid_write(struct buf *value, const struct option_row *row,
                                const struct setup *setup)
{
    bool target = setup->options->target != NULL;

    if (strcmp(row->name, "net") == 0) {
        buf_add(value, target ? V("real") : V("sim"));
        return target ? V("--target") : V("default");
    }
    if (strcmp(row->name, "jobs") == 0) {
        buf_add_uint(value, setup->jobs);
        if (!target)
            return V("default: one a core");
        return setup->jobs > 1 ? V("jobs of the target")
                               : V("--target: 1, a device takes one scenario at a time");
    }
    if (strcmp(row->name, "root") == 0) {
        buf_add(value, setup->discovery.root);
        return setup->discovery.configured ? V("the folder of sipwright.lua") : V("PATH");
    }
    buf_add(value, option_default(row));
    return V("default");
}

static void option_write(struct buf *out, const struct option_row *row, const struct setup *setup,
                         bool explain)
{
    struct buf value = {0}, from = {0};
    const char *environment = environment_of(row->name, setup->options);
    struct view unsaid = {0};

    if (!option_value_write(&value, row, setup->options)) {
        buf_clear(&value);
        unsaid = unsaid_write(&value, row, setup);
    }
    if (environment != NULL)
        buf_add(&from, view_of(environment));
    else if (unsaid.len > 0)
        buf_add(&from, unsaid);
    else
        buf_printf(&from, "--%s", row->name);
    setting_write(out, &(struct setting){view_of(row->name), buf_view(&value), buf_view(&from)},
                  explain);
    buf_deinit(&value);
    buf_deinit(&from);
}

static void options_write(struct buf *out, const struct setup *setup, bool explain)
{
    for (size_t i = 0; i < option_row_count; i++)
        if ((option_rows[i].commands & COMMAND_RUN) != 0 &&
            strcmp(option_rows[i].name, "help") != 0 && strcmp(option_rows[i].name, "list") != 0)
            option_write(out, &option_rows[i], setup, explain);
}

/* By name only; those of the command line stand in the line of --secret. */
static void secrets_write(struct buf *out, const struct setup *setup, bool explain)
{
    struct buf name = {0}, from = {0};

    for (size_t i = setup->options->secrets.count; i < setup->secret_count; i++) {
        buf_clear(&name);
        buf_clear(&from);
        buf_printf(&name, "secret %.*s", VIEW_ARG(setup->secrets[i].name));
        buf_printf(&from, "$SIPWRIGHT_SECRET_%.*s", VIEW_ARG(setup->secrets[i].name));
        setting_write(out, &(struct setting){buf_view(&name), V("given"), buf_view(&from)},
                      explain);
    }
    buf_deinit(&name);
    buf_deinit(&from);
}

static void suite_write(struct buf *out, const struct setup *setup, bool explain)
{
    const struct discovery *discovery = &setup->discovery;
    struct buf count = {0};

    buf_add_uint(&count, discovery->file_count);
    setting_write(out, &(struct setting){V("files"), buf_view(&count), V("found below the paths")},
                  explain);
    setting_write(out,
                  &(struct setting){V("sipwright.lua"),
                                    discovery->configured ? discovery->config : V(""),
                                    discovery->configured ? V("of the suite") : V("there is none")},
                  explain);
    buf_deinit(&count);
}

static enum err settings_write(struct buf *out, struct setup *setup, bool explain,
                               struct buf *complaint)
{
    struct targets targets = {0};
    enum err err = setup_targets(setup, &targets, complaint);

    if (err == ERR_OK) {
        setup_target_jobs(setup, targets.chosen.jobs);
        suite_write(out, setup, explain);
        options_write(out, setup, explain);
        secrets_write(out, setup, explain);
        if (targets_chosen(&targets) != NULL)
            target_settings_write(out, targets_chosen(&targets), explain);
    }
    targets_deinit(&targets);
    return err;
}

int command_config(const struct options *options)
{
    struct buf out = {0}, complaint = {0};
    struct setup setup = {0};
    enum err err = setup_make(options, &setup, &complaint);
    int code = EXIT_ALL_PASSED;

    if (err == ERR_OK)
        err = settings_write(&out, &setup, options->explain, &complaint);
    if (err != ERR_OK)
        code = screen_refuse(&complaint, err);
    else if (!screen_say(&out))
        code = EXIT_ENVIRONMENT;
    setup_deinit(&setup);
    buf_deinit(&complaint);
    buf_deinit(&out);
    return code;
}
