#include "harness/impaired/link_option.h"

#include "harness/scene/duration.h"

enum { WHOLE_PPM = 1000000, DIGITS_MOST = 6 };

/* "0.05" in millionths; false: no number from 0 to 100, or finer than that. */
static bool millionths(struct view text, uint64_t *out)
{
    size_t point = view_find_char(text, '.');
    struct view whole = view_head(text, point), rest = view_skip(text, point);
    uint64_t number, fraction = 0;

    if (!view_to_uint(whole, 100, &number) || rest.len > DIGITS_MOST + 1)
        return false;
    if (rest.len > 0 && !view_to_uint(view_skip(rest, 1), WHOLE_PPM, &fraction))
        return false;
    for (size_t digits = rest.len; digits > 0 && digits <= DIGITS_MOST; digits++)
        fraction *= 10;
    *out = number * WHOLE_PPM + fraction;
    return true;
}

/* "5%", "0.05": parts of a million. */
static bool fraction_parse(struct view text, uint32_t *out_ppm)
{
    bool percent = view_ends(text, V("%"));
    uint64_t value;

    text.len -= percent;
    if (!millionths(text, &value))
        return false;
    value /= percent ? 100 : 1;
    if (value > WHOLE_PPM)
        return false;
    *out_ppm = (uint32_t)value;
    return true;
}

static const struct property {
    const char *name;
    size_t at;  /* in struct net_link */
    bool lasts; /* a duration, else a fraction */
} properties[] = {
    {"loss",      offsetof(struct net_link, loss_ppm),      false},
    {"duplicate", offsetof(struct net_link, duplicate_ppm), false},
    {"reorder",   offsetof(struct net_link, reorder_ppm),   false},
    {"corrupt",   offsetof(struct net_link, corrupt_ppm),   false},
    {"latency",   offsetof(struct net_link, latency_us),    true },
    {"jitter",    offsetof(struct net_link, jitter_us),     true },
};

static const struct property *property_of(struct view name)
{
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (view_equal(name, view_of(properties[i].name)))
            return &properties[i];
    return NULL;
}

static bool property_read(const struct property *property, struct view value, struct net_link *link)
{
    void *field = (char *)link + property->at;

    return property->lasts ? duration_parse(value, field) : fraction_parse(value, field);
}

static enum err one_read(struct view one, struct net_link *link, struct buf *complaint)
{
    size_t sign = view_find_char(one, '=');
    struct view name = view_trim(view_head(one, sign)), value = view_trim(view_skip(one, sign + 1));
    const struct property *property = property_of(name);

    if (property == NULL)
        buf_printf(complaint,
                   "'--link': there is no '%.*s'; a link has loss, duplicate, reorder, "
                   "corrupt, latency and jitter",
                   VIEW_ARG(name));
    else if (sign == one.len || !property_read(property, value, link))
        buf_printf(complaint, "'--link': %s is %s, as %s", property->name,
                   property->lasts ? "a duration" : "a fraction",
                   property->lasts ? "20ms" : "5% or 0.05");
    else
        return ERR_OK;
    return ERR_SYNTAX;
}

enum err link_option_read(struct view text, struct net_link *inout, struct buf *complaint)
{
    enum err err = ERR_OK;
    size_t len;

    for (; err == ERR_OK; text = view_skip(text, len + 1)) {
        len = view_find_char(text, ',');
        err = one_read(view_head(text, len), inout, complaint);
        if (len == text.len)
            break;
    }
    return err;
}
