#include "harness/agent/agents.h"

struct request *request_create(struct agent *agent, enum sip_method method, struct handle stack)
{
    struct agents *agents = agent->party.agents;
    struct request *request = mem_zalloc(sizeof *request);

    if (request == NULL)
        return NULL;
    request->agent = agent;
    request->method = (uint8_t)method;
    request->stack = stack;
    request->inbox.list = MAIL_REQUEST;
    request->sent_us = scene_now(agents->scene);
    request->sent = blob_ref(sip_transaction_sent(agent_stack(agent), stack));
    if (table_add(&agents->requests, request, &request->handle) != ERR_OK) {
        blob_unref(request->sent);
        mem_free(request);
        return NULL;
    }
    if (map_put(&agent->requests, stack, request->handle) != ERR_OK) {
        request_destroy(request);
        return NULL;
    }
    return request;
}

void request_destroy(struct request *request)
{
    struct agents *agents = request->agent->party.agents;

    inbox_pass(&agents->post, &request->inbox, NULL);
    map_remove(&request->agent->requests, request->stack);
    table_remove(&agents->requests, request->handle);
    blob_unref(request->sent);
    blob_unref(request->final);
    blob_unref(request->met);
    mem_free(request);
}

const char *request_state(const struct request *request)
{
    struct sip_stack *stack = agent_stack(request->agent);

    if (request->done || stack == NULL)
        return "terminated";
    return sip_transaction_state(stack, request->stack);
}

/* The call of an INVITE outside of any, whose first leg is there before the first response. */
static struct call *call_begin(struct request *request, struct handle stack_call)
{
    struct call *call = call_record(request->agent, stack_call);

    if (call == NULL)
        return NULL;
    call->caller = true;
    call->invite = call->invite_out = request->handle;
    call->request = blob_ref(request->sent);
    call->peer = request->peer;
    request->call = call->handle;
    call->open++;
    return call;
}

static void request_final(struct request *request, struct blob *bytes, uint16_t status)
{
    struct agents *agents = request->agent->party.agents;
    struct call *call = agents_call(agents, request->call);

    if (request->status == 0 && call != NULL && call->open > 0)
        call->open--;
    request->status = status;
    request->answered_us = scene_now(agents->scene);
    blob_unref(request->final);
    request->final = blob_ref(bytes);
}

void request_answered(struct request *request, const struct tell *tell)
{
    struct sip_msg *msg = tell->msg;
    uint16_t status = sip_msg_status(msg);

    if (status < 200) {
        request->rung = true;
        return;
    }
    if (tell->again) {
        blob_unref(request->met);
        request->met = blob_ref(sip_msg_blob(msg));
        return;
    }
    request->generated = tell->generated;
    request->error = (uint8_t)tell->error;
    request_final(request, sip_msg_blob(msg), status);
}

void request_retried(struct request *request, struct handle stack, bool sent)
{
    struct agent *agent = request->agent;
    struct agents *agents = agent->party.agents;
    struct call *call = agents_call(agents, request->call);

    if (!handle_equal(stack, request->stack)) {
        map_remove(&agent->requests, request->stack);
        request->stack = stack;
        if (map_put(&agent->requests, stack, request->handle) != ERR_OK)
            agents_broke(agents, ERR_MEMORY);
    }
    if (!sent)
        return;
    blob_unref(request->sent);
    request->sent = blob_ref(sip_transaction_sent(agent_stack(agent), stack));
    if (call == NULL || !call->caller || !handle_equal(call->invite, request->handle))
        return;
    blob_unref(call->request);
    call->request = blob_ref(request->sent);
}

void request_given_up(struct request *request, uint16_t status)
{
    request_final(request, request->met, status);
}

bool request_met(const struct request *request, const struct mail *mail)
{
    return mail->again && request->final != mail->bytes;
}

void request_asked(struct request *request, struct call *call)
{
    request->call = call->handle;
    request->peer = call->peer;
    call->open++;
    if (request->method == SIP_INVITE)
        call->invite_out = request->handle;
    else if (request->method != SIP_ACK && request->method != SIP_PRACK &&
             request->method != SIP_CANCEL)
        call->others = true;
}

enum err request_send(struct agent *agent, const struct sip_request_options *options,
                      struct request **out, struct call **out_call)
{
    struct agents *agents = agent->party.agents;
    struct sip_stack *stack = agent_stack(agent);
    enum sip_method method = sip_method_find(options->method);
    struct handle handle = {0}, stack_call = {0};

    if (stack == NULL)
        return ERR_STATE;
    struct sip_request_options routed = *options;
    if (handle_none(options->call) && agent_routed(agent))
        routed.remote = (struct addr){0};
    enum err err = sip_request_send(stack, scene_now(agents->scene), &routed, &handle, &stack_call);
    if (err != ERR_OK)
        return err;
    agent_touch(agent);
    struct request *request = request_create(agent, method, handle);
    if (request == NULL)
        return ERR_MEMORY;
    struct call *call = agents_call(agents, map_get(&agent->calls, options->call));
    if (call != NULL)
        request_asked(request, call);
    if (call == NULL && !handle_none(stack_call) &&
        (call = call_begin(request, stack_call)) == NULL)
        return ERR_MEMORY;
    *out = request;
    if (out_call != NULL)
        *out_call = call;
    return ERR_OK;
}

enum { PRACK_ROWS = 64 };

enum err request_prack(struct call *call, const struct sip_request_options *options,
                       struct sip_msg *response, struct request **out)
{
    char room[48];
    struct buf rack = {.ptr = room, .size = sizeof room, .limit = sizeof room};
    const struct sip_number *rseq = sip_msg_get(response, SIP_HEADER_RSEQ, 0);
    const struct sip_cseq *cseq = sip_msg_cseq(response);
    struct sip_row rows[PRACK_ROWS + 1] = {{.name = V("RAck")}};
    struct sip_request_options prack = *options;

    prack.method = V("PRACK");
    prack.call = call->stack;
    if (sip_row_find(options->rows, options->row_count, SIP_HEADER_RACK) != NULL)
        return request_send(call->agent, &prack, out, NULL);
    if (rseq == NULL || cseq == NULL)
        return ERR_ABSENT;
    if (options->row_count > PRACK_ROWS)
        return ERR_LIMIT;
    buf_add_uint(&rack, rseq->value);
    buf_add_char(&rack, ' ');
    buf_add_uint(&rack, cseq->number);
    buf_add(&rack, V(" INVITE"));
    rows[0].value = buf_view(&rack);
    for (size_t i = 0; i < options->row_count; i++)
        rows[i + 1] = options->rows[i];
    prack.rows = rows;
    prack.row_count++;
    return request_send(call->agent, &prack, out, NULL);
}
