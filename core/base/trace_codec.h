/* The binary form of a trace event: in the trace's memory and on the pipe between worker and parent
 * (same machine, same build: no versioning; the JSON lines of reports/ are the lasting form).
 *
 *     size_t len = trace_decode(bytes, &event);
 */
#pragma once
#include "core/base/arena.h"
#include "core/base/trace.h"

/* Appends one event, framed by its length. Fails sticky in buf. */
void trace_encode(struct buf *buf, const struct trace_event *event);
/* Reads one event from the head of bytes, its views borrowing from them. Returns the bytes it took,
 * 0 when there are not enough yet, SIZE_MAX when they are not an event. Evidence needs an arena;
 * NULL leaves it out. */
size_t trace_decode(struct view bytes, struct arena *arena, struct trace_event *out);
