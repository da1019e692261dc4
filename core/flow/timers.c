/* How long a flow may take for anything. Due times are looked at lazily: a flow that was used since
 * is armed anew when its node fires, so that a message costs no change of the heap. */
#include "core/flow/inside.h"

struct due {
    uint64_t at_us;
    enum net_error error;
    struct view why;
};

static void earlier(struct due *due, uint64_t since_us, uint64_t wait_us, enum net_error error,
                    struct view why)
{
    uint64_t at_us = time_after(since_us, wait_us);
    if (at_us < due->at_us)
        *due = (struct due){at_us, error, why};
}

static bool pings(const struct flows *flows, const struct flow *flow)
{
    return flow->ours && flows->options.ping_us != 0 && !flow->stopped && !flow->ended;
}

static void due_when_open(const struct flows *flows, const struct flow *flow, struct due *due)
{
    const struct flow_options *options = &flows->options;
    if (flow->stopped)
        *due = (struct due){flow->since_us, NET_OK, flow->stop_why};
    if (flow->ended)
        earlier(due, flow->ended_us, flow->owed == 0 ? 0 : options->owed_us, NET_EOF, V(""));
    if (flow->unwritten > 0)
        earlier(due, flow->credit_us, options->write_us, NET_TIMEOUT, V("it takes no bytes"));
    if (!flow->ours && flow->heard_us == 0)
        earlier(due, flow->since_us, options->silent_us, NET_TIMEOUT, V("it says nothing"));
    if (framer_inside(&flow->framer))
        earlier(due, flow->inside_us, options->slow_us, NET_TIMEOUT,
                V("a message that does not end"));
    if (flow->pinged)
        earlier(due, flow->pinged_us, options->pong_us, NET_TIMEOUT, V("no pong"));
    if (flow->owed == 0)
        earlier(due, flow->used_us, options->idle_us, NET_OK, V("it was idle"));
}

static struct due due_of(const struct flows *flows, const struct flow *flow)
{
    const struct flow_options *options = &flows->options;
    struct due due = {.at_us = NEVER};
    if (flow->state == FLOW_OPENING)
        earlier(&due, flow->since_us, options->open_us, NET_TIMEOUT, V("no answer"));
    else if (flow->state == FLOW_SECURING)
        earlier(&due, flow->since_us, options->secure_us, NET_HANDSHAKE,
                V("the handshake does not end"));
    else if (flow->state == FLOW_CLOSING)
        earlier(&due, flow->since_us, options->close_us, NET_OK, V(""));
    else if (!options->raw)
        due_when_open(flows, flow, &due);
    return due;
}

static uint64_t next_ping(const struct flows *flows, const struct flow *flow)
{
    if (flow->state != FLOW_OPEN || !pings(flows, flow))
        return NEVER;
    return time_after(flow->pinged_us, flows->options.ping_us);
}

static void arm_at(struct flows *flows, struct flow *flow, uint64_t at_us)
{
    at_us = at_us < flows->now_us ? flows->now_us : at_us;
    bool armed = flow->node.place != 0;
    if (at_us == NEVER || (armed && flow->node.at.at_us <= at_us))
        return;
    if (heap_set(&flows->heap, &flow->node, order_next(flows->options.order, at_us)) != ERR_OK)
        flows->failed = ERR_MEMORY;
}

void flow_arm(struct flows *flows, struct flow *flow)
{
    uint64_t due_us = due_of(flows, flow).at_us;
    uint64_t ping_us = next_ping(flows, flow);
    arm_at(flows, flow, ping_us < due_us ? ping_us : due_us);
}

/* RFC 5626 §4.4.1: CRLF CRLF, and a CRLF is to come back. */
static void ping(struct flows *flows, struct flow *flow)
{
    flow->pinged = true;
    flow->pinged_us = flows->now_us;
    user_write(flows, flow, V("\r\n\r\n"));
}

void flows_ping(struct flows *flows, uint64_t now_us, struct handle handle)
{
    struct flow *flow = flow_find(flows, handle);
    flows->now_us = now_us;
    if (flow == NULL || flow->state != FLOW_OPEN || flow->stopped || flow->ended || flow->pinged)
        return;
    ping(flows, flow);
    flow_arm(flows, flow);
}

static void over(struct flows *flows, struct flow *flow, const struct due *due)
{
    bool in_order = due->error == NET_OK || due->error == NET_EOF;
    if (flow->state == FLOW_OPEN && in_order)
        flow_close(flows, flow, due->error, due->why);
    else
        flow_end_reset(flows, flow, due->error, due->why);
}

void flows_expire(struct flows *flows, uint64_t now_us)
{
    struct flow *flow = (struct flow *)heap_first(&flows->heap);
    if (flow == NULL || flow->node.at.at_us > now_us)
        return;
    flows->now_us = now_us;
    heap_stop(&flows->heap, &flow->node);
    struct due due = due_of(flows, flow);
    if (due.at_us <= now_us) {
        over(flows, flow, &due);
        return;
    }
    if (next_ping(flows, flow) <= now_us)
        ping(flows, flow);
    flow_arm(flows, flow);
}

struct moment flows_deadline(const struct flows *flows)
{
    const struct heap_node *first = heap_first(&flows->heap);
    return first == NULL ? moment_never : first->at;
}
