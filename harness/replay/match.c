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

static struct view tag_of(const struct sip_name_addr *value)
{
    return value == NULL ? (struct view){0} : value->tag;
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

/* Of one transaction responses keep their order, but those of another leg. */
static struct found response_find(struct play *play, uint32_t tx, struct sip_msg *came)
{
    struct view tag = tag_of(sip_msg_to(came));
    struct step *expected = NULL;
    for (uint32_t i = 0; i < play->plan.count; i++) {
        struct step *step = &play->plan.steps[i];
        if (step->tx != tx || step->ours)
            continue;
        bool same = compare_kind(step_msg(step), came);
        bool leg = is_tag(play, tag_of(sip_msg_to(step_msg(step))), tag);
        if (step->done && same && leg && step->live != NULL)
            return (struct found){FOUND_COPY, step};
        if (!is_due(step) || (!leg && sip_msg_status(came) < 300))
            continue;
        if (same)
            return (struct found){FOUND_STEP, step};
        expected = expected == NULL ? step : expected;
        break;
    }
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
    return sip_msg_method(came) == SIP_ACK && x != NULL && y != NULL && x->number == y->number;
}

static bool is_inside(struct sip_msg *msg)
{
    return tag_of(sip_msg_to(msg)).ptr != NULL;
}

/* Requests may come in any order, for each is a transaction of its own. */
static struct found request_match(struct play *play, struct sip_msg *came)
{
    for (uint32_t i = 0; i < play->plan.count; i++) {
        struct step *step = &play->plan.steps[i];
        if (!step->ours && step->live != NULL && compare_kind(step_msg(step), came) &&
            is_copy(step, came))
            return (struct found){FOUND_COPY, step};
    }
    for (uint32_t i = 0; i < play->plan.count; i++) {
        struct step *step = &play->plan.steps[i];
        if (is_due(step) && compare_kind(step_msg(step), came) &&
            is_inside(step_msg(step)) == is_inside(came))
            return (struct found){FOUND_STEP, step};
    }
    return (struct found){FOUND_STRANGE, first_due(play)};
}

struct found match_find(struct play *play, struct sip_msg *came)
{
    return sip_msg_is_request(came) ? request_match(play, came) : response_match(play, came);
}
