#include "core/stack/usage/register.h"

#include "core/base/alloc.h"
#include "core/dialog/owned.h"
#include "core/stack/usage/usage.h"

static void reg_free(struct sip_stack *stack, struct sip_reg *reg)
{
    gruus_drop(stack, reg);
    reg_deinit(&stack->layer, reg);
    table_remove(&stack->regs, reg->handle);
    mem_free(reg);
}

void regs_drop(struct sip_stack *stack)
{
    uint32_t cursor = 0;
    for (struct sip_reg *reg; (reg = table_next(&stack->regs, &cursor, NULL)) != NULL;)
        reg_free(stack, reg);
    table_deinit(&stack->regs);
}

static enum err copy_contacts(struct sip_stack *stack, struct sip_reg *reg,
                              const struct sip_register_options *options)
{
    const struct view *values = options->contacts;
    size_t count = options->contact_count;
    if (values == NULL) {
        values = &stack->contact;
        count = 1;
    }
    struct sip_row *rows = arena_alloc(&stack->scratch, count * sizeof *rows);
    if (rows == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        rows[i] =
            (struct sip_row){.id = SIP_HEADER_CONTACT, .name = V("Contact"), .value = values[i]};
    return rows_copy(&reg->contacts, rows, count);
}

/* RFC 3261 §10.2: From is To, but for third parties; one Call-ID for all of them. */
static enum err copy_texts(struct sip_stack *stack, struct sip_reg *reg,
                           const struct sip_request_options *options)
{
    struct id tag, call_id;
    struct view to = options->to.ptr != NULL ? options->to : stack->identity;
    id_tag(stack, &tag);
    id_call_id(stack, &call_id);
    struct view given_tag = options->from_tag, given_id = options->call_id;
    enum err err = owned_set(NULL, &reg->uri, options->uri);
    if (err == ERR_OK)
        err = owned_set(NULL, &reg->to, to);
    if (err == ERR_OK)
        err = owned_set(NULL, &reg->from, options->from.ptr != NULL ? options->from : to);
    if (err == ERR_OK)
        err = owned_set(NULL, &reg->from_tag, given_tag.ptr != NULL ? given_tag : id_view(&tag));
    if (err == ERR_OK)
        err = owned_set(NULL, &reg->call_id, given_id.ptr != NULL ? given_id : id_view(&call_id));
    if (err == ERR_OK)
        err = rows_copy(&reg->rows, options->rows, options->row_count);
    return err;
}

static enum err reg_create(struct sip_stack *stack, const struct sip_register_options *options,
                           struct sip_reg **out)
{
    const struct sip_request_options *request = &options->request;
    struct sip_reg *reg = mem_zalloc(sizeof *reg);
    if (reg == NULL)
        return ERR_MEMORY;
    enum err err = table_add(&stack->regs, reg, &reg->handle);
    if (err != ERR_OK) {
        mem_free(reg);
        return err;
    }
    reg->timer.id = TIMER_REGISTER;
    reg->keep.id = TIMER_KEEP;
    reg->until_us = NEVER;
    reg->expires_s = options->expires_s;
    reg->refreshes = !options->no_refresh;
    reg->gruu = (uint8_t)options->gruu;
    reg->remote = request->remote;
    reg->proto = request->proto;
    reg->account = request->account;
    reg->again = request->again;
    reg->seq = request->cseq != 0 ? request->cseq - 1 : 0;
    err = copy_texts(stack, reg, request);
    if (err == ERR_OK)
        err = copy_contacts(stack, reg, options);
    if (err != ERR_OK)
        reg_free(stack, reg);
    else
        *out = reg;
    return err;
}

/* A fetch has none, RFC 3261 §10.2.3: it is left out on purpose. */
static enum err no_contact(struct sip_stack *stack, struct sip_request_options *out)
{
    struct sip_row *rows = arena_alloc(&stack->scratch, (out->row_count + 1) * sizeof *rows);
    if (rows == NULL)
        return ERR_MEMORY;
    memcpy(rows, out->rows, out->row_count * sizeof *rows);
    rows[out->row_count++] = (struct sip_row){.id = SIP_HEADER_CONTACT, .name = V("Contact")};
    out->rows = rows;
    return ERR_OK;
}

/* RFC 3327 §5.1, RFC 5626 §4.2.1, RFC 5627 §4.1 */
static struct view understood(struct sip_stack *stack, const struct sip_reg *reg)
{
    static const struct view lists[2][2] = {
        {{"path", 4},            {"path, gruu", 10}          },
        {{"path, outbound", 14}, {"path, outbound, gruu", 20}}
    };
    return lists[outbound_wanted(stack, reg)][reg->gruu != SIP_GRUU_NONE];
}

/* The user's rows, our Contacts, Expires, and what we understand. */
static enum err rows_of(struct sip_stack *stack, const struct sip_reg *reg, uint32_t expires_s,
                        struct sip_request_options *out)
{
    size_t contacts = reg->contacts.count;
    struct sip_row *ours = arena_alloc(&stack->scratch, (contacts + 3) * sizeof *ours);
    if (ours == NULL)
        return ERR_MEMORY;
    size_t count = 0;
    for (; count < contacts; count++)
        ours[count] = reg->contacts.items[count];
    if (contacts > 0)
        ours[count++] = row_number(stack, V("Expires"), expires_s);
    ours[count++] = (struct sip_row){.name = V("Supported"), .value = understood(stack, reg)};
    enum err err = rows_add(stack, out, ours, count);
    return err != ERR_OK || contacts > 0 ? err : no_contact(stack, out);
}

enum err reg_send(struct sip_stack *stack, struct sip_reg *reg, uint32_t expires_s,
                  struct sending *s)
{
    struct sip_request_options options = {.method = V("REGISTER"),
                                          .uri = reg->uri,
                                          .from = reg->from,
                                          .to = reg->to,
                                          .from_tag = reg->from_tag,
                                          .call_id = reg->call_id,
                                          .cseq = reg->seq + 1,
                                          .remote = reg->remote,
                                          .proto = reg->proto,
                                          .rows = reg->rows.items,
                                          .row_count = reg->rows.count,
                                          .again = reg->again,
                                          .account = reg->account};
    enum err err = rows_of(stack, reg, expires_s, &options);
    s->plan.options = &options;
    s->spaces = reg->spaces;
    if (err == ERR_OK)
        err = sending_send(stack, s);
    s->plan.options = NULL;
    if (err != ERR_OK)
        return err;
    s->tx->reg = reg->handle;
    reg->request = s->tx->handle;
    reg->seq = s->tx->seq;
    reg->ending = expires_s == 0 && reg->contacts.count > 0;
    return ERR_OK;
}

enum err sip_register(struct sip_stack *stack, uint64_t now_us,
                      const struct sip_register_options *options, struct handle *out_request,
                      struct handle *out_reg)
{
    struct sending s = {0};
    struct sip_reg *reg;
    enum err err = command_enter(stack, now_us);
    if (err != ERR_OK)
        return err;
    err = reg_create(stack, options, &reg);
    if (err != ERR_OK)
        return err;
    struct handle handle = reg->handle;
    err = reg_send(stack, reg, options->expires_s, &s);
    if (err != ERR_OK)
        reg_free(stack, reg);
    err = command_leave(stack, err);
    if (err != ERR_OK)
        return err;
    *out_request = s.tx->handle;
    *out_reg = handle;
    return ERR_OK;
}

bool reg_is_busy(const struct sip_stack *stack, const struct sip_reg *reg)
{
    const struct sip_tx *tx = tx_find(&stack->layer, reg->request);
    return tx != NULL && tx->status < 200 && tx->state != TERMINATED;
}

enum err sip_register_again(struct sip_stack *stack, uint64_t now_us, struct handle handle,
                            uint32_t expires_s, struct handle *out_request)
{
    struct sip_reg *reg = reg_find(stack, handle);
    struct sending s = {0};
    if (reg == NULL)
        return ERR_GONE;
    if (reg_is_busy(stack, reg))
        return ERR_STATE;
    enum err err = command_enter(stack, now_us);
    if (err != ERR_OK)
        return err;
    err = reg_send(stack, reg, expires_s, &s);
    err = command_leave(stack, err);
    if (err != ERR_OK)
        return err;
    *out_request = s.tx->handle;
    return ERR_OK;
}

void sip_register_drop(struct sip_stack *stack, struct handle handle)
{
    struct sip_reg *reg = reg_find(stack, handle);
    if (reg != NULL)
        reg_free(stack, reg);
}

enum err sip_reg_info(const struct sip_stack *stack, struct handle handle, struct sip_reg_info *out)
{
    const struct sip_reg *reg = reg_find(stack, handle);
    if (reg == NULL)
        return ERR_GONE;
    *out = (struct sip_reg_info){.state = (enum sip_reg_state)reg->state,
                                 .ended_status = reg->ended_status,
                                 .until_us = reg->until_us,
                                 .expires_s = reg->expires_s,
                                 .call_id = reg->call_id,
                                 .to = reg->to,
                                 .pub_gruu = reg->pub_gruu,
                                 .temp_gruu = reg->temp_gruu,
                                 .seq = reg->seq,
                                 .fetches = reg->contacts.count == 0,
                                 .busy = reg_is_busy(stack, reg) || reg->recovers};
    return ERR_OK;
}

bool sip_stack_routed(const struct sip_stack *stack)
{
    return stack->service_routes.count > 0;
}
