/* Which bindings go by which flow: RFC 5626 §7, they end with it. */
#include "core/role/location_private.h"

#include <utlist.h>

struct location_flow {
    struct sip_binding *first;
};

static struct location_flow *find(const struct location *l, const struct sip_binding *b)
{
    return addr_map_find(&l->flows, b->proto, &b->source);
}

static enum err make(struct location *l, const struct sip_binding *b, struct location_flow **out)
{
    struct location_flow *flow = mem_zalloc(sizeof *flow);
    if (flow == NULL)
        return ERR_MEMORY;
    enum err err = addr_map_put(&l->flows, b->proto, &b->source, flow);
    if (err == ERR_OK)
        *out = flow;
    else
        mem_free(flow);
    return err;
}

enum err flow_enter(struct location *l, struct sip_binding *b)
{
    struct location_flow *flow = find(l, b);
    enum err err = flow == NULL ? make(l, b, &flow) : ERR_OK;
    if (err != ERR_OK)
        return err;
    DL_PREPEND2(flow->first, b, flow_before, flow_after);
    b->flow = flow;
    return ERR_OK;
}

void flow_leave(struct location *l, struct sip_binding *b)
{
    struct location_flow *flow = b->flow;
    if (flow == NULL)
        return;
    DL_DELETE2(flow->first, b, flow_before, flow_after);
    b->flow = NULL;
    if (flow->first != NULL)
        return;
    addr_map_remove(&l->flows, b->proto, &b->source);
    mem_free(flow);
}

/* A connection of before may have come from the same address. */
void location_flow_lost(struct location *l, const struct location_lost *lost)
{
    struct location_flow *flow = addr_map_find(&l->flows, lost->proto, &lost->remote);
    struct sip_binding *b = flow == NULL ? NULL : flow->first, *next;
    for (; b != NULL; b = next) {
        next = b->flow_after;
        if (proto_reliable(b->proto) && !handle_equal(b->link, lost->link))
            continue;
        b->lost = true; /* seen when somebody looks */
        flow_leave(l, b);
    }
}
