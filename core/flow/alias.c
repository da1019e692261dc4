/* Connections that the other side opened, used for requests to it: RFC 5923. */
#include "core/flow/inside.h"

/* Nobody proves to be an address but who is reached by it: without a name it is asked for so. */
static struct view domain_of(const struct buf *name, const struct addr *remote)
{
    struct addr addr;
    bool itself = addr_ip_parse(buf_view(name), &addr) == ERR_OK && addr_ip_equal(&addr, remote);
    return itself ? (struct view){0} : buf_view(name);
}

static bool may_have_one(const struct flow *flow, uint16_t port)
{
    return flow != NULL && flow->proto == PROTO_TLS && !flow->ours && flow->filter_count > 0 &&
           flow->state == FLOW_OPEN && !flow->ended && !flow->stopped && flow->alias != port;
}

enum err flows_alias(struct flows *flows, struct handle handle, uint16_t port)
{
    struct flow *flow = flow_find(flows, handle);
    struct buf name = {0};
    enum err err = ERR_OK;
    if (!may_have_one(flow, port))
        return ERR_OK;
    struct addr remote = flow->remote;
    remote.port = port;
    routes_drop(flows, flow); /* to the port that it named before */
    for (size_t i = 0; err == ERR_OK && filter_proved(flow->filters[0], i, &name); i++) {
        err = name.failed;
        if (err == ERR_OK)
            err = route_add(flows, flow, &remote, domain_of(&name, &remote));
        buf_clear(&name);
    }
    buf_deinit(&name);
    flow->alias = port;
    return err;
}
