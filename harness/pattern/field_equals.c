#include "harness/pattern/field_types.h"

static bool integer_parse(struct view text, int64_t *out)
{
    bool negative = view_starts(text, V("-"));
    uint64_t number;
    if (!view_to_uint(view_skip(text, negative), INT64_MAX, &number))
        return false;
    *out = negative ? -(int64_t)number : (int64_t)number;
    return true;
}

static bool has_number(struct field field)
{
    return field.kind == FIELD_NUMBER ||
           (field.kind == FIELD_OBJECT &&
            (field.type == FIELD_TYPE_CSEQ || field.type == FIELD_TYPE_SECONDS ||
             field.type == FIELD_TYPE_RETRY_AFTER));
}

bool field_number(struct field field, int64_t *out)
{
    if (has_number(field)) {
        *out = field.number;
        return true;
    }
    return field.kind == FIELD_TEXT && integer_parse(field.text, out);
}

static bool number_equals(struct field field, struct view literal)
{
    int64_t number;
    return has_number(field) && integer_parse(literal, &number) && number == field.number;
}

/* RFC 3261 §19.1.4 where the literal is a URI. */
static bool uri_equals(const struct sip_uri *uri, struct view literal)
{
    struct arena arena = {0};
    struct sip_uri other;
    bool equal = sip_uri_parse(literal, &arena, &other) == ERR_OK && sip_uri_equal(uri, &other);
    arena_deinit(&arena);
    return equal;
}

static bool media_type_equals(const struct sip_media_type *type, struct view literal)
{
    size_t slash = view_find_char(literal, '/');
    return slash < literal.len && view_equal_nocase(type->type, view_head(literal, slash)) &&
           view_equal_nocase(type->subtype, view_skip(literal, slash + 1));
}

static bool object_equals(struct field field, struct view literal)
{
    switch (field.type) {
    case FIELD_TYPE_URI:
        return uri_equals(field.ptr, literal);
    case FIELD_TYPE_MEDIA_TYPE:
        return media_type_equals(field.ptr, literal);
    case FIELD_TYPE_TOKEN:
    case FIELD_TYPE_EVENT:
    case FIELD_TYPE_SUBSCRIPTION_STATE:
    case FIELD_TYPE_REASON:
        return view_equal_nocase(((const struct sip_token_params *)field.ptr)->token, literal);
    default:
        return number_equals(field, literal);
    }
}

static bool list_has(struct field list, struct view literal)
{
    size_t cursor = 0;
    struct field element = field_next(list, &cursor);
    for (; element.kind != FIELD_UNKNOWN; element = field_next(list, &cursor))
        if (field_equals(element, literal))
            return true;
    return false;
}

bool field_equals(struct field field, struct view literal)
{
    switch (field.kind) {
    case FIELD_TEXT:
        return field.any_case ? view_equal_nocase(field.text, literal)
                              : view_equal(field.text, literal);
    case FIELD_NUMBER:
        return number_equals(field, literal);
    case FIELD_BOOL:
        return view_equal(field.text, literal);
    case FIELD_OBJECT:
        return (field.text.ptr != NULL && view_equal(field.text, literal)) ||
               object_equals(field, literal);
    case FIELD_LIST:
        return list_has(field, literal);
    default:
        return false;
    }
}
