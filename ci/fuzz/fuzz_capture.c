/* Any bytes as a capture: a file of libpcap as it stands, and else frames of a link layer (the
 * first byte says which; two bytes of length before each), so that what is behind the container is
 * reached. It ends; what it gives as messages is judged by the monitor. */
#include "harness/capture/capture.h"
#include "harness/monitor/monitor.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool is_file(struct view bytes)
{
    static const char *const magics[] = {"\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4", "\x4d\x3c\xb2\xa1",
                                         "\xa1\xb2\x3c\x4d", "\x0a\x0d\x0d\x0a"};
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (view_equal(view_head(bytes, 4), (struct view){magics[i], 4}))
            return true;
    return false;
}

static void put_little(struct buf *out, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        buf_add_char(out, (char)(value >> 8 * i));
}

static void frames_wrap(struct buf *out, struct view bytes)
{
    static const uint8_t links[] = {0, 1, 9, 101, 108, 113, 228, 229};
    uint32_t link = bytes.len == 0 ? 1 : links[(uint8_t)bytes.ptr[0] % sizeof links];
    put_little(out, 0xa1b2c3d4);
    put_little(out, 0x00040002);
    put_little(out, 0);
    put_little(out, 0);
    put_little(out, 65535);
    put_little(out, link);
    bytes = view_skip(bytes, 1);
    for (uint32_t i = 0; bytes.len > 2; i++) {
        size_t len = (size_t)((uint8_t)bytes.ptr[0] << 8 | (uint8_t)bytes.ptr[1]);
        struct view frame = view_head(view_skip(bytes, 2), len);
        put_little(out, i);
        put_little(out, i * 1000 % 1000000);
        put_little(out, (uint32_t)frame.len);
        put_little(out, (uint32_t)frame.len);
        buf_add(out, frame);
        bytes = view_skip(bytes, 2 + frame.len);
    }
}

static void message_judge(struct monitor *monitor, const struct captured *message)
{
    struct sip_msg *msg;
    struct finding finding;
    enum err err = sip_msg_parse(message->bytes, carrier_framing(message->carrier), &msg);
    if (err != ERR_OK)
        return;
    struct seen seen = {.seq = message->frame,
                        .time_us = message->time_ns / 1000,
                        .source = message->source,
                        .target = message->target,
                        .proto = carrier_proto(message->carrier),
                        .sent = true,
                        .given = true,
                        .msg = msg};
    ASSERT(monitor_see(monitor, &seen) == ERR_OK);
    sip_msg_unref(msg);
    while (monitor_next(monitor, &finding))
        ASSERT(finding.sentence.len > 0);
}

static void file_judge(const char *path)
{
    struct capture_options options = {.held_limit = 1 << 20, .held_count = 64};
    struct capture *capture;
    struct captured message;
    struct monitor *monitor;
    struct buf complaint = {0};
    enum err err = capture_open(path, &options, &capture, &complaint);
    ASSERT((err == ERR_OK) == (complaint.len == 0));
    buf_deinit(&complaint);
    if (err != ERR_OK)
        return;
    ASSERT(monitor_create(&(struct monitor_options){.capture = true}, &monitor) == ERR_OK);
    while (capture_next(capture, &message))
        message_judge(monitor, &message);
    ASSERT(capture_failure(capture, NULL) != ERR_MEMORY);
    monitor_end(monitor, UINT64_MAX - 1);
    monitor_destroy(monitor);
    capture_close(capture);
}

/* One file for all inputs, which has no name any more. */
static int file_of(void)
{
    static int file = -1;
    char path[] = "/tmp/sipwright-fuzz-XXXXXX";
    if (file < 0) {
        file = mkstemp(path);
        ASSERT(file >= 0);
        unlink(path);
    }
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct view bytes = {(const char *)data, len};
    struct buf wrapped = {0};
    char path[32];
    int file = file_of();
    if (!is_file(bytes)) {
        frames_wrap(&wrapped, bytes);
        bytes = buf_view(&wrapped);
    }
    ASSERT(ftruncate(file, 0) == 0);
    ASSERT(pwrite(file, bytes.ptr, bytes.len, 0) == (ssize_t)bytes.len);
    snprintf(path, sizeof path, "/dev/fd/%d", file);
    file_judge(path);
    buf_deinit(&wrapped);
    return 0;
}
