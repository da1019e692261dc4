/* What the answers to REGISTER mean, RFC 3261 §10.2.4 and §10.2.7. */
#include "core/message/uri.h"
#include "core/stack/usage/register.h"
#include "core/stack/usage/usage.h"

#include <stddef.h>

enum { HOUR_S = 3600 };

static void step(struct sip_stack *stack, struct sip_reg *reg, uint8_t on, uint16_t status)
{
    const struct reg_row *row = reg_row_find(reg->state, on);
    if (row == NULL)
        return;
    layer_trace_state(&stack->layer, reg->handle, V("registration"), reg_state_text(reg->state),
                      reg_state_text(row->to), reg_event_text(on));
    reg->state = row->to;
    reg->ended_status = status;
    struct tell tell = {
        .what = SIP_TELL_REG, .reg = reg->handle, .status = status, .state = reg->state};
    layer_tell(&stack->layer, &tell);
}

static bool is_ours(struct sip_stack *stack, const struct sip_reg *reg, const struct sip_uri *uri)
{
    for (size_t i = 0; i < reg->contacts.count; i++) {
        struct sip_name_addr own;
        if (sip_name_addr_parse(reg->contacts.items[i].value, &stack->scratch, &own) == ERR_OK &&
            sip_uri_equal(&own.uri, uri))
            return true;
    }
    return false;
}

/* RFC 3261 §10.2.4, §20.19: of the value, else of the message, else an hour. */
static uint64_t expires_of(struct sip_msg *msg, const struct sip_name_addr *contact)
{
    const struct sip_number *header = sip_msg_get(msg, SIP_HEADER_EXPIRES, 0);
    struct view text;
    uint64_t value;
    if (sip_param_find(&contact->params, V("expires"), &text))
        return view_to_uint(text, UINT64_MAX, &value) ? value : HOUR_S;
    return header == NULL ? HOUR_S : header->value;
}

/* The shortest time of our contacts that are listed; 0: none is. A fetch has none of its own, and
 * is about all that are there. */
static uint64_t granted_s(struct sip_stack *stack, struct sip_reg *reg, struct sip_msg *msg)
{
    uint64_t least_s = 0;
    size_t count = sip_msg_count(msg, SIP_HEADER_CONTACT);
    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *contact = sip_msg_contact(msg, i);
        if (contact == NULL || (reg->contacts.count > 0 && !is_ours(stack, reg, &contact->uri)))
            continue;
        uint64_t expires_s = expires_of(msg, contact);
        if (reg->contacts.count > 0 && expires_s != 0)
            gruus_learn(stack, reg, contact);
        if (expires_s != 0 && (least_s == 0 || expires_s < least_s))
            least_s = expires_s;
    }
    return least_s;
}

static void wait(struct sip_stack *stack, struct sip_reg *reg, uint64_t left_s)
{
    struct span span = span_of(stack, left_s);
    bool never = (stack->layer.mutants & SIP_MUTANT_NEVER_REFRESHES) != 0;
    bool refreshes = reg->refreshes && !never && reg->contacts.count > 0;
    reg->until_us = span.until_us;
    timer_set(&stack->layer, &reg->timer, reg->handle, refreshes ? span.refresh_us : span.until_us);
}

static void nothing_left(struct sip_stack *stack, struct sip_reg *reg)
{
    timer_stop(&stack->layer, &reg->timer, reg->handle);
    gruus_drop(stack, reg);
    outbound_stop(stack, reg);
    reg->recovers = false;
    reg->until_us = NEVER;
}

/* RFC 3608 §6.1: the latest 200 says it all. */
static void learn_routes(struct sip_stack *stack, const struct sip_reg *reg, struct sip_msg *msg)
{
    if (reg->ending)
        route_drop(&stack->service_routes);
    else if (reg->contacts.count > 0)
        layer_fail(&stack->layer,
                   route_take(&stack->service_routes, msg, SIP_HEADER_SERVICE_ROUTE));
}

static void accepted(struct sip_stack *stack, struct sip_reg *reg, struct sip_msg *msg)
{
    uint64_t left_s = reg->ending ? 0 : granted_s(stack, reg, msg);
    learn_routes(stack, reg, msg);
    reg->recovers = false;
    if (left_s > 0) {
        wait(stack, reg, left_s);
        outbound_granted(stack, reg, msg);
    } else
        nothing_left(stack, reg);
    step(stack, reg, left_s > 0 ? REG_GRANTED : REG_REMOVED, sip_msg_status(msg));
}

void reg_response(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *msg,
                  uint16_t status)
{
    struct sip_reg *reg = reg_find(stack, tx->reg);
    if (reg == NULL || status < 200 || !handle_equal(reg->request, tx->handle))
        return;
    if (msg != NULL && status < 300) {
        accepted(stack, reg, msg);
        return;
    }
    nothing_left(stack, reg); /* what the registrar still has runs out there */
    outbound_refused(stack, reg, msg, status);
    step(stack, reg, REG_REFUSED, status);
}

static enum err contacts_from(struct sip_stack *stack, struct sip_reg *reg, struct sip_msg *request)
{
    size_t count = sip_msg_count(request, SIP_HEADER_CONTACT);
    struct sip_row *rows = arena_alloc(&stack->scratch, count * sizeof *rows);
    if (rows == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *contact = sip_msg_contact(request, i);
        if (contact == NULL)
            return ERR_OK;
        rows[i] = (struct sip_row){
            .id = SIP_HEADER_CONTACT, .name = V("Contact"), .value = contact->text};
    }
    return rows_copy(&reg->contacts, rows, count);
}

/* A 423 may have made its times longer: from now on it asks for those. */
void reg_again(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request)
{
    struct sip_reg *reg = reg_find(stack, tx->reg);
    const struct sip_number *expires = sip_msg_get(request, SIP_HEADER_EXPIRES, 0);
    if (reg == NULL)
        return;
    reg->request = tx->handle;
    reg->seq = tx->seq;
    if (expires != NULL && expires->value > 0 && expires->value <= UINT32_MAX)
        reg->expires_s = (uint32_t)expires->value;
    layer_fail(&stack->layer, contacts_from(stack, reg, request));
}

static bool keep_fire(struct sip_stack *stack, struct sip_timer *timer)
{
    struct sip_reg *reg = (struct sip_reg *)((char *)timer - offsetof(struct sip_reg, keep));
    timer_fired(&stack->layer, timer, reg->handle);
    outbound_keep(stack, reg);
    return true;
}

bool reg_fire(struct sip_stack *stack, struct sip_timer *timer)
{
    if (timer->id == TIMER_KEEP)
        return keep_fire(stack, timer);
    if (timer->id != TIMER_REGISTER)
        return false;
    struct sip_reg *reg = (struct sip_reg *)((char *)timer - offsetof(struct sip_reg, timer));
    struct sending s = {.own = true};
    timer_fired(&stack->layer, timer, reg->handle);
    reg->recovers = false;
    if (stack->layer.now_us >= reg->until_us) {
        nothing_left(stack, reg);
        step(stack, reg, REG_EXPIRED, 0);
        return true;
    }
    if (reg->until_us != NEVER)
        timer_set(&stack->layer, timer, reg->handle, reg->until_us);
    if (!reg_is_busy(stack, reg)) /* RFC 3261 §10.2: one at a time; its answer says what is next */
        layer_fail(&stack->layer, reg_send(stack, reg, reg->expires_s, &s));
    return true;
}
