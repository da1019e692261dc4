#include "harness/run/frame.h"

/* The longest frame that makes sense: events go in runs of FRAME_EVENTS_MOST, texts are short. */
enum { FRAME_MOST = 64 << 20 };

static size_t padded(size_t len)
{
    return (len + 7) & ~(size_t)7;
}

void frame_head(char head[FRAME_HEAD_LEN], enum frame_kind kind, size_t len)
{
    uint32_t words[2] = {(uint32_t)kind, (uint32_t)len};

    memcpy(head, words, sizeof words);
}

size_t frame_begin(struct buf *buf, enum frame_kind kind)
{
    char head[FRAME_HEAD_LEN];
    size_t start = buf->len;

    frame_head(head, kind, 0);
    buf_add(buf, (struct view){head, sizeof head});
    return start;
}

void frame_end(struct buf *buf, size_t start)
{
    static const char zeros[8];
    uint32_t len = (uint32_t)(buf->len - start - FRAME_HEAD_LEN);

    if (buf->failed != ERR_OK)
        return;
    memcpy(buf->ptr + start + sizeof(uint32_t), &len, sizeof len);
    buf_add(buf, (struct view){zeros, padded(len) - len});
}

size_t frame_read(struct view bytes, struct frame *out)
{
    uint32_t words[2];

    if (bytes.len < FRAME_HEAD_LEN)
        return 0;
    memcpy(words, bytes.ptr, sizeof words);
    if (words[0] < FRAME_LIST || words[0] > FRAME_RESULT || words[1] > FRAME_MOST)
        return SIZE_MAX;
    if (bytes.len < FRAME_HEAD_LEN + padded(words[1]))
        return 0;
    out->kind = (enum frame_kind)words[0];
    out->body = (struct view){bytes.ptr + FRAME_HEAD_LEN, words[1]};
    return FRAME_HEAD_LEN + padded(words[1]);
}

void pack_uint(struct buf *buf, uint64_t value)
{
    buf_add(buf, (struct view){(const char *)&value, sizeof value});
}

void pack_view(struct buf *buf, struct view text)
{
    pack_uint(buf, text.len);
    buf_add(buf, text);
}

static struct view unpack_bytes(struct unpack *unpack, size_t len)
{
    struct view bytes = {0};

    if (unpack->failed || unpack->rest.len < len) {
        unpack->failed = true;
        return bytes;
    }
    bytes = view_head(unpack->rest, len);
    unpack->rest = view_skip(unpack->rest, len);
    return bytes;
}

uint64_t unpack_uint(struct unpack *unpack)
{
    struct view bytes = unpack_bytes(unpack, sizeof(uint64_t));
    uint64_t value = 0;

    if (bytes.ptr != NULL)
        memcpy(&value, bytes.ptr, sizeof value);
    return value;
}

struct view unpack_view(struct unpack *unpack)
{
    uint64_t len = unpack_uint(unpack);

    return unpack_bytes(unpack, len > SIZE_MAX ? SIZE_MAX : (size_t)len);
}
