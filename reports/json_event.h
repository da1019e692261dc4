/* An event as members of a JSON object, by the rows of core/base/trace_field.h, and back.
 *
 *     json_event_add(out, &event);
 *     enum err err = json_event_read(object, &arena, &event);
 */
#pragma once
#include "reports/json.h"

void json_event_add(struct buf *out, const struct trace_event *event);
/* Views lie in the arena. SYNTAX: a member has a type or value that it cannot have. */
enum err json_event_read(const json_t *object, struct arena *arena,
                         struct trace_event *out) NODISCARD;
