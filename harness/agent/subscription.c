#include "harness/agent/agents.h"

#include <string.h>

struct subscription *subscription_of(const struct agent *agent, struct handle stack)
{
    return agents_subscription(agent->party.agents, map_get(&agent->subscriptions, stack));
}

static struct subscription *record(struct agent *agent, struct handle stack)
{
    struct agents *agents = agent->party.agents;
    struct subscription *sub = mem_zalloc(sizeof *sub);

    if (sub == NULL)
        return NULL;
    sub->agent = agent;
    sub->stack = stack;
    if (table_add(&agents->subscriptions, sub, &sub->handle) != ERR_OK) {
        mem_free(sub);
        return NULL;
    }
    sub->first = sub->handle;
    if (map_put(&agent->subscriptions, stack, sub->handle) != ERR_OK) {
        subscription_forget(sub);
        return NULL;
    }
    return sub;
}

void subscription_forget(struct subscription *sub)
{
    struct agents *agents = sub->agent->party.agents;

    inbox_pass(&agents->post, &sub->inbox, NULL);
    map_remove(&sub->agent->subscriptions, sub->stack);
    table_remove(&agents->subscriptions, sub->handle);
    blob_unref(sub->notify);
    mem_free(sub->past);
    mem_free(sub);
}

enum err subscription_begin(struct agent *agent, const struct sip_subscribe_options *options,
                            struct call *call, struct subscription **out)
{
    struct agents *agents = agent->party.agents;
    struct sip_stack *stack = agent_stack(agent);
    enum sip_method method = sip_method_find(options->request.method);
    struct handle request_handle, handle;

    if (stack == NULL)
        return ERR_STATE;
    struct sip_subscribe_options routed = *options;
    if (call == NULL && agent_routed(agent))
        routed.request.remote = (struct addr){0};
    enum err err =
        sip_subscribe(stack, scene_now(agents->scene), &routed, &request_handle, &handle);
    if (err != ERR_OK)
        return err;
    agent_touch(agent);
    struct request *request = request_create(agent, method, request_handle);
    struct subscription *sub = request == NULL ? NULL : record(agent, handle);
    if (sub == NULL)
        return ERR_MEMORY;
    sub->refer = method == SIP_REFER;
    sub->expires_s = options->expires_s;
    sub->request = request->handle;
    request->subscription = sub->handle;
    request->script = true;
    if (call != NULL) {
        sub->call = call->handle;
        sub->peer = call->peer;
        request_asked(request, call);
    }
    *out = sub;
    return ERR_OK;
}

static enum err request_made(struct subscription *sub, enum sip_method method, struct handle stack,
                             struct request **out)
{
    struct agents *agents = sub->agent->party.agents;
    struct call *call = agents_call(agents, sub->call);

    agent_touch(sub->agent);
    *out = request_create(sub->agent, method, stack);
    if (*out == NULL)
        return ERR_MEMORY;
    (*out)->subscription = sub->handle;
    (*out)->peer = sub->peer;
    if (call != NULL)
        request_asked(*out, call);
    return ERR_OK;
}

enum err subscription_refresh(struct subscription *sub, uint32_t expires_s,
                              const struct sip_request_options *extra, struct request **out)
{
    struct sip_stack *stack = agent_stack(sub->agent);
    struct handle handle;

    if (stack == NULL)
        return ERR_STATE;
    enum err err = sip_sub_refresh(stack, scene_now(sub->agent->party.agents->scene), sub->stack,
                                   expires_s, extra, &handle);
    return err != ERR_OK ? err : request_made(sub, SIP_SUBSCRIBE, handle, out);
}

enum err subscription_notify(struct subscription *sub, const struct sip_notify_options *options,
                             struct request **out)
{
    struct sip_stack *stack = agent_stack(sub->agent);
    struct handle handle;

    if (stack == NULL)
        return ERR_STATE;
    enum err err =
        sip_notify(stack, scene_now(sub->agent->party.agents->scene), sub->stack, options, &handle);
    if (err == ERR_OK)
        err = request_made(sub, SIP_NOTIFY, handle, out);
    if (err != ERR_OK)
        return err;
    blob_unref(sub->notify);
    sub->notify = blob_ref((*out)->sent);
    return ERR_OK;
}

