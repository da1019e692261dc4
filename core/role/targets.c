/* Where a request is to go: RFC 3261 §16.5. */
#include "core/role/proxy_private.h"

bool proxy_has_domain(const struct proxy *proxy, struct view host)
{
    for (size_t i = 0; i < proxy->domain_count; i++)
        if (view_equal_nocase(proxy->domains[i], host))
            return true;
    return false;
}

bool proxy_owns(const struct passage *p, struct view host, uint16_t port)
{
    return proxy_has_domain(p->proxy, host) || sip_stack_is(p->stack, host, port);
}

/* "If a target URI is already present in the set, it MUST NOT be added again." */
static bool has(const struct targets *targets, struct view uri, struct arena *arena)
{
    struct sip_uri a, b;
    bool readable = sip_uri_parse(uri, arena, &a) == ERR_OK;
    for (size_t i = 0; i < targets->count; i++) {
        if (view_equal(targets->items[i].uri, uri))
            return true;
        if (readable && sip_uri_parse(targets->items[i].uri, arena, &b) == ERR_OK &&
            sip_uri_equal(&a, &b))
            return true;
    }
    return false;
}

/* By q, those of one q in the order in which they came. */
static void add(struct targets *targets, const struct target *target, struct arena *arena)
{
    size_t at = targets->count;
    if (at == PROXY_TARGETS_MAX || has(targets, target->uri, arena))
        return;
    for (; at > targets->begun && targets->items[at - 1].q_permille < target->q_permille; at--)
        targets->items[at] = targets->items[at - 1];
    targets->items[at] = *target;
    targets->count++;
}

/* RFC 5626 §7: of one instance one flow at a time, the newest first. */
static bool is_spare(struct passage *p, const struct target *target)
{
    for (size_t i = 0; target->instance.len > 0 && i < p->targets.count; i++) {
        struct target *first = &p->targets.items[i];
        if (!view_equal(first->instance, target->instance))
            continue;
        struct target *spare = arena_alloc(&p->proxy->scratch, sizeof *spare);
        if (spare == NULL)
            return true;
        bool newer = target->since_us > first->since_us;
        *spare = newer ? *first : *target;
        if (newer)
            *first = *target;
        else
            spare->spare = first->spare;
        first->spare = spare;
        return true;
    }
    return false;
}

static void add_binding(struct passage *p, const struct sip_binding *binding)
{
    struct target target = {.uri = binding->contact,
                            .routes = binding->path,
                            .route_count = binding->path_count,
                            .q_permille = binding->q_permille,
                            .since_us = binding->since_us};
    if (binding->reg_id != 0)
        target.instance = binding->instance;
    /* Of a registrar elsewhere the connections are no way for us: RFC 5626 §7, "co-located". */
    if (binding->flow != NULL && binding->holder == p->stack) {
        if (proto_reliable(binding->proto))
            target.flow = binding->link;
        target.source = binding->source;
        target.proto = binding->proto;
    }
    if (!is_spare(p, &target))
        add(&p->targets, &target, &p->proxy->scratch);
}

/* "bob", "bob@example.com", "@example.com" */
static bool is_address(const struct sip_uri *uri, struct view address)
{
    size_t at = view_find_char(address, '@');
    struct view host = view_skip(address, at + 1);
    if (!view_equal(view_head(address, at), uri->user.ptr == NULL ? V("") : uri->user))
        return at == 0 && view_equal_nocase(host, uri->host);
    return at == address.len || view_equal_nocase(host, uri->host);
}

static const struct proxy_route *route_of(const struct passage *p, bool domain)
{
    for (size_t i = 0; i < p->proxy->route_count; i++) {
        const struct proxy_route *route = &p->proxy->routes[i];
        bool whole = route->address.len > 0 && route->address.ptr[0] == '@';
        if (whole == domain && is_address(&p->parsed, route->address))
            return route;
    }
    return NULL;
}

