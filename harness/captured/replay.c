#include "harness/captured/replay.h"

#include "harness/captured/replay_run.h"
#include "harness/host/clock.h"
#include "harness/options/exit_code.h"
#include "harness/run/files.h"
#include "harness/run/rerun.h"

#include <signal.h>

static int exit_code(const struct replaying *r)
{
    bool failed = false, judged = false;
    for (uint32_t i = 0; i < r->book.count; i++) {
        enum verdict verdict = r->book.items[i].verdict;
        failed = failed || (verdict != VERDICT_PASS && verdict != VERDICT_SKIP);
        judged = judged || verdict != VERDICT_SKIP;
    }
    if (r->signal != 0)
        return EXIT_SIGNAL + r->signal;
    if (r->worst != EXIT_ALL_PASSED)
        return r->worst;
    if (failed)
        return EXIT_FAILED;
    return judged ? EXIT_ALL_PASSED : EXIT_NOTHING;
}

static int report_end(struct replaying *r)
{
    if (case_book_settle(&r->book, &r->report) != ERR_OK)
        r->worst = EXIT_ENVIRONMENT;
    r->report.wall_us = clock_wall_us() - r->started_us;
    r->report.interrupted = r->signal != 0;
    r->report.exit_code = exit_code(r);
    if (!files_write(r->options, &r->report))
        r->worst = EXIT_ENVIRONMENT;
    console_end(r->screen.console, &r->report);
    if (!screen_close(&r->screen))
        r->worst = EXIT_ENVIRONMENT;
    if (!files_end(r->options, &r->step, &r->report))
        r->worst = EXIT_ENVIRONMENT;
    return exit_code(r);
}

static void signals_hold(void)
{
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigprocmask(SIG_BLOCK, &held, NULL);
}

static int files_replay(struct replaying *r)
{
    r->settings.how.stopped = replay_is_stopped;
    r->settings.how.ctx = r;
    signals_hold();
    enum err err = replay_create(&r->settings.how, &r->replay);
    if (err == ERR_OK)
        err = screen_open(r->options, 0, &r->screen);
    if (err == ERR_OK)
        console_begin(r->screen.console, &r->report);
    for (size_t i = 0; i < r->options->paths.count && err == ERR_OK && r->signal == 0; i++)
        err = replay_file(r, r->options->paths.items[i]);
    replay_worse(r, keyfit_end(&r->keyfit));
    if (err != ERR_OK) {
        screen_complain(view_of(err_text(err)));
        return EXIT_ENVIRONMENT;
    }
    replay_explain(r);
    return report_end(r);
}

static void report_begin(struct replaying *r)
{
    const struct options *options = r->options;

    command_line_write(&r->command_line, options->argc, options->argv);
    secrets_black_out(&(struct secrets){0}, buf_view(&r->command_line));
    r->started_us = clock_wall_us();
    r->report =
        (struct report_run){.seed = options->seed.given ? options->seed.value : clock_random(),
                            .started_s = options->no_wall_clock ? 0 : clock_date_s(),
                            .command_line = buf_view(&r->command_line),
                            .version = V(SIPWRIGHT_VERSION),
                            .target = view_of(options->target),
                            .net = options_real(options) ? V("real") : V("sim")};
}

static bool settings_make(struct replaying *r)
{
    return replay_settings_make(r->options, r->report.seed, &r->settings, &r->complaint) &&
           call_selection_read(r->options, &r->selection, &r->complaint) == ERR_OK;
}

static int replay_do(struct replaying *r)
{
    if (!settings_make(r)) {
        screen_complain(r->complaint.len > 0 ? buf_view(&r->complaint) : V("out of memory"));
        return r->complaint.len > 0 ? EXIT_USAGE : EXIT_ENVIRONMENT;
    }
    return files_begin(r->options, &r->step) ? files_replay(r) : EXIT_ENVIRONMENT;
}

int command_replay(const struct options *options)
{
    if (files_check(options) != EXIT_ALL_PASSED)
        return EXIT_USAGE;
    struct replaying *r = mem_zalloc(sizeof *r);
    if (r == NULL)
        return EXIT_ENVIRONMENT;
    r->options = options;
    report_begin(r);
    int code = replay_do(r);
    if (!screen_close(&r->screen) && code == EXIT_ALL_PASSED)
        code = EXIT_ENVIRONMENT;
    replay_destroy(r->replay);
    case_book_deinit(&r->book);
    replay_settings_deinit(&r->settings);
    call_selection_deinit(&r->selection);
    arena_deinit(&r->arena);
    arena_deinit(&r->scratch);
    buf_deinit(&r->complaint);
    buf_deinit(&r->command_line);
    mem_free(r);
    sip_msg_pool_drop();
    return code;
}
