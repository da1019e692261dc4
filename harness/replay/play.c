#include "harness/replay/actor.h"
#include "harness/replay/compare.h"
#include "harness/replay/manners.h"
#include "harness/replay/match.h"
#include "harness/replay/rewrite.h"
#include "harness/replay/stage.h"
#include "harness/replay/verdict.h"

/* A device may say too much: as long as this is listened. And so long it may take leave. */
enum { LAST_WORDS_US = 100000, LEAVE_US = 500000, STOP_US = 100000 };

static struct step *step_now(struct play *play)
{
    return play->cursor < play->plan.count ? &play->plan.steps[play->cursor] : NULL;
}

static enum proto proto_of(const struct play *play, const struct step *step)
{
    if (play->options->target != NULL)
        return play->options->target->proto;
    return plan_proto(step->captured->carrier);
}

/* Simulated at once: in virtual time, as captured. */
static uint64_t due_us(const struct play *play, const struct step *step)
{
    uint32_t speed = play->options->speed;
    uint64_t delay_us = step->delay_us;
    if (speed == 0 && play->options->real)
        delay_us = 0;
    return time_after(play->since_us, speed == 0 ? delay_us : delay_us / speed);
}

static struct view branch_for(struct play *play, const struct step *step)
{
    const struct call_transaction *tx = &play->call->transactions[step->tx];
    struct view before = play->ways[step->tx].branch;
    if (tx->method == SIP_CANCEL && tx->of != CALL_NONE)
        before = play->ways[tx->of].branch;
    return before.ptr != NULL ? before : names_branch(&play->names);
}

/* A device's dialog may lead elsewhere than to where the call began: RFC 3261 §12.2.1.1. */
static bool leads_elsewhere(struct sip_msg *msg, struct addr *out)
{
    const struct sip_name_addr *route = sip_msg_route(msg, 0), *whom = sip_msg_to(msg);
    const struct sip_uri *uri = route != NULL ? &route->uri : sip_msg_request_uri(msg);
    if (whom == NULL || whom->tag.ptr == NULL || uri == NULL ||
        addr_host_parse(uri->host, out) != ERR_OK)
        return false;
    out->port = sip_uri_port(uri);
    return true;
}

static struct addr destination(struct play *play, const struct step *step, struct sip_msg *msg)
{
    struct addr to = play->seats[step->peer].at[proto_of(play, step)], other;
    if (!sip_msg_is_request(msg))
        return play->ways[step->tx].source;
    bool device = play->options->target != NULL;
    return device && leads_elsewhere(msg, &other) && other.family == to.family ? other : to;
}

static enum err send_bytes(struct play *play, struct step *step, struct blob *bytes)
{
    struct way *way = &play->ways[step->tx];
    const struct seat *seat = &play->seats[play->plan.played];
    enum proto proto = sip_msg_is_request(step_msg(step)) ? proto_of(play, step) : way->proto;
    enum err err = sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &step->live);
    if (err != ERR_OK)
        return err;
    struct addr to = destination(play, step, step->live);
    if (sip_msg_is_request(step->live) && way->request == NULL)
        way->request = sip_msg_ref(step->live);
    blob_unref(way->last);
    way->last = blob_ref(bytes);
    way->target = to;
    way->proto = proto;
    uint64_t seq = world_send(play->world, seat->number, seat->link[proto], &to, bytes, 0);
    if (seq == 0)
        return ERR_IO;
    manners_sent(play, step);
    return ERR_OK;
}

static void played_send(struct play *play, struct step *step)
{
    struct blob *bytes = NULL;
    if (sip_msg_is_request(step_msg(step)))
        play->ways[step->tx].branch = branch_for(play, step);
    enum err err = rewrite(play, step, play->scratch);
    if (err == ERR_OK)
        bytes = blob_create(buf_view(play->scratch));
    if (err == ERR_OK && bytes == NULL)
        err = ERR_MEMORY;
    if (err == ERR_OK)
        err = send_bytes(play, step, bytes);
    blob_unref(bytes);
    step->ordered = true;
    if (err != ERR_OK)
        verdict_set(play, VERDICT_ERROR,
                    err == ERR_IO ? V("a message could not be sent") : view_of(err_text(err)));
    if (play->options->target != NULL)
        step->done = true;
}

