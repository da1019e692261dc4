/* jansson at arm's length: its errors are ours, its strings are views.
 *
 *     json_t *root = NULL;
 *     enum err err = json_load(text, &root);
 *     struct view name = json_view(json_object_get(root, "name"));
 *     json_decref(root);
 */
#pragma once
#include "core/base.h"

#include <jansson.h>

/* SYNTAX: no JSON object or array. */
enum err json_load(struct view text, json_t **out) NODISCARD;
/* Adds it to out as compact ASCII. MEMORY, LIMIT. */
enum err json_dump(const json_t *value, struct buf *out) NODISCARD;
struct view json_view(const json_t *value); /* absent where it is no string */

/* One JSON string with its quotes: ASCII controls, and what a terminal would obey, as \uXXXX.
 * False, and nothing is written: the text is no UTF-8. */
bool json_add_text(struct buf *out, struct view text);
void json_add_base64(struct buf *out, struct view bytes); /* RFC 4648 §4, with its quotes */
bool json_base64_read(struct view text, struct buf *out);
