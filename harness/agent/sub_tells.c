/* What the stacks tell of subscriptions becomes records and mails. */
#include "harness/agent/builtin_events.h"
#include "harness/agent/deliver.h"

static struct agents *agents_of(const struct agent *agent)
{
    return agent->party.agents;
}

static struct call *call_of(const struct agent *agent, const struct tell *tell)
{
    return agents_call(agents_of(agent), map_get(&agent->calls, tell->call));
}

/* A request that somebody has to answer: for a subscription that is there, or asking for one. */
static void on_request(struct agent *agent, const struct tell *tell, struct subscription *sub)
{
    struct agents *agents = agents_of(agent);
    struct call *call = call_of(agent, tell);
    struct transaction *tx = transaction_create(agent, sip_msg_method(tell->msg), tell->object);
    bool asks = sub == NULL;

    if (tx != NULL && asks)
        sub = subscription_asked(agent, tell, tx);
    if (sub == NULL) {
        agents_broke(agents, ERR_MEMORY);
        return;
    }
    tx->request = blob_ref(sip_msg_blob(tell->msg));
    tx->subscription = sub->handle;
    if (call != NULL)
        tx->call = sub->call = call->handle;
    subscription_notified(sub, tell->msg);
    if (agent->plays) { /* no script ever looks into its inboxes */
        builtin_asked(agent, call, tx);
        return;
    }
    struct mail *mail = mail_of_tell(agent, tell, call);
    if (mail == NULL)
        return;
    mail->object = tx->handle;
    deliver(agent, !asks ? &sub->inbox : call != NULL ? &call->inbox : &agent->party.inbox, mail);
}

/* What the stack has answered by itself: NOTIFY, and SUBSCRIBE that refreshes or ends. */
static void on_answered(struct agent *agent, const struct tell *tell, struct subscription *sub)
{
    struct mail *mail = mail_of_tell(agent, tell, call_of(agent, tell));

    if (mail == NULL)
        return;
    mail->answered = true;
    subscription_notified(sub, tell->msg);
    deliver(agent, &sub->inbox, mail);
}

static void on_fork(struct agent *agent, const struct tell *tell)
{
    struct subscription *first = subscription_of(agent, tell->object);

    if (first != NULL && subscription_forked(first, tell->sub) == NULL)
        agents_broke(agents_of(agent), ERR_MEMORY);
}

bool subscription_told(struct agent *agent, const struct tell *tell)
{
    struct subscription *sub = subscription_of(agent, tell->sub);

    switch ((enum sip_tell)tell->what) {
    case SIP_TELL_REQUEST:
        on_request(agent, tell, sub);
        return true;
    case SIP_TELL_ANSWERED:
        if (sub != NULL)
            on_answered(agent, tell, sub);
        return sub != NULL;
    case SIP_TELL_SUB:
        if (sub != NULL)
            subscription_moved(sub, (enum sip_sub_state)tell->state);
        if (sub != NULL && agent->plays)
            builtin_unwatched(sub);
        agent_stopped(agent);
        return true;
    case SIP_TELL_SUB_FORK:
        on_fork(agent, tell);
        return true;
    default:
        return false;
    }
}

void subscription_answered(struct agent *agent, const struct tell *tell)
{
    struct subscription *sub = subscription_of(agent, tell->sub);
    struct mail *mail = sub == NULL || sip_msg_status(tell->msg) <= 100
                            ? NULL
                            : mail_of_tell(agent, tell, call_of(agent, tell));

    if (mail != NULL)
        deliver(agent, &sub->inbox, mail);
}
