#include "harness/pattern/field_types.h"

enum { INDEX_MAX = 1000000 };

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+';
}

static struct view name_take(struct view *rest)
{
    size_t len = 0;
    while (len < rest->len && is_name(rest->ptr[len]))
        len++;
    struct view name = view_head(*rest, len);
    *rest = view_skip(*rest, len);
    return name;
}

/* "[2]", 0: this is none. */
static uint64_t index_take(struct view *rest)
{
    struct view digits = view_skip(*rest, 1);
    size_t len = view_find_char(digits, ']');
    uint64_t index = 0;
    if (len == digits.len || !view_to_uint(view_head(digits, len), INDEX_MAX, &index))
        return 0;
    *rest = view_skip(digits, len + 1);
    return index;
}

/* A name in quotes may hold anything: "\"X-Foo\"", "contact.params.\"+sip.instance\"". */
static bool quoted_take(struct view *rest, struct view *out_name)
{
    struct view quoted = view_skip(*rest, 1);
    size_t len = view_find_char(quoted, '"');
    *out_name = view_head(quoted, len);
    *rest = view_skip(quoted, len + 1);
    return len != 0 && len < quoted.len;
}

static struct field first_take(struct sip_msg *msg, struct view *rest, struct view *out_name)
{
    if (view_starts(*rest, V("\"")))
        return quoted_take(rest, out_name) ? field_header(msg, *out_name) : field_unknown();
    *out_name = name_take(rest);
    return field_member(field_of_message(msg), *out_name);
}

static struct field step_take(struct field field, struct view *rest, struct view *out_name)
{
    *out_name = *rest;
    if (view_starts(*rest, V("["))) {
        uint64_t index = index_take(rest);
        return index == 0 ? field_unknown() : field_index(field, index);
    }
    if (!view_starts(*rest, V(".")))
        return field_unknown();
    *rest = view_skip(*rest, 1);
    if (!view_starts(*rest, V("\"")))
        *out_name = name_take(rest);
    else if (!quoted_take(rest, out_name))
        return field_unknown();
    return field_member(field, *out_name);
}

struct field field_path_walk(struct sip_msg *msg, struct view path, struct view *out_bad,
                             struct field *out_owner)
{
    struct view rest = path;
    *out_owner = field_of_message(msg);
    struct field field = first_take(msg, &rest, out_bad);
    while (rest.len != 0 && field.kind != FIELD_UNKNOWN) {
        *out_owner = field;
        field = step_take(field, &rest, out_bad);
    }
    return field;
}

struct field field_path(struct sip_msg *msg, struct view path)
{
    struct view bad;
    struct field owner;
    return field_path_walk(msg, path, &bad, &owner);
}
