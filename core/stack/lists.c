#include "core/stack/self.h"

/* The next token of a comma list; false at its end. */
static bool next_token(struct view *rest, struct view *out)
{
    while (rest->len > 0) {
        size_t comma = view_find_char(*rest, ',');
        *out = view_trim(view_head(*rest, comma));
        *rest = view_skip(*rest, comma + 1);
        if (out->len > 0)
            return true;
    }
    return false;
}

bool list_has(struct view list, struct view token)
{
    struct view item;
    while (next_token(&list, &item))
        if (view_equal(item, token))
            return true;
    return false;
}

static bool matches(struct view name, struct view other)
{
    return view_equal(name, V("*")) || view_equal(other, V("*")) || view_equal_nocase(name, other);
}

bool media_has(struct view list, const struct sip_media_type *type)
{
    struct view item;
    while (next_token(&list, &item)) {
        size_t slash = view_find_char(item, '/');
        struct view subtype = view_skip(item, slash + 1);
        subtype = view_trim(view_head(subtype, view_find_char(subtype, ';')));
        if (matches(view_head(item, slash), type->type) && matches(subtype, type->subtype))
            return true;
    }
    return false;
}

bool method_is_manual(uint32_t manual, enum sip_method method)
{
    switch (method) {
    case SIP_PRACK:
        return (manual & SIP_MANUAL_PRACK) != 0;
    case SIP_UPDATE:
        return (manual & SIP_MANUAL_UPDATE) != 0;
    case SIP_NOTIFY:
        return (manual & SIP_MANUAL_NOTIFY) != 0;
    default:
        return (manual & SIP_MANUAL_UNKNOWN) != 0;
    }
}
