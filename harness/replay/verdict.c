#include "harness/replay/verdict.h"
#include "harness/replay/compare.h"
#include "harness/scene/json.h"

static struct view party_name(const struct play *play, uint16_t party)
{
    return party < play->call->party_count ? play->call->parties[party].name : V("somebody");
}

/* The newest step that is done, as the sentence begins: "after INVITE, ". */
static void write_after(const struct play *play, struct buf *out)
{
    uint32_t at = play->cursor < play->plan.count ? play->cursor : play->plan.count;
    if (at == 0)
        return;
    buf_add(out, V("after "));
    compare_label(step_msg(&play->plan.steps[at - 1]), out);
    buf_add(out, V(", "));
}

static void write_expected(const struct play *play, const struct step *step, struct buf *out)
{
    if (step == NULL) {
        buf_add(out, V("nothing more"));
        return;
    }
    compare_label(step_msg(step), out);
    buf_printf(out, " from %.*s", VIEW_ARG(party_name(play, step->peer)));
}

static void write_frame(const struct step *step, struct buf *out)
{
    if (step != NULL)
        buf_printf(out, " (frame %u)", step->captured->frame);
}

static void begin(struct play *play)
{
    buf_clear(play->reason);
    buf_clear(play->detail);
    write_after(play, play->reason);
    buf_add_char(play->detail, '{');
}

static void end(struct play *play, enum verdict verdict)
{
    buf_add_char(play->detail, '}');
    play->result.verdict = verdict;
    play->over = true;
}

static void detail_expected(struct play *play, const struct step *step)
{
    struct buf text = {0};
    write_expected(play, step, &text);
    json_text(play->detail, "expected", buf_view(&text));
    buf_deinit(&text);
}

/* "bob->>alice: 180 INVITE", as ladders label it. */
static void detail_ghost(struct play *play, const struct step *step)
{
    char room[SIP_LABEL_MAX];
    struct buf text = {0};
    struct view label = sip_msg_label(step_msg(step), room, sizeof room);
    buf_printf(&text, "%.*s->>%.*s: %.*s", VIEW_ARG(party_name(play, step->peer)),
               VIEW_ARG(party_name(play, play->plan.played)), VIEW_ARG(label));
    json_text(play->detail, "ghost", buf_view(&text));
    buf_deinit(&text);
}

/* A device that never spoke is not there. */
static void end_silent(struct play *play)
{
    bool absent = play->options->target != NULL && !play->heard;
    play->result.environment = absent;
    end(play, absent ? VERDICT_ERROR : VERDICT_FAIL);
}

static void missed_because(struct play *play, const struct step *step, const char *why)
{
    begin(play);
    buf_add(play->reason, V("expected "));
    write_expected(play, step, play->reason);
    buf_printf(play->reason, ", got nothing%s%s", why == NULL ? "" : ": ", why == NULL ? "" : why);
    write_frame(step, play->reason);
    detail_expected(play, step);
    json_text(play->detail, "actual", V("nothing"));
    if (step != NULL)
        detail_ghost(play, step);
    json_number(play->detail, "ghost_at_us", world_now(play->world));
    end_silent(play);
}

void verdict_missed(struct play *play, const struct step *step)
{
    if (!step->ours) {
        missed_because(play, step, NULL);
        return;
    }
    begin(play);
    compare_label(step_msg(step), play->reason);
    buf_printf(play->reason, " did not reach %.*s", VIEW_ARG(party_name(play, step->peer)));
    write_frame(step, play->reason);
    end(play, VERDICT_ERROR);
}

void verdict_unreachable(struct play *play, enum net_error error)
{
    const struct step *expected = NULL;
    for (uint32_t i = 0; i < play->plan.count && expected == NULL; i++) {
        const struct step *step = &play->plan.steps[i];
        expected = step->ours || step->done || step->optional ? NULL : step;
    }
    missed_because(play, expected, net_error_text(error));
}

void verdict_differs(struct play *play, const struct step *step, struct sip_msg *came,
                     uint16_t party, uint64_t seq)
{
    struct buf actual = {0};
    compare_label(came, &actual);
    if (step == NULL || party != step->peer)
        buf_printf(&actual, " from %.*s", VIEW_ARG(party_name(play, party)));
    begin(play);
    buf_add(play->reason, V("expected "));
    write_expected(play, step, play->reason);
    buf_printf(play->reason, ", got %.*s", VIEW_ARG(buf_view(&actual)));
    write_frame(step, play->reason);
    detail_expected(play, step);
    json_text(play->detail, "actual", buf_view(&actual));
    json_number(play->detail, "message", seq);
    buf_deinit(&actual);
    end(play, VERDICT_FAIL);
}

void verdict_header(struct play *play, const struct step *step, struct view expected,
                    struct view actual, uint64_t seq)
{
    begin(play);
    buf_add(play->reason, V("expected "));
    write_expected(play, step, play->reason);
    buf_printf(play->reason, " with %.*s, got %.*s", VIEW_ARG(expected), VIEW_ARG(actual));
    write_frame(step, play->reason);
    json_text(play->detail, "expected", expected);
    json_text(play->detail, "actual", actual);
    json_number(play->detail, "message", seq);
    end(play, VERDICT_FAIL);
}

void verdict_refused(struct play *play, const struct step *step, enum err err)
{
    bool ours = err == ERR_MEMORY || err == ERR_LIMIT;
    bool unheard = !sip_msg_is_request(step_msg(step)) && handle_none(play->ways[step->tx].object);
    begin(play);
    buf_printf(play->reason, "%.*s cannot send ", VIEW_ARG(party_name(play, step->peer)));
    compare_label(step_msg(step), play->reason);
    buf_printf(play->reason, " as it was captured: %s",
               unheard ? "the stack has passed over the request" : err_text(err));
    write_frame(step, play->reason);
    detail_ghost(play, step);
    end(play, ours ? VERDICT_ERROR : VERDICT_FAIL);
}

void verdict_set(struct play *play, enum verdict verdict, struct view sentence)
{
    buf_clear(play->reason);
    buf_clear(play->detail);
    buf_add(play->reason, sentence);
    play->result.verdict = verdict;
    play->over = true;
}
