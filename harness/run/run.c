#include "harness/run/run.h"
#include "harness/gate/score.h"
#include "harness/host/clock.h"
#include "harness/listing/again.h"
#include "harness/run/dry_run.h"
#include "harness/run/files.h"
#include "harness/run/hide.h"
#include "harness/run/list.h"
#include "harness/run/plan.h"
#include "harness/run/prepare.h"
#include "harness/run/progress.h"
#include "harness/run/rerun.h"
#include "harness/run/result.h"
#include "harness/run/rounds.h"
#include "harness/run/screen.h"

/* One `sipwright run`, from the listing to the exit code. */
struct run {
    const struct options *options;
    struct setup setup;
    struct worker_setup worker;
    struct listing listing;
    struct pool *pool;
    struct cases cases;
    struct rounds rounds;
    struct screen screen;
    struct step step;
    struct report_run report;
    struct report_case *report_cases;
    struct buf command_line;
    uint64_t started_us;
    struct progress progress;
    bool unwritten; /* a report, or what the screen should have shown */
    bool disorder;  /* of a worker */
    int signal;
};

static void case_show(void *ctx, struct run_case *one)
{
    struct run *run = ctx;

    hide_case(&run->setup.hidden, &run->cases.arena, &one->report);
    one->report.events = case_events(&run->cases, one);
    if (!files_pcap(run->options, &one->report, &run->cases.arena) ||
        !files_keys(run->options, &one->report, &run->cases.arena))
        run->unwritten = true;
    console_case(run->screen.console, &one->report);
}

static void somebody_asks(void *ctx)
{
    struct run *run = ctx;

    run->progress.asked_us = clock_wall_us();
}

static int round_show(void *ctx)
{
    struct run *run = ctx;

    return progress_show(&run->progress, &run->cases, &run->screen);
}

/* A round is through. */
static bool round_again(void *ctx)
{
    struct run *run = ctx;
    struct buf line = {0};
    bool again = rounds_again(&run->rounds, run->report.seed, &run->cases, &line);

    if (line.len > 0)
        console_note(run->screen.console, buf_view(&line));
    screen_flush(&run->screen);
    buf_deinit(&line);
    return again;
}

/* As a reader of the reports sees the suite, who stands where the run stood. */
static struct view root_of(const struct discovery *discovery)
{
    struct view root = discovery->root_shown;

    return view_starts(root, V("/")) || view_equal(root, V(".")) ? (struct view){0} : root;
}

static void report_begin(struct run *run)
{
    static const struct view gates[] = {
        {0 },
        { "must", 4},
        { "should", 6}
    };
    const struct options *options = run->options;

    command_line_write(&run->command_line, options->argc, options->argv);
    secrets_black_out(&run->setup.hidden, buf_view(&run->command_line));
    hide_text(&run->setup.hidden, &run->listing.arena, &run->listing.target_name);
    run->started_us = clock_wall_us();
    run->report = (struct report_run){
        .seed = options->seed.given ? options->seed.value : clock_random(),
        .started_s = options->no_wall_clock ? 0 : clock_date_s(),
        .command_line = buf_view(&run->command_line),
        .version = V(SIPWRIGHT_VERSION),
        .target = run->listing.target_name,
        .link = options->link == NULL ? (struct view){0} : view_of(options->link),
        .transport = run->listing.transport.len > 0 ? run->listing.transport : (struct view){0},
        .mutant = run->setup.mutant != NULL ? run->setup.mutant->id : (struct view){0},
        .root = root_of(&run->setup.discovery),
        .claims =
            run->listing.target_claims.len > 0 ? run->listing.target_claims : (struct view){0},
        .gate = gates[options->gate],
        .net = options_real(options) ? V("real") : V("sim")};
}

/* Whoever looks on sees a failure when it comes. Else the order does not depend on --jobs, nor
 * where only the cases up to a failure are the run. */
static bool shows_at_once(const struct options *options)
{
    return screen_is_terminal(options) && !options->fail_fast && options->max_failures.value == 0;
}

static enum err cases_prepare(struct run *run)
{
    struct cases_setup setup = {.options = run->options,
                                .discovery = &run->setup.discovery,
                                .listing = &run->listing,
                                .gate = &run->setup.gate,
                                .hidden = &run->setup.hidden,
                                .seed = run->report.seed,
                                .jobs = run->setup.jobs,
                                .at_once = shows_at_once(run->options),
                                .show = case_show,
                                .asked = somebody_asks,
                                .round = round_show,
                                .again = rounds_meant(run->options) ? round_again : NULL,
                                .ctx = run};
    enum err err = cases_plan(&setup, &run->cases);

    run->report.shard = (struct report_shard){.index = run->options->shard_index,
                                              .count = run->options->shard_count,
                                              .plan = run->cases.plan,
                                              .case_count = run->cases.planned};
    return err != ERR_OK ? err : screen_open(run->options, run->cases.count, &run->screen);
}

/* Those that are through, in order, as the writers want them. */
static enum err report_end(struct run *run)
{
    enum err err = cases_settle(&run->cases);

