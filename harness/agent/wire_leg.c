#include "harness/agent/wire_leg.h"

#include "harness/agent/agents.h"
#include "harness/agent/wire_words.h"
#include "harness/flow/log.h"

static bool same_tag(struct sip_msg *one, struct sip_msg *other)
{
    return view_equal(sip_msg_to_tag(one), sip_msg_to_tag(other));
}

typedef bool leg_fits(const struct wire_leg *leg, struct sip_msg *msg);

static bool same_call(const struct wire_leg *leg, struct sip_msg *msg)
{
    return view_equal(sip_msg_call_id(leg->invite), sip_msg_call_id(msg));
}

/* RFC 3261 §17.1.3: its INVITE, responses to it, its CANCEL, and the ACK of a refusal. */
static bool same_transaction(const struct wire_leg *leg, struct sip_msg *msg)
{
    const struct sip_via *invite = sip_msg_via(leg->invite, 0), *via = sip_msg_via(msg, 0);

    return same_call(leg, msg) && invite != NULL && via != NULL && via->branch.len > 0 &&
           view_equal(invite->branch, via->branch);
}

/* The callee's tag is in it, whoever sent it. */
static bool same_dialog(const struct wire_leg *leg, struct sip_msg *msg)
{
    struct view tag = leg->answer == NULL ? (struct view){0} : sip_msg_to_tag(leg->answer);

    return same_call(leg, msg) && tag.len > 0 &&
           (view_equal(tag, sip_msg_to_tag(msg)) || view_equal(tag, sip_msg_from_tag(msg)));
}

/* The first leg of this wire from `leg` on that the message fits. */
static struct wire_leg *leg_that(struct wire_leg *leg, const struct wire *wire, struct sip_msg *msg,
                                 leg_fits *fits)
{
    while (leg != NULL && (leg->wire != wire || !fits(leg, msg)))
        leg = leg->next;
    return leg;
}

/* One Call-ID may have several INVITEs: merged ones, or one again with credentials. */
static struct wire_leg *leg_of(struct wire_leg *legs, const struct wire *wire, struct sip_msg *msg)
{
    static leg_fits *const closer[] = {same_transaction, same_dialog, same_call};
    struct wire_leg *leg = NULL;

    for (size_t i = 0; i < sizeof closer / sizeof *closer && leg == NULL; i++)
        leg = leg_that(legs, wire, msg, closer[i]);
    return leg;
}

static struct wire_leg *leg_add(struct agents *agents, struct wire *wire, struct sip_msg *invite)
{
    struct wire_leg *leg = agents->wire_leg_count < WIRE_LEGS_MAX ? mem_zalloc(sizeof *leg) : NULL;

    if (leg == NULL)
        return NULL; /* the tidy-up is no verdict: what it leaves up ends by its own timers */
    leg->wire = wire;
    leg->invite = sip_msg_ref(invite);
    leg->next = agents->wire_legs;
    agents->wire_legs = leg;
    agents->wire_leg_count++;
    return leg;
}

struct heard { /* a message as one of its wires sees it */
    struct sip_msg *msg;
    bool ours; /* it sent it */
    uint32_t peer;
    uint64_t at_us;
};

static void leg_begin(struct agents *agents, struct wire *wire, const struct heard *heard)
{
    const struct sip_cseq *cseq = sip_msg_cseq(heard->msg);
    const struct party *other = agents_party(agents, heard->peer);

    if (other == NULL || leg_that(agents->wire_legs, wire, heard->msg, same_transaction) != NULL)
        return;
    struct wire_leg *leg = leg_add(agents, wire, heard->msg);
    if (leg == NULL)
        return;
    leg->caller = heard->ours;
    leg->peer = heard->peer;
    leg->began_us = heard->at_us;
    leg->remote = other->local;
    leg->seq = heard->ours && cseq != NULL ? cseq->number : 0;
}

