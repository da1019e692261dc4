#include "core/message/names.h"

#include <assert.h>

struct name_row {
    struct view name;
    const char *rfc;
    char compact;
    bool list;
};

/* clang-format off */
static const struct name_row rows[SIP_HEADER_COUNT] = {
#define HEADER(id, text, compact, list, rfc) \
    [SIP_HEADER_##id] = {{text, sizeof(text) - 1}, rfc, compact, list},
#include "core/message/header_names.def"
#undef HEADER
};
/* clang-format on */

enum { BUCKETS = 256 };

/* Chains of ids by hash, filled on first use and never changed. */
static struct {
    bool ready;
    uint8_t first[BUCKETS], next[SIP_HEADER_COUNT];
    uint8_t compact['z' - 'a' + 1];
} lookup;

static unsigned lower(char c)
{
    return (unsigned char)c | 0x20u;
}

/* Both ends and the length tell nearly all apart, in any case. The factors were tried out: with
 * them none of the frequent names stands behind another. */
static unsigned hash(struct view name)
{
    unsigned ends = lower(name.ptr[0]) * 24 + lower(name.ptr[name.len - 1]) * 39;
    return (ends + (unsigned)name.len) % BUCKETS;
}

static void lookup_fill(void)
{
    /* Backwards, so that the frequent ones, which stand first, come first in their chains. */
    for (unsigned id = SIP_HEADER_COUNT - 1; id > SIP_HEADER_OTHER; id--) {
        unsigned bucket = hash(rows[id].name);
        lookup.next[id] = lookup.first[bucket];
        lookup.first[bucket] = (uint8_t)id;
        if (rows[id].compact != 0)
            lookup.compact[rows[id].compact - 'a'] = (uint8_t)id;
    }
    lookup.ready = true;
}

/* The rest of the chain, in any case; the first use of all fills the chains. */
__attribute__((noinline)) static enum sip_header_id find_slowly(struct view name)
{
    static_assert(SIP_HEADER_COUNT <= UINT8_MAX, "ids stand in bytes");
    if (!lookup.ready)
        lookup_fill();
    if (name.len == 0)
        return SIP_HEADER_OTHER;
    if (name.len == 1) {
        unsigned letter = lower(name.ptr[0]) - 'a';
        bool is_letter = letter < sizeof lookup.compact && (unsigned char)name.ptr[0] >= 'A';
        return is_letter ? (enum sip_header_id)lookup.compact[letter] : SIP_HEADER_OTHER;
    }
    for (unsigned id = lookup.first[hash(name)]; id != 0; id = lookup.next[id])
        if (view_equal_nocase(rows[id].name, name))
            return (enum sip_header_id)id;
    return SIP_HEADER_OTHER;
}

/* Most names stand first in their chain and are written as the RFC writes them. */
enum sip_header_id sip_header_find(struct view name)
{
    if (name.len < 2)
        return find_slowly(name);
    unsigned id = lookup.first[hash(name)];
    return view_same(rows[id].name, name) ? (enum sip_header_id)id : find_slowly(name);
}

struct view sip_header_name(enum sip_header_id id)
{
    return rows[id].name;
}

bool sip_header_is_list(enum sip_header_id id)
{
    return rows[id].list;
}

const char *sip_header_rfc(enum sip_header_id id)
{
    return rows[id].rfc;
}
