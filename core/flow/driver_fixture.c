#include "core/flow/driver_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

void hand_open(struct hand *hand, const struct flow_options *options)
{
    static const struct flow_options usual;
    *hand = (struct hand){.now_us = US_PER_S, .proto = PROTO_TCP};
    struct flow_options own = options == NULL ? usual : *options;
    own.order = &hand->order;
    assert_int_equal(flows_create(&own, &hand->flows), ERR_OK);
    assert_int_equal(addr_parse(V("192.0.2.1:5060"), &hand->local), ERR_OK);
    assert_int_equal(addr_parse(V("192.0.2.2:5060"), &hand->remote), ERR_OK);
}

void hand_close(struct hand *hand)
{
    flows_destroy(hand->flows);
    buf_deinit(&hand->log);
    buf_deinit(&hand->written);
    buf_deinit(&hand->got);
}

static void say(struct hand *hand, const char *word)
{
    buf_printf(&hand->log, "%s ", word);
}

static void carry_out(struct hand *hand, struct flow_news *news)
{
    static const char *const effects[] = {
        [DO_OPEN] = "open", [DO_WRITE] = "write", [DO_CLOSE] = "close", [DO_RESET] = "reset"};
    uint64_t end;
    switch (news->kind) {
    case FLOW_DO:
        say(hand, effects[news->effect.kind]);
        if (news->effect.kind == DO_OPEN)
            hand->query = news->effect.query;
        buf_add(&hand->written, blob_view(news->effect.bytes));
        break;
    case FLOW_READY:
        say(hand, "ready");
        if (!hand->hold && flows_write(hand->flows, hand->now_us, news->flow, news->effect.bytes,
                                       &end) == ERR_LIMIT)
            say(hand, "limit");
        break;
    case FLOW_UNSENT:
        buf_printf(&hand->log, "unsent(%s) ", net_error_text(news->error));
        break;
    case FLOW_GOT:
        say(hand, news->malformed ? "malformed" : "got");
        buf_add(&hand->got, blob_view(news->bytes));
        break;
    case FLOW_GOT_RAW:
        say(hand, "raw");
        break;
    case FLOW_WROTE:
        say(hand, "wrote");
        break;
    case FLOW_ENDED:
        say(hand, "ended");
        break;
    case FLOW_MOVED:
        buf_printf(&hand->log, "(%s) ", flow_phase_text(news->to));
        break;
    }
    hand->flow = news->flow;
    effect_deinit(&news->effect);
    blob_unref(news->bytes);
}

void hand_run(struct hand *hand)
{
    struct flow_news news;
    while (flows_next(hand->flows, &news))
        carry_out(hand, &news);
}

void hand_send_by(struct hand *hand, struct handle flow, struct view domain, struct view bytes)
{
    struct effect effect = {.kind = DO_DATAGRAM,
                            .link = flow,
                            .proto = hand->proto,
                            .local = hand->local,
                            .remote = hand->remote,
                            .name = domain,
                            .bytes = blob_create(bytes),
                            .copy_key = ++hand->next_key};
    assert_int_equal(flows_send(hand->flows, hand->now_us, &effect), ERR_OK);
    hand_run(hand);
}

void hand_send(struct hand *hand, struct view bytes)
{
    hand_send_by(hand, (struct handle){0}, (struct view){0}, bytes);
}

void hand_packet(struct hand *hand, const struct packet *packet)
{
    assert_int_equal(flows_receive(hand->flows, hand->now_us, packet), ERR_OK);
    hand_run(hand);
}

struct handle hand_opened(struct hand *hand)
{
    struct handle link = {++hand->next_link, 1};
    struct packet packet = {.kind = PACKET_OPENED,
                            .link = link,
                            .query = hand->query,
                            .proto = hand->proto,
                            .local = hand->local,
                            .remote = hand->remote};
    packet.local.port = (uint16_t)(40000 + hand->next_link);
    hand_packet(hand, &packet);
    return link;
}

struct handle hand_accepted(struct hand *hand)
{
    struct handle link = {++hand->next_link, 1};
    struct packet packet = {.kind = PACKET_ACCEPTED,
                            .link = link,
                            .proto = hand->proto,
                            .local = hand->local,
                            .remote = hand->remote};
    packet.remote.port = (uint16_t)(40000 + hand->next_link);
    hand_packet(hand, &packet);
    return link;
}

void hand_bytes(struct hand *hand, struct handle link, struct view bytes)
{
    struct packet packet = {.kind = PACKET_BYTES, .link = link, .bytes = blob_create(bytes)};
    hand_packet(hand, &packet);
    blob_unref(packet.bytes);
}

void hand_failed(struct hand *hand, struct handle link, enum net_error error)
{
    struct packet packet = {.kind = PACKET_FAILED,
                            .link = link,
                            .query = handle_none(link) ? hand->query : 0,
                            .error = error};
    hand_packet(hand, &packet);
}

void hand_until(struct hand *hand, uint64_t now_us)
{
    while (flows_deadline(hand->flows).at_us <= now_us) {
        hand->now_us = flows_deadline(hand->flows).at_us;
        flows_expire(hand->flows, hand->now_us);
        hand_run(hand);
    }
    hand->now_us = now_us;
}

const char *hand_log(struct hand *hand)
{
    static char text[4096];
    size_t len = hand->log.len < sizeof text - 1 ? hand->log.len : sizeof text - 1;
    if (len > 0)
        memcpy(text, hand->log.ptr, len);
    text[len] = '\0';
    buf_clear(&hand->log);
    return text;
}
