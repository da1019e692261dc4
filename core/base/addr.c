#include "core/base/addr.h"

#include <string.h>

static enum err ip4_parse(struct view text, uint8_t *out)
{
    uint8_t ip[4];
    for (int i = 0; i < 4; i++) {
        size_t dot = i < 3 ? view_find_char(text, '.') : text.len;
        uint64_t value;
        if ((i < 3 && dot == text.len) || dot > 3 ||
            !view_to_uint(view_head(text, dot), 255, &value))
            return ERR_SYNTAX;
        ip[i] = (uint8_t)value;
        text = view_skip(text, dot + 1);
    }
    memcpy(out, ip, sizeof ip);
    return ERR_OK;
}

static bool hex_group(struct view text, uint16_t *out)
{
    uint64_t value;
    if (text.len > 4 || !view_to_hex(text, UINT16_MAX, &value))
        return false;
    *out = (uint16_t)value;
    return true;
}

/* Groups of one side of "::" (or of the whole address); the last may be dotted IPv4. */
static enum err groups_parse(struct view text, uint8_t *out, int room, int *count)
{
    *count = 0;
    while (text.len > 0) {
        size_t colon = view_find_char(text, ':');
        struct view group = view_head(text, colon);
        uint16_t value;
        if (colon == text.len && view_find_char(group, '.') < group.len) {
            if (*count + 4 > room || ip4_parse(group, out + *count) != ERR_OK)
                return ERR_SYNTAX;
            *count += 4;
            return ERR_OK;
        }
        if (*count + 2 > room || !hex_group(group, &value))
            return ERR_SYNTAX;
        out[(*count)++] = (uint8_t)(value >> 8);
        out[(*count)++] = (uint8_t)value;
        if (colon + 1 == text.len)
            return ERR_SYNTAX; /* a colon that nothing follows */
        text = view_skip(text, colon + 1);
    }
    return ERR_OK;
}

static enum err ip6_parse(struct view text, uint8_t *out)
{
    uint8_t head[16] = {0}, tail[16] = {0};
    int head_len = 0, tail_len = 0;
    size_t gap = view_find(text, V("::"));
    enum err err = groups_parse(view_head(text, gap), head, 16, &head_len);
    if (err != ERR_OK)
        return err;
    if (gap == text.len && head_len != 16)
        return ERR_SYNTAX;
    if (gap < text.len) {
        err = groups_parse(view_skip(text, gap + 2), tail, 14 - head_len, &tail_len);
        if (err != ERR_OK || head_len + tail_len > 14)
            return ERR_SYNTAX;
    }
    memcpy(head + 16 - tail_len, tail, (size_t)tail_len);
    memcpy(out, head, sizeof head);
    return ERR_OK;
}

enum err addr_ip_parse(struct view text, struct addr *out)
{
    struct addr addr = {0};
    if (ip4_parse(text, addr.ip) == ERR_OK)
        addr.family = 4;
    else if (ip6_parse(text, addr.ip) == ERR_OK)
        addr.family = 6;
    else
        return ERR_SYNTAX;
    *out = addr;
    return ERR_OK;
}

enum err addr_host_parse(struct view host, struct addr *out)
{
    if (view_starts(host, V("[")) && view_ends(host, V("]")))
        host = view_skip(view_head(host, host.len - 1), 1);
    return addr_ip_parse(host, out);
}

enum err addr_parse(struct view text, struct addr *out)
{
    struct addr addr;
    struct view ip = text, port = {0};
    if (view_starts(text, V("["))) {
        size_t close = view_find_char(text, ']');
        if (close == text.len)
            return ERR_SYNTAX;
        ip = view_skip(view_head(text, close), 1);
        port = view_skip(text, close + 1);
        if (view_find_char(ip, ':') == ip.len || (port.len > 0 && port.ptr[0] != ':'))
            return ERR_SYNTAX;
    } else if (view_find_char(text, '.') < view_find_char(text, ':')) {
        size_t colon = view_find_char(text, ':');
        ip = view_head(text, colon);
        port = view_skip(text, colon);
    }
    if (addr_ip_parse(ip, &addr) != ERR_OK)
        return ERR_SYNTAX;
    if (port.len > 0) {
        uint64_t value;
        if (!view_to_uint(view_skip(port, 1), UINT16_MAX, &value))
            return ERR_SYNTAX;
        addr.port = (uint16_t)value;
    }
    *out = addr;
    return ERR_OK;
}

