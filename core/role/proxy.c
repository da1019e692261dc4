#include "core/role/proxy_private.h"

#include <stddef.h>

enum { TIMER_C_S = 181, BREADTH_MAX = 60 };

static void request_came(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                         const struct tell *tell)
{
    struct passage p;
    struct refusal refusal = {0};
    passage_begin(&p, proxy, stack, now_us, tell);
    if (passage_refused(&p, &refusal))
        refuse(&p, tell->object, &refusal);
    else if (proxy->mode == PROXY_REDIRECT)
        redirect(&p, tell->object);
    else
        context_begin(&p, tell);
}

static bool proxy_tell(struct role *role, struct sip_stack *stack, uint64_t now_us,
                       const struct tell *tell)
{
    struct proxy *proxy = (struct proxy *)role;
    struct owned *owned = table_find(&proxy->owned, tell->owner);
    switch ((enum sip_tell)tell->what) {
    case SIP_TELL_REQUEST:
        request_came(proxy, stack, now_us, tell);
        return true;
    case SIP_TELL_STRAY:
        stray(proxy, stack, now_us, tell);
        return true;
    case SIP_TELL_RESPONSE: /* `again`: the stack goes on to the next address by itself */
        if (owned != NULL && owned->kind == OWNED_BRANCH && !tell->again)
            context_response(proxy, stack, now_us, (struct branch *)owned, tell);
        return true; /* else of a CANCEL of ours */
    case SIP_TELL_AGAIN:
        if (owned != NULL && owned->kind == OWNED_BRANCH)
            ((struct branch *)owned)->request = tell->next;
        return true;
    case SIP_TELL_CANCELLED:
        if (owned != NULL && owned->kind == OWNED_CONTEXT)
            context_cancel(proxy, stack, now_us, (struct context *)owned, tell->msg);
        return true;
    case SIP_TELL_DONE:
        if (owned != NULL)
            context_done(proxy, stack, now_us, owned, tell);
        return true;
    default:
        return false;
    }
}

static struct moment proxy_deadline(const struct role *role)
{
    const struct heap_node *node = heap_first(&((const struct proxy *)role)->timers);
    return node == NULL ? moment_never : node->at;
}

static void proxy_expire(struct role *role, struct sip_stack *stack, uint64_t now_us)
{
    struct proxy *proxy = (struct proxy *)role;
    struct heap_node *node = heap_first(&proxy->timers);
    if (node == NULL || node->at.at_us > now_us)
        return;
    struct branch *branch = (struct branch *)((char *)node - offsetof(struct branch, timer_c));
    heap_stop(&proxy->timers, node);
    context_timer_c(proxy, stack, now_us, branch);
}

static void proxy_destroy(struct role *role)
{
    struct proxy *proxy = (struct proxy *)role;
    contexts_drop(proxy);
    table_deinit(&proxy->owned);
    heap_deinit(&proxy->timers);
    verifier_destroy(proxy->verifier);
    location_unref(proxy->location);
    buf_deinit(&proxy->text);
    arena_deinit(&proxy->scratch);
    arena_deinit(&proxy->texts);
    mem_free(proxy);
}

static bool copy(struct proxy *proxy, struct view text, struct view *out)
{
    *out = arena_copy(&proxy->texts, text);
    return out->ptr != NULL;
}

static bool copy_route(struct proxy *proxy, const struct proxy_route *from, struct proxy_route *out)
{
    struct proxy_target *targets =
        arena_zalloc(&proxy->texts, (from->target_count + 1) * sizeof *targets);
    if (targets == NULL || !copy(proxy, from->address, &out->address))
        return false;
    for (size_t i = 0; i < from->target_count; i++) {
        targets[i] = from->targets[i];
        if (!copy(proxy, from->targets[i].uri, &targets[i].uri))
            return false;
    }
    out->targets = targets;
    out->target_count = from->target_count;
    return true;
}

static enum err copy_texts(struct proxy *proxy, const struct proxy_options *options)
{
    proxy->domains = arena_zalloc(&proxy->texts, (options->domain_count + 1) * sizeof(struct view));
    proxy->routes = arena_zalloc(&proxy->texts, (options->route_count + 1) * sizeof *proxy->routes);
    if (proxy->domains == NULL || proxy->routes == NULL)
        return ERR_MEMORY;
    if (options->registrar.ptr != NULL && !copy(proxy, options->registrar, &proxy->registrar))
        return ERR_MEMORY;
    for (; proxy->domain_count < options->domain_count; proxy->domain_count++)
        if (!copy(proxy, options->domains[proxy->domain_count],
                  &proxy->domains[proxy->domain_count]))
            return ERR_MEMORY;
    for (; proxy->route_count < options->route_count; proxy->route_count++)
        if (!copy_route(proxy, &options->routes[proxy->route_count],
                        &proxy->routes[proxy->route_count]))
            return ERR_MEMORY;
    return ERR_OK;
}

enum err proxy_create(const struct proxy_options *options, struct role **out)
{
    static const struct role_ops ops = {proxy_tell, proxy_deadline, proxy_expire, NULL,
                                        proxy_destroy};
    struct proxy *proxy = mem_zalloc(sizeof *proxy);
    if (proxy == NULL)
        return ERR_MEMORY;
    proxy->role.ops = &ops;
    proxy->mode = options->mode;
    proxy->fork = options->fork;
    proxy->record_route = options->record_route;
    proxy->path = options->path;
    proxy->recurse = options->recurse;
    proxy->mutants = options->mutants;
    proxy->order = options->order;
    proxy->owned.limit = PROXY_OWNED_MAX;
    proxy->max_breadth = options->max_breadth != 0 ? options->max_breadth : BREADTH_MAX;
    proxy->timer_c_us = options->timer_c_us != 0 ? options->timer_c_us : TIMER_C_S * US_PER_S;
    if (options->location != NULL)
        proxy->location = location_ref(options->location);
    enum err err = copy_texts(proxy, options);
    if (err == ERR_OK && options->auth != NULL)
        err = verifier_create(options->auth, &proxy->verifier);
    if (err != ERR_OK) {
        proxy_destroy(&proxy->role);
        return err;
    }
    *out = &proxy->role;
    return ERR_OK;
}
