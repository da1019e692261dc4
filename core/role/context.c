/* The response context: RFC 3261 §16.6, §16.7, §16.8, §16.10. */
#include "core/base/alloc.h"
#include "core/role/proxy_private.h"

static struct view kept(struct context *context, struct view text)
{
    return text.ptr == NULL ? text : arena_copy(&context->arena, text);
}

static bool keep_target(struct context *context, struct target *target);

static bool keep_spare(struct context *context, struct target *target)
{
    if (target->spare == NULL)
        return true;
    struct target *spare = arena_alloc(&context->arena, sizeof *spare);
    if (spare == NULL)
        return false;
    *spare = *target->spare;
    target->spare = spare;
    return keep_target(context, spare);
}

static bool keep_target(struct context *context, struct target *target)
{
    struct view *routes = arena_alloc(&context->arena, (target->route_count + 1) * sizeof *routes);
    target->uri = kept(context, target->uri);
    for (size_t i = 0; routes != NULL && i < target->route_count; i++) {
        routes[i] = kept(context, target->routes[i]);
        if (routes[i].ptr == NULL)
            return false;
    }
    target->routes = routes;
    target->instance = kept(context, target->instance);
    return routes != NULL && target->uri.ptr != NULL && keep_spare(context, target);
}

/* What the passage has in the proxy's scratch outlasts it here. */
static bool keep_passage(struct context *context, const struct passage *p)
{
    struct targets *targets = &context->passage.targets;
    context->passage = *p;
    context->passage.msg = context->request;
    context->passage.uri = (struct view){0};
    context->passage.parsed = (struct sip_uri){0};
    context->passage.tail = kept(context, p->tail);
    size_t room = p->proxy->recurse ? PROXY_TARGETS_MAX : p->targets.count;
    targets->items = arena_alloc(&context->arena, room * sizeof *targets->items);
    if (targets->items == NULL)
        return false;
    for (size_t i = 0; i < targets->count; i++) {
        targets->items[i] = p->targets.items[i];
        if (!keep_target(context, &targets->items[i]))
            return false;
    }
    return true;
}

static void context_free(struct proxy *proxy, struct context *context)
{
    while (context->branches != NULL) {
        struct branch *branch = context->branches;
        context->branches = branch->next;
        branch_free(proxy, branch);
    }
    for (size_t i = 0; i < context->challenge_count; i++)
        sip_msg_unref(context->challenges[i]);
    mem_free(context->challenges);
    sip_msg_unref(context->best);
    sip_msg_unref(context->request);
    arena_deinit(&context->arena);
    table_remove(&proxy->owned, context->owned.handle);
    mem_free(context);
}

static enum err context_create(const struct passage *p, struct handle server, struct context **out)
{
    struct context *context = mem_zalloc(sizeof *context);
    if (context == NULL)
        return ERR_MEMORY;
    enum err err = table_add(&p->proxy->owned, context, &context->owned.handle);
    if (err != ERR_OK) {
        mem_free(context);
        return err;
    }
    context->owned.kind = OWNED_CONTEXT;
    context->server = server;
    context->request = sip_msg_ref(p->msg);
    context->invite = sip_msg_method(p->msg) == SIP_INVITE;
    if (!keep_passage(context, p))
        err = ERR_MEMORY;
    if (err == ERR_OK)
        err = sip_own(p->stack, server, context->owned.handle);
    if (err == ERR_OK)
        *out = context;
    else
        context_free(p->proxy, context);
    return err;
}

/* How many of the targets that are left are tried together. */
static size_t group(const struct context *context)
{
    const struct targets *targets = &context->passage.targets;
    const struct target *items = targets->items + targets->begun;
    size_t left = targets->count - targets->begun, count = 1;
    if (left == 0 || context->passage.proxy->fork == PROXY_PARALLEL)
        return left;
    if (context->passage.proxy->fork == PROXY_SERIAL)
        return 1;
    while (count < left && items[count].q_permille == items[0].q_permille)
        count++;
    return count;
}

/* Until something is under way, or nothing is left. RFC 5393 §5.3.3: those that run together share
 * what came. */
