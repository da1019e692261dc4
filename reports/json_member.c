#include "reports/json_member.h"

#include <stdio.h>

void json_key_add(struct buf *out, const char *name, const char *tail)
{
    buf_add(out, V(",\""));
    buf_add(out, view_of(name));
    buf_add(out, view_of(tail));
    buf_add(out, V("\":"));
}

/* A number that a double cannot hold stands in quotes, or JavaScript would round it. */
void json_number_add(struct buf *out, const char *name, uint64_t value)
{
    bool quoted = value > UINT64_C(9007199254740992);
    json_key_add(out, name, "");
    buf_add(out, quoted ? V("\"") : V(""));
    buf_add_uint(out, value);
    buf_add(out, quoted ? V("\"") : V(""));
}

void json_flag_add(struct buf *out, const char *name, bool value)
{
    json_key_add(out, name, "");
    buf_add(out, value ? V("true") : V("false"));
}

/* Bytes that are no UTF-8 have "_base64" at their name's end. */
void json_text_add(struct buf *out, const char *name, struct view text)
{
    if (text.ptr == NULL)
        return;
    size_t start = out->len;
    json_key_add(out, name, "");
    if (json_add_text(out, text) || out->failed != ERR_OK)
        return;
    out->len = start;
    json_key_add(out, name, "_base64");
    json_add_base64(out, text);
}

/* An object stands as one; anything else as text. */
void json_object_add(struct buf *out, const char *name, struct view text)
{
    json_t *root = json_of(text);
    char *dump = json_is_object(root) ? json_dumps(root, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    if (dump == NULL) {
        json_text_add(out, name, text);
    } else {
        json_key_add(out, name, "");
        buf_add(out, view_of(dump));
    }
    mem_free(dump);
    json_decref(root);
}

static json_t *member(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    return json_is_null(value) ? NULL : value;
}

bool json_number_read(const json_t *object, const char *name, uint64_t max, uint64_t *out)
{
    const json_t *value = member(object, name);
    uint64_t number;
    if (value == NULL)
        return true;
    if (json_is_string(value)) {
        if (!view_to_uint(json_view(value), max, &number))
            return false;
    } else {
        if (!json_is_integer(value) || json_integer_value(value) < 0)
            return false;
        number = (uint64_t)json_integer_value(value);
    }
    if (number > max)
        return false;
    *out = number;
    return true;
}

bool json_number32_read(const json_t *object, const char *name, uint32_t *out)
{
    uint64_t number = *out;
    if (!json_number_read(object, name, UINT32_MAX, &number))
        return false;
    *out = (uint32_t)number;
    return true;
}

bool json_flag_read(const json_t *object, const char *name, bool *out)
{
    const json_t *value = member(object, name);
    if (value != NULL && !json_is_boolean(value))
        return false;
    *out = value == NULL ? *out : json_is_true(value);
    return true;
}

static bool base64_read(const json_t *object, const char *name, struct arena *arena,
                        struct view *out)
{
    char full[64];
    int len = snprintf(full, sizeof full, "%s_base64", name);
    const json_t *value = len < (int)sizeof full ? member(object, full) : NULL;
    struct buf bytes = {0};
    if (value == NULL)
        return true;
    bool good = json_is_string(value) && json_base64_read(json_view(value), &bytes);
    if (good && bytes.failed == ERR_OK)
        *out = arena_copy(arena, buf_view(&bytes));
    buf_deinit(&bytes);
    return good && out->ptr != NULL;
}

bool json_text_read(const json_t *object, const char *name, struct arena *arena, struct view *out)
{
    const json_t *value = member(object, name);
    if (value == NULL)
        return base64_read(object, name, arena, out);
    if (!json_is_string(value))
        return false;
    *out = arena_copy(arena, json_view(value));
    return out->ptr != NULL;
}

bool json_object_read(const json_t *object, const char *name, struct arena *arena, struct view *out)
{
    const json_t *value = member(object, name);
    if (!json_is_object(value))
        return json_text_read(object, name, arena, out);
    char *dump = json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII);
    if (dump != NULL)
        *out = arena_copy(arena, view_of(dump));
    mem_free(dump);
    return out->ptr != NULL;
}
