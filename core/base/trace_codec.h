/* The binary form of a trace event: in the trace's memory and on the pipe between worker and parent
 * (same machine, same build: no versioning; the JSON lines of reports/ are the lasting form).
 *
 *     size_t len = trace_decode(bytes, &event);
 */
#pragma once
#include "core/base/arena.h"
#include "core/base/trace.h"

/* Room that is enough for this event; SIZE_MAX: it is too large to be encoded. */
size_t trace_encode_most(const struct trace_event *event);
/* Writes it to an address aligned to 8, and returns its length, a multiple of 8; 0: it does not fit
 * (it always does where there is room for trace_encode_most). */
size_t trace_encode_to(char *room, size_t size, const struct trace_event *event);
/* Appends one event, framed by its length. Fails sticky in buf. */
void trace_encode(struct buf *buf, const struct trace_event *event);
/* Reads one event from the head of bytes, its views borrowing from them. Returns the bytes it took,
 * 0 when there are not enough yet, SIZE_MAX when they are not an event. Evidence is borrowed too
 * where the bytes are aligned to 8, else it is copied to the arena; without one it is left out. */
size_t trace_decode(struct view bytes, struct arena *arena, struct trace_event *out);
