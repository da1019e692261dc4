/* Globally routable URIs of one instance of a user agent, RFC 5627 §5: a public one that shows the
 * address, and a temporary one for each REGISTER. Nothing is kept of them. The public one says what
 * it means; a temporary one names the place of its address, masked by a number that no other has,
 * and proves that it was made for this instance and Call-ID. */
#include "core/role/location_private.h"

#define TEMPORARY "tgruu."

bool gruu_is(const struct sip_uri *uri)
{
    return sip_param_has(&uri->params, V("gr"));
}

/* "<urn:uuid:…>" stands in the Contact, and goes into a URI without its brackets. */
static struct view bare(struct view instance)
{
    bool bracketed =
        instance.len >= 2 && instance.ptr[0] == '<' && instance.ptr[instance.len - 1] == '>';
    return bracketed ? view_skip(view_head(instance, instance.len - 1), 1) : instance;
}

/* RFC 3261 §25.1: what may stand in a parameter as it is. */
static bool is_plain(char c)
{
    static const char marks[] = "-_.!~*'()[]/:&+$";
    bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return alnum || (c != '\0' && strchr(marks, c) != NULL);
}

static void add_escaped(struct buf *buf, struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (is_plain(text.ptr[i])) {
            buf_add_char(buf, text.ptr[i]);
            continue;
        }
        buf_add_char(buf, '%');
        buf_add_char(buf, "0123456789ABCDEF"[c >> 4]);
        buf_add_char(buf, "0123456789ABCDEF"[c & 15]);
    }
}

static void add_host(struct buf *buf, const struct sip_uri *address)
{
    buf_add(buf, address->host);
    if (address->port != 0)
        buf_printf(buf, ":%u", address->port);
}

void gruu_write_public(struct buf *buf, const struct sip_uri *address,
                       const struct sip_binding *binding)
{
    buf_printf(buf, "%.*s:%.*s%s", VIEW_ARG(address->scheme_text), VIEW_ARG(address->user),
               address->user.ptr == NULL ? "" : "@");
    add_host(buf, address);
    buf_add(buf, V(";gr="));
    add_escaped(buf, bare(binding->instance));
}

static uint64_t mask(const struct location *l, uint64_t number)
{
    return rng_at((struct rng){l->secret}, V("place"), number);
}

static uint64_t proof(const struct location *l, uint64_t place, uint64_t number,
                      const struct sip_binding *b)
{
    struct rng of_instance = {rng_at((struct rng){l->secret}, b->instance, number)};
    return rng_at(of_instance, b->call_id, place);
}

static void add_hex(struct buf *buf, uint64_t value)
{
    for (int shift = 60; shift >= 0; shift -= 4)
        buf_add_char(buf, "0123456789abcdef"[value >> shift & 15]);
}

enum err gruu_write_temporary(struct location *l, struct buf *buf, const struct sip_uri *address,
                              const struct sip_binding *binding)
{
    struct handle handle = location_place(l, address);
    uint64_t place = (uint64_t)handle.index << 32 | handle.gen, number = l->gruu_count++;
    if (handle_none(handle))
        return ERR_ABSENT;
    buf_printf(buf, "%.*s:" TEMPORARY, VIEW_ARG(address->scheme_text));
    add_hex(buf, number);
    add_hex(buf, place ^ mask(l, number));
    add_hex(buf, proof(l, place, number, binding));
    buf_add_char(buf, '@');
    add_host(buf, address);
    buf_add(buf, V(";gr"));
    return buf->failed;
}

static bool read_hex(struct view *rest, uint64_t *out)
{
    struct view digits = view_head(*rest, 16);
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        char c = digits.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    *rest = view_skip(*rest, digits.len);
    *out = value;
    return digits.len == 16;
}

/* §6.1: of several bindings of one instance the one that was refreshed last. */
static const struct sip_binding *newest(const struct sip_binding *first, struct view instance)
{
    const struct sip_binding *found = NULL;
    for (const struct sip_binding *b = first; b != NULL; b = b->next)
        if (b->instance.ptr != NULL && view_equal(bare(b->instance), instance) &&
            (found == NULL || b->since_us > found->since_us))
            found = b;
    return found;
}

static const struct sip_binding *of_temporary(struct location *l, uint64_t now_us,
                                              struct view token)
{
    uint64_t number, place, proven;
    if (!read_hex(&token, &number) || !read_hex(&token, &place) || !read_hex(&token, &proven) ||
        token.len > 0)
        return NULL;
    place ^= mask(l, number);
    struct handle handle = {.index = (uint32_t)(place >> 32), .gen = (uint32_t)place};
    const struct sip_binding *first = location_of_place(l, now_us, handle);
    for (const struct sip_binding *b = first; b != NULL; b = b->next)
        if (b->instance.ptr != NULL && b == newest(first, bare(b->instance)) &&
            proof(l, place, number, b) == proven)
            return b;
    return NULL;
}

enum err location_find_gruu(struct location *l, uint64_t now_us, const struct sip_uri *uri,
                            const struct sip_binding **out)
{
    struct view instance;
    *out = NULL;
    if (!sip_param_find(&uri->params, V("gr"), &instance))
        return ERR_ABSENT;
    if (instance.ptr == NULL) {
        bool temporary = view_starts(uri->user, V(TEMPORARY));
        if (temporary)
            *out = of_temporary(l, now_us, view_skip(uri->user, sizeof TEMPORARY - 1));
        return *out == NULL ? ERR_ABSENT : ERR_OK;
    }
    const struct sip_binding *first = location_find(l, now_us, uri);
    instance = sip_unescape(instance, &l->scratch);
    if (instance.ptr == NULL)
        return ERR_MEMORY;
    *out = newest(first, instance);
    return ERR_OK;
}
