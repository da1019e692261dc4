/* What is to happen between the party that is played and its peers, in the capture's order: each
 * message once, without its copies.
 *
 *     struct plan plan;
 *     enum err err = plan_make(call, party, &arena, &plan);
 */
#pragma once
#include "harness/calls/calls.h"

struct step {
    const struct call_message *captured;
    uint32_t tx;          /* of the call's transactions */
    uint16_t peer;        /* the other party */
    bool ours;            /* the played party sends it */
    bool optional;        /* a 100 of the other side: RFC 3261 §17.2.1 leaves it open */
    bool by_itself;       /* the other side's stack makes it when its turn comes */
    bool ordered;         /* the other side has been told to do it */
    bool done;            /* it was sent, and has arrived; or it came */
    uint64_t delay_us;    /* after the step before it, as captured */
    struct sip_msg *live; /* what came or went for it; NULL: not yet */
};

struct plan {
    struct step *steps;
    uint32_t count;
    uint16_t played;
};

/* Steps live in the arena. MEMORY. */
enum err plan_make(const struct call *call, uint16_t played, struct arena *arena,
                   struct plan *out) NODISCARD;
void plan_drop(struct plan *plan); /* what its steps refer to */
/* Why it cannot be replayed, as a sentence; false: it can. */
bool plan_refuses(const struct plan *plan, struct buf *out_why);
enum proto plan_proto(enum carrier carrier); /* what it is replayed over */
