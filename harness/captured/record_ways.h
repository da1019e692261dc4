/* The ways in which a captured call can be written, the best one first: each is tried.
 *
 *     enum err err = record_ways_try(call, &device, &whys, &outline);
 *     record_whys_deinit(&whys);
 */
#pragma once
#include "harness/record/outline.h"

enum { RECORD_WRITTEN_MOST = 256 << 20 };

struct record_whys {     /* zeroed */
    struct buf undriven; /* why it is not with t.dut; empty: it is, or nobody wanted it */
    struct buf why;      /* why there is none, or none but by wires */
};

/* The first way that holds: with t.dut for the device (family 0: none), if what it does can be
 * triggered. ERR_SYNTAX: there is none. */
enum err record_ways_try(const struct call *call, const struct addr *device,
                         struct record_whys *whys, struct outline **out) NODISCARD;
void record_whys_deinit(struct record_whys *whys);