enum err subscription_info(const struct subscription *sub, struct sip_sub_info *out)
{
    struct sip_stack *stack = agent_stack(sub->agent);

    if (sub->past != NULL) {
        *out = sub->past->info;
        return ERR_OK;
    }
    if (stack == NULL || sip_sub_info(stack, sub->stack, out) != ERR_OK)
        return ERR_ABSENT;
    return ERR_OK;
}

/* One block: what there was, and all its texts. The route set is of no use any more. */
static struct sub_past *past_of(const struct sip_sub_info *info)
{
    struct sip_sub_info kept = *info;
    struct view *const texts[] = {&kept.event,         &kept.id,        &kept.reason,
                                  &kept.call_id,       &kept.local_tag, &kept.remote_tag,
                                  &kept.remote_target, &kept.local_uri, &kept.remote_uri};
    size_t count = sizeof texts / sizeof *texts, len = 0;

    for (size_t i = 0; i < count; i++)
        len += texts[i]->len;
    struct sub_past *past = mem_alloc(sizeof *past + len);
    if (past == NULL)
        return NULL;
    char *at = (char *)(past + 1);
    for (size_t i = 0; i < count; i++)
        *texts[i] = view_put(&at, *texts[i]);
    kept.route_set = NULL;
    kept.route_count = 0;
    past->info = kept;
    return past;
}

void subscription_moved(struct subscription *sub, enum sip_sub_state state)
{
    struct agents *agents = sub->agent->party.agents;
    struct sip_sub_info info;

    if (state <= sub->state)
        return;
    if (state == SIP_SUB_ACTIVE && sub->reached[SIP_SUB_PENDING] == 0)
        sub->reached[SIP_SUB_PENDING] = agents->arrival.seq + 1;
    sub->reached[state] = agents->arrival.seq + 1;
    sub->state = (uint8_t)state;
    if (state == SIP_SUB_TERMINATED && subscription_info(sub, &info) == ERR_OK &&
        (sub->past = past_of(&info)) == NULL)
        agents_broke(agents, ERR_MEMORY);
    sched_wake(agents->scene->sched, &sub->inbox.waiters);
}

void subscription_lost(struct subscription *sub)
{
    subscription_moved(sub, SIP_SUB_TERMINATED);
}

const char *subscription_ended_word(const struct sip_sub_info *info)
{
    static const char *const words[] = {NULL,      "notify",  "rejected",       "lost",
                                        "timeout", "expired", "no subscription"};

    return words[info->ended];
}

bool subscription_tidy(struct subscription *sub)
{
    struct request *request;
    bool up = !sub->notifier && sub->agent->party.up && sub->state != SIP_SUB_TERMINATED &&
              sub->state != SIP_SUB_WAITING;

    if (!up)
        return false;
    if (!sub->tidied)
        sub->untidy = subscription_refresh(sub, 0, NULL, &request) != ERR_OK;
    sub->tidied = true;
    return !sub->untidy;
}

struct subscription *subscription_asked(struct agent *agent, const struct tell *tell,
                                        struct transaction *tx)
{
    struct subscription *sub = record(agent, tell->sub);

    if (sub == NULL)
        return NULL;
    sub->notifier = true;
    sub->refer = tx->method == SIP_REFER;
    sub->asked = tx->handle;
    sub->peer = tx->peer;
    return sub;
}

struct subscription *subscription_forked(struct subscription *first, struct handle stack)
{
    struct agents *agents = first->agent->party.agents;
    struct subscription *sub = record(first->agent, stack), *last = first;

    if (sub == NULL)
        return NULL;
    for (struct subscription *next; (next = agents_subscription(agents, last->next_fork)) != NULL;)
        last = next;
    last->next_fork = sub->handle;
    sub->first = first->handle;
    sub->refer = first->refer;
    sub->expires_s = first->expires_s;
    sub->request = first->request;
    sched_wake(agents->scene->sched, &first->inbox.waiters);
    return sub;
}

void subscription_notified(struct subscription *sub, struct sip_msg *msg)
{
    if (sub->notifier || sip_msg_method(msg) != SIP_NOTIFY)
        return;
    blob_unref(sub->notify);
    sub->notify = blob_ref(sip_msg_blob(msg));
    if (sub->peer == 0)
        sub->peer = sub->agent->party.agents->arrival.from;
}
