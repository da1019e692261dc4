#include "core/stack/forward/flow_token.h"

static void hex_write(struct buf *buf, uint64_t value)
{
    char digits[16];
    size_t at = sizeof digits;
    do {
        digits[--at] = "0123456789abcdef"[value & 15];
        value >>= 4;
    } while (value != 0);
    buf_add(buf, (struct view){digits + at, sizeof digits - at});
}

void flow_token_write(struct buf *buf, struct handle flow, const struct addr *remote)
{
    size_t len = remote->family == 4 ? 4 : 16;
    buf_add(buf, V("flow-"));
    hex_write(buf, flow.index);
    buf_add_char(buf, '-');
    hex_write(buf, flow.gen);
    buf_add_char(buf, '-');
    for (size_t i = 0; i < len; i++) {
        buf_add_char(buf, "0123456789abcdef"[remote->ip[i] >> 4]);
        buf_add_char(buf, "0123456789abcdef"[remote->ip[i] & 15]);
    }
    buf_add_char(buf, '-');
    hex_write(buf, remote->port);
}

/* Up to the next "-", which is taken; false: there is no number, or it is too large. */
static bool hex_read(struct view *rest, uint64_t max, uint64_t *out)
{
    size_t len = view_find_char(*rest, '-');
    struct view digits = view_head(*rest, len);
    *rest = view_skip(*rest, len + 1);
    return view_to_hex(digits, max, out);
}

static bool ip_read(struct view *rest, struct addr *out)
{
    size_t len = view_find_char(*rest, '-');
    if (len != 8 && len != 32)
        return false;
    out->family = len == 8 ? 4 : 6;
    for (size_t i = 0; i < len / 2; i++) {
        int high = char_hex(rest->ptr[2 * i]), low = char_hex(rest->ptr[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out->ip[i] = (uint8_t)(high << 4 | low);
    }
    *rest = view_skip(*rest, len + 1);
    return true;
}

bool flow_token_read(struct view token, struct handle *out_flow, struct addr *out_remote)
{
    uint64_t index, gen, port;
    struct addr remote = {0};
    if (!view_starts(token, V("flow-")))
        return false;
    struct view rest = view_skip(token, 5);
    if (!hex_read(&rest, UINT32_MAX, &index) || !hex_read(&rest, UINT32_MAX, &gen) || gen == 0 ||
        !ip_read(&rest, &remote) || !hex_read(&rest, UINT16_MAX, &port))
        return false;
    remote.port = (uint16_t)port;
    *out_flow = (struct handle){(uint32_t)index, (uint32_t)gen};
    *out_remote = remote;
    return true;
}
