#include "harness/replay/actor.h"

static const uint32_t manual = SIP_MANUAL_ACK | SIP_MANUAL_FORK | SIP_MANUAL_PRACK |
                               SIP_MANUAL_BYE | SIP_MANUAL_CANCEL | SIP_MANUAL_OPTIONS |
                               SIP_MANUAL_NOTIFY | SIP_MANUAL_REINVITE | SIP_MANUAL_UPDATE |
                               SIP_MANUAL_UNKNOWN | SIP_MANUAL_SUBSCRIBE | SIP_MANUAL_REPLACES |
                               SIP_MANUAL_481 | SIP_MANUAL_SCHEME;

static bool is_to(const struct play *play, const struct step *step, uint16_t party)
{
    return step->ours && step->peer == party && sip_msg_is_request(step_msg(step)) &&
           play->plan.played != party;
}

static void list_add(struct buf *list, struct view word)
{
    if (word.len > 0)
        buf_printf(list, "%s%.*s", list->len > 0 ? ", " : "", VIEW_ARG(word));
}

/* It supports what it was required to, and takes what it was sent: how the captured party answered
 * that is for the plan to say. */
static void known_add(const struct play *play, uint16_t party, struct buf *supported,
                      struct buf *allow, struct buf *accept)
{
    for (uint32_t i = 0; i < play->plan.count; i++) {
        struct sip_msg *msg = step_msg(&play->plan.steps[i]);
        const struct sip_text *tag;
        if (!is_to(play, &play->plan.steps[i], party))
            continue;
        for (size_t n = 0; (tag = sip_msg_get(msg, SIP_HEADER_REQUIRE, n)) != NULL; n++)
            list_add(supported, tag->text);
        if (sip_msg_method(msg) == SIP_METHOD_OTHER)
            list_add(allow, sip_msg_method_name(msg));
        const struct sip_line *type = sip_msg_find(msg, SIP_HEADER_CONTENT_TYPE, 0);
        if (type != NULL)
            list_add(accept, view_trim(view_head(type->value, view_find_char(type->value, ';'))));
    }
}

enum err actor_enter(struct play *play, uint16_t party, uint32_t *out_number)
{
    struct buf supported = {0}, allow = {0}, accept = {0};
    struct view name = play->call->parties[party].name;
    buf_add(&supported, V("100rel, timer, replaces, join, norefersub, tdialog"));
    buf_add(&allow,
            V("INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, PRACK, UPDATE, INFO, SUBSCRIBE, "
              "NOTIFY, REFER, MESSAGE, PUBLISH"));
    buf_add(&accept, V("application/sdp"));
    known_add(play, party, &supported, &allow, &accept);
    struct sip_stack_options options = {.ids = rng_stream((struct rng){play->options->seed}, name),
                                        .name = name,
                                        .manual = manual,
                                        .supported = buf_view(&supported),
                                        .allow = buf_view(&allow),
                                        .accept = buf_view(&accept),
                                        .refresh = {.idle = true}};
    enum err err = supported.failed != ERR_OK ? supported.failed : allow.failed;
    if (err == ERR_OK)
        err = accept.failed;
    if (err == ERR_OK)
        err = world_party_add(play->world, name, &options, out_number);
    buf_deinit(&supported);
    buf_deinit(&allow);
    buf_deinit(&accept);
    return err;
}

static struct leg *leg_find(struct play *play, uint16_t party, struct view local,
                            struct view remote)
{
    for (uint32_t i = 0; i < play->leg_count; i++) {
        struct leg *leg = &play->legs[i];
        if (leg->party == party && view_equal(leg->local, local) && view_equal(leg->remote, remote))
            return leg;
    }
    return NULL;
}

static struct leg *leg_add(struct play *play, const struct leg *leg)
{
    if (play->leg_count == LEGS_MOST)
        return NULL;
    play->legs[play->leg_count] = *leg;
    return &play->legs[play->leg_count++];
}

/* The first To tag is that of the call; each other one forks it. */
static enum err leg_answered(struct play *play, const struct step *step, struct handle *out_object)
{
    struct sip_msg *msg = step_msg(step);
    struct way *way = &play->ways[step->tx];
    struct leg new = {.local = sip_msg_to_tag(msg),
                      .remote = sip_msg_from_tag(msg),
                      .party = step->peer,
                      .call = way->call,
                      .object = way->object};
    const struct leg *leg = leg_find(play, step->peer, new.local, new.remote);
    if (leg != NULL) {
        *out_object = leg->object;
        return ERR_OK;
    }
    uint32_t number = play->seats[step->peer].number;
    for (uint32_t i = 0; i < play->leg_count; i++)
        if (play->legs[i].party == step->peer && handle_equal(play->legs[i].call, way->call)) {
            enum err err = sip_call_fork(world_stack(play->world, number), world_now(play->world),
                                         way->call, &new.call, &new.object);
            if (err != ERR_OK)
                return err;
            break;
        }
    *out_object = new.object;
    return leg_add(play, &new) != NULL ? ERR_OK : ERR_LIMIT;
}

