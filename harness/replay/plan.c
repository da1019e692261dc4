#include "harness/replay/plan.h"

enum proto plan_proto(enum carrier carrier)
{
    static const enum proto protos[] = {
        [CARRIER_UDP] = PROTO_UDP, [CARRIER_TCP] = PROTO_TCP, [CARRIER_SCTP] = PROTO_TCP,
        [CARRIER_TLS] = PROTO_TLS, [CARRIER_WS] = PROTO_WS,   [CARRIER_WSS] = PROTO_WSS};
    return protos[carrier];
}

/* RFC 3261 §17.1.1.3: the ACK of a 300-699 is the client transaction's own. */
static bool is_stack_made(const struct call *call, const struct call_message *message)
{
    if (!sip_msg_is_request(message->msg) || sip_msg_method(message->msg) != SIP_ACK)
        return false;
    return message->transaction != CALL_NONE &&
           call->transactions[message->transaction].method == SIP_INVITE;
}

static void step_add(const struct call *call, const struct call_message *message, uint64_t since_ns,
                     struct plan *plan)
{
    bool ours = message->from == plan->played;
    plan->steps[plan->count++] = (struct step){
        .captured = message,
        .tx = message->transaction,
        .peer = ours ? message->to : message->from,
        .ours = ours,
        .optional = !ours && sip_msg_status(message->msg) == 100,
        .by_itself = !ours && is_stack_made(call, message),
        .delay_us = message->time_ns > since_ns ? (message->time_ns - since_ns) / 1000 : 0,
    };
}

enum err plan_make(const struct call *call, uint16_t played, struct arena *arena, struct plan *out)
{
    struct plan plan = {.played = played};
    uint64_t since_ns = call->message_count > 0 ? call->messages[0].time_ns : 0;
    plan.steps = arena_zalloc(arena, (call->message_count + 1) * sizeof *plan.steps);
    if (plan.steps == NULL)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < call->message_count; i++) {
        const struct call_message *message = &call->messages[i];
        bool between = (message->from == played) != (message->to == played);
        if (!between || message->copy_of != 0 || message->transaction == CALL_NONE)
            continue;
        step_add(call, message, since_ns, &plan);
        since_ns = message->time_ns;
    }
    *out = plan;
    return ERR_OK;
}

void plan_drop(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->count; i++)
        if (plan->steps[i].live != NULL)
            sip_msg_unref(plan->steps[i].live);
    plan->count = 0;
}

static bool is_asked(const struct plan *plan, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++)
        if (plan->steps[i].tx == plan->steps[at].tx &&
            sip_msg_is_request(plan->steps[i].captured->msg))
            return true;
    return false;
}

bool plan_refuses(const struct plan *plan, struct buf *out_why)
{
    bool answered = false;
    if (plan->count == 0)
        buf_add(out_why, V("nothing of it is between the party that is played and another one"));
    for (uint32_t i = 0; i < plan->count && out_why->len == 0; i++) {
        const struct call_message *captured = plan->steps[i].captured;
        if (sip_msg_is_request(captured->msg))
            continue;
        answered = true;
        if (!is_asked(plan, i))
            buf_printf(out_why, "%u in frame %u answers a request that is not between these two",
                       sip_msg_status(captured->msg), captured->frame);
    }
    if (out_why->len == 0 && !answered)
        buf_add(out_why, V("nothing in it is answered"));
    return out_why->len > 0;
}
