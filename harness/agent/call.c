#include "harness/agent/agents.h"
#include "harness/agent/canned.h"

#include <string.h>

struct call *call_record(struct agent *agent, struct handle stack)
{
    struct agents *agents = agent->party.agents;
    struct call *call = mem_zalloc(sizeof *call);

    if (call == NULL)
        return NULL;
    call->agent = agent;
    call->stack = stack;
    call->manual = agent->stack.manual;
    call->again = agent->stack.again;
    if (table_add(&agents->calls, call, &call->handle) != ERR_OK) {
        mem_free(call);
        return NULL;
    }
    call->first = call->handle;
    agents->tidy.news = true;
    if (map_put(&agent->calls, stack, call->handle) != ERR_OK) {
        table_remove(&agents->calls, call->handle);
        mem_free(call);
        return NULL;
    }
    return call;
}

static void dialog_destroy(struct dialog *dialog)
{
    if (dialog == NULL)
        return;
    blob_unref(dialog->info.local_sdp);
    blob_unref(dialog->info.remote_sdp);
    mem_free(dialog);
}

void call_forget(struct call *call)
{
    struct agents *agents = call->agent->party.agents;

    inbox_pass(&agents->post, &call->inbox, NULL);
    map_remove(&call->agent->calls, call->stack);
    table_remove(&agents->calls, call->handle);
    blob_unref(call->request);
    blob_unref(call->last_response);
    canned_drop(call);
    dialog_destroy(call->dialog);
    mem_free(call);
}

enum err call_dialog(const struct call *call, struct sip_call_info *out)
{
    struct sip_stack *stack = agent_stack(call->agent);

    if (call->dialog != NULL) {
        *out = call->dialog->info;
        return ERR_OK;
    }
    if (stack == NULL || sip_call_info(stack, call->stack, out) != ERR_OK)
        return ERR_ABSENT;
    return ERR_OK;
}

/* One block: the dialog, the list of its routes, then all texts. */
static struct dialog *dialog_copy(const struct sip_call_info *info)
{
    size_t texts = info->call_id.len + info->local_tag.len + info->remote_tag.len +
                   info->remote_target.len + info->local_uri.len + info->remote_uri.len;
    size_t routes = info->route_count * sizeof(struct view);

    for (size_t i = 0; i < info->route_count; i++)
        texts += info->route_set[i].len;
    struct dialog *dialog = mem_alloc(sizeof *dialog + routes + texts);
    if (dialog == NULL)
        return NULL;
    struct view *route_set = (struct view *)(dialog + 1);
    char *at = (char *)(route_set + info->route_count);
    dialog->info = *info;
    blob_ref(info->local_sdp);
    blob_ref(info->remote_sdp);
    dialog->info.call_id = view_put(&at, info->call_id);
    dialog->info.local_tag = view_put(&at, info->local_tag);
    dialog->info.remote_tag = view_put(&at, info->remote_tag);
    dialog->info.remote_target = view_put(&at, info->remote_target);
    dialog->info.local_uri = view_put(&at, info->local_uri);
    dialog->info.remote_uri = view_put(&at, info->remote_uri);
    for (size_t i = 0; i < info->route_count; i++)
        route_set[i] = view_put(&at, info->route_set[i]);
    dialog->info.route_set = route_set;
    return dialog;
}

static void call_end(struct call *call, uint16_t status)
{
    struct agents *agents = call->agent->party.agents;
    struct sip_call_info info;

    call->ended_status = status;
    if (call_dialog(call, &info) != ERR_OK)
        return;
    call->ended = (uint8_t)info.ended;
    call->dialog = dialog_copy(&info);
    if (call->dialog == NULL)
        agents_broke(agents, ERR_MEMORY);
}

void call_moved(struct call *call, enum sip_call_state state, uint16_t status)
{
    struct agents *agents = call->agent->party.agents;

    if (state <= call->state)
        return;
    if (state == SIP_CALL_CONFIRMED && call->state < SIP_CALL_EARLY)
        call->reached[SIP_CALL_EARLY] = agents->arrival.seq + 1; /* 0: not reached, nor passed */
    call->reached[state] = agents->arrival.seq + 1;
    call->state = (uint8_t)state;
    if (state == SIP_CALL_TERMINATED)
        call_end(call, status);
    else
        agents->tidy.news = true;
    canned_moved(call);
    call_wake(call);
}

void call_wake(struct call *call)
{
    if (call->agent->plays)
        sched_wake(call->agent->party.agents->scene->sched, &call->agent->changed);
    sched_wake(call->agent->party.agents->scene->sched, &call->inbox.waiters);
}

void call_answered(struct call *call, const struct request *request, struct sip_msg *msg)
{
    uint16_t status = sip_msg_status(msg);

    if (request->method == SIP_INVITE) {
        blob_unref(call->last_response);
        call->last_response = blob_ref(sip_msg_blob(msg));
        call->rung = call->rung || status < 200;
    }
}

void call_leg_add(struct call *first, struct call *leg)
{
    struct agents *agents = first->agent->party.agents;
    struct call *last = first;

    for (struct call *next; (next = agents_call(agents, last->next_leg)) != NULL;)
        last = next;
    last->next_leg = leg->handle;
    leg->first = first->handle;
    leg->caller = first->caller;
    leg->manual = first->manual;
    leg->again = first->again;
    leg->invite = first->invite;
    leg->invite_out = first->invite_out;
    leg->invite_in = first->invite_in;
    leg->peer = first->peer;
    leg->request = blob_ref(first->request);
    leg->session = first->session;
}

const char *call_state_word(enum sip_call_state state)
{
    static const char *const texts[] = {"calling", "early", "confirmed", "terminated"};

    return texts[state];
}

const char *call_ended_word(const struct call *call)
{
    static const char *const texts[] = {NULL,       "bye",     "remote bye", "cancelled",
                                        "rejected", "timeout", "unreachable"};

    return texts[call->ended];
}