static bool is_reliable(struct sip_msg *msg)
{
    return sip_msg_find(msg, SIP_HEADER_RSEQ, 0) != NULL &&
           sip_msg_lists(msg, SIP_HEADER_REQUIRE, V("100rel"));
}

static struct view type_of(const struct sip_msg *msg)
{
    const struct sip_line *line = sip_msg_find(msg, SIP_HEADER_CONTENT_TYPE, 0);
    return line == NULL ? (struct view){0} : line->value;
}

static enum err answer(struct play *play, const struct step *step, struct sip_stack *stack)
{
    struct sip_msg *msg = step_msg(step);
    const struct call_transaction *tx = &play->call->transactions[step->tx];
    struct sip_response_options options = {.status = sip_msg_status(msg),
                                           .reason = sip_msg_reason(msg),
                                           .body = sip_msg_body(msg),
                                           .content_type = type_of(msg),
                                           .reliable = is_reliable(msg),
                                           .force = true};
    struct handle object = play->ways[step->tx].object;
    bool dialog = options.status > 100 && options.status < 300 && !tx->in_dialog;
    enum err err = ERR_OK;
    options.rows = actor_rows(play, msg, &options.row_count);
    if (options.rows == NULL)
        return ERR_MEMORY;
    if (dialog && tx->method == SIP_INVITE && sip_msg_to_tag(msg).ptr != NULL)
        err = leg_answered(play, step, &object);
    else if (tx->method != SIP_INVITE && !tx->in_dialog && options.status > 100)
        options.to_tag = sip_msg_to_tag(msg);
    return err == ERR_OK ? sip_respond(stack, world_now(play->world), object, &options) : err;
}

static const struct addr *played_at(const struct play *play, const struct step *step)
{
    return &play->seats[play->plan.played].at[plan_proto(step->captured->carrier)];
}

static struct view live_or(const struct play *play, enum name_kind kind, struct view captured,
                           struct view otherwise)
{
    struct view live = names_find(&play->names, kind, captured);
    return live.ptr != NULL ? live : otherwise;
}

/* Outside of the calls that the stack knows: who it is from, and in which dialog, is said here. */
static enum err outside(struct play *play, struct sip_msg *msg, struct sip_request_options *options)
{
    const struct sip_name_addr *from = sip_msg_from(msg), *to = sip_msg_to(msg);
    struct view none = {0};
    if (actor_untagged(play, from, sip_msg_find(msg, SIP_HEADER_FROM, 0), &options->from) !=
            ERR_OK ||
        actor_untagged(play, to, sip_msg_find(msg, SIP_HEADER_TO, 0), &options->to) != ERR_OK)
        return ERR_MEMORY;
    options->uri = sip_msg_request_uri_text(msg);
    options->call_id = live_or(play, NAME_CALL_ID, sip_msg_call_id(msg), none);
    struct view from_tag = sip_msg_from_tag(msg), to_tag = sip_msg_to_tag(msg);
    bool inside = to_tag.ptr != NULL;
    options->from_tag = live_or(play, NAME_TAG, from_tag, inside ? from_tag : none);
    if (inside)
        options->to_tag = live_or(play, NAME_TAG, to_tag, to_tag);
    return ERR_OK;
}

static enum err ask(struct play *play, const struct step *step, struct sip_stack *stack)
{
    struct sip_msg *msg = step_msg(step);
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    const struct sip_number *forwards = sip_msg_get(msg, SIP_HEADER_MAX_FORWARDS, 0);
    struct way *way = &play->ways[step->tx];
    struct sip_request_options options = {.method = sip_msg_method_name(msg),
                                          .proto = plan_proto(step->captured->carrier),
                                          .remote = *played_at(play, step),
                                          .body = sip_msg_body(msg),
                                          .content_type = type_of(msg),
                                          .cseq = cseq == NULL ? 0 : cseq->number,
                                          .has_max_forwards = forwards != NULL,
                                          .force = true};
    struct handle call = {0};
    options.rows = actor_rows(play, msg, &options.row_count);
    if (options.rows == NULL)
        return ERR_MEMORY;
    if (forwards != NULL && forwards->value <= 255)
        options.max_forwards = (uint16_t)forwards->value;
    const struct leg *leg = leg_find(play, step->peer, sip_msg_from_tag(msg), sip_msg_to_tag(msg));
    if (leg != NULL)
        options.call = leg->call;
    else if (outside(play, msg, &options) != ERR_OK)
        return ERR_MEMORY;
    if (leg != NULL && sip_msg_method(msg) == SIP_ACK)
        return sip_ack_send(stack, world_now(play->world), leg->call, &options);
    enum err err = sip_request_send(stack, world_now(play->world), &options, &way->object, &call);
    if (err == ERR_GONE && leg != NULL) {
        options.call = (struct handle){0};
        if (outside(play, msg, &options) != ERR_OK)
            return ERR_MEMORY;
        err = sip_request_send(stack, world_now(play->world), &options, &way->object, &call);
    }
    if (err == ERR_OK)
        way->call = call;
    return err;
}

