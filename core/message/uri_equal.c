/* RFC 3261 §19.1.4 and RFC 3966 §4 */
#include "core/message/escape.h"
#include "core/message/uri.h"

enum { PARTS_MAX = 256 }; /* parameters or headers; with more only equal text is equal */

static bool present(struct view text)
{
    return text.ptr != NULL;
}

static bool part_equal(struct view a, struct view b, bool any_case)
{
    return present(a) == present(b) && escape_equal(a, b, any_case);
}

static const struct sip_param *param_of(const struct sip_params *params, struct view name)
{
    for (size_t i = 0; i < params->count; i++)
        if (escape_equal(params->items[i].name, name, true))
            return &params->items[i];
    return NULL;
}

/* "A user, ttl, or method uri-parameter appearing in only one URI never matches"; the same holds
 * for maddr, and, being components with a default, for transport. */
static bool may_be_in_one_only(struct view name)
{
    static const char *const never[] = {"user", "ttl", "method", "maddr", "transport"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (escape_equal(name, view_of(never[i]), true))
            return false;
    return true;
}

/* Every parameter of a that b has matches it, and b may lack the others. */
static bool params_match(const struct sip_params *a, const struct sip_params *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct sip_param *other = param_of(b, a->items[i].name);
        if (other == NULL ? !may_be_in_one_only(a->items[i].name)
                          : !part_equal(a->items[i].value, other->value, true))
            return false;
    }
    return true;
}

/* The next of hname "=" hvalue *( "&" … ). */
static bool header_next(struct view *rest, struct view *out_name, struct view *out_value)
{
    if (rest->len == 0)
        return false;
    size_t end = view_find_char(*rest, '&');
    struct view header = view_head(*rest, end);
    size_t equal = view_find_char(header, '=');
    *out_name = view_head(header, equal);
    *out_value = view_skip(header, equal + 1);
    *rest = view_skip(*rest, end + 1);
    return true;
}

static size_t header_count(struct view headers, const struct view *name, const struct view *value)
{
    size_t count = 0;
    struct view other_name, other_value;
    while (header_next(&headers, &other_name, &other_value))
        if (name == NULL ||
            (escape_equal(*name, other_name, true) && escape_equal(*value, other_value, true)))
            count++;
    return count;
}

/* "Any present header component MUST be present in both URIs and match." */
static bool headers_equal(struct view a, struct view b)
{
    if (view_equal(a, b))
        return true;
    size_t count = header_count(a, NULL, NULL);
    if (count != header_count(b, NULL, NULL) || count > PARTS_MAX)
        return false;
    struct view rest = a, name, value;
    while (header_next(&rest, &name, &value))
        if (header_count(a, &name, &value) != header_count(b, &name, &value))
            return false;
    return true;
}

/* RFC 5954 §4.2: addresses by their bits, however they are written. */
static bool host_equal(struct view a, struct view b)
{
    struct addr x, y;
    if (view_equal_nocase(a, b))
        return true;
    return addr_host_parse(a, &x) == ERR_OK && addr_host_parse(b, &y) == ERR_OK &&
           addr_ip_equal(&x, &y);
}

static bool sip_equal(const struct sip_uri *a, const struct sip_uri *b)
{
    return part_equal(a->user, b->user, false) && part_equal(a->password, b->password, false) &&
           host_equal(a->host, b->host) && a->port == b->port &&
           params_match(&a->params, &b->params) && params_match(&b->params, &a->params) &&
           headers_equal(a->headers, b->headers);
}

/* RFC 3966 §5.1.1: visual-separator = "-" / "." / "(" / ")" */
static int digit_next(const char **at, const char *end)
{
    while (*at < end && (**at == '-' || **at == '.' || **at == '(' || **at == ')'))
        (*at)++;
    if (*at == end)
        return -1;
    char c = *(*at)++;
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool number_equal(struct view a, struct view b)
{
    if (a.len == 0 || b.len == 0)
        return a.len == b.len;
    const char *a_at = a.ptr, *a_end = a.ptr + a.len;
    const char *b_at = b.ptr, *b_end = b.ptr + b.len;
    for (;;) {
        int a_digit = digit_next(&a_at, a_end), b_digit = digit_next(&b_at, b_end);
        if (a_digit != b_digit)
            return false;
        if (a_digit < 0)
            return true;
    }
}

/* A phone-context that is a number, and an extension, are compared without separators. */
static bool tel_param_equal(const struct sip_param *a, const struct sip_param *b)
{
    bool number = view_equal_nocase(a->name, V("ext")) ||
                  (view_equal_nocase(a->name, V("phone-context")) && view_starts(a->value, V("+")));
    return number ? number_equal(a->value, b->value) : part_equal(a->value, b->value, true);
}

static bool tel_equal(const struct sip_uri *a, const struct sip_uri *b)
{
    if (!number_equal(a->user, b->user) || a->params.count != b->params.count)
        return false;
    for (size_t i = 0; i < a->params.count; i++) {
        const struct sip_param *other = param_of(&b->params, a->params.items[i].name);
        if (other == NULL || !tel_param_equal(&a->params.items[i], other))
            return false;
    }
    return true;
}

bool sip_uri_equal(const struct sip_uri *a, const struct sip_uri *b)
{
    if (a->scheme != b->scheme)
        return false;
    if (a->params.count > PARTS_MAX || b->params.count > PARTS_MAX)
        return view_equal(a->text, b->text);
    switch (a->scheme) {
    case SIP_SCHEME_TEL:
        return tel_equal(a, b);
    case SIP_SCHEME_OTHER:
        return view_equal(a->text, b->text);
    default:
        return sip_equal(a, b);
    }
}
