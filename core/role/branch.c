/* One target of a request: a client transaction, and Timer C. */
#include "core/base/alloc.h"
#include "core/role/proxy_private.h"

static enum err create(struct context *context, struct branch **out)
{
    struct proxy *proxy = context->passage.proxy;
    struct branch *branch = mem_zalloc(sizeof *branch);
    if (branch == NULL)
        return ERR_MEMORY;
    enum err err = table_add(&proxy->owned, branch, &branch->owned.handle);
    if (err != ERR_OK) {
        mem_free(branch);
        return err;
    }
    branch->owned.kind = OWNED_BRANCH;
    branch->context = context;
    *out = branch;
    return ERR_OK;
}

void branch_free(struct proxy *proxy, struct branch *branch)
{
    heap_stop(&proxy->timers, &branch->timer_c);
    table_remove(&proxy->owned, branch->owned.handle);
    mem_free(branch);
}

void branch_timer_c(struct context *context, struct branch *branch)
{
    struct passage *p = &context->passage;
    struct moment at = order_next(p->proxy->order, time_after(p->now_us, p->proxy->timer_c_us));
    if (!context->invite || branch->final || branch->cancelled)
        return;
    if (heap_set(&p->proxy->timers, &branch->timer_c, at) != ERR_OK)
        branch_cancel(context, branch, NULL, 0); /* no memory: it must not wait for ever */
}

static enum err forward(struct context *context, struct branch *branch, const struct target *target)
{
    struct passage *p = &context->passage;
    struct sip_forward_options options;
    passage_options(p, target, &options);
    branch->by_flow = !handle_none(options.flow);
    branch->registered = target->instance.len > 0 || !handle_none(target->flow);
    branch->spare = target->spare;
    options.transaction = context->server;
    options.owner = branch->owned.handle;
    options.max_breadth = branch->breadth;
    return sip_forward(p->stack, p->now_us, &options, &branch->request);
}

bool branch_begin(struct context *context, uint32_t breadth)
{
    const struct target *target = &context->passage.targets.items[context->passage.targets.begun++];
    struct branch *branch;
    enum err err = create(context, &branch);
    if (err != ERR_OK)
        return false;
    branch->breadth = breadth;
    err = forward(context, branch, target);
    if (err != ERR_OK) {
        branch_free(context->passage.proxy, branch);
        return false;
    }
    if (context->branches == NULL)
        context->branches = branch;
    else
        context->last_branch->next = branch;
    context->last_branch = branch;
    context->pending++;
    branch_timer_c(context, branch);
    return true;
}

/* RFC 3261 §9.1: the stack keeps it until a provisional response is there. */
void branch_cancel(struct context *context, struct branch *branch, const struct sip_row *rows,
                   size_t row_count)
{
    struct passage *p = &context->passage;
    struct sip_request_options extra = {.rows = rows, .row_count = row_count};
    if (branch->final || branch->cancelled || !context->invite)
        return;
    branch->cancelled = true;
    heap_stop(&p->proxy->timers, &branch->timer_c);
    if (sip_request_cancel(p->stack, p->now_us, branch->request, &extra, NULL) != ERR_OK)
        proxy_try(p->proxy, sip_abandon(p->stack, p->now_us, branch->request)); /* it has not even
                                                            an address yet, or there is no memory */
}
