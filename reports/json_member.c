#include "reports/json_member.h"

#include <stdio.h>
#include <stdlib.h>

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
    json_t *root = NULL;
    if (json_load(text, &root) == ERR_OK && json_is_object(root)) {
        json_key_add(out, name, "");
        enum err err = json_dump(root, out);
        if (err != ERR_OK)
            out->failed = err;
    } else {
        json_text_add(out, name, text);
    }
    json_decref(root);
}

void json_take_fail(struct json_taker *taker, enum err err)
{
    if (taker->err == ERR_OK)
        taker->err = err;
}

const json_t *json_take_any(struct json_taker *taker, const char *name)
{
    const json_t *value = json_object_get(taker->object, name);
    return taker->err != ERR_OK || json_is_null(value) ? NULL : value;
}

static bool number_of(const json_t *value, uint64_t *out)
{
    if (json_is_string(value))
        return view_to_uint(json_view(value), UINT64_MAX, out);
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *out = (uint64_t)json_integer_value(value);
    return true;
}

void json_take_number(struct json_taker *taker, const char *name, uint64_t max, uint64_t *out)
{
    const json_t *value = json_take_any(taker, name);
    uint64_t number;
    if (value == NULL)
        return;
    if (number_of(value, &number) && number <= max)
        *out = number;
    else
        json_take_fail(taker, ERR_SYNTAX);
}

void json_take_number32(struct json_taker *taker, const char *name, uint32_t *out)
{
    uint64_t number = *out;
    json_take_number(taker, name, UINT32_MAX, &number);
    *out = (uint32_t)number;
}

void json_take_flag(struct json_taker *taker, const char *name, bool *out)
{
    const json_t *value = json_take_any(taker, name);
    if (value != NULL && !json_is_boolean(value))
        json_take_fail(taker, ERR_SYNTAX);
    else if (value != NULL)
        *out = json_is_true(value);
}

static void text_keep(struct json_taker *taker, struct view text, struct view *out)
{
    struct view copy = arena_copy(taker->arena, text);
    if (copy.ptr == NULL)
        json_take_fail(taker, ERR_MEMORY);
    else
        *out = copy;
}

static void base64_take(struct json_taker *taker, const char *name, struct view *out)
{
    char full[64];
    struct buf bytes = {0};
    snprintf(full, sizeof full, "%s_base64", name);
    const json_t *value = json_take_any(taker, full);
    if (value == NULL)
        return;
    if (!json_is_string(value) || !json_base64_read(json_view(value), &bytes))
        json_take_fail(taker, ERR_SYNTAX);
    else if (bytes.failed != ERR_OK)
        json_take_fail(taker, bytes.failed);
    else
        text_keep(taker, buf_view(&bytes), out);
    buf_deinit(&bytes);
}

void json_take_text(struct json_taker *taker, const char *name, struct view *out)
{
    const json_t *value = json_take_any(taker, name);
    if (value == NULL)
        base64_take(taker, name, out);
    else if (json_is_string(value))
        text_keep(taker, json_view(value), out);
    else
        json_take_fail(taker, ERR_SYNTAX);
}

void json_take_object(struct json_taker *taker, const char *name, struct view *out)
{
    const json_t *value = json_take_any(taker, name);
    struct buf dump = {0};
    if (!json_is_object(value)) {
        json_take_text(taker, name, out);
        return;
    }
    enum err err = json_dump(value, &dump);
    if (err == ERR_OK)
        text_keep(taker, buf_view(&dump), out);
    else
        json_take_fail(taker, err);
    buf_deinit(&dump);
}