static void actor_send(struct play *play, struct step *step)
{
    step->ordered = true;
    if (step->by_itself || play->options->target != NULL || play->ways[step->tx].answered)
        return;
    enum err err = actor_act(play, step);
    if (err != ERR_OK)
        verdict_refused(play, step, err);
}

/* The step that is next does what it can at this instant; false: it waits. */
static bool advance(struct play *play, uint64_t now_us)
{
    struct step *step = step_now(play);
    if (play->over || play->leaving || step == NULL)
        return false;
    if (step->done || step->optional) {
        play->cursor++;
        play->since_us = now_us;
        play->due = moment_never;
        return true;
    }
    bool mine = step->ours || play->options->target == NULL;
    if (step->ordered || (mine && due_us(play, step) > now_us))
        return false;
    if (step->ours)
        played_send(play, step);
    else
        actor_send(play, step);
    play->due = moment_never;
    return true;
}

/* When it acts, or when what it waits for is overdue. */
static uint64_t alarm_us(const struct play *play)
{
    const struct step *step =
        play->cursor < play->plan.count ? &play->plan.steps[play->cursor] : NULL;
    uint64_t patience_us = play->options->patience_us;
    if (play->leaving)
        return time_after(play->since_us, LEAVE_US);
    if (step == NULL)
        return time_after(play->since_us, LAST_WORDS_US);
    return step->ordered ? time_after(due_us(play, step), patience_us) : due_us(play, step);
}

static void overdue(struct play *play, uint64_t now_us)
{
    const struct step *step = step_now(play);
    if (now_us < alarm_us(play) || play->over)
        return;
    if (step == NULL || play->leaving)
        play->over = true;
    else if (step->ordered && !step->done)
        verdict_missed(play, step);
}

/* A device is not left in a call that nobody is in any more. */
static bool leave(struct play *play, uint64_t now_us)
{
    if (!play->over || play->leaving || play->options->target == NULL ||
        play->result.verdict == VERDICT_PASS)
        return false;
    play->leaving = true;
    play->over = false;
    play->since_us = now_us;
    manners_leave(play);
    return true;
}

static void look_up(struct play *play, uint64_t now_us)
{
    if (play->options->stopped == NULL || !play->options->real || now_us < play->look_us)
        return;
    play->look_us = now_us + STOP_US;
    if (play->leaving || play->over || !play->options->stopped(play->options->ctx))
        return;
    verdict_set(play, VERDICT_ERROR, V("it was interrupted"));
    play->result.stopped = true;
}

static bool run_ready(void *ctx, uint64_t now_us)
{
    struct play *play = ctx;
    bool ran = false;
    look_up(play, now_us);
    while (advance(play, now_us))
        ran = true;
    ran |= leave(play, now_us);
    if (world_user_due(play->world)) {
        play->due = moment_never;
        manners_run(play, now_us);
        overdue(play, now_us);
        ran |= leave(play, now_us);
    }
    return ran;
}

static struct moment deadline(void *ctx)
{
    struct play *play = ctx;
    uint64_t at_us = alarm_us(play), repeat_us = manners_due_us(play);
    at_us = repeat_us < at_us ? repeat_us : at_us;
    if (play->options->stopped != NULL && play->options->real && play->look_us < at_us)
        at_us = play->look_us;
    if (play->due.at_us != at_us)
        play->due = order_next(world_order(play->world), at_us);
    return play->due;
}

static void on_tell(void *ctx, uint32_t number, const struct tell *tell)
{
    struct play *play = ctx;
    uint16_t party = stage_party(play, number);
    if (party != CALL_NONE)
        actor_hear(play, party, tell);
    if (tell->msg != NULL && !sip_msg_is_whole(tell->msg))
        play->failed = ERR_MEMORY;
}

