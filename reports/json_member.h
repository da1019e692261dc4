/* Members of an object on one line of JSON, written and read.
 *
 *     json_number_add(out, "seed", run->seed);
 *
 *     struct json_taker taker = {.object = line, .arena = &arena};
 *     json_take_number(&taker, "seed", UINT64_MAX, &run->seed);
 *     return taker.err;
 */
#pragma once
#include "reports/json.h"

/* All begin with a comma: the line's first member is written by hand. */
void json_key_add(struct buf *out, const char *name, const char *tail);
void json_number_add(struct buf *out, const char *name, uint64_t value);
void json_flag_add(struct buf *out, const char *name, bool value);
/* The absent view writes nothing. Bytes that are no UTF-8 get "_base64" behind the name. */
void json_text_add(struct buf *out, const char *name, struct view text);
/* JSON text: an object stands as one; anything else as a string. */
void json_object_add(struct buf *out, const char *name, struct view text);

/* Reading is sticky: after the first failure nothing is read and err stays. What is not there
 * leaves *out as it is; what has another type is ERR_SYNTAX. Text is copied to the arena. */
struct json_taker {
    const json_t *object;
    struct arena *arena;
    enum err err;
};

void json_take_number(struct json_taker *taker, const char *name, uint64_t max, uint64_t *out);
void json_take_number32(struct json_taker *taker, const char *name, uint32_t *out);
void json_take_flag(struct json_taker *taker, const char *name, bool *out);
void json_take_text(struct json_taker *taker, const char *name, struct view *out);
void json_take_object(struct json_taker *taker, const char *name, struct view *out);
/* NULL: not there, or something failed before. */
const json_t *json_take_any(struct json_taker *taker, const char *name);
void json_take_fail(struct json_taker *taker, enum err err);
