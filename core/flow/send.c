#include "core/flow/inside.h"

#include <string.h>

enum { WAITING_FIRST = 4 };

void unsent(struct flows *flows, struct flow *flow, struct effect *effect, enum net_error error)
{
    struct flow_news news = {.kind = FLOW_UNSENT, .effect = *effect, .error = error};
    struct flow none = {
        .proto = (uint8_t)effect->proto, .local = effect->local, .remote = effect->remote};
    news_push(flows, flow == NULL ? &none : flow, &news);
    effect->bytes = NULL;
}

/* Its turn has come: what goes out of it, and when, is the loop's to say. */
static void ready(struct flows *flows, struct flow *flow, struct effect *effect)
{
    struct flow_news news = {.kind = FLOW_READY, .effect = *effect};
    news.effect.link = flow->self;
    news.effect.local = flow->local;
    news.effect.remote = flow->remote;
    news.effect.name = (struct view){0};
    news_push(flows, flow, &news);
    effect->bytes = NULL;
    unproved_add(flows, flow, effect->owner);
}

void waiting_release(struct flows *flows, struct flow *flow)
{
    for (uint32_t i = 0; i < flow->waiting_count; i++)
        ready(flows, flow, &flow->waiting[i]);
    flow->waiting_count = 0;
    mem_free(flow->waiting);
    flow->waiting = NULL;
    flow->waiting_size = 0;
}

void waiting_fail(struct flows *flows, struct flow *flow, enum net_error error)
{
    unproved_fail(flows, flow, error);
    for (uint32_t i = 0; i < flow->waiting_count; i++)
        unsent(flows, flow, &flow->waiting[i], error == NET_OK ? NET_RESET : error);
    flow->waiting_count = 0;
}

static bool is_copy(const struct flow *flow, const struct effect *effect)
{
    for (uint32_t i = 0; effect->copy_key != 0 && i < flow->waiting_count; i++)
        if (flow->waiting[i].copy_key == effect->copy_key)
            return true;
    return false;
}

static enum err waiting_room(struct flow *flow)
{
    struct effect *waiting = mem_room(flow->waiting, sizeof *waiting, flow->waiting_count,
                                      &flow->waiting_size, WAITING_FIRST);
    if (waiting == NULL)
        return ERR_MEMORY;
    flow->waiting = waiting;
    return ERR_OK;
}

static enum err keep_waiting(struct flows *flows, struct flow *flow, struct effect *effect)
{
    if (is_copy(flow, effect))
        return ERR_OK;
    if (flow->waiting_count >= flows->options.waiting_limit) {
        unsent(flows, flow, effect, NET_LIMIT);
        return ERR_OK;
    }
    enum err err = waiting_room(flow);
    if (err != ERR_OK)
        return err;
    effect->name = (struct view){0};
    flow->waiting[flow->waiting_count++] = *effect;
    effect->bytes = NULL;
    return ERR_OK;
}

static enum err open_to(struct flows *flows, enum proto proto, const struct addr *local,
                        const struct addr *remote, struct view domain, struct flow **out)
{
    struct flow *flow;
    enum err err = flow_create(flows, proto, true, &flow);
    if (err != ERR_OK)
        return err;
    flow->local = *local;
    flow->local.port = 0;
    flow->remote = *remote;
    flow->query = ++flows->next_query;
    char *room = mem_alloc(domain.len);
    flow->domain = (struct view){room, domain.len};
    if (room != NULL && domain.len > 0)
        memcpy(room, domain.ptr, domain.len);
    flow_move(flows, flow, FLOW_OPENING, NET_OK, V(""));
    err = room == NULL ? ERR_MEMORY : route_add(flows, flow, remote, domain);
    if (err == ERR_OK)
        err = link_add(flows, flow);
    if (err != ERR_OK) {
        flow_end(flows, flow, NET_LIMIT, V("out of memory"));
        return err;
    }
    news_do(flows, flow, DO_OPEN, NULL);
    flow_arm(flows, flow);
    *out = flow;
    return ERR_OK;
}

static bool usable(const struct flow *flow)
{
    return flow != NULL && flow->state < FLOW_CLOSING && !flow->stopped;
}

/* RFC 3261 §18.2.2: the connection that the request came by, else one to where its Via says. */
static struct flow *find(struct flows *flows, const struct effect *effect)
{
    struct flow *flow = flow_find(flows, effect->link);
    if (flow != NULL && flow->state < FLOW_CLOSING)
        return flow;
    flow = route_find(flows, effect->proto, &effect->remote, effect->name);
    return usable(flow) ? flow : NULL;
}

static enum err send(struct flows *flows, struct effect *effect)
{
    struct flow *flow = find(flows, effect);
    if (effect->only && (flow == NULL || !handle_equal(flow->self, effect->link))) {
        unsent(flows, NULL, effect, NET_RESET);
        return ERR_OK;
    }
    if (flow == NULL) {
        enum err err =
            open_to(flows, effect->proto, &effect->local, &effect->remote, effect->name, &flow);
        if (err == ERR_LIMIT) {
            unsent(flows, NULL, effect, NET_LIMIT);
            return ERR_OK;
        }
        if (err != ERR_OK)
            return err;
    }
    if (flow->state != FLOW_OPEN)
        return keep_waiting(flows, flow, effect);
    ready(flows, flow, effect);
    return ERR_OK;
}

enum err flows_send(struct flows *flows, uint64_t now_us, struct effect *effect)
{
    flows->now_us = now_us;
    enum err err = send(flows, effect);
    effect_deinit(effect);
    return flows_leave(flows, err);
}

enum err flows_open(struct flows *flows, uint64_t now_us, enum proto proto,
                    const struct addr *local, const struct addr *remote, struct view domain,
                    struct handle *out)
{
    struct flow *flow;
    flows->now_us = now_us;
    enum err err = open_to(flows, proto, local, remote, domain, &flow);
    if (err == ERR_OK)
        *out = flow->self;
    return flows_leave(flows, err);
}

void driver_write(struct flows *flows, struct flow *flow, struct blob *bytes)
{
    if (flow->unwritten == 0)
        flow->credit_us = flows->now_us;
    flow->unwritten += bytes->len;
    news_do(flows, flow, DO_WRITE, bytes);
    flow_arm(flows, flow);
}

void user_write(struct flows *flows, struct flow *flow, struct view bytes)
{
    struct flow_news news = {.kind = FLOW_WROTE, .bytes = blob_create(bytes)};
    if (news.bytes == NULL) {
        flows->failed = ERR_MEMORY;
        return;
    }
    flow->wrote += bytes.len;
    news.end = flow->wrote;
    filters_from_user(flows, flow, news.bytes);
    news_push(flows, flow, &news);
}

enum err flows_write(struct flows *flows, uint64_t now_us, struct handle handle, struct blob *bytes,
                     uint64_t *out_end)
{
    flows->now_us = now_us;
    struct flow *flow = flow_find(flows, handle);
    if (flow == NULL || flow->state != FLOW_OPEN)
        return ERR_GONE;
    if (flow->unwritten > 0 && bytes->len + flow->unwritten > flows->options.write_limit)
        return ERR_LIMIT;
    flow->wrote += bytes->len;
    *out_end = flow->wrote;
    flow_used(flows, flow);
    filters_from_user(flows, flow, bytes);
    return flows_leave(flows, ERR_OK);
}
