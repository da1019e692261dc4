#include "harness/replay/match.h"
#include "harness/replay/compare.h"

static bool is_due(const struct step *step)
{
    return !step->ours && !step->done && !step->optional;
}

static struct step *first_due(struct play *play)
{
    for (uint32_t i = 0; i < play->plan.count; i++)
        if (is_due(&play->plan.steps[i]))
            return &play->plan.steps[i];
    return NULL;
}

/* A captured tag that already has another name here is of another dialog. */
static bool is_tag(const struct play *play, struct view captured, struct view came)
{
    struct view live = names_find(&play->names, NAME_TAG, captured);
    return live.ptr == NULL || view_equal(live, came);
}

static bool is_same_branch(struct sip_msg *a, struct sip_msg *b)
{
    const struct sip_via *x = sip_msg_via(a, 0), *y = sip_msg_via(b, 0);
    return x != NULL && y != NULL && view_equal(x->branch, y->branch) &&
           view_equal_nocase(x->host, y->host) && x->port == y->port;
}

static bool is_fork(const struct play *play, uint32_t tx, const struct sip_msg *came)
{
    const struct call_transaction *of = &play->call->transactions[tx];
    return of->method == SIP_INVITE && !of->in_dialog && sip_msg_status(came) < 300;
}

static bool is_of(const struct play *play, const struct step *step, uint32_t tx,
                  struct sip_msg *came)
{
    return step->tx == tx && !step->ours &&
           (!is_fork(play, tx, came) ||
            is_tag(play, sip_msg_to_tag(step_msg(step)), sip_msg_to_tag(came)));
}

/* A response that came, byte by byte: or a final one that came, whatever it says now. */
static struct step *response_copied(struct play *play, uint32_t tx, struct sip_msg *came,
                                    bool exact)
{
    for (uint32_t i = 0; i < play->plan.count; i++) {
        struct step *step = &play->plan.steps[i];
        if (!is_of(play, step, tx, came) || step->live == NULL)
            continue;
        if (exact ? view_equal(sip_msg_raw(step->live), sip_msg_raw(came))
                  : sip_msg_status(came) >= 200 && compare_kind(step->live, came))
            return step;
    }
    return NULL;
}

/* The next response of the transaction, in the leg that this one is of. A leg that nobody knows is
 * none of the capture's: tags are not compared. */
static struct step *response_due(struct play *play, uint32_t tx, struct sip_msg *came)
{
    for (int exact = 1; exact >= 0; exact--)
        for (uint32_t i = 0; i < play->plan.count; i++) {
            struct step *step = &play->plan.steps[i];
            if (step->tx == tx && is_due(step) && (exact == 0 || is_of(play, step, tx, came)))
                return step;
        }
    return NULL;
}

/* Of one transaction responses keep their order, but those of another leg. */
static struct found response_find(struct play *play, uint32_t tx, struct sip_msg *came)
{
    struct step *expected = response_due(play, tx, came);
    struct step *copied = response_copied(play, tx, came, true);
    bool same = expected != NULL && compare_kind(step_msg(expected), came);
    if (same && (copied == NULL || expected->ordered))
        return (struct found){FOUND_STEP, expected};
    if (copied == NULL)
        copied = response_copied(play, tx, came, false);
    if (copied != NULL)
        return (struct found){FOUND_COPY, copied};
    if (expected == NULL)
        expected = first_due(play);
    return (struct found){sip_msg_status(came) == 100 ? FOUND_FREE : FOUND_STRANGE, expected};
}

static struct found response_match(struct play *play, struct sip_msg *came)
{
    const struct sip_via *via = sip_msg_via(came, 0);
    for (uint16_t i = 0; via != NULL && i < play->call->transaction_count; i++)
        if (play->ways[i].branch.ptr != NULL && view_equal(play->ways[i].branch, via->branch) &&
            view_equal(
                sip_msg_method_name(came),
                sip_msg_method_name(play->ways[i].request == NULL ? came : play->ways[i].request)))
            return response_find(play, i, came);
    return (struct found){FOUND_STRANGE, first_due(play)};
}

/* The ACK of a 2xx may come again with another branch; its number is that of its INVITE. */
static bool is_copy(const struct step *step, struct sip_msg *came)
{
    const struct sip_cseq *x = sip_msg_cseq(step->live), *y = sip_msg_cseq(came);
    if (is_same_branch(step->live, came))
        return true;
    return sip_msg_method(came) == SIP_ACK && x != NULL && y != NULL && x->number == y->number &&
           view_equal(sip_msg_to_tag(step->live), sip_msg_to_tag(came));
}

/* RFC 3261 §17.1.1.3: the ACK of a refusal is the transport's affair of two neighbours, and many
 * captures end before it. */
static bool is_refusals(struct play *play, struct sip_msg *came)
{
    if (sip_msg_method(came) != SIP_ACK)
        return false;
    for (uint16_t i = 0; i < play->call->transaction_count; i++)
        if (play->ways[i].request != NULL && play->call->transactions[i].method == SIP_INVITE &&
            is_same_branch(play->ways[i].request, came))
            return true;
    return false;
}

static bool is_inside(struct sip_msg *msg)
{
    return sip_msg_to_tag(msg).ptr != NULL;
}

static struct step *request_copied(struct play *play, struct sip_msg *came)
{
    for (uint32_t i = 0; i < play->plan.count; i++) {
        struct step *step = &play->plan.steps[i];
        if (!step->ours && step->live != NULL && compare_kind(step_msg(step), came) &&
            is_copy(step, came))
            return step;
    }
    return NULL;
}

/* Requests may come in any order, for each is a transaction of its own: the next one of that method
 * in its dialog, or else the next one. */
static struct found request_match(struct play *play, struct sip_msg *came)
{
    struct step *copied = request_copied(play, came), *found = NULL;
    if (copied != NULL)
        return (struct found){FOUND_COPY, copied};
    for (uint32_t i = 0; i < play->plan.count; i++) {
        struct step *step = &play->plan.steps[i];
        if (!is_due(step) || !compare_kind(step_msg(step), came) ||
            (is_inside(step_msg(step)) != is_inside(came) && sip_msg_method(came) != SIP_ACK))
            continue;
        if (is_tag(play, sip_msg_from_tag(step_msg(step)), sip_msg_from_tag(came)) &&
            is_tag(play, sip_msg_to_tag(step_msg(step)), sip_msg_to_tag(came)))
            return (struct found){FOUND_STEP, step};
        found = found == NULL ? step : found;
    }
    if (found != NULL)
        return (struct found){FOUND_STEP, found};
    return (struct found){is_refusals(play, came) ? FOUND_FREE : FOUND_STRANGE, first_due(play)};
}

struct found match_find(struct play *play, struct sip_msg *came)
{
    return sip_msg_is_request(came) ? request_match(play, came) : response_match(play, came);
}
