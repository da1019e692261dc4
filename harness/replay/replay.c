#include "harness/replay/replay.h"
#include "harness/replay/play.h"
#include "harness/replay/player.h"
#include "harness/replay/secure.h"
#include "harness/replay/verdict.h"

#define PATIENCE_US (32 * US_PER_S)

struct replay {
    struct replay_options options;
    struct arena arena;
    struct secure secure;
    bool heard; /* the other side, in any call so far */
    struct buf reason, detail, scratch, events;
};

enum err replay_create(const struct replay_options *options, struct replay **out)
{
    struct replay *replay = mem_zalloc(sizeof *replay);
    if (replay == NULL)
        return ERR_MEMORY;
    replay->options = *options;
    replay->options.real = options->real || options->target != NULL;
    if (replay->options.patience_us == 0)
        replay->options.patience_us = PATIENCE_US;
    *out = replay;
    return ERR_OK;
}

void replay_destroy(struct replay *replay)
{
    if (replay == NULL)
        return;
    arena_deinit(&replay->arena);
    secure_deinit(&replay->secure);
    buf_deinit(&replay->reason);
    buf_deinit(&replay->detail);
    buf_deinit(&replay->scratch);
    buf_deinit(&replay->events);
    mem_free(replay);
}

static struct view text_of(const struct buf *buf)
{
    return buf->len > 0 ? buf_view(buf) : (struct view){0};
}

/* Why there is nothing to replay; false: there is. */
static bool is_left_out(struct replay *replay, const struct call *call, struct play *play,
                        enum err *out_err)
{
    struct view whom = replay->options.play;
    bool found = player_find(call, whom, &play->plan.played);
    if (!found && player_is_named(whom)) {
        verdict_set(play, VERDICT_SKIP, V(""));
        buf_printf(play->reason, "%.*s takes no part in it", VIEW_ARG(whom));
        play->result.absent = true;
        return true;
    }
    if (!call->complete || !found) {
        verdict_set(play, VERDICT_INCONCLUSIVE, V(""));
        buf_printf(play->reason, "the capture does not have all of it: %.*s",
                   VIEW_ARG(call->lacks));
        return true;
    }
    *out_err = plan_make(call, play->plan.played, play->arena, &play->plan);
    if (*out_err != ERR_OK)
        return true;
    if (!plan_refuses(&play->plan, play->reason))
        return false;
    play->result.verdict = VERDICT_SKIP;
    return true;
}

static enum err keyring_fill(const struct replay_options *options, struct keyring *keyring,
                             struct play *play)
{
    struct sip_account account = {.user = options->user, .password = options->password};
    uint32_t number;
    if (options->user.ptr == NULL)
        return ERR_OK;
    play->keyring = keyring;
    return keyring_add(keyring, &account, true, &number);
}

static enum err events_take(struct replay *replay, struct trace *trace)
{
    struct view run;
    while ((run = trace_unsent(trace)).len > 0)
        buf_add(&replay->events, run);
    return replay->events.failed;
}

static enum err trace_end(struct replay *replay, struct play *play)
{
    struct trace_event event = {.time_us = play->result.virtual_us, .kind = TRACE_VERDICT};
    event.u.verdict.verdict = play->result.verdict;
    event.u.verdict.reason = text_of(&replay->reason);
    event.u.verdict.detail = text_of(&replay->detail);
    trace_append(play->trace, &event);
    if (play->result.verdict == VERDICT_PASS && !replay->options.events)
        return ERR_OK;
    return events_take(replay, play->trace);
}

static enum err play_all(struct replay *replay, struct play *play)
{
    struct keyring keyring = {0};
    struct trace_options trace = {0};
    enum err err = keyring_fill(&replay->options, &keyring, play);
    if (err == ERR_OK)
        err = trace_create(&trace, &play->trace);
    if (err == ERR_OK && replay->options.password.len > 0)
        err = trace_secret_add(play->trace, replay->options.password);
    if (err == ERR_OK)
        err = play_run(play);
    if (err != ERR_OK && err != ERR_MEMORY) {
        play->result.verdict = VERDICT_ERROR;
        play->result.environment = true;
        err = ERR_OK;
    }
    if (err == ERR_OK)
        err = trace_end(replay, play);
    trace_destroy(play->trace);
    keyring_deinit(&keyring);
    return err;
}

enum err replay_call(struct replay *replay, const struct call *call, struct replay_result *out)
{
    uint64_t seed =
        rng_at((struct rng){replay->options.seed}, call->call_id, call->messages[0].frame);
    struct play play = {
        .options = &replay->options,
        .call = call,
        .arena = &replay->arena,
        .names = {.arena = &replay->arena, .ids = {seed}},
        .secure = &replay->secure,
        .heard = replay->heard,
        .scratch = &replay->scratch,
        .reason = &replay->reason,
        .detail = &replay->detail
    };
    enum err err = ERR_OK;
    arena_reset(&replay->arena);
    buf_clear(&replay->reason);
    buf_clear(&replay->detail);
    buf_clear(&replay->events);
    if (!is_left_out(replay, call, &play, &err))
        err = play_all(replay, &play);
    plan_drop(&play.plan);
    replay->heard = play.heard;
    if (err == ERR_OK && replay->reason.failed == ERR_OK) {
        *out = play.result;
        out->reason = text_of(&replay->reason);
        out->detail = text_of(&replay->detail);
        out->events = text_of(&replay->events);
        out->call_id = call->call_id;
        return ERR_OK;
    }
    return err != ERR_OK ? err : replay->reason.failed;
}
