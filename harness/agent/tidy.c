#include "harness/agent/tidy.h"

/* What ten thousand calls would have under way at one instant costs more than all that came before.
 */
enum { TIDY_AT_ONCE = 200 };

static struct request *invite_of(struct agents *agents, const struct call *call)
{
    return agents_request(agents, call->invite_out);
}

/* RFC 3261 §13.2.2.4: a leg that lost to another one ends 64*T1 later, and nobody can hasten it. */
static bool has_lost(const struct call *call)
{
    const struct request *invite = invite_of(call->agent->party.agents, call);

    return call->caller && call->state == SIP_CALL_EARLY && invite != NULL &&
           invite->status / 100 == 2;
}

static bool is_up(const struct call *call)
{
    return call->state != SIP_CALL_TERMINATED && call->agent->party.up && !has_lost(call);
}

/* CANCEL, once: a 2xx that crosses it makes the call confirmed, and then it gets its BYE. */
static void cancel(struct agents *agents, struct call *call)
{
    struct request *invite = invite_of(agents, call);
    struct sip_stack *stack = agent_stack(call->agent);
    struct handle handle;

    if (call->tidied || invite == NULL || invite->status != 0)
        return;
    call->tidied = true;
    agents->tidy.asked++;
    if (sip_request_cancel(stack, scene_now(agents->scene), invite->stack, NULL, &handle) == ERR_OK)
        agent_touch(call->agent);
}

/* A caller of ours ends it by its CANCEL; whoever else waits is told. */
static void refuse(struct agents *agents, struct call *call)
{
    struct transaction *tx = agents_transaction(agents, call->invite_in);
    const struct party *peer = agents_party(agents, call->peer);

    if (call->tidied || tx == NULL || tx->status >= 200 ||
        (peer != NULL && peer->kind == PARTY_AGENT && peer->up))
        return;
    call->tidied = true;
    if (transaction_respond(tx, &(struct sip_response_options){.status = 480}) != ERR_OK)
        call->tidied = true; /* it has ended meanwhile */
}

static void bye(struct call *call)
{
    struct sip_request_options options = {.method = V("BYE"), .call = call->stack};
    struct sip_stack *stack = agent_stack(call->agent);
    struct request *request;

    if (call->byed)
        return;
    call->byed = true;
    call->agent->party.agents->tidy.asked++;
    if (call->caller && (call->manual & SIP_MANUAL_ACK) != 0 &&
        sip_ack_send(stack, scene_now(call->agent->party.agents->scene), call->stack, NULL) ==
            ERR_OK)
        agent_touch(call->agent);
    if (request_send(call->agent, &options, &request, NULL) != ERR_OK)
        return; /* the state forbids it: a re-INVITE or a 2xx without ACK ends by its own timer */
}

void call_tidy(struct call *call)
{
    struct agents *agents = call->agent->party.agents;

    if (!is_up(call))
        return;
    if (call->state == SIP_CALL_CONFIRMED)
        bye(call);
    else if (call->caller)
        cancel(agents, call);
    else
        refuse(agents, call);
}

/* The first call from `*at` on that is still up, which stands before `*at` then; NULL: none. */
static struct call *up_next(const struct agents *agents, uint32_t *at)
{
    struct call *call;

    while ((call = table_next(&agents->calls, at, NULL)) != NULL && !is_up(call))
        ;
    return call;
}

/* Callers first: their CANCEL and BYE end the callees. */
static struct call *round_of_all(struct agents *agents, bool callees)
{
    struct call *call, *up = NULL;

    agents->tidy.asked = 0;
    for (uint32_t at = 0; (call = up_next(agents, &at)) != NULL;) {
        if (up == NULL)
            agents->tidy.first = at - 1;
        const struct party *peer = agents_party(agents, call->peer);
        if (call->caller || callees || peer == NULL || peer->kind == PARTY_DEVICE || !peer->up)
            call_tidy(call);
        up = up == NULL ? call : up;
        if (agents->tidy.asked >= TIDY_AT_ONCE)
            break;
    }
    return up;
}

/* Ends wake us one by one, thousands of them where thousands were up: what has been asked of all is
 * asked again only when there is something new. */
struct call *agents_tidy(struct agents *agents, bool callees)
{
    uint64_t now_us = scene_now(agents->scene);
    uint32_t at = agents->tidy.first;

    if (agents->tidy.asked >= TIDY_AT_ONCE && now_us > agents->tidy.at_us)
        agents->tidy.news = true; /* the next ones */
    if (!agents->tidy.news && agents->tidy.callees == callees &&
        now_us < agents->tidy.at_us + US_PER_S) {
        struct call *up = up_next(agents, &at);
        agents->tidy.first = up == NULL ? at : at - 1;
        return up;
    }
    agents->tidy.news = false;
    agents->tidy.callees = callees;
    agents->tidy.at_us = now_us;
    return round_of_all(agents, callees);
}

struct subscription *agents_tidy_subscriptions(struct agents *agents)
{
    struct subscription *sub, *up = NULL;

    for (uint32_t at = 0; (sub = table_next(&agents->subscriptions, &at, NULL)) != NULL;)
        if (subscription_tidy(sub) && up == NULL)
            up = sub;
    return up;
}

struct publication *agents_tidy_publications(struct agents *agents)
{
    struct publication *pub, *up = NULL;

    for (uint32_t at = 0; (pub = table_next(&agents->publications, &at, NULL)) != NULL;)
        if (publication_tidy(pub) && up == NULL)
            up = pub;
    return up;
}
