#include "harness/capture/wire_fixture.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static void put(struct buf *buf, uint64_t value, size_t len)
{
    for (size_t i = len; i-- > 0;)
        buf_add_char(buf, (char)(value >> 8 * i));
}

static void put_little(struct buf *buf, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        buf_add_char(buf, (char)(value >> 8 * i));
}

void wire_open(struct wire_file *wire, uint32_t link_type)
{
    *wire = (struct wire_file){0};
    snprintf(wire->path, sizeof wire->path, "/tmp/sipwright-wire-XXXXXX");
    int fd = mkstemp(wire->path);
    assert_true(fd >= 0);
    close(fd);
    put_little(&wire->bytes, 0xa1b23c4d); /* nanoseconds */
    put_little(&wire->bytes, 0x00040002);
    put_little(&wire->bytes, 0);
    put_little(&wire->bytes, 0);
    put_little(&wire->bytes, 262144);
    put_little(&wire->bytes, link_type);
}

void wire_close(struct wire_file *wire)
{
    unlink(wire->path);
    buf_deinit(&wire->bytes);
}

void wire_frame(struct wire_file *wire, struct view frame, uint32_t len_on_wire)
{
    put_little(&wire->bytes, 1000 + wire->frames / 1000);
    put_little(&wire->bytes, wire->frames % 1000 * 1000000); /* a millisecond apart */
    put_little(&wire->bytes, (uint32_t)frame.len);
    put_little(&wire->bytes, len_on_wire == 0 ? (uint32_t)frame.len : len_on_wire);
    buf_add(&wire->bytes, frame);
    wire->frames++;
}

static void ip_put(struct buf *buf, uint8_t protocol, uint16_t id, uint16_t place, size_t len)
{
    put(buf, 0x4500, 2);
    put(buf, len + 20, 2);
    put(buf, id, 2);
    put(buf, place, 2);
    put(buf, 64, 1);
    put(buf, protocol, 1);
    put(buf, 0, 2);
}

static void ip_frame(struct wire_file *wire, uint8_t protocol, uint16_t id, uint16_t place,
                     bool back, struct view payload)
{
    struct buf frame = {0};
    put(&frame, 0x020000000002, 6);
    put(&frame, 0x020000000001, 6);
    put(&frame, 0x0800, 2);
    ip_put(&frame, protocol, id, place, payload.len);
    put(&frame, 0xc0000201 + back, 4);
    put(&frame, 0xc0000202 - back, 4);
    buf_add(&frame, payload);
    wire_frame(wire, buf_view(&frame), 0);
    buf_deinit(&frame);
}

void wire_ip(struct wire_file *wire, uint8_t protocol, struct view payload)
{
    ip_frame(wire, protocol, (uint16_t)wire->frames, 0, false, payload);
}

void wire_fragment(struct wire_file *wire, uint16_t id, uint32_t offset, bool more,
                   struct view payload)
{
    ip_frame(wire, 17, id, (uint16_t)(offset / 8 | (more ? 0x2000u : 0)), false, payload);
}

struct view udp_payload(uint16_t source, uint16_t target, struct view bytes)
{
    static char room[65536];
    struct buf buf = {.ptr = room, .size = sizeof room, .limit = sizeof room};
    put(&buf, source, 2);
    put(&buf, target, 2);
    put(&buf, bytes.len + 8, 2);
    put(&buf, 0, 2);
    buf_add(&buf, bytes);
    return buf_view(&buf);
}

void wire_udp(struct wire_file *wire, uint16_t source, uint16_t target, struct view bytes)
{
    wire_ip(wire, 17, udp_payload(source, target, bytes));
}

static void segment_put(struct wire_file *wire, uint16_t source, const uint32_t numbers[2],
                        uint8_t flags, struct view bytes)
{
    struct buf buf = {0};
    put(&buf, source, 2);
    put(&buf, source == 5060 ? 40000 : 5060, 2);
    put(&buf, numbers[0], 4);
    put(&buf, numbers[1], 4);
    put(&buf, 0x50, 1);
    put(&buf, flags, 1);
    put(&buf, 0xffff, 2);
    put(&buf, 0, 4);
    buf_add(&buf, bytes);
    ip_frame(wire, 6, (uint16_t)wire->frames, 0, source == 5060, buf_view(&buf));
    buf_deinit(&buf);
}

void wire_tcp(struct wire_file *wire, uint16_t source, uint32_t seq, uint8_t flags,
              struct view bytes)
{
    segment_put(wire, source, (uint32_t[]){seq, 0}, flags, bytes);
}

void wire_tcp_ack(struct wire_file *wire, uint16_t source, uint32_t seq, uint32_t ack,
                  struct view bytes)
{
    segment_put(wire, source, (uint32_t[]){seq, ack}, WIRE_ACK, bytes);
}

size_t wire_read(struct wire_file *wire)
{
    return wire_read_with(wire, NULL);
}

size_t wire_read_with(struct wire_file *wire, const struct capture_options *options)
{
    struct capture *capture;
    struct captured message;
    struct buf complaint = {0};
    size_t count = 0;
    int fd = open(wire->path, O_WRONLY | O_TRUNC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, wire->bytes.ptr, wire->bytes.len), wire->bytes.len);
    close(fd);
    assert_int_equal(capture_open(wire->path, options, &capture, &complaint), ERR_OK);
    while (capture_next(capture, &message)) {
        assert_true(count < WIRE_MESSAGES);
        struct wire_message *kept = &wire->messages[count++];
        *kept = (struct wire_message){.len = message.bytes->len,
                                      .frame = message.frame,
                                      .first_frame = message.first_frame,
                                      .stream = message.stream,
                                      .carrier = message.carrier,
                                      .source_port = message.source.port,
                                      .cut = message.cut};
        memcpy(kept->text, message.bytes->data,
               message.bytes->len < sizeof kept->text ? message.bytes->len : sizeof kept->text - 1);
    }
    wire->failure = capture_failure(capture, NULL);
    capture_counts(capture, &wire->counts);
    capture_close(capture);
    buf_deinit(&complaint);
    return count;
}