static void begin_group(struct context *context)
{
    while (context->pending == 0 && !context->closed) {
        size_t count = group(context);
        if (count == 0)
            return;
        for (size_t i = 0; i < count; i++) {
            uint32_t share = context->breadth / (uint32_t)count;
            share += i < context->breadth % count ? 1 : 0;
            if (!branch_begin(context, share))
                best_take(context, NULL, 503);
        }
    }
}

/* 0: there is enough for as many as run at once. */
static uint16_t check_breadth(struct context *context)
{
    const struct sip_number *given = sip_msg_get(context->request, SIP_HEADER_MAX_BREADTH, 0);
    uint32_t most = context->passage.proxy->max_breadth;
    context->breadth = given == NULL || given->value > most ? most : (uint32_t)given->value;
    return context->breadth == 0 || group(context) > context->breadth ? 440 : 0;
}

static void trying(struct context *context)
{
    struct passage *p = &context->passage;
    struct sip_response_options options = {.status = 100};
    if (context->invite && !context->answered)
        proxy_try(p->proxy, sip_respond(p->stack, p->now_us, context->server, &options));
}

/* Nothing more will come of the branches there are: the next ones, or the end. */
static void advance(struct context *context)
{
    if (context->answered || context->pending > 0)
        return;
    begin_group(context);
    if (context->pending == 0)
        best_send(context);
}

void context_begin(struct passage *p, const struct tell *tell)
{
    struct context *context;
    struct refusal refusal = {.status = 500};
    if (context_create(p, tell->object, &context) != ERR_OK) {
        refuse(p, tell->object, &refusal);
        return;
    }
    refusal.status = check_breadth(context);
    if (refusal.status != 0) {
        context->answered = true;
        refuse(p, tell->object, &refusal);
        return;
    }
    advance(context);
    trying(context);
}

static void now(struct context *context, struct sip_stack *stack, uint64_t now_us)
{
    context->passage.stack = stack;
    context->passage.now_us = now_us;
}

static void cancel_others(struct context *context, const struct branch *winner,
                          const struct sip_row *rows, size_t row_count)
{
    context->closed = true;
    if ((context->passage.proxy->mutants & SIP_MUTANT_LOSERS_KEPT) != 0)
        return;
    for (struct branch *branch = context->branches; branch != NULL; branch = branch->next)
        if (branch != winner)
            branch_cancel(context, branch, rows, row_count);
}

/* RFC 6026 §8.3: whose server transaction is over is told nothing more. */
static void forward_now(struct context *context, struct sip_msg *response)
{
    struct passage *p = &context->passage;
    if (handle_none(context->server))
        return;
    proxy_try(p->proxy,
              sip_forward_response(p->stack, p->now_us, context->server, response, NULL, 0));
}

/* RFC 4320 §4.1: of provisional responses a non-INVITE gets 100 alone, and that not from afar. */
static void provisional(struct context *context, struct branch *branch, struct sip_msg *response)
{
    bool hundred = sip_msg_status(response) == 100;
    bool mutant = (context->passage.proxy->mutants & SIP_MUTANT_100_FORWARDED) != 0;
    branch->provisional = true;
    if (!hundred)
        branch_timer_c(context, branch);
    if (context->invite && !context->answered && (!hundred || mutant))
        forward_now(context, response);
}

/* RFC 3326 §2: a callee whose phone stops to ring is told why. */
static void success(struct context *context, struct branch *branch, struct sip_msg *response)
{
    static const struct sip_row elsewhere = {
        .name = {"Reason",                                          6 },
          .value = {"SIP;cause=200;text=\"Call completed elsewhere\"", 45}
    };
    if (context->invite || !context->answered)
        forward_now(context, response);
    context->answered = true;
    cancel_others(context, branch, &elsewhere, 1);
}

static bool recurses(struct context *context, struct sip_msg *response, uint16_t status)
{
    struct passage *p = &context->passage;
    if (!p->proxy->recurse || response == NULL || status / 100 != 3 || context->closed)
        return false;
    return targets_add_contacts(&p->targets, &context->arena, response) > 0;
}

/* RFC 5626 §7: where one flow of an instance has failed, another takes its place. */
static bool by_another_flow(struct context *context, const struct branch *branch, uint16_t status)
{
    struct targets *targets = &context->passage.targets;
    if (branch->spare == NULL || context->closed || (status != 430 && status != 408))
        return false;
    targets->items[--targets->begun] = *branch->spare;
    return branch_begin(context, branch->breadth);
}

