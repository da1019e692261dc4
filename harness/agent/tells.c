/* What the stacks tell becomes records and mails. */
#include "harness/agent/agents.h"
#include "harness/agent/automatic.h"
#include "harness/agent/builtin.h"
#include "harness/agent/canned.h"
#include "harness/agent/deliver.h"
#include "harness/agent/refer.h"
#include "harness/agent/tidy.h"

static struct agents *agents_of(const struct agent *agent)
{
    return agent->party.agents;
}

static struct call *call_of(const struct agent *agent, struct handle stack_call)
{
    return agents_call(agents_of(agent), map_get(&agent->calls, stack_call));
}

void deliver(struct agent *agent, struct inbox *inbox, struct mail *mail)
{
    inbox_add(inbox, mail);
    sched_wake(agents_of(agent)->scene->sched, &inbox->waiters);
    if (agent->plays)
        sched_wake(agents_of(agent)->scene->sched, &agent->changed);
}

struct mail *mail_of_tell(struct agent *agent, const struct tell *tell, const struct call *call)
{
    struct mail *mail = agents_mail(agents_of(agent), sip_msg_blob(tell->msg));

    if (mail == NULL)
        return NULL;
    mail->status = sip_msg_status(tell->msg);
    mail->method = (uint8_t)sip_msg_method(tell->msg);
    mail->generated = tell->generated;
    mail->again = tell->again;
    mail->error = (uint8_t)tell->error;
    mail->arrived = !tell->generated;
    mail->from = tell->generated ? 0 : agents_of(agent)->arrival.from;
    if (call != NULL)
        mail->call = call->handle;
    return mail;
}

/* The INVITE that begins a call, at the callee. */
static struct call *call_came(struct agent *agent, const struct tell *tell, struct transaction *tx)
{
    struct call *call = call_record(agent, tell->call);

    if (call == NULL)
        return NULL;
    call->invite = call->invite_in = tx->handle;
    call->request = blob_ref(tx->request);
    call->peer = tx->peer;
    canned_begin(call, tx);
    return call;
}

/* in: the call that it came in, NULL: none. */
static void request_deliver(struct agent *agent, const struct tell *tell,
                            const struct transaction *tx, struct call *in)
{
    struct mail *mail = mail_of_tell(agent, tell, call_of(agent, tell->call));

    if (mail == NULL)
        return;
    mail->object = tx->handle;
    deliver(agent, in != NULL ? &in->inbox : &agent->party.inbox, mail);
}

static void on_request(struct agent *agent, const struct tell *tell)
{
    enum sip_method method = sip_msg_method(tell->msg);
    struct transaction *tx = transaction_create(agent, method, tell->object);
    struct call *call = call_of(agent, tell->call);
    bool new_call = call == NULL && !handle_none(tell->call);

    if (tx == NULL) {
        agents_broke(agents_of(agent), ERR_MEMORY);
        return;
    }
    tx->request = blob_ref(sip_msg_blob(tell->msg));
    if (new_call && (call = call_came(agent, tell, tx)) == NULL)
        agents_broke(agents_of(agent), ERR_MEMORY);
    if (call != NULL)
        tx->call = call->handle;
    if (call != NULL && !new_call && method == SIP_INVITE)
        call->invite_in = tx->handle;
    if (!agent->plays) /* else no script ever looks into its inboxes */
        request_deliver(agent, tell, tx, new_call ? NULL : call);
    if (call != NULL && !new_call)
        automatic_answer(call, tx);
    if (agent->plays)
        builtin_asked(agent, call, tx);
}

static void refusal_add(struct agents *agents, struct mail *mail)
{
    inbox_add(&agents->refusals, mail);
    if (++agents->refusal_count < agents->refusal_sweep)
        return;
    agents_refusals_sweep(agents);
    agents->refusal_sweep = agents->refusal_count * 2 + 64;
}

/* What began a call or a subscription has no inbox of its own, unless a script sees it: the INVITE
 * of agent:request. */
