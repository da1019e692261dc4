#include "harness/run/replay.h"
#include "harness/run/clock.h"
#include "harness/run/command.h"
#include "harness/run/files.h"
#include "harness/run/keyfit.h"
#include "harness/run/record_select.h"
#include "harness/run/replay_cases.h"
#include "harness/run/replay_settings.h"
#include "harness/run/rerun.h"
#include "harness/run/screen.h"

enum { NAMES_SHOWN = 40 };

struct replaying {
    const struct options *options;
    struct replay_settings settings;
    struct record_selection selection;
    struct replay *replay;
    struct replay_cases cases;
    struct report_run report;
    struct screen screen;
    struct arena arena;
    struct buf complaint, command_line;
    const char *path;
    uint64_t started_us;
    uint32_t number;                /* of calls in this capture */
    uint64_t messages;              /* likewise */
    struct view names[NAMES_SHOWN]; /* of the parties so far */
    uint32_t name_count, absent;
    int worst; /* exit code of what could not be read */
    struct keyfit keyfit;
};

/* Who is there to be played: for the sentence that says that nobody of that name is. */
static void names_add(struct replaying *r, const struct call *call)
{
    for (uint16_t i = 0; i < call->party_count; i++) {
        struct view name = call->parties[i].name;
        uint32_t at = 0;
        while (at < r->name_count && !view_equal(r->names[at], name))
            at++;
        if (at < r->name_count || at == NAMES_SHOWN)
            continue;
        r->names[at] = arena_copy(&r->arena, name);
        r->name_count += r->names[at].ptr != NULL;
    }
}

/* Whether --calls means it. */
static bool is_meant(struct replaying *r, const struct call *call)
{
    uint32_t number = record_selection_number(&r->selection);
    record_selection_see(&r->selection, call);
    names_add(r, call);
    r->number++;
    return record_selection_has(&r->selection, call, number);
}

static enum err call_replay(struct replaying *r, const struct call *call)
{
    struct replay_result result;
    struct report_case *one;
    uint64_t begun_us = clock_wall_us();
    enum err err = replay_call(r->replay, call, &result);
    if (err != ERR_OK)
        return err;
    struct replay_about about = {.path = r->path,
                                 .call = call,
                                 .number = r->number,
                                 .seed = r->report.seed,
                                 .wall_us = clock_wall_us() - begun_us,
                                 .net = r->report.net};
    r->absent += result.absent;
    err = replay_cases_add(&r->cases, &about, &result, &one);
    if (err != ERR_OK)
        return err;
    if (result.environment)
        r->worst = EXIT_ENVIRONMENT;
    if (!files_pcap(r->options, one, &r->cases.arena))
        r->worst = EXIT_ENVIRONMENT;
    console_case(r->screen.console, one);
    screen_flush(&r->screen);
    return ERR_OK;
}

static enum err calls_replay(struct replaying *r, struct calls *calls)
{
    struct call *call;
    enum err err = ERR_OK;
    while (err == ERR_OK && calls_next(calls, &call)) {
        if (is_meant(r, call))
            err = call_replay(r, call);
        call_destroy(call);
    }
    return err;
}

static enum err messages_replay(struct replaying *r, struct capture *capture, struct calls *calls)
{
    struct captured message;
    enum err err = ERR_OK;
    while (err == ERR_OK && capture_next(capture, &message)) {
        r->messages++;
        err = calls_take(calls, &message);
        err = err == ERR_MEMORY ? err : calls_replay(r, calls);
    }
    calls_end(calls);
    if (err == ERR_OK)
        err = calls_replay(r, calls);
    if (err == ERR_OK)
        err = calls_failure(calls);
    return err != ERR_OK ? err
                         : (capture_failure(capture, NULL) == ERR_MEMORY ? ERR_MEMORY : ERR_OK);
}

static void worse(struct replaying *r, int code)
{
    r->worst = code > r->worst ? code : r->worst;
}

/* What the capture was, where not all of it could be read. */
static void capture_explain(struct replaying *r, const struct capture *capture)
{
    struct view why;
    buf_clear(&r->complaint);
    capture_failure(capture, &why);
    if (why.ptr != NULL) {
        buf_printf(&r->complaint, "%s: it ends before its end: %.*s", r->path, VIEW_ARG(why));
        screen_complain(buf_view(&r->complaint));
        buf_clear(&r->complaint);
    }
    keyfit_take(&r->keyfit, capture);
    if (r->number > 0)
        return;
    capture_without_sip(capture, &r->complaint);
    screen_complain(buf_view(&r->complaint));
    worse(r, EXIT_USAGE);
}

static enum err file_replay(struct replaying *r, const char *path)
{
    const struct capture_options how = {.keylog = r->options->keylog};
    const struct calls_options named = {.names = r->selection.names,
                                        .name_count = r->selection.name_count};
    struct capture *capture = NULL;
    struct calls *calls = NULL;
    r->path = path;
    r->number = 0;
    buf_clear(&r->complaint);
    enum err err = capture_open(path, &how, &capture, &r->complaint);
    if (err != ERR_OK) {
        screen_complain(r->complaint.len > 0 ? buf_view(&r->complaint) : view_of(err_text(err)));
        worse(r, err == ERR_IO || err == ERR_MEMORY ? EXIT_ENVIRONMENT : EXIT_USAGE);
        return ERR_OK;
    }
    err = calls_create(&named, &calls);
    if (err == ERR_OK)
        err = messages_replay(r, capture, calls);
    if (err == ERR_OK)
        capture_explain(r, capture);
    calls_destroy(calls);
    capture_close(capture);
    return err;
}

