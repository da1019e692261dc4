/* The way of bytes through a flow's filters: up to the framer, down to the driver. */
#include "core/flow/inside.h"

enum err filter_steps_make(const struct filter_steps *steps, void *ctx,
                           const struct filter_ask *ask, struct filter *out[FLOW_FILTERS_MAX],
                           size_t *out_count)
{
    size_t count = 0;
    enum err err = ERR_OK;
    if (proto_secure(ask->proto))
        err = steps->tls(ctx, ask, &out[count++]);
    if (err == ERR_OK && (ask->proto == PROTO_WS || ask->proto == PROTO_WSS)) {
        err = steps->ws(ctx, ask, &out[count++]);
        if (err != ERR_OK && count == 2)
            filter_destroy(out[0]);
    }
    if (err == ERR_OK)
        *out_count = count;
    return err;
}

enum err filters_make(struct flows *flows, struct flow *flow)
{
    const struct filter_maker *maker = &flows->options.maker;
    struct filter_ask ask = {.proto = (enum proto)flow->proto,
                             .client = flow->ours,
                             .domain = flow->domain,
                             .local = flow->local,
                             .remote = flow->remote,
                             .number = flows->made};
    size_t count = 0;
    if (maker->make == NULL)
        return flow->proto == PROTO_TCP ? ERR_OK : ERR_UNSUPPORTED;
    enum err err = maker->make(maker->ctx, &ask, flow->filters, &count);
    flow->filter_count = err == ERR_OK ? (uint8_t)count : 0;
    return err;
}

void filters_drop(struct flow *flow)
{
    for (uint8_t i = flow->filter_count; i-- > 0;)
        filter_destroy(flow->filters[i]);
    flow->filter_count = 0;
}

static void fail(struct flows *flows, enum err err)
{
    if (err == ERR_MEMORY)
        flows->failed = err;
}

static void down(struct flows *flows, struct flow *flow, uint8_t below, struct view bytes)
{
    if (below > 0) {
        fail(flows, filter_from_user(flow->filters[below - 1], flows->now_us, bytes));
        return;
    }
    struct blob *blob = blob_create(bytes);
    if (blob == NULL)
        fail(flows, ERR_MEMORY);
    else
        driver_write(flows, flow, blob);
}

static void up(struct flows *flows, struct flow *flow, uint8_t above, struct view bytes)
{
    if (above < flow->filter_count)
        fail(flows, filter_from_wire(flow->filters[above], flows->now_us, bytes));
    else
        user_got(flows, flow, bytes);
}

static void opened(struct flows *flows, struct flow *flow)
{
    flow_move(flows, flow, FLOW_OPEN, NET_OK, V(""));
    flow->pinged_us = flows->now_us;
    waiting_release(flows, flow);
    flow_arm(flows, flow);
}

/* A goodbye in good order is what a FIN is on plain TCP; all else is the end. What was to be said
 * about it is written already, so a FIN follows it. */
static void closed(struct flows *flows, struct flow *flow, const struct filter_out *out)
{
    flow->alerted = out->how == FILTER_ALERT;
    if (out->how == FILTER_FIN)
        flow_ended(flows, flow);
    else if (flow->state != FLOW_CLOSING)
        flow_close(flows, flow, NET_HANDSHAKE, out->why);
}

/* False: the flow is gone. */
static bool carry(struct flows *flows, struct flow *flow, uint8_t at, const struct filter_out *out)
{
    struct handle self = flow->self;
    if (out->kind == FILTER_TO_WIRE)
        down(flows, flow, at, out->bytes);
    else if (out->kind == FILTER_TO_USER)
        up(flows, flow, (uint8_t)(at + 1), out->bytes);
    else if (out->kind == FILTER_CLOSED)
        closed(flows, flow, out);
    else if (at + 1 == flow->filter_count && flow->state == FLOW_SECURING)
        opened(flows, flow);
    return flow_find(flows, self) != NULL;
}

/* Until none of them has anything to say: what one says may make its neighbour speak. */
void filters_run(struct flows *flows, struct flow *flow)
{
    struct filter_out out;
    bool moved = true;
    while (moved) {
        moved = false;
        for (uint8_t i = 0; i < flow->filter_count; i++)
            while (filter_next(flow->filters[i], &out)) {
                moved = true;
                if (!carry(flows, flow, i, &out))
                    return;
            }
    }
}

void filters_begin(struct flows *flows, struct flow *flow)
{
    if (flow->filter_count == 0) {
        opened(flows, flow);
        return;
    }
    flow_move(flows, flow, FLOW_SECURING, NET_OK, V(""));
    flow_arm(flows, flow);
    filters_run(flows, flow);
}

void filters_from_wire(struct flows *flows, struct flow *flow, struct blob *bytes)
{
    up(flows, flow, 0, blob_view(bytes));
    filters_run(flows, flow);
}

void filters_from_user(struct flows *flows, struct flow *flow, struct blob *bytes)
{
    if (flow->filter_count == 0) {
        driver_write(flows, flow, blob_ref(bytes));
        return;
    }
    down(flows, flow, flow->filter_count, blob_view(bytes));
    filters_run(flows, flow);
}

void filters_close(struct flows *flows, struct flow *flow)
{
    for (uint8_t i = flow->filter_count; i-- > 0;) {
        filter_close(flow->filters[i]);
        struct filter_out out;
        for (uint8_t at = i + 1; at-- > 0;)
            while (filter_next(flow->filters[at], &out))
                if (out.kind == FILTER_TO_WIRE)
                    down(flows, flow, at, out.bytes);
    }
}
