/* Which calls of a capture are meant, and what its parties are called: --calls, --agents, --dut.
 *
 *     enum err err = record_selection_read(options, &selection, &complaint);
 *     if (record_selection_has(&selection, call, number))
 *         use(call);
 */
#pragma once
#include "harness/calls/calls.h"
#include "harness/options/options.h"

struct record_span { /* numbers, or a Call-ID */
    uint32_t first, last;
    struct view call_id; /* absent: numbers */
    bool met;
};

struct record_selection {
    struct record_span *spans;
    uint32_t count, size; /* 0: all that are complete */
    struct call_name *names;
    bool *name_met;
    size_t name_count;
    struct addr device; /* family 0: none */
    bool device_met;
    struct buf parties; /* that were seen, for complaints */
    uint32_t seen, messages, unread, listed;
};

/* ERR_SYNTAX: the complaint has one sentence; MEMORY. */
enum err record_selection_read(const struct options *options, struct record_selection *out,
                               struct buf *complaint) NODISCARD;
uint32_t record_selection_number(const struct record_selection *selection); /* of the next call */
void record_selection_see(struct record_selection *selection, const struct call *call);
bool record_selection_has(struct record_selection *selection, const struct call *call,
                          uint32_t number);
/* False: somebody or something that was named is not in the captures; the complaint lists who is.
 */
bool record_selection_met(const struct record_selection *selection, struct buf *complaint);
void record_selection_deinit(struct record_selection *selection);