/* What was named, and is nowhere. */
static void names_explain(struct replaying *r)
{
    buf_clear(&r->complaint);
    if (r->worst == EXIT_ALL_PASSED && !record_selection_met(&r->selection, &r->complaint)) {
        screen_complain(buf_view(&r->complaint));
        worse(r, EXIT_USAGE);
    }
}

/* --play names somebody who takes part in no call at all. */
static void player_explain(struct replaying *r)
{
    if (r->cases.count == 0 || r->absent < r->cases.count || r->settings.how.play.len == 0)
        return;
    buf_clear(&r->complaint);
    buf_printf(&r->complaint,
               "--play: there is no '%.*s'; these take part: ", VIEW_ARG(r->settings.how.play));
    for (uint32_t i = 0; i < r->name_count; i++)
        buf_printf(&r->complaint, "%s%.*s", i > 0 ? ", " : "", VIEW_ARG(r->names[i]));
    if (r->name_count == NAMES_SHOWN)
        buf_add(&r->complaint, V(" ..."));
    screen_complain(buf_view(&r->complaint));
    worse(r, EXIT_USAGE);
}

static int exit_code(const struct replaying *r)
{
    bool failed = false, judged = false;
    for (uint32_t i = 0; i < r->cases.count; i++) {
        enum verdict verdict = r->cases.items[i].verdict;
        failed = failed || (verdict != VERDICT_PASS && verdict != VERDICT_SKIP);
        judged = judged || verdict != VERDICT_SKIP;
    }
    if (r->worst != EXIT_ALL_PASSED)
        return r->worst;
    if (failed)
        return EXIT_FAILED;
    return judged ? EXIT_ALL_PASSED : EXIT_NOTHING;
}

static int report_end(struct replaying *r)
{
    if (replay_cases_settle(&r->cases) != ERR_OK)
        r->worst = EXIT_ENVIRONMENT;
    r->report.cases = r->cases.items;
    r->report.case_count = r->cases.count;
    r->report.wall_us = clock_wall_us() - r->started_us;
    r->report.exit_code = exit_code(r);
    if (!files_write(r->options, &r->report))
        r->worst = EXIT_ENVIRONMENT;
    console_end(r->screen.console, &r->report);
    if (!screen_close(&r->screen))
        r->worst = EXIT_ENVIRONMENT;
    return exit_code(r);
}

static int files_replay(struct replaying *r)
{
    enum err err = replay_create(&r->settings.how, &r->replay);
    if (err == ERR_OK)
        err = screen_open(r->options, 0, &r->screen);
    if (err == ERR_OK)
        console_begin(r->screen.console, &r->report);
    for (size_t i = 0; i < r->options->paths.count && err == ERR_OK; i++)
        err = file_replay(r, r->options->paths.items[i]);
    worse(r, keyfit_end(&r->keyfit));
    if (err != ERR_OK) {
        screen_complain(view_of(err_text(err)));
        return EXIT_ENVIRONMENT;
    }
    player_explain(r);
    names_explain(r);
    return report_end(r);
}

static void report_begin(struct replaying *r, int argc, char **argv)
{
    const struct options *options = r->options;
    bool real = options->net == NET_REAL || options->target != NULL;
    command_line_write(&r->command_line, argc, argv);
    r->started_us = clock_wall_us();
    r->report =
        (struct report_run){.seed = options->seed.given ? options->seed.value : clock_random(),
                            .started_s = options->no_wall_clock ? 0 : clock_date_s(),
                            .command_line = buf_view(&r->command_line),
                            .version = V(SIPWRIGHT_VERSION),
                            .target = view_of(options->target),
                            .net = real ? V("real") : V("sim")};
}

static bool settings_make(struct replaying *r)
{
    return replay_settings_make(r->options, r->report.seed, &r->settings, &r->complaint) &&
           record_selection_read(r->options, &r->selection, &r->complaint) == ERR_OK;
}

static int replay_do(struct replaying *r)
{
    if (!settings_make(r)) {
        screen_complain(r->complaint.len > 0 ? buf_view(&r->complaint) : V("out of memory"));
        return r->complaint.len > 0 ? EXIT_USAGE : EXIT_ENVIRONMENT;
    }
    return files_begin(r->options) ? files_replay(r) : EXIT_ENVIRONMENT;
}

int command_replay(const struct options *options, int argc, char **argv)
{
    struct replaying *r = mem_zalloc(sizeof *r);
    if (r == NULL)
        return EXIT_ENVIRONMENT;
    r->options = r->cases.options = options;
    report_begin(r, argc, argv);
    int code = replay_do(r);
    if (!screen_close(&r->screen) && code == EXIT_ALL_PASSED)
        code = EXIT_ENVIRONMENT;
    replay_destroy(r->replay);
    replay_cases_deinit(&r->cases);
    replay_settings_deinit(&r->settings);
    record_selection_deinit(&r->selection);
    arena_deinit(&r->arena);
    buf_deinit(&r->complaint);
    buf_deinit(&r->command_line);
    mem_free(r);
    sip_msg_pool_drop();
    return code;
}