/* One that crossed the final response is, for the stack, too late: as a request of its own it has
 * the branch of its INVITE (RFC 3261 §9.1). */
static enum err cancel_late(struct play *play, const struct step *step, struct sip_stack *stack,
                            const struct way *invite)
{
    const struct sip_via *via = invite->request == NULL ? NULL : sip_msg_via(invite->request, 0);
    struct sip_msg *msg = step_msg(step);
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    struct sip_request_options options = {.method = V("CANCEL"),
                                          .proto = plan_proto(step->captured->carrier),
                                          .remote = *played_at(play, step),
                                          .cseq = cseq == NULL ? 0 : cseq->number,
                                          .force = true};
    if (via == NULL)
        return ERR_GONE;
    options.branch = via->branch;
    options.rows = actor_rows(play, msg, &options.row_count);
    if (options.rows == NULL || outside(play, msg, &options) != ERR_OK)
        return ERR_MEMORY;
    return sip_request_send(stack, world_now(play->world), &options, &play->ways[step->tx].object,
                            NULL);
}

static enum err cancel(struct play *play, const struct step *step, struct sip_stack *stack)
{
    uint16_t of = play->call->transactions[step->tx].of;
    struct sip_request_options extra = {.force = true};
    if (of == CALL_NONE)
        return ERR_GONE;
    extra.rows = actor_rows(play, step_msg(step), &extra.row_count);
    if (extra.rows == NULL)
        return ERR_MEMORY;
    enum err err = sip_request_cancel(stack, world_now(play->world), play->ways[of].object, &extra,
                                      &play->ways[step->tx].object);
    return err == ERR_STATE || err == ERR_GONE ? cancel_late(play, step, stack, &play->ways[of])
                                               : err;
}

enum err actor_act(struct play *play, const struct step *step)
{
    uint32_t number = play->seats[step->peer].number;
    struct sip_stack *stack = world_stack(play->world, number);
    enum err err;
    if (!sip_msg_is_request(step_msg(step)))
        err = answer(play, step, stack);
    else if (sip_msg_method(step_msg(step)) == SIP_CANCEL)
        err = cancel(play, step, stack);
    else
        err = ask(play, step, stack);
    world_touch(play->world, number);
    return err;
}

/* The transaction of the played party that has this branch. */
static struct way *way_of(struct play *play, struct sip_msg *msg)
{
    const struct sip_via *via = sip_msg_via(msg, 0);
    for (uint16_t i = 0; via != NULL && i < play->call->transaction_count; i++)
        if (play->ways[i].branch.ptr != NULL && view_equal(play->ways[i].branch, via->branch) &&
            play->call->transactions[i].method == sip_msg_method(msg))
            return &play->ways[i];
    return NULL;
}

static void hear_response(struct play *play, uint16_t party, const struct tell *tell)
{
    const struct step *step = &play->plan.steps[play->cursor];
    if (play->cursor >= play->plan.count || !step->ours || handle_none(tell->call) ||
        sip_msg_is_request(step_msg(step)))
        return;
    struct leg leg = {.local = sip_msg_from_tag(step_msg(step)),
                      .remote = sip_msg_to_tag(step_msg(step)),
                      .party = party,
                      .call = tell->call};
    if (handle_equal(play->ways[step->tx].object, tell->object) && leg.remote.ptr != NULL &&
        leg_find(play, party, leg.local, leg.remote) == NULL)
        (void)leg_add(play, &leg);
}

void actor_hear(struct play *play, uint16_t party, const struct tell *tell)
{
    struct way *way;
    switch ((enum sip_tell)tell->what) {
    case SIP_TELL_REQUEST:
    case SIP_TELL_CANCELLED:
        way = tell->msg == NULL ? NULL : way_of(play, tell->msg);
        if (way != NULL) {
            way->object = tell->object;
            way->call = tell->call;
        }
        break;
    case SIP_TELL_ANSWERED:
        way = tell->msg == NULL ? NULL : way_of(play, tell->msg);
        if (way != NULL)
            way->answered = true;
        break;
    case SIP_TELL_RESPONSE:
        hear_response(play, party, tell);
        break;
    default:
        break;
    }
}
