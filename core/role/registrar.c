#include "core/role/registrar_private.h"

static bool registrar_tell(struct role *role, struct sip_stack *stack, uint64_t now_us,
                           const struct tell *tell)
{
    struct registrar *r = (struct registrar *)role;
    struct visit v = {.registrar = r, .stack = stack, .now_us = now_us, .msg = tell->msg};
    if (tell->what != SIP_TELL_REQUEST || sip_msg_method(tell->msg) != SIP_REGISTER ||
        sip_transaction_origin(stack, tell->object, &v.origin) != ERR_OK)
        return false;
    arena_reset(&r->scratch);
    struct sip_response_options options = {.status = visit_process(&v)};
    options.rows = v.rows;
    options.row_count = v.row_count;
    /* What it cannot send it cannot say either; the stack remembers that it was not able to. */
    return sip_respond(stack, now_us, tell->object, &options) == ERR_OK;
}

static struct moment registrar_deadline(const struct role *role)
{
    (void)role; /* what has expired is seen when somebody looks */
    return moment_never;
}

static void registrar_expire(struct role *role, struct sip_stack *stack, uint64_t now_us)
{
    (void)role, (void)stack, (void)now_us;
}

static void registrar_flow_lost(struct role *role, enum proto proto, struct handle link,
                                const struct addr *remote)
{
    struct location_lost lost = {proto, link, *remote};
    location_flow_lost(((struct registrar *)role)->location, &lost);
}

static void registrar_destroy(struct role *role)
{
    struct registrar *r = (struct registrar *)role;
    location_unref(r->location);
    verifier_destroy(r->verifier);
    arena_deinit(&r->texts);
    arena_deinit(&r->scratch);
    mem_free(r);
}

static const struct role_ops ops = {
    .tell = registrar_tell,
    .deadline = registrar_deadline,
    .expire = registrar_expire,
    .flow_lost = registrar_flow_lost,
    .destroy = registrar_destroy,
};

static bool copy(struct registrar *r, struct view text, struct view *out)
{
    if (text.ptr == NULL)
        return true;
    *out = arena_copy(&r->texts, text);
    return out->ptr != NULL;
}

static enum err copy_users(struct registrar *r, const struct verifier_options *auth)
{
    r->users = arena_zalloc(&r->texts, auth->user_count * sizeof *r->users);
    if (r->users == NULL)
        return ERR_MEMORY;
    for (; r->user_count < auth->user_count; r->user_count++)
        if (!copy(r, auth->users[r->user_count].name, &r->users[r->user_count].name))
            return ERR_MEMORY;
    return verifier_create(auth, &r->verifier);
}

static enum err copy_texts(struct registrar *r, const struct registrar_options *options)
{
    size_t count = options->service_route_count;
    r->service_routes = arena_zalloc(&r->texts, count * sizeof *r->service_routes);
    if (r->service_routes == NULL || !copy(r, options->domain, &r->domain))
        return ERR_MEMORY;
    for (; r->service_route_count < count; r->service_route_count++)
        if (!copy(r, options->service_routes[r->service_route_count],
                  &r->service_routes[r->service_route_count]))
            return ERR_MEMORY;
    return options->auth == NULL ? ERR_OK : copy_users(r, options->auth);
}

enum err registrar_create(const struct registrar_options *options, struct role **out)
{
    struct registrar *r = mem_zalloc(sizeof *r);
    if (r == NULL)
        return ERR_MEMORY;
    r->role.ops = &ops;
    r->role.noted = true;
    r->location = location_ref(options->location);
    r->min_expires_s = options->min_expires_s;
    r->max_expires_s = options->max_expires_s != 0 ? options->max_expires_s : HOUR_S;
    r->epoch_s = options->epoch_s;
    r->flow_timer_s = options->flow_timer_s;
    r->expires_s = options->expires_s != 0 ? options->expires_s : r->max_expires_s;
    enum err err = copy_texts(r, options);
    if (err != ERR_OK)
        registrar_destroy(&r->role);
    else
        *out = &r->role;
    return err;
}

struct location *registrar_location(const struct role *role)
{
    return ((const struct registrar *)role)->location;
}

void registrar_new_nonce(struct role *role)
{
    struct registrar *r = (struct registrar *)role;
    if (r->verifier != NULL)
        verifier_forget(r->verifier);
}
