#include "harness/gate/command_baseline.h"
#include "harness/gate/gate.h"
#include "harness/gate/results.h"
#include "harness/gate/update.h"
#include "harness/host/path.h"
#include "harness/host/pipe.h"
#include "harness/options/exit_code.h"
#include "harness/run/files.h"
#include "harness/run/screen.h"

#include <unistd.h>

struct updating {
    const struct options *options;
    struct results results;
    struct gate gate; /* with the old baseline */
    struct baseline fresh;
    struct update update;
    struct buf day, complaint;
};

static int usage(const char *sentence)
{
    screen_complain(view_of(sentence));
    return EXIT_USAGE;
}

static int arguments_check(const struct options *options)
{
    const struct strings *paths = &options->paths;

    if (paths->count == 0 || strcmp(paths->items[0], "update") != 0)
        return usage(
            "baseline: there is 'sipwright baseline update RESULT ... -o FILE', with results "
            "of 'sipwright run --json RESULT'");
    if (paths->count == 1)
        return usage(
            "baseline update: which results? Give the files of 'sipwright run --json FILE'");
    if (options->output == NULL)
        return usage(
            "baseline update: which baseline? Give it with -o FILE; it is made where it is "
            "not there");
    return EXIT_ALL_PASSED;
}

/* The one that is there, if it is. */
static enum err old_read(struct updating *u)
{
    const struct report_run *run = &u->results.run;
    enum err err = ERR_OK;

    if (path_kind(view_of(u->options->output)) == PATH_FILE)
        err = gate_file_read(&u->gate, u->options->output, &u->complaint);
    return err != ERR_OK ? err : gate_settle(&u->gate, run->target, run->net, &u->complaint);
}

/* JSON has no other text: the id would come back as another one. */
static enum err ids_check(struct updating *u)
{
    for (uint32_t i = 0; i < u->fresh.count; i++)
        if (!text_valid(u->fresh.entries[i]->id)) {
            buf_add(&u->complaint,
                    V("the name of a scenario is no UTF-8, as a baseline has to be: "));
            text_add(&u->complaint, u->fresh.entries[i]->id);
            return ERR_SYNTAX;
        }
    return ERR_OK;
}

static enum err fresh_make(struct updating *u)
{
    const struct report_run *run = &u->results.run;

    if (run->started_s != 0)
        text_add_utc(&u->day, run->started_s);
    u->update = (struct update){.old = &u->gate.baseline, .only_fixed = u->options->only_fixed};
    if (u->day.len > 0)
        u->update.today = view_head(buf_view(&u->day), sizeof "2026-11-23" - 1);
    enum err err = u->day.failed;
    if (err == ERR_OK)
        err = update_make(&u->update, run, &u->fresh);
    return err != ERR_OK ? err : ids_check(u);
}

static bool fresh_write(const struct updating *u)
{
    struct buf text = {0};

    baseline_write(&u->fresh, &text);
    bool written = files_text("output", u->options->output, &text);
    buf_deinit(&text);
    return written;
}

static void part_add(struct buf *out, size_t count, const char *words)
{
    if (count > 0)
        buf_printf(out, ", %zu %s", count, words);
}

/* "phone.baseline: 31 pass, 2 fail (1 new, 1 fixed), 1 quarantined" */
static int tell(const struct updating *u)
{
    const struct update *update = &u->update;
    struct buf line = {0};

    buf_printf(&line, "%s: %zu pass, %zu fail", u->options->output, update->passing,
               update->failing);
    part_add(&line, update->skipped, "skipped");
    part_add(&line, update->quarantined, "quarantined");
    buf_printf(&line, "; %zu new failures, %zu fixed", update->fresh, update->fixed);
    part_add(&line, update->gone, "taken out");
    buf_add_char(&line, '\n');
    if (update->open > 0)
        buf_printf(&line, "%zu ended without a verdict or flaky: what was known of them stays\n",
                   update->open);
    bool told = line.failed == ERR_OK && pipe_write(STDOUT_FILENO, buf_view(&line));
    buf_deinit(&line);
    return told ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}

static int update_do(struct updating *u)
{
    enum err err = old_read(u);

    if (err == ERR_OK && u->results.run.interrupted) {
        buf_add(&u->complaint, V("baseline update: the run was interrupted; give one that came to "
                                 "its end"));
        err = ERR_SYNTAX;
    }
    if (err == ERR_OK)
        err = fresh_make(u);
    if (err != ERR_OK)
        return screen_refuse(&u->complaint, err);
    return fresh_write(u) ? tell(u) : EXIT_ENVIRONMENT;
}

int command_baseline(const struct options *options)
{
    struct updating u = {.options = options};
    int code = arguments_check(options);

    if (code == EXIT_ALL_PASSED)
        code = results_read("baseline update", &options->paths, 1, &u.results);
    if (code == EXIT_ALL_PASSED)
        code = update_do(&u);
    results_deinit(&u.results);
    gate_deinit(&u.gate);
    baseline_deinit(&u.fresh);
    buf_deinit(&u.day);
    buf_deinit(&u.complaint);
    return code;
}
