/* What is forwarded without a transaction: everything by a stateless proxy, RFC 3261 §16.11; by a
 * stateful one the ACK of a 2xx, and a CANCEL of nothing, §16.10. */
#include "core/role/proxy_private.h"

void refuse(struct passage *p, struct handle transaction, const struct refusal *refusal)
{
    const struct sip_row *rows = refusal->rows != NULL ? refusal->rows : &refusal->row;
    size_t count = refusal->rows != NULL ? refusal->row_count : refusal->row.name.ptr != NULL;
    struct sip_response_options options = {
        .status = refusal->status, .rows = rows, .row_count = count};
    if (sip_respond(p->stack, p->now_us, transaction, &options) != ERR_OK)
        proxy_try(p->proxy, sip_abandon(p->stack, p->now_us, transaction));
}

/* "a hash of the received branch ID", else of what differs in each two transactions: the same for
 * a copy, and for ACK and CANCEL as for their INVITE. */
static struct view branch_of(struct passage *p)
{
    struct buf *buf = &p->proxy->text;
    const struct sip_via *via = sip_msg_via(p->msg, 0);
    struct view from_tag = sip_msg_from_tag(p->msg), to_tag = sip_msg_to_tag(p->msg);
    const struct sip_cseq *cseq = sip_msg_cseq(p->msg);
    buf_clear(buf);
    if (via != NULL && view_starts_nocase(via->branch, V("z9hG4bK")) && via->branch.len > 7)
        buf_add(buf, via->branch);
    else
        buf_printf(buf, "%.*s\n%.*s\n%.*s\n%.*s\n%u\n%.*s",
                   VIEW_ARG(via == NULL ? V("") : via->text), VIEW_ARG(to_tag), VIEW_ARG(from_tag),
                   VIEW_ARG(sip_msg_call_id(p->msg)), cseq == NULL ? 0 : cseq->number,
                   VIEW_ARG(sip_msg_request_uri_text(p->msg)));
    uint64_t hash = view_hash(buf_view(buf));
    buf_clear(buf);
    buf_printf(buf, "z9hG4bK-%016llx", (unsigned long long)hash);
    return buf->failed == ERR_OK ? arena_copy(&p->proxy->scratch, buf_view(buf)) : (struct view){0};
}

static void send(struct passage *p)
{
    struct sip_forward_options options;
    struct handle none;
    passage_options(p, &p->targets.items[0], &options);
    options.branch_tail = (struct view){0};
    options.branch = branch_of(p);
    if (options.branch.ptr != NULL)
        proxy_try(p->proxy, sip_forward(p->stack, p->now_us, &options, &none));
}

static void request(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                    const struct tell *tell)
{
    struct passage p;
    struct refusal refusal;
    struct handle transaction;
    passage_begin(&p, proxy, stack, now_us, tell);
    enum sip_method method = sip_msg_method(tell->msg);
    if (!passage_refused(&p, &refusal))
        send(&p);
    else if (method != SIP_ACK && method != SIP_CANCEL &&
             sip_admit(stack, now_us, tell->msg, &tell->source, &transaction) == ERR_OK)
        refuse(&p, transaction, &refusal);
}

/* Ours by its top Via, else "silently discarded", as is whatever a stateful proxy has no
 * transaction for: RFC 6026 §7.3, §8.9; RFC 4320 §4.2. */
static void response(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                     struct sip_msg *msg)
{
    const struct sip_via *via = sip_msg_via(msg, 0);
    if (via == NULL || proxy->mode == PROXY_STATEFUL || !sip_stack_is(stack, via->host, via->port))
        return;
    proxy_try(proxy, sip_forward_response(stack, now_us, (struct handle){0}, msg, NULL, 0));
}

void stray(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us, const struct tell *tell)
{
    if (proxy->mode == PROXY_REDIRECT)
        return;
    if (sip_msg_is_request(tell->msg))
        request(proxy, stack, now_us, tell);
    else
        response(proxy, stack, now_us, tell->msg);
}
