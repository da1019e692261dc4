#include "harness/capture/frames.h"

#include "harness/capture/octets.h"

enum {
    HTTP_HEAD_MOST = 16 << 10,
    MESSAGE_MOST = 1 << 20,
    OP_CONTROL = 8 /* and above; below it: text, binary and what continues them */
};

struct frame_head {
    bool last, masked;
    uint8_t op;
    uint64_t len;
    char mask[4];
};

bool frames_begin(struct view bytes)
{
    return view_starts(bytes, V("GET ")) || view_starts(bytes, V("HTTP/1.1 101"));
}

enum err frames_give(struct frames *frames, struct view bytes)
{
    struct view rest = view_skip(buf_view(&frames->buf), frames->at);
    if (frames->broken)
        return ERR_OK;
    if (frames->at > 0 && rest.len > 0)
        memmove(frames->buf.ptr, rest.ptr, rest.len);
    frames->buf.len = rest.len;
    frames->at = 0;
    buf_add(&frames->buf, bytes);
    return frames->buf.failed;
}

static bool head_skip(struct frames *frames)
{
    struct view rest = buf_view(&frames->buf);
    size_t end = view_find(rest, V("\r\n\r\n"));
    if (end == rest.len) {
        frames->broken = rest.len > HTTP_HEAD_MOST;
        return false;
    }
    frames->at = end + 4;
    frames->opened = true;
    return true;
}

static struct frame_head frame_head_take(struct octets *at)
{
    uint8_t first = octets_u8(at), second = octets_u8(at);
    struct frame_head head = {.last = (first & 0x80) != 0,
                              .op = first & 15,
                              .masked = (second & 0x80) != 0,
                              .len = second & 127};
    if (head.len == 126)
        head.len = octets_u16(at);
    else if (head.len == 127)
        head.len = octets_number(at, 8);
    struct view mask = head.masked ? octets_take(at, 4) : (struct view){0};
    if (mask.len == 4)
        memcpy(head.mask, mask.ptr, 4);
    return head;
}

static void piece_add(struct frames *frames, const struct frame_head *head, struct view bytes)
{
    size_t from = frames->message.len;
    buf_add(&frames->message, bytes);
    for (size_t i = 0; head->masked && from + i < frames->message.len; i++)
        frames->message.ptr[from + i] ^= head->mask[i % 4];
}

bool frames_next(struct frames *frames, struct view *out)
{
    if (frames->given)
        buf_clear(&frames->message);
    frames->given = false;
    if (!frames->opened && !head_skip(frames))
        return false;
    for (;;) {
        struct octets at = {.rest = view_skip(buf_view(&frames->buf), frames->at)};
        struct frame_head head = frame_head_take(&at);
        if (head.len > MESSAGE_MOST || frames->message.len > MESSAGE_MOST ||
            frames->message.failed != ERR_OK) {
            frames->broken = true;
            return false;
        }
        struct view bytes = octets_take(&at, (size_t)head.len);
        if (at.failed)
            return false;
        frames->at = frames->buf.len - at.rest.len;
        if (head.op >= OP_CONTROL)
            continue;
        piece_add(frames, &head, bytes);
        if (!head.last)
            continue;
        frames->given = true;
        *out = buf_view(&frames->message);
        return true;
    }
}

bool frames_inside(const struct frames *frames)
{
    return frames->buf.len > frames->at || (frames->message.len > 0 && !frames->given);
}

struct view frames_peek(struct view bytes, char *room, size_t room_len)
{
    struct octets at = {.rest = bytes};
    uint8_t first = bytes.len > 0 ? (uint8_t)bytes.ptr[0] : 0;
    struct frame_head head = frame_head_take(&at);
    if (at.failed || (first != 0x81 && first != 0x82)) /* whole, and text or binary */
        return (struct view){0};
    struct view begin = view_head(view_head(at.rest, room_len), (size_t)head.len);
    for (size_t i = 0; i < begin.len; i++)
        room[i] = head.masked ? begin.ptr[i] ^ head.mask[i % 4] : begin.ptr[i];
    return (struct view){room, begin.len};
}

void frames_deinit(struct frames *frames)
{
    buf_deinit(&frames->buf);
    buf_deinit(&frames->message);
}
