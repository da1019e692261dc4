#include "reports/event.h"

bool event_take(struct view *rest, struct arena *arena, struct trace_event *out)
{
    size_t took = trace_decode(*rest, arena, out);
    if (took == 0 || took == SIZE_MAX) {
        *rest = (struct view){0};
        return false;
    }
    *rest = view_skip(*rest, took);
    return true;
}