/* Another To tag makes another leg, which wants an ACK and a BYE of its own. */
static struct wire_leg *leg_answered(struct agents *agents, struct wire_leg *first,
                                     struct sip_msg *msg)
{
    struct wire_leg *leg = first;

    if (first->status >= 200 && sip_msg_status(msg) >= 300)
        return first;
    for (; leg != NULL; leg = leg_that(leg->next, first->wire, msg, same_transaction))
        if (leg->status < 200 || leg->answer == NULL || same_tag(leg->answer, msg))
            return leg;
    leg = leg_add(agents, first->wire, first->invite);
    if (leg == NULL)
        return first;
    leg->caller = true;
    leg->remote = first->remote;
    leg->peer = first->peer;
    leg->seq = first->seq;
    return leg;
}

/* A caller passes over a refusal that is wrong by its branch or its Via: the call stands when the
 * wire accepts it behind that. */
static bool is_settled(const struct wire_leg *leg, uint16_t status)
{
    bool accepted = status >= 200 && status < 300;

    return leg->status >= 200 && (leg->caller || leg->status < 300 || !accepted);
}

static void leg_response(struct agents *agents, struct wire_leg *leg, struct sip_msg *msg)
{
    uint16_t status = sip_msg_status(msg);

    if (sip_msg_method(msg) != SIP_INVITE || status <= 100)
        return;
    if (leg->caller)
        leg = leg_answered(agents, leg, msg);
    if (is_settled(leg, status))
        return;
    sip_msg_unref(leg->answer);
    leg->answer = sip_msg_ref(msg);
    leg->status = status;
}

/* A request that the wire sent (ours) or was sent. */
static void leg_request(struct wire_leg *leg, struct sip_msg *msg, bool ours)
{
    enum sip_method method = sip_msg_method(msg);
    const struct sip_cseq *cseq = sip_msg_cseq(msg);

    if (method == SIP_BYE)
        leg->over = true;
    if (method == SIP_ACK)
        leg->acked = true;
    if (!ours)
        return;
    if (method == SIP_CANCEL)
        leg->cancelled = true;
    if (cseq != NULL && cseq->number > leg->seq)
        leg->seq = cseq->number;
}

static void learn(struct agents *agents, struct wire *wire, const struct heard *heard)
{
    struct sip_msg *msg = heard->msg;
    const struct sip_name_addr *to = sip_msg_to(msg);
    bool request = sip_msg_is_request(msg);

    /* One whose To cannot be read may ring, too. */
    if (request && sip_msg_method(msg) == SIP_INVITE && (to == NULL || to->tag.ptr == NULL))
        leg_begin(agents, wire, heard);
    struct wire_leg *leg = leg_of(agents->wire_legs, wire, msg);
    if (leg == NULL)
        return;
    if (request)
        leg_request(leg, msg, heard->ours);
    else if (!heard->ours && sip_msg_method(msg) == SIP_BYE && sip_msg_status(msg) >= 200)
        leg->over = true;
    else if (heard->ours != leg->caller)
        leg_response(agents, leg, msg);
}

static struct wire *wire_at(const struct agents *agents, uint32_t number)
{
    struct party *party = agents_party(agents, number);

    return party == NULL || party->kind != PARTY_WIRE || !party->up ? NULL : (struct wire *)party;
}

static void learn_entry(struct agents *agents, struct log *log, size_t index)
{
    const struct log_entry *entry = log_at(log, index);
    struct wire *from = wire_at(agents, entry->from), *to = wire_at(agents, entry->to);
    struct sip_msg *msg = from == NULL && to == NULL ? NULL : log_message(log, index);

    if (msg == NULL || entry->copy_of != 0 || entry->swallowed)
        return;
    if (from != NULL)
        learn(agents, from, &(struct heard){msg, true, entry->to, entry->sent_us});
    if (to != NULL && !entry->lost)
        learn(agents, to, &(struct heard){msg, false, entry->from, entry->sent_us});
}

