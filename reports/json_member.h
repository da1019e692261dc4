/* Members of an object on one line of JSON, written and read.
 *
 *     json_number_add(out, "seed", run->seed);
 *     if (!json_number_read(object, "seed", &run->seed))
 *         return ERR_SYNTAX;
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

/* All leave *out where the member is not there, and are false where it has another type. Text is
 * copied to the arena. */
bool json_number_read(const json_t *object, const char *name, uint64_t max, uint64_t *out);
bool json_number32_read(const json_t *object, const char *name, uint32_t *out);
bool json_flag_read(const json_t *object, const char *name, bool *out);
bool json_text_read(const json_t *object, const char *name, struct arena *arena, struct view *out);
bool json_object_read(const json_t *object, const char *name, struct arena *arena,
                      struct view *out);