/* RFC 5952 §4.2: the longest run of two or more zero groups, the first of equals. */
static void zero_run(const uint16_t *groups, int *start, int *len)
{
    *start = -1;
    *len = 1;
    for (int i = 0; i < 8; i++) {
        int run = 0;
        while (i + run < 8 && groups[i + run] == 0)
            run++;
        if (run > *len) {
            *start = i;
            *len = run;
        }
    }
}

static void ip6_write(struct buf *buf, const uint8_t *ip)
{
    uint16_t groups[8];
    int start, len;
    for (int i = 0; i < 8; i++)
        groups[i] = (uint16_t)(ip[2 * i] << 8 | ip[2 * i + 1]);
    zero_run(groups, &start, &len);
    for (int i = 0; i < 8; i++) {
        if (i == start) {
            buf_add(buf, V("::"));
            i += len - 1;
            continue;
        }
        if (i > 0 && i != start + len)
            buf_add_char(buf, ':');
        buf_printf(buf, "%x", groups[i]);
    }
}

void addr_ip_write(struct buf *buf, const struct addr *addr)
{
    if (addr->family == 6) {
        ip6_write(buf, addr->ip);
        return;
    }
    for (int i = 0; i < 4; i++) {
        if (i > 0)
            buf_add_char(buf, '.');
        buf_add_uint(buf, addr->ip[i]);
    }
}

void addr_write(struct buf *buf, const struct addr *addr)
{
    bool bracket = addr->family == 6;
    if (bracket)
        buf_add_char(buf, '[');
    addr_ip_write(buf, addr);
    if (bracket)
        buf_add_char(buf, ']');
    if (addr->port != 0) {
        buf_add_char(buf, ':');
        buf_add_uint(buf, addr->port);
    }
}

/* The longest, "[" eight groups "]:65535", is 47 bytes: the writer never asks for memory. */
struct view addr_text(const struct addr *addr, char *room)
{
    struct buf buf = {.ptr = room, .size = ADDR_TEXT_MAX - 1, .limit = ADDR_TEXT_MAX - 1};
    addr_write(&buf, addr);
    ASSERT(buf.failed == ERR_OK);
    room[buf.len] = '\0';
    return (struct view){room, buf.len};
}

bool addr_ip_equal(const struct addr *a, const struct addr *b)
{
    size_t len = a->family == 4 ? 4 : 16;
    return a->family == b->family && memcmp(a->ip, b->ip, len) == 0;
}

bool addr_ip_given(const struct addr *addr)
{
    static const uint8_t none[16];
    return memcmp(addr->ip, none, addr->family == 4 ? 4 : sizeof none) != 0;
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
    return addr_ip_equal(a, b) && a->port == b->port;
}

bool addr_is_at(const struct addr *addr, const struct addr *place)
{
    return place->port == 0 ? addr_ip_equal(addr, place) : addr_equal(addr, place);
}

static const char *const proto_texts[] = {
#define PROTO_TEXT(name, text) text,
    PROTO_LIST(PROTO_TEXT)
#undef PROTO_TEXT
};

const char *proto_text(enum proto proto)
{
    return proto_texts[proto];
}

const char *proto_word(enum proto proto)
{
    static const char *const words[] = {
#define PROTO_WORD(name, text) #name,
        PROTO_LIST(PROTO_WORD)
#undef PROTO_WORD
    };
    return words[proto];
}

enum err proto_parse(struct view text, enum proto *out)
{
    for (size_t i = 0; i < sizeof proto_texts / sizeof *proto_texts; i++) {
        if (view_equal_nocase(text, view_of(proto_texts[i]))) {
            *out = (enum proto)i;
            return ERR_OK;
        }
    }
    return ERR_UNSUPPORTED;
}

bool proto_reliable(enum proto proto)
{
    return proto != PROTO_UDP;
}

bool proto_secure(enum proto proto)
{
    return proto == PROTO_TLS || proto == PROTO_WSS;
}
