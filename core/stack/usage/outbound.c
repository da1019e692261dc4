/* Flows of registrations, RFC 5626 §4: the connection that a REGISTER with "reg-id" went by is kept
 * alive, and made anew when it fails. */
#include "core/message/uri.h"
#include "core/stack/usage/register.h"
#include "core/stack/usage/usage.h"

enum {
    KEEP_USUAL_S = 120,  /* §4.4.1 */
    KEEP_MOST_S = 86400, /* what a Flow-Timer may say */
    BASE_ALL_S = 30,     /* §4.5: when all flows have failed, and when one has not */
    BASE_SOME_S = 90,
    WAIT_MOST_S = 1800,
    DOUBLINGS_MOST = 6 /* more of them are beyond the longest wait */
};

bool outbound_wanted(struct sip_stack *stack, const struct sip_reg *reg)
{
    struct sip_name_addr own;
    for (size_t i = 0; i < reg->contacts.count; i++)
        if (sip_name_addr_parse(reg->contacts.items[i].value, &stack->scratch, &own) == ERR_OK &&
            sip_param_has(&own.params, V("reg-id")) &&
            sip_param_has(&own.params, V("+sip.instance")))
            return true;
    return false;
}

/* So many seconds, less at most so many per cent of them; another draw each time. */
static uint64_t draw_us(struct sip_stack *stack, uint64_t most_s, uint64_t less_percent)
{
    uint64_t most_us = most_s * US_PER_S, span_us = most_us * less_percent / 100;
    uint64_t draw = rng_at(stack->ids, V("outbound"), ++stack->outbound_count);
    return most_us - draw % (span_us + 1);
}

static void keep_later(struct sip_stack *stack, struct sip_reg *reg)
{
    uint64_t wait_us = draw_us(stack, reg->keep_s, 20);
    timer_set(&stack->layer, &reg->keep, reg->handle, timer_sum(stack->layer.now_us, wait_us));
}

void outbound_stop(struct sip_stack *stack, struct sip_reg *reg)
{
    reg->flow = (struct handle){0};
    timer_stop(&stack->layer, &reg->keep, reg->handle);
}

/* §4.3: whoever answers to our Contact is to come by the same connection. A GRUU says more. */
static void say_ob(struct sip_stack *stack, struct sip_reg *reg)
{
    struct sip_name_addr own;
    struct buf buf = {0};
    if (!handle_none(stack->known_by) ||
        sip_name_addr_parse(reg->contacts.items[0].value, &stack->scratch, &own) != ERR_OK)
        return;
    buf_printf(&buf, "<%.*s;ob>", VIEW_ARG(own.uri.text));
    layer_fail(&stack->layer,
               buf.failed == ERR_OK ? known_as(stack, reg, buf_view(&buf)) : buf.failed);
    buf_deinit(&buf);
}

/* §4.2.1: only where the registrar says that it does, by a connection that can be told of. */
void outbound_granted(struct sip_stack *stack, struct sip_reg *reg, struct sip_msg *msg)
{
    const struct sip_number *seconds = sip_msg_get(msg, SIP_HEADER_FLOW_TIMER, 0);
    const struct packet *packet = stack->packet;
    outbound_stop(stack, reg);
    reg->failures = 0;
    if (packet == NULL || !proto_reliable(packet->proto) || !outbound_wanted(stack, reg) ||
        !sip_msg_lists(msg, SIP_HEADER_REQUIRE, V("outbound")))
        return;
    bool said = seconds != NULL && seconds->value > 0;
    uint64_t keep_s = said ? seconds->value : KEEP_USUAL_S;
    reg->flow = packet->link;
    say_ob(stack, reg);
    reg->keep_s = (uint32_t)(keep_s < KEEP_MOST_S ? keep_s : KEEP_MOST_S);
    keep_later(stack, reg);
}

/* §4.4.1: what becomes of a ping the flow looks to; without a pong it fails. */
void outbound_keep(struct sip_stack *stack, struct sip_reg *reg)
{
    struct effect effect = {.kind = DO_PING, .link = reg->flow};
    layer_fail(&stack->layer, ring_push(&stack->layer.ring, &effect));
    keep_later(stack, reg);
}

/* §4.5: at once, for the flow was good; by a new connection, under the same reg-id. */
void outbound_lost(struct sip_stack *stack, struct handle flow)
{
    uint32_t cursor = 0;
    for (struct sip_reg *reg; (reg = table_next(&stack->regs, &cursor, NULL)) != NULL;) {
        if (handle_none(reg->flow) || !handle_equal(reg->flow, flow))
            continue;
        outbound_stop(stack, reg);
        layer_trace_state(&stack->layer, reg->handle, V("registration"), V("registered"),
                          V("registered"), V("its flow has failed"));
        if (reg->refreshes && !reg_is_busy(stack, reg))
            timer_set(&stack->layer, &reg->timer, reg->handle, stack->layer.now_us);
    }
}

static bool another_flow_is_up(const struct sip_stack *stack)
{
    uint32_t cursor = 0;
    for (const struct sip_reg *reg; (reg = table_next(&stack->regs, &cursor, NULL)) != NULL;)
        if (!handle_none(reg->flow))
            return true;
    return false;
}

/* What says nothing about us, but of the way there or of the moment. */
static bool may_pass(uint16_t status)
{
    return status == 408 || status == 430 || (status >= 500 && status < 600);
}

/* §4.5: W = min(max-time, base-time * 2^failures), and of that from half to the whole. */
void outbound_refused(struct sip_stack *stack, struct sip_reg *reg, struct sip_msg *msg,
                      uint16_t status)
{
    const struct sip_retry_after *after =
        msg == NULL ? NULL : sip_msg_get(msg, SIP_HEADER_RETRY_AFTER, 0);
    outbound_stop(stack, reg);
    if (!reg->refreshes || reg->ending || !may_pass(status) || !outbound_wanted(stack, reg))
        return;
    uint64_t base_s = another_flow_is_up(stack) ? BASE_SOME_S : BASE_ALL_S;
    uint64_t most_s = base_s << (reg->failures < DOUBLINGS_MOST ? ++reg->failures : reg->failures);
    uint64_t wait_us = draw_us(stack, most_s < WAIT_MOST_S ? most_s : WAIT_MOST_S, 50);
    if (after != NULL && after->seconds <= KEEP_MOST_S && after->seconds * US_PER_S > wait_us)
        wait_us = after->seconds * US_PER_S;
    reg->recovers = true;
    timer_set(&stack->layer, &reg->timer, reg->handle, timer_sum(stack->layer.now_us, wait_us));
}
