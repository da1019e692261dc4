/* One run of one scenario in a worker: its network, its trace, its verdict.
 *
 *     enum err err = trial_run(suite, &options, &trial);
 *     trial_pack(&trial, err, &buf);
 *     trial_deinit(&trial);
 */
#pragma once
#include "harness/run/live.h"
#include "harness/target/target.h"
#include "harness/scene/run.h"

#include <signal.h>

struct trial_options {
    size_t index; /* of the suite */
    uint64_t seed;
    struct view skip; /* as trial_skip says; empty: it runs */
    bool real;
    const struct target *target; /* NULL: none */
    struct scene_way way;
    const struct choice *choices;
    size_t choice_count;
    struct view_list ignored;    /* ids of rules that the monitor does not judge by */
    const struct net_link *link; /* NULL: the usual network */
    struct addr dns; /* who is asked for names; family 0: as the target says, else the system's */
    void *ctx;
    void (*waits)(void *ctx);  /* called when the real network keeps the scenario waiting */
    struct scene_watch *watch; /* asks what it waits for */
    /* Set, on the real network: see transport_wake_fd. NULL: nobody wants to wake it. */
    volatile sig_atomic_t *wake_fd;
    size_t window; /* of the trace, and what makes room in it: struct trace_options */
    void (*full)(void *ctx, struct trace *trace);
};

struct trial {
    struct trace *trace;
    struct driver *driver;
    struct live live; /* on a real network it stands before the driver */
    struct scene_result result;
    uint64_t wall_us;
    bool environment; /* the system refused what a run needs: no verdict on anything */
};

/* Why this scenario is skipped, as it says itself or, in room, as we do; empty: it runs. */
struct view trial_skip(const struct scenario_info *info, const struct trial_options *options,
                       struct buf *room);
enum err trial_run(struct suite *suite, const struct trial_options *options,
                   struct trial *out) NODISCARD;
/* The frame of the result; err: what trial_run gave. */
void trial_pack(const struct trial *trial, enum err err, struct buf *buf);
void trial_deinit(struct trial *trial);