static bool is_of_its_maker(const struct agents *agents, const struct request *request,
                            const struct call *call)
{
    const struct subscription *sub = agents_subscription(agents, request->subscription);
    const struct publication *pub = table_find(&agents->publications, request->publication);

    if (request->shown)
        return false;
    if (sub != NULL)
        return handle_equal(sub->request, request->handle);
    if (pub != NULL)
        return handle_equal(pub->request, request->handle);
    return call != NULL && call->caller && handle_equal(call->invite, request->handle);
}

/* A challenge that was met; a server that failed, where there is another one: nobody's mail. */
static bool is_met(const struct tell *tell, uint16_t status)
{
    return tell->again && (tell->generated || status == 401 || status == 407 || status == 503);
}

/* A final response of 300 or more ends all legs, and is told at the first. */
static void on_response_of(struct agent *agent, const struct tell *tell, struct request *request)
{
    struct agents *agents = agents_of(agent);
    struct call *call = call_of(agent, tell->call);
    struct subscription *sub = agents_subscription(agents, request->subscription);
    struct publication *pub = table_find(&agents->publications, request->publication);
    uint16_t status = sip_msg_status(tell->msg);

    if (call == NULL)
        call = agents_call(agents, request->call);
    if (status <= 100)
        return;
    if (is_met(tell, status)) {
        request_answered(request, tell);
        return;
    }
    struct mail *mail = mail_of_tell(agent, tell, call);
    if (mail == NULL)
        return;
    mail->object = request->handle;
    if (status >= 300 && request->script)
        refusal_add(agents, mail);
    request_answered(request, tell);
    if (call != NULL)
        call_answered(call, request, tell->msg);
    if (!is_of_its_maker(agents, request, call))
        deliver(agent, &request->inbox, mail);
    if (sub != NULL)
        deliver(agent, &sub->inbox, mail);
    else if (pub != NULL)
        deliver(agent, &pub->inbox, mail);
    else if (call != NULL)
        deliver(agent, &call->inbox, mail);
    if (call != NULL && status < 300 && request->method == SIP_INVITE)
        automatic_acknowledge(call, tell->msg);
    if (!handle_none(request->follows) && !tell->again)
        refer_progress(request, tell->msg);
}

static void on_response(struct agent *agent, const struct tell *tell)
{
    struct request *request =
        agents_request(agents_of(agent), map_get(&agent->requests, tell->object));

    if (!handle_none(tell->reg))
        registration_answered(agent, tell);
    if (!handle_none(tell->pub))
        publication_answered(agent, tell);
    if (request == NULL) { /* the stack's own: BYE of a second fork, a refresh */
        subscription_answered(agent, tell);
        return;
    }
    on_response_of(agent, tell, request);
    agent_stopped(agent);
}

/* ACK, CANCEL and what the stack has answered by itself: to be looked at only. */
static void on_note(struct agent *agent, const struct tell *tell, bool answered)
{
    struct call *call = call_of(agent, tell->call);
    struct mail *mail = mail_of_tell(agent, tell, call);

    if (mail == NULL)
        return;
    mail->answered = answered;
    deliver(agent, call != NULL ? &call->inbox : &agent->party.inbox, mail);
}

/* A request that had been left to the script may be answered by the stack later on: the re-INVITE
 * that a BYE has overtaken. */
static void on_answered(struct agent *agent, const struct tell *tell)
{
    struct transaction *tx =
        agents_transaction(agents_of(agent), map_get(&agent->transactions, tell->object));

    if (tx == NULL) {
        on_note(agent, tell, true);
        return;
    }
    tx->by_agent = true;
    tx->status = tell->status;
}

