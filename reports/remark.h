/* What a capture says about one packet, in one line: who said what to whom, and what befell it.
 *
 *     remark_write(&comment, &(struct remark){.survey = &survey, .event = &event, .nth_copy = 2,
 *                                             .first_frame = 1, .timer = V("A")});
 */
#pragma once
#include "reports/survey.h"

struct remark {
    const struct survey *survey;
    const struct trace_event *event; /* that the packet is of */
    uint32_t nth_copy, first_frame;  /* a retransmission: the nth, of what stands in this frame; 0:
                                        it  is none, or the first is not in the capture */
    struct view timer;               /* that fired for it; empty: not known */
    bool after_failure;              /* the first one behind the expectation that failed */
};

/* Nothing is written where nothing befell it. */
void remark_write(struct buf *out, const struct remark *remark);
