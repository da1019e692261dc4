/* The events of a case, one after the other.
 *
 *     struct view rest = one->events;
 *     for (struct trace_event event; event_take(&rest, NULL, &event);)
 *         use(&event);
 */
#pragma once
#include "core/base.h"

/* False at the end, and where what follows is no event. The arena is for evidence; NULL: left out.
 */
bool event_take(struct view *rest, struct arena *arena, struct trace_event *out);
