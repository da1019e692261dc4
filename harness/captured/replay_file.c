#include "harness/captured/replay_run.h"

#include "harness/captured/capture_file.h"
#include "harness/captured/replay_case.h"
#include "harness/host/clock.h"
#include "harness/options/exit_code.h"
#include "harness/run/files.h"

#include <signal.h>

/* Who is there to be played: for the sentence that says that nobody of that name is. */
static void names_add(struct replaying *r, const struct call *call)
{
    for (uint16_t i = 0; i < call->party_count; i++) {
        struct view name = call->parties[i].name;
        uint32_t at = 0;
        while (at < r->name_count && !view_equal(r->names[at], name))
            at++;
        if (at < r->name_count || at == REPLAY_NAMES_SHOWN)
            continue;
        r->names[at] = arena_copy(&r->arena, name);
        r->name_count += r->names[at].ptr != NULL;
    }
}

/* Whether --calls means it. */
static bool is_meant(struct replaying *r, const struct call *call)
{
    uint32_t number = call_selection_number(&r->selection);
    call_selection_see(&r->selection, call);
    names_add(r, call);
    r->number++;
    return call_selection_has(&r->selection, call, number);
}

/* Events are kept where a report shows them. */
static enum err case_keep(struct replaying *r, const struct report_case *one)
{
    struct report_case kept = *one;
    if (one->verdict == VERDICT_PASS && r->options->json == NULL && r->options->html == NULL)
        kept.events = (struct view){0};
    return case_book_add(&r->book, &kept);
}

static enum err call_replay(struct replaying *r, const struct call *call)
{
    struct replay_result result;
    struct report_case one;
    uint64_t begun_us = clock_wall_us();
    enum err err = replay_call(r->replay, call, &result);
    if (err != ERR_OK || result.stopped)
        return err;
    struct replay_about about = {.path = r->path,
                                 .call = call,
                                 .number = r->number,
                                 .seed = r->report.seed,
                                 .wall_us = clock_wall_us() - begun_us,
                                 .net = r->report.net};
    r->absent += result.absent;
    arena_reset(&r->scratch);
    err = replay_case_make(r->options, &about, &result, &r->scratch, &one);
    if (err != ERR_OK)
        return err;
    if (result.environment)
        r->worst = EXIT_ENVIRONMENT;
    if (!files_pcap(r->options, &one, &r->scratch))
        r->worst = EXIT_ENVIRONMENT;
    console_case(r->screen.console, &one);
    screen_flush(&r->screen);
    return case_keep(r, &one);
}

/* INT and TERM are held back, and looked for between two calls, and while one goes on. */
bool replay_is_stopped(void *ctx)
{
    struct replaying *r = ctx;
    sigset_t pending;
    if (r->signal == 0 && sigpending(&pending) == 0)
        r->signal = sigismember(&pending, SIGINT) == 1    ? SIGINT
                    : sigismember(&pending, SIGTERM) == 1 ? SIGTERM
                                                          : 0;
    return r->signal != 0;
}

static enum err calls_replay(struct replaying *r, struct calls *calls)
{
    struct call *call;
    enum err err = ERR_OK;
    while (err == ERR_OK && r->signal == 0 && calls_next(calls, &call)) {
        if (!replay_is_stopped(r) && is_meant(r, call))
            err = call_replay(r, call);
        call_destroy(call);
    }
    return err;
}

static enum err messages_replay(struct replaying *r, struct capture *capture, struct calls *calls)
{
    struct captured message;
    enum err err = ERR_OK;
    while (err == ERR_OK && r->signal == 0 && capture_next(capture, &message)) {
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

void replay_worse(struct replaying *r, int code)
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
    if (r->number > 0) {
        capture_unread(capture, &r->complaint);
    } else {
        capture_without_sip(capture, &r->complaint);
        replay_worse(r, EXIT_USAGE);
    }
    if (r->complaint.len > 0)
        screen_complain(buf_view(&r->complaint));
}

enum err replay_file(struct replaying *r, const char *path)
{
    const struct calls_options named = {.names = r->selection.names,
                                        .name_count = r->selection.name_count};
    struct capture *capture = NULL;
    struct calls *calls = NULL;
    r->path = path;
    r->number = 0;
    int code = capture_file_open(r->options, path, &capture);
    replay_worse(r, code);
    if (code != EXIT_ALL_PASSED)
        return ERR_OK;
    enum err err = calls_create(&named, &calls);
    if (err == ERR_OK)
        err = messages_replay(r, capture, calls);
    if (err == ERR_OK && r->signal == 0)
        capture_explain(r, capture);
    calls_destroy(calls);
    capture_close(capture);
    return err;
}

/* What was named, and is nowhere. */
static void names_explain(struct replaying *r)
{
    buf_clear(&r->complaint);
    if (r->worst == EXIT_ALL_PASSED && !call_selection_met(&r->selection, &r->complaint)) {
        screen_complain(buf_view(&r->complaint));
        replay_worse(r, EXIT_USAGE);
    }
}

/* --play names somebody who takes part in no call at all. */
static void player_explain(struct replaying *r)
{
    if (r->book.count == 0 || r->absent < r->book.count || r->settings.how.play.len == 0)
        return;
    buf_clear(&r->complaint);
    buf_printf(&r->complaint,
               "--play: there is no '%.*s'; these take part: ", VIEW_ARG(r->settings.how.play));
    for (uint32_t i = 0; i < r->name_count; i++)
        buf_printf(&r->complaint, "%s%.*s", i > 0 ? ", " : "", VIEW_ARG(r->names[i]));
    if (r->name_count == REPLAY_NAMES_SHOWN)
        buf_add(&r->complaint, V(" ..."));
    screen_complain(buf_view(&r->complaint));
    replay_worse(r, EXIT_USAGE);
}

void replay_explain(struct replaying *r)
{
    if (r->signal != 0)
        return;
    player_explain(r);
    names_explain(r);
}