static void failure(struct context *context, struct branch *branch, struct sip_msg *response,
                    uint16_t status)
{
    struct passage *p = &context->passage;
    if (by_another_flow(context, branch, status))
        return;
    if (status == 430 && branch->registered) { /* §11.5: endpoints should never see one */
        status = 480;
        response = NULL;
    }
    if (!recurses(context, response, status))
        best_take(context, response, status);
    if (status >= 600)
        cancel_others(context, branch, NULL, 0);
    if ((p->proxy->mutants & SIP_MUTANT_FIRST_FINAL) != 0 && !context->answered) {
        best_send(context);
        cancel_others(context, branch, NULL, 0);
    }
    advance(context);
}

void context_response(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                      struct branch *branch, const struct tell *tell)
{
    struct context *context = branch->context;
    struct sip_msg *response = tell->generated ? NULL : tell->msg;
    bool lost = tell->generated && tell->status == 503 && branch->by_flow;
    uint16_t status = lost ? 430 : tell->status; /* RFC 5626 §5.3.1 */
    now(context, stack, now_us);
    if (status < 200) {
        provisional(context, branch, tell->msg);
        return;
    }
    if (!branch->final) {
        branch->final = true;
        context->pending--;
        heap_stop(&proxy->timers, &branch->timer_c);
    } else if (status >= 300) {
        return;
    }
    if (status < 300)
        success(context, branch, tell->msg);
    else
        failure(context, branch, response, status);
}

/* §16.10; the Reason goes with it, RFC 3326 §2. */
void context_cancel(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                    struct context *context, struct sip_msg *cancel)
{
    const struct sip_line *line = sip_msg_find(cancel, SIP_HEADER_REASON, 0);
    struct sip_row row = {.name = V("Reason")};
    (void)proxy;
    now(context, stack, now_us);
    if (line != NULL)
        row.value = line->value;
    context->cancelled = context->closed = true;
    for (struct branch *branch = context->branches; branch != NULL; branch = branch->next)
        branch_cancel(context, branch, &row, line != NULL);
}

/* §16.8 */
void context_timer_c(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                     struct branch *branch)
{
    struct context *context = branch->context;
    now(context, stack, now_us);
    if (branch->provisional) {
        branch_cancel(context, branch, NULL, 0);
        return;
    }
    branch->final = true;
    context->pending--;
    proxy_try(proxy, sip_abandon(stack, now_us, branch->request));
    failure(context, branch, NULL, 408);
}

static void branch_unlink(struct branch *branch)
{
    struct context *context = branch->context;
    struct branch **at = &context->branches, *before = NULL;
    for (; *at != branch; at = &(*at)->next)
        before = *at;
    *at = branch->next;
    if (context->last_branch == branch)
        context->last_branch = before;
}

/* Its last transaction has ended. Where there was no final response it was given up: cancelled
 * before it had an address to go to. */
static void branch_done(struct proxy *proxy, struct branch *branch)
{
    struct context *context = branch->context;
    bool open = !branch->final;
    branch_unlink(branch);
    branch_free(proxy, branch);
    if (!open)
        return;
    context->pending--;
    best_take(context, NULL, 487);
    advance(context);
}

/* "The proxy MUST maintain the response context until all of its associated transactions have been
 * terminated." */
void context_done(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                  struct owned *owned, const struct tell *tell)
{
    struct branch *branch = owned->kind == OWNED_BRANCH ? (struct branch *)owned : NULL;
    struct context *context = branch != NULL ? branch->context : (struct context *)owned;
    now(context, stack, now_us);
    if (branch != NULL && !handle_equal(branch->request, tell->object))
        return; /* an earlier try of it */
    if (branch != NULL) {
        branch_done(proxy, branch);
    } else {
        context->server = (struct handle){0};
        context->answered = true;
    }
    if (context->branches == NULL && handle_none(context->server))
        context_free(proxy, context);
}

void contexts_drop(struct proxy *proxy)
{
    uint32_t cursor = 0;
    for (struct owned *owned; (owned = table_next(&proxy->owned, &cursor, NULL)) != NULL;)
        if (owned->kind == OWNED_CONTEXT)
            context_free(proxy, (struct context *)owned);
}
