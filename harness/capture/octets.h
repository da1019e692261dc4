/* Bytes of a packet, read from the front. Sticky: after the first read beyond the end all give
 * zero, and `failed` stays.
 *
 *     uint16_t type = octets_u16(&at);
 *     if (at.failed)
 *         return;
 */
#pragma once
#include "core/base.h"

struct octets {
    struct view rest;
    bool failed;
};

static inline struct view octets_take(struct octets *octets, size_t len)
{
    if (octets->failed || len > octets->rest.len) {
        octets->failed = true;
        return (struct view){0};
    }
    struct view taken = view_head(octets->rest, len);
    octets->rest = view_skip(octets->rest, len);
    return taken;
}

/* A number of up to 8 bytes in network order. */
static inline uint64_t octets_number(struct octets *octets, size_t len)
{
    struct view bytes = octets_take(octets, len);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.len; i++)
        value = value << 8 | (unsigned char)bytes.ptr[i];
    return value;
}

static inline uint8_t octets_u8(struct octets *octets)
{
    return (uint8_t)octets_number(octets, 1);
}

static inline uint16_t octets_u16(struct octets *octets)
{
    return (uint16_t)octets_number(octets, 2);
}

static inline uint32_t octets_u32(struct octets *octets)
{
    return (uint32_t)octets_number(octets, 4);
}

/* Only the first len bytes are left; false: there are fewer. */
static inline bool octets_cut(struct octets *octets, size_t len)
{
    if (octets->failed || len > octets->rest.len)
        return false;
    octets->rest = view_head(octets->rest, len);
    return true;
}