    run->report_cases = mem_zalloc((run->cases.count + 1) * sizeof *run->report_cases);
    if (run->report_cases == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < run->cases.count && i <= run->cases.last; i++) {
        struct run_case *one = &run->cases.items[i];
        if (!one->done)
            continue;
        one->report.events = case_events(&run->cases, one);
        if (one->first != NULL) {
            hide_case(&run->setup.hidden, &run->cases.arena, &one->first->report);
            one->first->report.events = case_first_events(&run->cases, one);
            one->report.earlier = &one->first->report;
        }
        run->report_cases[run->report.case_count++] = one->report;
    }
    run->report.cases = run->report_cases;
    if (err == ERR_OK)
        err =
            score_make(run->report_cases, run->report.case_count, &run->cases.arena, &run->report);
    run->report.wall_us = clock_wall_us() - run->started_us;
    run->report.interrupted = run->signal != 0;
    return err;
}

struct sums {
    bool crashed, load, failed, environment, judged;
};

static struct sums sums_of(const struct run *run)
{
    struct sums sums = {0};

    for (size_t i = 0; i < run->cases.count && i <= run->cases.last; i++) {
        const struct run_case *one = &run->cases.items[i];
        if (!one->done)
            continue;
        sums.crashed = sums.crashed || one->crashed;
        sums.load = sums.load || one->failure != NULL || one->misuse;
        sums.environment = sums.environment || one->environment;
        sums.judged = sums.judged || one->xfailed || one->report.verdict != VERDICT_SKIP;
        sums.failed = sums.failed || (report_gates(&one->report) && !one->environment);
    }
    return sums;
}

/* The order of precedence: a signal, a fault of ours, a file, a failure, the environment. */
static int exit_code(const struct run *run)
{
    struct sums sums = sums_of(run);

    if (run->signal != 0)
        return EXIT_SIGNAL + run->signal;
    if (sums.crashed || run->disorder)
        return EXIT_INTERNAL;
    if (sums.load)
        return EXIT_LOAD;
    if (sums.failed)
        return EXIT_FAILED;
    if (sums.environment || run->unwritten)
        return EXIT_ENVIRONMENT;
    bool nothing = run->options->target != NULL && !sums.judged && run->cases.count > 0;
    return nothing && !run->options->pass_with_no_tests ? EXIT_NOTHING : EXIT_ALL_PASSED;
}

enum { NOT_RUN_SHOWN = 5 };

/* Which ones the interruption has cost. */
static void not_run_show(struct run *run)
{
    struct buf text = {0};
    size_t count = 0;

    for (size_t i = 0; i < run->cases.count; i++) {
        const struct run_case *one = &run->cases.items[i];
        if (one->done)
            continue;
        if (++count <= NOT_RUN_SHOWN)
            buf_printf(&text, "%s%.*s", count == 1 ? "not run: " : ", ",
                       VIEW_ARG(one->report.name));
    }
    if (count > NOT_RUN_SHOWN)
        buf_printf(&text, " and %zu more", count - NOT_RUN_SHOWN);
    if (count > 0)
        console_note(run->screen.console, buf_view(&text));
    buf_deinit(&text);
}

/* The pool is done with: its workers go while the reports are written. */
static int run_finish(struct run *run)
{
    run->signal = pool_signal(run->pool);
    run->disorder = !pool_destroy(run->pool);
    run->pool = NULL;
    if (report_end(run) != ERR_OK)
        run->unwritten = true;
    run->report.exit_code = exit_code(run);
    if (!files_write(run->options, &run->report))
        run->unwritten = true;
    if (run->signal != 0)
        not_run_show(run);
    console_end(run->screen.console, &run->report);
    if (!screen_close(&run->screen))
        run->unwritten = true;
    if (!files_end(run->options, &run->step, &run->report))
        run->unwritten = true;
    int code = exit_code(run);
    if (run->setup.mutant == NULL) /* what it fails is no news of the suite */
        again_keep(&run->setup.discovery, &run->report);
    if (code == EXIT_NOTHING)
        screen_complain(V("all was skipped: no scenario put the target to the test"));
    return code;
}

static int run_do(struct run *run)
{
    report_begin(run);
    rounds_begin(&run->rounds, run->options);
    if (!files_begin(run->options, &run->step))
        return EXIT_ENVIRONMENT;
    enum err err = cases_prepare(run);
    if (err == ERR_OK) {
        console_begin(run->screen.console, &run->report);
        err = cases_run(&run->cases, run->pool);
    }
    if (err != ERR_OK && err != ERR_STATE) {
        screen_complain(view_of(err_text(err)));
        return EXIT_ENVIRONMENT;
    }
    return run_finish(run);
}

static void run_deinit(struct run *run)
{
    if (run->pool != NULL && !pool_destroy(run->pool))
        run->disorder = true; /* the exit code is not 0 as it is */
    if (!screen_close(&run->screen))
        run->unwritten = true; /* the same */
    cases_deinit(&run->cases);
    listing_deinit(&run->listing);
    setup_deinit(&run->setup);
    mem_free(run->report_cases);
    buf_deinit(&run->command_line);
}

int command_run(const struct options *options)
{
    if (options->list)
        return command_list(options);
    struct run run = {.options = options};
    int code = files_check(options);
    if (code == EXIT_ALL_PASSED)
        code = run_prepare(options, &run.setup, &run.worker, &run.pool, &run.listing);

    if (code == EXIT_ALL_PASSED)
        code = options->dry_run ? dry_run_print(&run.setup, &run.listing) : run_do(&run);
    run_deinit(&run);
    return code;
}
