/* Info packages, RFC 6086: which INFO each side of a call is willing to take. What we are stands in
 * the options; what the other side is it says in each Recv-Info of his, and its call keeps it. */
#include "core/dialog/owned.h"
#include "core/stack/session.h"

enum {
    PACKAGES_LEN_MAX = 1024
}; /* that a call keeps; the names behind them are as good as not said */

void packages_write(struct compose *c, const struct sip_stack *stack)
{
    if (stack->packages.ptr != NULL)
        compose_row(c, SIP_HEADER_RECV_INFO, stack->packages);
}

/* §5.2.3: only where the request has one; what does not reach the other side for sure says nothing.
 */
void packages_write_answer(struct compose *c, const struct sip_stack *stack,
                           const struct response_plan *plan)
{
    uint16_t status = plan->options->status;
    bool certain = plan->rseq != 0 || (status >= 200 && status < 300);
    if (certain && sip_msg_find(plan->request, SIP_HEADER_RECV_INFO, 0) != NULL)
        packages_write(c, stack);
}

/* §4.2.2: 469, which says what there is. INFO without a package is an older use, and the user's. */
bool packages_refuse(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg)
{
    struct sip_row row = {.name = V("Recv-Info"), .value = stack->packages};
    const struct sip_token_params *package = sip_msg_get(msg, SIP_HEADER_INFO_PACKAGE, 0);
    if (stack->packages.ptr == NULL || package == NULL || list_has(stack->packages, package->token))
        return false;
    stack_answer(stack, tx, 469, &row, 1);
    return true;
}

/* §7.2: names are compared octet by octet, and without their parameters. */
static void collect(struct sip_msg *msg, struct buf *out)
{
    size_t count = sip_msg_count(msg, SIP_HEADER_RECV_INFO);
    for (size_t i = 0; i < count; i++) {
        const struct sip_token_params *package = sip_msg_get(msg, SIP_HEADER_RECV_INFO, i);
        if (package == NULL || out->len + package->token.len + 1 > PACKAGES_LEN_MAX)
            continue;
        buf_add(out, package->token);
        buf_add_char(out, ',');
    }
}

void packages_came(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg)
{
    struct buf list = {0};
    if (sip_msg_find(msg, SIP_HEADER_RECV_INFO, 0) == NULL)
        return;
    collect(msg, &list);
    enum err err = list.failed;
    if (err == ERR_OK)
        err = owned_set(NULL, &call->packages, list.len > 0 ? buf_view(&list) : (struct view){0});
    layer_fail(&stack->layer, err);
    call->names_packages = err == ERR_OK;
    buf_deinit(&list);
}

bool sip_call_takes(const struct sip_stack *stack, struct handle handle, struct view package)
{
    const struct sip_call *call = call_find(stack, handle);
    return call != NULL && call->names_packages && list_has(call->packages, package);
}
