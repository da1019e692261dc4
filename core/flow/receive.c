#include "core/flow/inside.h"

#include <string.h>

enum { CRLFS_A_SECOND = 10000 }; /* one every minute or two is what RFC 5626 §4.4.1 wants */

/* A whole message in one frame: RFC 7118 §5. */
static bool framed_by_filter(const struct flow *flow)
{
    return flow->proto == PROTO_WS || flow->proto == PROTO_WSS;
}

static void heard(struct flows *flows, struct flow *flow)
{
    if (!framer_inside(&flow->framer))
        flow->inside_us = flows->now_us;
    flow->heard_us = flows->now_us == 0 ? 1 : flows->now_us;
}

static void push_raw(struct flows *flows, struct flow *flow, struct view bytes)
{
    struct flow_news news = {.kind = FLOW_GOT_RAW, .bytes = blob_create(bytes), .end = flow->got};
    if (news.bytes == NULL)
        flows->failed = ERR_MEMORY;
    else
        news_push(flows, flow, &news);
}

static bool floods(struct flows *flows, struct flow *flow)
{
    if (flows->now_us - flow->crlfs_us >= US_PER_S) {
        flow->crlfs_us = flows->now_us;
        flow->crlfs = 0;
    }
    return ++flow->crlfs > CRLFS_A_SECOND;
}

static void stop(struct flows *flows, struct flow *flow, struct view why)
{
    flow->stopped = true;
    flow->stop_why = why;
    flow_arm(flows, flow);
}

static void got_crlf(struct flows *flows, struct flow *flow, bool ping)
{
    if (!ping)
        flow->pinged = false;
    flow->used_us = flows->now_us; /* who keeps it alive does not want it closed */
    if (flows->options.raw)
        return;
    if (floods(flows, flow))
        stop(flows, flow, V("a flood of keep-alives"));
    else if (ping && flow->state == FLOW_OPEN)
        user_write(flows, flow, V("\r\n")); /* RFC 5626 §3.5.1 */
}

/* RFC 7118 §6: keep-alives are messages of their own. */
static void frame(struct flows *flows, struct flow *flow, struct view bytes)
{
    if (view_trim(bytes).len == 0) {
        push_raw(flows, flow, bytes);
        got_crlf(flows, flow, bytes.len == 4);
        return;
    }
    struct flow_news news = {.kind = FLOW_GOT, .end = flow->got, .bytes = blob_create(bytes)};
    if (news.bytes == NULL) {
        flows->failed = ERR_MEMORY;
        return;
    }
    flow_used(flows, flow);
    news_push(flows, flow, &news);
}

bool flow_hears(const struct flows *flows, const struct flow *flow)
{
    bool there = flow->state == FLOW_OPEN || flow->state == FLOW_SECURING;
    return !flow->stopped && (there || (flows->options.raw && flow->state == FLOW_CLOSING));
}

void user_got(struct flows *flows, struct flow *flow, struct view bytes)
{
    if (!flow_hears(flows, flow))
        return;
    flow->got += bytes.len;
    unproved_drop(flow);
    heard(flows, flow);
    if (framed_by_filter(flow)) {
        frame(flows, flow, bytes);
    } else if (flow->framer.broken) { /* raw: who broke it off gets the rest as it comes */
        push_raw(flows, flow, bytes);
    } else {
        if (framer_give(&flow->framer, bytes) != ERR_OK)
            flows->failed = ERR_MEMORY;
        news_read(flows, flow);
    }
    flow_arm(flows, flow);
}

static void read_crlf(struct flows *flows, struct flow *flow, const struct framed *framed,
                      struct flow_news *out)
{
    *out = (struct flow_news){
        .kind = FLOW_GOT_RAW, .bytes = blob_create(V("\r\n")), .end = framed->end};
    /* Two pongs without a message between them look like a ping. */
    got_crlf(flows, flow, framed->kind == FRAMED_PING && !flow->pinged);
}

static void read_broken(struct flows *flows, struct flow *flow, const struct framed *framed,
                        struct flow_news *out)
{
    bool answerable = framed->bytes != NULL && !flows->options.raw;
    *out = (struct flow_news){.kind = answerable ? FLOW_GOT : FLOW_GOT_RAW,
                              .bytes = framed->bytes,
                              .end = framed->end,
                              .malformed = answerable};
    if (!answerable) {
        blob_unref(framed->bytes);
        out->bytes = blob_create(framer_rest(&flow->framer));
        out->end = flow->got;
    }
    if (!flows->options.raw)
        stop(flows, flow, framed->why);
}

