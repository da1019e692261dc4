#include "mock/stream_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

enum { QUERY = 7, QUIET_US = 20000 };

struct handle listening(uint32_t party, struct addr *addr)
{
    struct handle link;
    assert_int_equal(driver->ops->bind(driver, party, PROTO_TCP, addr, &link), ERR_OK);
    assert_int_not_equal(addr->port, 0);
    return link;
}

void open_to(uint32_t party, const struct addr *remote, uint32_t query)
{
    struct effect effect = {.kind = DO_OPEN, .proto = PROTO_TCP, .remote = *remote, .query = query};
    driver->ops->perform(driver, party, &effect);
}

static bool next_until(struct line *line, uint64_t within_us, uint32_t *party, struct packet *out)
{
    uint64_t now_us = driver->ops->now(driver);
    struct moment until = {now_us + within_us, UINT64_MAX};
    while (driver->ops->wait(driver, until, &now_us, party, out)) {
        assert_true(out->at_us <= now_us);
        assert_int_equal(out->tag, 0);
        if (out->kind != PACKET_WROTE)
            return true;
        if (line != NULL && handle_equal(out->link, line->alice.link))
            line->alice.wrote += out->wrote;
        else if (line != NULL && handle_equal(out->link, line->bob.link))
            line->bob.wrote += out->wrote;
    }
    return false;
}

struct packet next_packet(struct line *line, uint32_t *party)
{
    struct packet packet;
    assert_true(next_until(line, 2 * SECOND_US, party, &packet));
    return packet;
}

static void opened(struct line *line, const struct packet *packet)
{
    assert_int_equal(packet->query, QUERY);
    assert_true(addr_equal(&packet->remote, &line->to));
    assert_int_equal(packet->peer, BOB);
    line->alice = (struct line_end){ALICE, packet->link, 0};
    line->from = packet->local;
}

static void accepted(struct line *line, const struct packet *packet, struct addr *out_remote)
{
    assert_int_equal(packet->query, 0);
    assert_true(addr_equal(&packet->local, &line->to));
    assert_int_equal(packet->peer, ALICE);
    line->bob = (struct line_end){BOB, packet->link, 0};
    *out_remote = packet->remote;
}

void line_again(struct line *line)
{
    struct addr remote = {0};
    open_to(ALICE, &line->to, QUERY);
    for (int i = 0; i < 2; i++) {
        uint32_t party;
        struct packet packet = next_packet(NULL, &party);
        assert_int_equal(packet.proto, PROTO_TCP);
        assert_int_equal(packet.kind, party == ALICE ? PACKET_OPENED : PACKET_ACCEPTED);
        if (party == ALICE)
            opened(line, &packet);
        else
            accepted(line, &packet, &remote);
    }
    assert_true(addr_equal(&remote, &line->from));
    assert_int_not_equal(line->from.port, 0);
    assert_false(handle_equal(line->alice.link, line->bob.link));
    assert_false(handle_equal(line->listener, line->bob.link));
}

void line_open(struct line *line, uint8_t family)
{
    *line = (struct line){.to = addr_any(family)};
    line->listener = listening(BOB, &line->to);
    line_again(line);
}

void line_write(const struct line_end *end, struct view bytes)
{
    struct effect effect = {.kind = DO_WRITE, .link = end->link, .bytes = blob_create(bytes)};
    assert_non_null(effect.bytes);
    driver->ops->perform(driver, end->party, &effect);
}

void line_do(const struct line_end *end, enum effect_kind kind)
{
    struct effect effect = {.kind = kind, .link = end->link};
    driver->ops->perform(driver, end->party, &effect);
}

void expect_stream_bytes(struct line *line, const struct line_end *end, struct view bytes)
{
    size_t at = 0;
    while (at < bytes.len) {
        uint32_t party;
        struct packet packet = next_packet(line, &party);
        assert_int_equal(packet.kind, PACKET_BYTES);
        assert_int_equal(party, end->party);
        assert_true(handle_equal(packet.link, end->link));
        struct view got = blob_view(packet.bytes);
        assert_true(got.len > 0 && got.len <= bytes.len - at);
        assert_true(view_equal(got, view_head(view_skip(bytes, at), got.len)));
        at += got.len;
        blob_unref(packet.bytes);
    }
}

void expect_stream_failed(struct line *line, const struct line_end *end, enum net_error error)
{
    uint32_t party;
    struct packet packet = next_packet(line, &party);
    assert_int_equal(packet.kind, PACKET_FAILED);
    assert_int_equal(packet.error, error);
    assert_int_equal(party, end->party);
    assert_int_equal(packet.query, 0);
    assert_true(handle_equal(packet.link, end->link));
}

void expect_open_failed(uint32_t party, uint32_t query, enum net_error error)
{
    uint32_t who;
    struct packet packet = next_packet(NULL, &who);
    assert_int_equal(packet.kind, PACKET_FAILED);
    assert_int_equal(packet.error, error);
    assert_int_equal(who, party);
    assert_int_equal(packet.query, query);
    assert_true(handle_none(packet.link));
}

void expect_quiet(struct line *line)
{
    struct packet packet;
    uint32_t party;
    assert_false(next_until(line, QUIET_US, &party, &packet));
}
