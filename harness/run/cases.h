/* The cases of a run, from the plan (plan.h) to the verdicts: hands scenarios to the workers, takes
 * in their events and results, tries again, and knows when to stop.
 *
 *     enum err err = cases_run(&cases, pool);
 *     struct view events = case_events(&cases, &cases.items[i]);
 *
 * What comes out does not depend on the number of workers, nor on who is through first.
 */
#pragma once
#include "harness/gate/gate.h"
#include "harness/listing/listing.h"
#include "harness/run/spool.h"
#include "harness/run/waits.h"
#include "reports/reports.h"

struct first_try {
    struct report_case report; /* but for events */
    uint32_t worker;
    uint64_t events_from, events_len; /* in the worker's spool */
};

struct run_case {
    const struct listed *listed;        /* NULL: a file that does not load, or it vanished */
    const struct load_failure *failure; /* then */
    struct report_case report;          /* but for events */
    struct first_try *first;            /* that failed; NULL: it did not */
    uint32_t repetition, tries, worker;
    uint64_t events_from, events_len; /* in the worker's spool */
    uint64_t started_us;              /* of real time: its newest try */
    bool done, running, shown;
    bool environment; /* no verdict: the environment did not let it run */
    bool xfailed;     /* it was judged, and is shown as skipped */
    bool misuse;      /* the script is wrong, whatever the device does */
    bool crashed;     /* a fault of ours */
    bool lost_events;
    struct run_case *again; /* the next one to be tried again */
};

struct cases_setup { /* borrowed */
    const struct options *options;
    const struct discovery *discovery;
    const struct listing *listing;
    const struct gate *gate;
    struct secrets *hidden; /* in nothing that is told; NULL: there are none */
    uint64_t seed;
    uint32_t jobs;
    /* A case is through, in their order; at_once: in that in which they come to their ends. */
    bool at_once;
    void (*show)(void *ctx, struct run_case *one);
    int (*round)(void *ctx);  /* as in struct pool_user */
    void (*asked)(void *ctx); /* likewise */
    bool (*again)(void *ctx); /* all are through: once more? NULL: no */
    void *ctx;
};

struct cases {
    struct cases_setup setup;
    struct arena plan_arena;
    struct arena arena;     /* of what is known of the cases: begins anew with each round */
    struct run_case *items; /* by file, then as they were registered */
    size_t count;
    uint64_t planned, plan; /* cases of the whole run over all shards, and the hash of their ids */
    struct spool *spools;   /* one a worker */
    struct waits *waits;    /* likewise: what it is at */
    size_t next, shown;     /* to be handed out, to be shown */
    size_t last;            /* the last that counts, with --fail-fast and --max-failures */
    struct run_case *again;
    bool holding; /* nothing is shown before it is known that it is the last round */
    enum err err; /* sticky: memory, or the spool */
};

/* ERR_STATE: a signal came; what was not through by then is marked so. */
enum err cases_run(struct cases *cases, struct pool *pool) NODISCARD;
/* What runs now, at most `most` of them, in order. */
size_t cases_running(const struct cases *cases, const struct run_case **out, size_t most);
const struct waits *case_waits(const struct cases *cases, const struct run_case *one);
/* Borrowed until the next call, after cases_settle until cases_deinit. */
struct view case_events(struct cases *cases, const struct run_case *one);
struct view case_first_events(struct cases *cases, const struct run_case *one); /* likewise */
enum err cases_settle(struct cases *cases) NODISCARD; /* no more events come; IO */
void cases_deinit(struct cases *cases);