bool flow_read(struct flows *flows, struct flow *flow, struct flow_news *out)
{
    struct framed framed;
    if (!flow_hears(flows, flow))
        return false;
    enum err err = framer_next(&flow->framer, &framed);
    if (err == ERR_MEMORY)
        flows->failed = err;
    if (err != ERR_OK)
        return false;
    if (framed.kind == FRAMED_MESSAGE) {
        *out = (struct flow_news){.kind = FLOW_GOT, .bytes = framed.bytes, .end = framed.end};
        flow_used(flows, flow);
    } else if (framed.kind == FRAMED_BROKEN) {
        read_broken(flows, flow, &framed, out);
    } else {
        read_crlf(flows, flow, &framed, out);
    }
    flow->inside_us = flows->now_us;
    if (out->bytes == NULL)
        flows->failed = ERR_MEMORY;
    return out->bytes != NULL;
}

static void secure(struct flows *flows, struct flow *flow)
{
    if (filters_make(flows, flow) != ERR_OK)
        flow_end_reset(flows, flow, NET_HANDSHAKE, V("there is no such transport here"));
    else
        filters_begin(flows, flow);
}

static enum err there(struct flows *flows, struct flow *flow, const struct packet *packet)
{
    flow->link = packet->link;
    flow->local = packet->local;
    flow->remote = packet->remote;
    flow->peer = packet->peer;
    enum err err = link_add(flows, flow);
    if (err != ERR_OK)
        flow_end_reset(flows, flow, NET_LIMIT, V("out of memory"));
    else
        secure(flows, flow);
    return err;
}

static enum err accepted(struct flows *flows, const struct packet *packet)
{
    struct flow *flow;
    enum err err = flow_create(flows, packet->proto, false, &flow);
    if (err == ERR_OK)
        return there(flows, flow, packet);
    /* At the limit, and none is idle: the newcomer goes. */
    struct flow none = {.link = packet->link, .proto = (uint8_t)packet->proto};
    news_do(flows, &none, DO_RESET, NULL);
    return err == ERR_LIMIT ? ERR_OK : err;
}

static void wrote(struct flows *flows, struct flow *flow, size_t len)
{
    flow->unwritten -= len < flow->unwritten ? len : flow->unwritten;
    flow->credit_us = flows->now_us;
}

/* What we owe is still answered, by RFC 3261 §18.2.2; requests of ours go by another. */
void flow_ended(struct flows *flows, struct flow *flow)
{
    if (flow->ended)
        return;
    flow->ended = true;
    flow->ended_us = flows->now_us;
    routes_drop(flows, flow);
    news_push(flows, flow, &(struct flow_news){.kind = FLOW_ENDED});
    flow_arm(flows, flow);
}

static void fin(struct flows *flows, struct flow *flow)
{
    flow->fin = true;
    flow_ended(flows, flow);
    if (flow->state == FLOW_CLOSING)
        flow_end(flows, flow, NET_OK, V(""));
    else if (flow->state == FLOW_SECURING)
        flow_end_reset(flows, flow, NET_HANDSHAKE, V("closed during the handshake"));
}

static void failed(struct flows *flows, struct flow *flow, const struct packet *packet)
{
    if (packet->error == NET_EOF)
        fin(flows, flow);
    else
        flow_end(flows, flow, packet->error, view_of(net_error_text(packet->error)));
}

static enum err take(struct flows *flows, const struct packet *packet)
{
    if (packet->kind == PACKET_ACCEPTED)
        return accepted(flows, packet);
    struct flow *flow = link_find(flows, packet->link, packet->query);
    if (packet->kind == PACKET_OPENED)
        flow = link_find(flows, (struct handle){0}, packet->query);
    if (flow == NULL)
        return ERR_OK;
    if (packet->kind == PACKET_OPENED)
        return there(flows, flow, packet);
    if (packet->kind == PACKET_BYTES)
        filters_from_wire(flows, flow, packet->bytes);
    else if (packet->kind == PACKET_WROTE)
        wrote(flows, flow, packet->wrote);
    else if (packet->kind == PACKET_FAILED)
        failed(flows, flow, packet);
    return ERR_OK;
}

enum err flows_receive(struct flows *flows, uint64_t now_us, const struct packet *packet)
{
    flows->now_us = now_us;
    return flows_leave(flows, take(flows, packet));
}
