/* What a worker process does: lists files, runs scenarios one at a time, streams their events.
 *
 *     struct pool_options pool = {.jobs = 4, .ctx = &setup, .work = worker_work};
 */
#pragma once
#include "harness/listing/discover.h"
#include "harness/target/target.h"

struct mutant;
struct worker_setup { /* made before the fork, and only read after it */
    const struct options *options;
    const struct discovery *discovery;
    const struct named_text *params, *secrets;
    size_t param_count, secret_count;
    const struct choice *choices;
    size_t choice_count;
    struct view_list ignored;    /* ids of rules */
    const struct net_link *link; /* NULL: not given */
    struct addr dns;             /* family 0: not given */
    const struct mutant *mutant; /* NULL: none */
    bool shows_waits;            /* there is a screen that shows what is waited for */
};

/* setup: struct worker_setup. Returns at the end of `in`. */
void worker_work(void *setup, int in, int out);
