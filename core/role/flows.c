/* Which bindings go by which connection: RFC 5626 §7, they end with it. */
#include "core/role/location_private.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>
#include <utlist.h>

struct location_flow {
    UT_hash_handle hh;
    struct handle link;
    struct sip_binding *first;
    bool lost;
};

static struct location_flow *find(const struct location *l, struct handle link)
{
    struct location_flow *flow;
    HASH_FIND(hh, l->flows, &link, sizeof link, flow);
    return flow;
}

static struct location_flow *make(struct location *l, struct handle link)
{
    struct location_flow *flow = mem_zalloc(sizeof *flow);
    if (flow == NULL)
        return NULL;
    flow->link = link;
    HASH_ADD(hh, l->flows, link, sizeof flow->link, flow);
    if (!flow->lost)
        return flow;
    mem_free(flow);
    return NULL;
}

enum err flow_enter(struct location *l, struct sip_binding *b)
{
    struct location_flow *flow = find(l, b->link);
    if (flow == NULL)
        flow = make(l, b->link);
    if (flow == NULL)
        return ERR_MEMORY;
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
    HASH_DEL(l->flows, flow);
    mem_free(flow);
}

void location_flow_lost(struct location *l, struct handle link)
{
    for (struct location_flow *flow; (flow = find(l, link)) != NULL;) {
        flow->first->lost = true; /* seen when somebody looks */
        flow_leave(l, flow->first);
    }
}