static void request_came(struct play *play, const struct step *step, const struct packet *packet)
{
    struct way *way = &play->ways[step->tx];
    if (!sip_msg_is_request(packet->msg))
        return;
    if (way->request == NULL)
        way->request = sip_msg_ref(packet->msg);
    way->source = way->target = packet->remote;
    way->proto = packet->proto;
}

static void step_came(struct play *play, struct step *step, const struct packet *packet)
{
    struct buf expected = {0}, actual = {0};
    request_came(play, step, packet);
    step->live = sip_msg_ref(packet->msg);
    enum err err = names_learn(&play->names, step_msg(step), packet->msg);
    if (err == ERR_OK)
        err = proof_meet(play, packet->msg);
    if (err != ERR_OK)
        verdict_set(play, VERDICT_ERROR, view_of(err_text(err)));
    else if (compare_headers(step_msg(step), packet->msg, &expected, &actual))
        verdict_header(play, step, buf_view(&expected), buf_view(&actual), packet->cause);
    if (expected.failed != ERR_OK || actual.failed != ERR_OK)
        play->failed = ERR_MEMORY;
    step->done = true;
    buf_deinit(&expected);
    buf_deinit(&actual);
}

static void on_packet(void *ctx, uint32_t number, const struct packet *packet)
{
    struct play *play = ctx;
    (void)number;
    if (packet->kind == PACKET_FAILED && !play->over && !play->leaving)
        verdict_unreachable(play, packet->error);
    if (packet->kind != PACKET_DATAGRAM || packet->msg == NULL || play->over)
        return;
    play->heard = true;
    manners_came(play, packet->msg);
    if (play->leaving) {
        manners_farewell(play, packet->msg);
        return;
    }
    struct found found = match_find(play, packet->msg);
    uint16_t from = stage_party(play, world_party_at(play->world, &packet->remote));
    if (found.kind == FOUND_STEP)
        step_came(play, found.step, packet);
    else if (found.kind == FOUND_COPY)
        manners_copied(play, found.step);
    else if (found.kind == FOUND_STRANGE)
        verdict_differs(play, found.step, packet->msg, from, packet->cause);
    if (!sip_msg_is_whole(packet->msg)) /* what seems to be absent may be there */
        play->failed = ERR_MEMORY;
}

/* What the played party sent has reached its peer, whose stack gets it now. */
static enum trace_fate on_arrival(void *ctx, uint32_t from, uint32_t to, struct sip_msg *msg,
                                  struct blob **bytes)
{
    struct play *play = ctx;
    struct step *step = step_now(play);
    (void)msg;
    (void)bytes;
    if (step != NULL && step->ours && step->ordered && play->options->target == NULL &&
        from == play->seats[play->plan.played].number && to == play->seats[step->peer].number)
        step->done = true;
    return FATE_NONE;
}

static void judge_end(struct play *play)
{
    const struct step *step = step_now(play);
    if (play->failed != ERR_OK)
        verdict_set(play, VERDICT_ERROR, view_of(err_text(play->failed)));
    else if (world_broken(play->world) != NULL)
        verdict_set(play, VERDICT_ERROR, view_of(world_broken(play->world)));
    else if (!play->over && step != NULL)
        verdict_missed(play, step);
}

enum err play_run(struct play *play)
{
    const struct world_user user = {.ctx = play,
                                    .run_ready = run_ready,
                                    .deadline = deadline,
                                    .tell = on_tell,
                                    .packet = on_packet,
                                    .hook_in = on_arrival};
    play->due = moment_never;
    enum err err = stage_open(play, &user);
    while (err == ERR_OK && !play->over && play->failed == ERR_OK && world_turn(play->world))
        continue;
    if (err == ERR_OK) {
        judge_end(play);
        play->result.virtual_us = world_now(play->world);
    }
    stage_close(play);
    return err;
}
