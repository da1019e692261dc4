#include "reports/pcapng.h"

enum block { BLOCK_INTERFACE = 1, BLOCK_NAMES = 4, BLOCK_PACKET = 6, BLOCK_SECTION = 0x0a0d0d0a };
enum option {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_NAME = 2,
    OPTION_DESCRIPTION = 3,
    OPTION_PROGRAM = 4,
    OPTION_RESOLUTION = 9
};
enum { ORDER_MAGIC = 0x1a2b3c4d, LINK_ETHERNET = 1, SNAP_MOST = 262144, TEXT_MOST = 65532 };
enum { NAME_END = 0, NAME_IP4 = 1, NAME_IP6 = 2 };

static void put16(struct buf *out, uint32_t value)
{
    char bytes[] = {(char)value, (char)(value >> 8)};
    buf_add(out, (struct view){bytes, sizeof bytes});
}

static void put32(struct buf *out, uint32_t value)
{
    char bytes[] = {(char)value, (char)(value >> 8), (char)(value >> 16), (char)(value >> 24)};
    buf_add(out, (struct view){bytes, sizeof bytes});
}

/* Whatever is in a block ends at a multiple of 4 bytes. */
static void pad(struct buf *out, size_t len)
{
    buf_add(out, (struct view){"\0\0\0", (4 - len % 4) % 4});
}

static size_t block_begin(struct buf *out, enum block block)
{
    size_t begin = out->len;
    put32(out, block);
    put32(out, 0);
    return begin;
}

/* Its length stands behind its type, and once more at its end. */
static void block_end(struct buf *out, size_t begin)
{
    uint32_t len = (uint32_t)(out->len - begin) + 4;
    put32(out, len);
    if (out->failed == ERR_OK)
        memcpy(out->ptr + begin + 4, out->ptr + out->len - 4, 4);
}

static void option_put(struct buf *out, enum option option, struct view value)
{
    if (value.len == 0)
        return;
    value = view_head(value, TEXT_MOST);
    put16(out, option);
    put16(out, (uint32_t)value.len);
    buf_add(out, value);
    pad(out, value.len);
}

void pcapng_section(struct buf *out, struct view program, struct view comment)
{
    size_t begin = block_begin(out, BLOCK_SECTION);
    put32(out, ORDER_MAGIC);
    put32(out, 1);          /* version 1.0 */
    put32(out, UINT32_MAX); /* how long it is, it does not say */
    put32(out, UINT32_MAX);
    option_put(out, OPTION_COMMENT, comment);
    option_put(out, OPTION_PROGRAM, program);
    put32(out, OPTION_END);
    block_end(out, begin);
}

void pcapng_interface(struct buf *out, struct view name, struct view description)
{
    size_t begin = block_begin(out, BLOCK_INTERFACE);
    put32(out, LINK_ETHERNET);
    put32(out, SNAP_MOST);
    option_put(out, OPTION_NAME, name);
    option_put(out, OPTION_DESCRIPTION, description);
    option_put(out, OPTION_RESOLUTION, V("\x09")); /* 10^-9 s */
    put32(out, OPTION_END);
    block_end(out, begin);
}

size_t pcapng_names_begin(struct buf *out)
{
    return block_begin(out, BLOCK_NAMES);
}

void pcapng_name(struct buf *out, const struct addr *addr, struct view name)
{
    size_t ip_len = addr->family == 6 ? 16 : 4, len = ip_len + name.len + 1;
    put16(out, addr->family == 6 ? NAME_IP6 : NAME_IP4);
    put16(out, (uint32_t)len);
    buf_add(out, (struct view){(const char *)addr->ip, ip_len});
    buf_add(out, name);
    buf_add_char(out, '\0');
    pad(out, len);
}

void pcapng_names_end(struct buf *out, size_t begin)
{
    put32(out, NAME_END);
    block_end(out, begin);
}

void pcapng_packet(struct buf *out, const struct pcapng_packet *packet)
{
    size_t begin = block_begin(out, BLOCK_PACKET);
    put32(out, packet->interface);
    put32(out, (uint32_t)(packet->time_ns >> 32));
    put32(out, (uint32_t)packet->time_ns);
    put32(out, (uint32_t)packet->bytes.len);
    put32(out, (uint32_t)packet->bytes.len);
    buf_add(out, packet->bytes);
    pad(out, packet->bytes.len);
    option_put(out, OPTION_COMMENT, packet->comment);
    if (packet->comment.len > 0)
        put32(out, OPTION_END);
    block_end(out, begin);
}