void wire_legs_find(struct agents *agents)
{
    struct log *log = agents->scene->log;

    if (agents->wires.live == 0)
        return;
    for (size_t i = log_first(log); i < log_count(log); i++)
        learn_entry(agents, log, i);
}

/* Refused and acknowledged, or with a BYE: nothing is left to be done. */
static bool is_over(const struct wire_leg *leg)
{
    return leg->over || (leg->status >= 300 && leg->acked);
}

/* A real device may not answer: then it wants a reset. */
static void leg_end(const struct agents *agents, struct wire_leg *leg)
{
    const struct party *peer = agents_party(agents, leg->peer);

    wire_send_bye(leg);
    leg->ending = agents->scene->clock.real && peer != NULL && peer->kind == PARTY_DEVICE;
    leg->over = !leg->ending;
}

static void caller_tidy(const struct agents *agents, struct wire_leg *leg)
{
    if (leg->status >= 200 && !leg->acked) {
        wire_send_ack(leg);
        leg->acked = true;
    }
    if (leg->status >= 200 && leg->status < 300) {
        leg_end(agents, leg);
    } else if (leg->status != 0 && leg->status < 200 && !leg->cancelled) {
        wire_send_cancel(leg);
        leg->cancelled = true;
    }
}

/* Nobody waits for an answer any more: Timer B, RFC 3261 §17.1.1.2. */
static bool is_stale(const struct agents *agents, const struct wire_leg *leg)
{
    return scene_now(agents->scene) >= leg->began_us + 64 * sip_timers_default.t1_us;
}

/* An agent that called sees to the end by itself. */
static void callee_tidy(struct agents *agents, struct wire_leg *leg)
{
    const struct party *peer = agents_party(agents, leg->peer);

    bool refused = leg->status >= 300; /* with what was no refusal, or its ACK would be here */

    if (leg->status == 0 && is_stale(agents, leg)) {
        leg->over = true;
    } else if (leg->status < 200 || refused) {
        party_send_reply(&leg->wire->party, sip_msg_blob(leg->invite), &leg->remote, 480);
        leg->status = 480;
        leg->over = true;
    } else if (leg->status < 300 && peer != NULL && peer->kind == PARTY_DEVICE) {
        leg_end(agents, leg);
    }
}

struct wire *wire_legs_tidy(struct agents *agents)
{
    struct wire *open = NULL;

    for (struct wire_leg *leg = agents->wire_legs; leg != NULL; leg = leg->next) {
        if (is_over(leg) || !leg->wire->party.up)
            continue;
        if (leg->ending)
            open = leg->wire;
        else if (leg->caller)
            caller_tidy(agents, leg);
        else
            callee_tidy(agents, leg);
        if (!is_over(leg) && leg->status != 0)
            open = leg->wire;
    }
    return open;
}

/* RFC 3261 §9.2: a CANCEL's INVITE has been refused already by the tidy-up. */
void wire_legs_receive(struct wire *wire, struct sip_msg *msg)
{
    struct agents *agents = wire->party.agents;
    bool request = sip_msg_is_request(msg);
    enum sip_method method = sip_msg_method(msg);

    learn(agents, wire,
          &(struct heard){msg, false, agents->arrival.from, scene_now(agents->scene)});
    if (request && method != SIP_ACK && method != SIP_INVITE)
        party_send_reply(&wire->party, sip_msg_blob(msg), &agents->arrival.passage.source, 200);
    wire_legs_tidy(agents);
}

void wire_legs_drop(struct agents *agents)
{
    while (agents->wire_legs != NULL) {
        struct wire_leg *leg = agents->wire_legs;
        agents->wire_legs = leg->next;
        sip_msg_unref(leg->invite);
        sip_msg_unref(leg->answer);
        mem_free(leg);
    }
    agents->wire_leg_count = 0;
}
