#include "harness/replay/manners.h"

enum { T1_US = 500000, T2_US = 4000000 };

static bool is_over_udp(const struct play *play)
{
    return play->options->target == NULL || play->options->target->proto == PROTO_UDP;
}

/* RFC 3261 §17.1.1.2, §17.1.2.2: Timers A and E. Simulated, nothing is lost. */
void manners_sent(struct play *play, const struct step *step)
{
    struct way *way = &play->ways[step->tx];
    const struct sip_msg *msg = step->live;
    if (!sip_msg_is_request(msg)) {
        way->status = sip_msg_status(msg);
        return;
    }
    if (!play->options->real || !is_over_udp(play) || sip_msg_method(msg) == SIP_ACK)
        return;
    way->gap_us = T1_US;
    way->repeat_us = time_after(world_now(play->world), T1_US);
}

static struct way *way_of(struct play *play, struct sip_msg *msg)
{
    const struct sip_via *via = sip_msg_via(msg, 0);
    for (uint16_t i = 0; via != NULL && i < play->call->transaction_count; i++)
        if (play->ways[i].branch.ptr != NULL && view_equal(play->ways[i].branch, via->branch) &&
            play->call->transactions[i].method == sip_msg_method(msg))
            return &play->ways[i];
    return NULL;
}

void manners_came(struct play *play, struct sip_msg *msg)
{
    struct way *way = sip_msg_is_request(msg) ? NULL : way_of(play, msg);
    if (way == NULL)
        return;
    if (sip_msg_status(msg) > way->status) {
        way->status = sip_msg_status(msg);
        sip_msg_unref(way->answer);
        way->answer = sip_msg_ref(msg);
    }
    if (sip_msg_method(msg) == SIP_INVITE || way->status >= 200)
        way->repeat_us = 0;
}

uint64_t manners_due_us(const struct play *play)
{
    uint64_t due_us = UINT64_MAX;
    for (uint16_t i = 0; i < play->call->transaction_count; i++)
        if (play->ways[i].repeat_us != 0 && play->ways[i].repeat_us < due_us)
            due_us = play->ways[i].repeat_us;
    return due_us;
}

void manners_send(struct play *play, const struct way *way, struct blob *bytes)
{
    const struct seat *seat = &play->seats[play->plan.played];
    if (bytes != NULL && way->target.family != 0) /* what cannot be sent now is sent again */
        (void)world_send(play->world, seat->number, seat->link[way->proto], &way->target, bytes, 0);
}

void manners_run(struct play *play, uint64_t now_us)
{
    for (uint16_t i = 0; i < play->call->transaction_count; i++) {
        struct way *way = &play->ways[i];
        if (way->repeat_us == 0 || way->repeat_us > now_us)
            continue;
        bool capped = play->call->transactions[i].method != SIP_INVITE;
        way->gap_us = capped && way->gap_us * 2 > T2_US ? T2_US : way->gap_us * 2;
        way->repeat_us = time_after(now_us, way->gap_us);
        manners_send(play, way, way->last);
    }
}

/* The ACK that we sent for this INVITE: in its transaction, or one of its own. */
static const struct step *ack_of(const struct play *play, uint32_t tx)
{
    for (uint32_t i = 0; i < play->plan.count; i++) {
        const struct step *step = &play->plan.steps[i];
        bool its = step->tx == tx || play->call->transactions[step->tx].of == tx;
        if (its && step->ours && step->live != NULL && sip_msg_is_request(step->live) &&
            sip_msg_method(step->live) == SIP_ACK)
            return step;
    }
    return NULL;
}

void manners_copied(struct play *play, const struct step *step)
{
    const struct way *way = &play->ways[step->tx];
    if (!play->options->real)
        return;
    if (sip_msg_is_request(step->live)) {
        if (sip_msg_method(step->live) != SIP_ACK && !step->ours)
            manners_send(play, way, way->last);
        return;
    }
    const struct step *ack = sip_msg_status(step->live) >= 200 ? ack_of(play, step->tx) : NULL;
    if (ack != NULL)
        manners_send(play, &play->ways[ack->tx], sip_msg_blob(ack->live));
}
