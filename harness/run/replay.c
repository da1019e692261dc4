#include "harness/run/replay.h"
#include "harness/run/clock.h"
#include "harness/run/command.h"
#include "harness/run/files.h"
#include "harness/run/replay_cases.h"
#include "harness/run/rerun.h"
#include "harness/run/screen.h"
#include "harness/run/target.h"

enum { NAMES_SHOWN = 40, SPEED_MOST = 1000000 };

struct replaying {
    const struct options *options;
    struct replay_options how;
    struct replay_target device;
    struct target target;
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
};

static int usage(struct replaying *r)
{
    screen_complain(buf_view(&r->complaint));
    return EXIT_USAGE;
}

static bool speed_set(struct replaying *r)
{
    const char *text = r->options->speed;
    uint64_t value = r->how.real ? 1 : 0;
    bool good = text == NULL || view_equal(view_of(text), V("instant")) ||
                (view_to_uint(view_of(text), SPEED_MOST, &value) && value > 0);
    if (text != NULL && view_equal(view_of(text), V("instant")))
        value = 0;
    r->how.speed = (uint32_t)value;
    if (!good)
        buf_printf(&r->complaint, "'--speed %s': give a whole number from 1 on, or 'instant'",
                   text);
    return good;
}

static bool target_set(struct replaying *r)
{
    const struct options *options = r->options;
    r->how.real = options->net == NET_REAL || options->target != NULL;
    if (options->target == NULL)
        return true;
    if (options->net == NET_SIM) {
        buf_add(&r->complaint, V("--target is a device: it cannot be on '--net sim'"));
        return false;
    }
    if (target_uri_set(&r->target, view_of(options->target), &r->arena, &r->complaint) != ERR_OK)
        return false;
    r->device = (struct replay_target){
        .uri = r->target.uri, .proto = r->target.proto, .address = r->target.addr};
    r->how.target = &r->device;
    return true;
}

static bool settings_make(struct replaying *r)
{
    const struct options *options = r->options;
    if (options->paths.count == 0) {
        buf_add(&r->complaint, V("replay: which capture? (sipwright replay CAPTURE ...)"));
        return false;
    }
    if ((options->user == NULL) != (options->password == NULL)) {
        buf_add(&r->complaint, V("--user and --password go together"));
        return false;
    }
    r->how.play = options->play == NULL ? V("") : view_of(options->play);
    r->how.user = view_of(options->user);
    r->how.password = view_of(options->password);
    r->how.seed = r->report.seed;
    r->how.events = options->json != NULL || options->trace != NULL;
    return target_set(r) && speed_set(r);
}

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
                                 .number = ++r->number,
                                 .seed = r->report.seed,
                                 .wall_us = clock_wall_us() - begun_us,
                                 .net = r->report.net};
    names_add(r, call);
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

/* What the capture was, where nothing of it could be replayed. */
static void silence_explain(struct replaying *r, const struct capture *capture)
{
    struct capture_counts counts;
    struct view why;
    capture_counts(capture, &counts);
    capture_failure(capture, &why);
    buf_clear(&r->complaint);
    if (why.ptr != NULL)
        buf_printf(&r->complaint, "%s: it ends before its end: %.*s", r->path, VIEW_ARG(why));
    if (r->number > 0 && why.ptr != NULL)
        screen_complain(buf_view(&r->complaint));
    if (r->number > 0)
        return;
    if (why.ptr == NULL)
        buf_printf(&r->complaint, "%s: there is no SIP in its %llu frames", r->path,
                   (unsigned long long)counts.frames);
    screen_complain(buf_view(&r->complaint));
    worse(r, EXIT_USAGE);
}

static enum err file_replay(struct replaying *r, const char *path)
{
    struct capture *capture = NULL;
    struct calls *calls = NULL;
    r->path = path;
    r->number = 0;
    buf_clear(&r->complaint);
    enum err err = capture_open(path, NULL, &capture, &r->complaint);
    if (err != ERR_OK) {
        screen_complain(r->complaint.len > 0 ? buf_view(&r->complaint) : view_of(err_text(err)));
        worse(r, err == ERR_IO || err == ERR_MEMORY ? EXIT_ENVIRONMENT : EXIT_USAGE);
        return ERR_OK;
    }
    err = calls_create(NULL, &calls);
    if (err == ERR_OK)
        err = messages_replay(r, capture, calls);
    if (err == ERR_OK)
        silence_explain(r, capture);
    calls_destroy(calls);
    capture_close(capture);
    return err;
}

/* --play names somebody who takes part in no call at all. */
static void player_explain(struct replaying *r)
{
    if (r->cases.count == 0 || r->absent < r->cases.count || r->how.play.len == 0)
        return;
    buf_clear(&r->complaint);
    buf_printf(&r->complaint,
               "--play: there is no '%.*s'; these take part: ", VIEW_ARG(r->how.play));
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
    enum err err = replay_create(&r->how, &r->replay);
    if (err == ERR_OK)
        err = screen_open(r->options, 0, &r->screen);
    if (err == ERR_OK)
        console_begin(r->screen.console, &r->report);
    for (size_t i = 0; i < r->options->paths.count && err == ERR_OK; i++)
        err = file_replay(r, r->options->paths.items[i]);
    if (err != ERR_OK) {
        screen_complain(view_of(err_text(err)));
        return EXIT_ENVIRONMENT;
    }
    player_explain(r);
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

int command_replay(const struct options *options, int argc, char **argv)
{
    struct replaying *r = mem_zalloc(sizeof *r);
    if (r == NULL)
        return EXIT_ENVIRONMENT;
    r->options = r->cases.options = options;
    report_begin(r, argc, argv);
    int code = !settings_make(r)          ? usage(r)
               : !files_begin(r->options) ? EXIT_ENVIRONMENT
                                          : files_replay(r);
    if (!screen_close(&r->screen))
        code = code == EXIT_ALL_PASSED ? EXIT_ENVIRONMENT : code;
    replay_destroy(r->replay);
    replay_cases_deinit(&r->cases);
    arena_deinit(&r->arena);
    buf_deinit(&r->complaint);
    buf_deinit(&r->command_line);
    mem_free(r);
    sip_msg_pool_drop();
    return code;
}
