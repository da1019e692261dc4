/* A captured call as events, so that ladders and reports draw it like any case and know nothing of
 * captures: a PARTY each, then a MESSAGE each (SIDE_SEEN, with its frame). Time 0 is that of the
 * first message.
 *
 *     enum err err = call_trace(call, trace);
 */
#pragma once
#include "harness/calls/calls.h"

/* ERR_LIMIT: the trace could not keep all of it. */
enum err call_trace(const struct call *call, struct trace *trace) NODISCARD;
/* The event's number of a message, in a trace that had `before` events when call_trace began. */
uint64_t call_trace_seq(const struct call *call, uint64_t before, uint32_t message);
