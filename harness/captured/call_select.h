/* Which calls of a capture are meant, and what its parties are called: --calls, --agents, --dut.
 *
 *     enum err err = call_selection_read(options, &selection, &complaint);
 *     if (call_selection_has(&selection, call, number))
 *         use(call);
 */
#pragma once
#include "harness/calls/calls.h"
#include "harness/options/options.h"

struct call_span { /* numbers, or a Call-ID */
    uint32_t first, last;
    struct view call_id; /* absent: numbers */
    bool met;
};

struct call_selection {
    struct call_span *spans;
    uint32_t count, size; /* 0: all that are complete */
    struct call_name *names;
    bool *name_met;
    size_t name_count;
    struct addr device; /* family 0: none */
    bool device_met;
    struct buf parties; /* that were seen, for complaints */
    uint32_t seen, messages, listed;
};

/* ERR_SYNTAX: the complaint has one sentence; MEMORY. */
enum err call_selection_read(const struct options *options, struct call_selection *out,
                             struct buf *complaint) NODISCARD;
uint32_t call_selection_number(const struct call_selection *selection); /* of the next call */
void call_selection_see(struct call_selection *selection, const struct call *call);
bool call_selection_has(struct call_selection *selection, const struct call *call, uint32_t number);
/* False: somebody or something that was named is not in the captures; the complaint lists who is.
 */
bool call_selection_met(const struct call_selection *selection, struct buf *complaint);
void call_selection_deinit(struct call_selection *selection);