static void on_cancelled(struct agent *agent, const struct tell *tell)
{
    struct call *call = call_of(agent, tell->call);
    struct transaction *invite = NULL;

    if (call != NULL)
        invite = agents_transaction(agents_of(agent), call->invite_in);
    if (invite != NULL)
        invite->cancelled = true;
    if ((agent->stack.manual & SIP_MANUAL_CANCEL) != 0)
        on_request(agent, tell);
    else
        on_note(agent, tell, true);
}

static void on_call(struct agent *agent, const struct tell *tell)
{
    struct call *call = call_of(agent, tell->call);

    if (call != NULL)
        call_moved(call, (enum sip_call_state)tell->state, tell->status);
    if (call != NULL && agent->stopping)
        call_tidy(call); /* its 2xx has been confirmed meanwhile */
    agent_stopped(agent);
}

static void on_fork(struct agent *agent, const struct tell *tell)
{
    struct agents *agents = agents_of(agent);
    struct request *request = agents_request(agents, map_get(&agent->requests, tell->object));
    struct call *first = request == NULL ? NULL : agents_call(agents, request->call);
    struct call *leg = first == NULL ? NULL : call_record(agent, tell->call);

    if (leg == NULL) {
        if (first != NULL)
            agents_broke(agents, ERR_MEMORY);
        return;
    }
    call_leg_add(first, leg);
    call_wake(first);
}

static void on_again(struct agent *agent, const struct tell *tell)
{
    struct request *request =
        agents_request(agents_of(agent), map_get(&agent->requests, tell->object));

    if (request != NULL)
        request_retried(request, tell->next, tell->state != 0);
}

static void on_done(struct agent *agent, const struct tell *tell)
{
    struct agents *agents = agents_of(agent);
    struct request *request = agents_request(agents, map_get(&agent->requests, tell->object));
    struct transaction *tx =
        agents_transaction(agents, map_get(&agent->transactions, tell->object));
    struct call *call;

    map_remove(&agent->requests, tell->object);
    map_remove(&agent->transactions, tell->object);
    if (tx != NULL)
        tx->done = true;
    if (request == NULL)
        return;
    request->done = true;
    if (request->status == 0 && request->met != NULL)
        request_given_up(request, tell->status); /* its call has ended meanwhile */
    sched_wake(agents->scene->sched, &request->inbox.waiters);
    if ((call = agents_call(agents, request->call)) != NULL)
        call_wake(call);
}

void agents_tell(struct agents *agents, uint32_t party, const struct tell *tell)
{
    struct party *to = agents_party(agents, party);

    if (to == NULL || to->kind != PARTY_AGENT)
        return;
    struct agent *agent = (struct agent *)to;
    if (tell->msg != NULL)
        post_remember(&agents->post, tell->msg);
    if (!handle_none(tell->sub) && subscription_told(agent, tell))
        return;
    switch ((enum sip_tell)tell->what) {
    case SIP_TELL_REQUEST:
        on_request(agent, tell);
        break;
    case SIP_TELL_RESPONSE:
        on_response(agent, tell);
        break;
    case SIP_TELL_ACK:
        on_note(agent, tell, true);
        break;
    case SIP_TELL_ANSWERED:
        on_answered(agent, tell);
        break;
    case SIP_TELL_CANCELLED:
        on_cancelled(agent, tell);
        break;
    case SIP_TELL_CALL:
        on_call(agent, tell);
        break;
    case SIP_TELL_FORK:
        on_fork(agent, tell);
        break;
    case SIP_TELL_AGAIN:
        on_again(agent, tell);
        break;
    case SIP_TELL_DONE:
        on_done(agent, tell);
        break;
    case SIP_TELL_REG:
        registration_moved(agent, tell);
        agent_stopped(agent);
        break;
    case SIP_TELL_PUB:
        publication_told(agent, tell);
        break;
    case SIP_TELL_SUB: /* of subscriptions: told above */
    case SIP_TELL_SUB_FORK:
    case SIP_TELL_DISCARDED: /* in the trace; no record has to do with it */
    case SIP_TELL_STRAY:     /* a role's, if anybody's */
        break;
    }
}