/* A domain that is served by another proxy: the Request-URI stays, the way there is a Route. */
static void add_next_hop(struct passage *p, struct view hop)
{
    struct buf *buf = &p->proxy->text;
    struct view *route = arena_alloc(&p->proxy->scratch, sizeof *route);
    buf_clear(buf);
    buf_printf(buf, "<%.*s;lr>", VIEW_ARG(hop));
    struct target target = {.uri = p->uri, .routes = route, .route_count = 1, .q_permille = 1000};
    if (route == NULL || buf->failed != ERR_OK)
        return;
    *route = arena_copy(&p->proxy->scratch, buf_view(buf));
    if (route->ptr != NULL)
        p->targets.items[p->targets.count++] = target;
}

/* RFC 5627 §6.1: one instance, and no services of its address. Within a dialog the Routes say how
 * it is reached, and not the Path. */
static void find_instance(struct passage *p)
{
    size_t routes = sip_msg_count(p->msg, SIP_HEADER_ROUTE) - (p->route_drop_last ? 1 : 0);
    const struct sip_binding *binding;
    enum err err = location_find_gruu(p->proxy->location, p->now_us, &p->parsed, &binding);
    p->targets.status = err == ERR_OK ? 480 : err == ERR_ABSENT ? 404 : 500;
    if (err != ERR_OK || binding == NULL)
        return;
    struct sip_binding one = *binding;
    if (p->route_skip < routes)
        one.path_count = 0;
    add_binding(p, &one);
}

static void find_users(struct passage *p)
{
    if (p->proxy->location != NULL && gruu_is(&p->parsed)) {
        find_instance(p);
        return;
    }
    const struct proxy_route *route = route_of(p, false);
    for (size_t i = 0; route != NULL && i < route->target_count; i++) {
        struct target target = {.uri = route->targets[i].uri,
                                .q_permille = route->targets[i].q_permille};
        add(&p->targets, &target, &p->proxy->scratch);
    }
    const struct sip_binding *binding =
        p->proxy->location == NULL ? NULL
                                   : location_find(p->proxy->location, p->now_us, &p->parsed);
    for (; binding != NULL; binding = binding->next)
        add_binding(p, binding);
    p->targets.status = route != NULL || (p->proxy->location != NULL &&
                                          location_knows(p->proxy->location, p->now_us, &p->parsed))
                            ? 480
                            : 404;
    if (p->parsed.user.ptr == NULL && sip_msg_method(p->msg) == SIP_OPTIONS)
        p->targets.status = 200; /* it is the proxy itself that is asked, §11.2 */
}

enum err targets_find(struct passage *p)
{
    p->targets.items =
        arena_alloc(&p->proxy->scratch, PROXY_TARGETS_MAX * sizeof *p->targets.items);
    if (p->targets.items == NULL)
        return ERR_MEMORY;
    bool ours = proxy_owns(p, p->parsed.host, p->parsed.port) &&
                !sip_param_has(&p->parsed.params, V("maddr"));
    const struct proxy_route *domain = route_of(p, true);
    if (ours && sip_msg_method(p->msg) == SIP_REGISTER && p->proxy->registrar.ptr != NULL) {
        add_next_hop(p, p->proxy->registrar);
        return ERR_OK;
    }
    if (ours && domain == NULL) {
        find_users(p);
        return ERR_OK;
    }
    size_t routes = sip_msg_count(p->msg, SIP_HEADER_ROUTE) - (p->route_drop_last ? 1 : 0);
    if (domain != NULL && domain->target_count > 0 && p->route_skip >= routes)
        add_next_hop(p, domain->targets[0].uri);
    else
        p->targets.items[p->targets.count++] = (struct target){.uri = p->uri, .q_permille = 1000};
    return ERR_OK;
}

size_t targets_add_contacts(struct targets *targets, struct arena *arena, struct sip_msg *response)
{
    size_t before = targets->count, count = sip_msg_count(response, SIP_HEADER_CONTACT);
    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *contact = sip_msg_contact(response, i);
        if (contact == NULL || contact->wildcard || contact->uri.scheme == SIP_SCHEME_OTHER ||
            contact->uri.scheme == SIP_SCHEME_TEL)
            continue;
        struct target target = {.uri = arena_copy(arena, contact->uri.text),
                                .q_permille = sip_params_q(&contact->params)};
        if (target.uri.ptr != NULL)
            add(targets, &target, arena);
    }
    return targets->count - before;
}
