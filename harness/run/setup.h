/* What is settled before the first worker is forked: files, parameters, secrets, forced choices,
 * rules that are off.
 *
 *     enum err err = setup_make(&options, &setup, &complaint);
 *     struct worker_setup worker = setup_worker(&setup);
 */
#pragma once
#include "harness/gate/gate.h"
#include "harness/run/mutants.h"
#include "harness/run/worker.h"

struct targets;

struct setup {
    const struct options *options;
    struct discovery discovery;
    struct named_text *params, *secrets;
    size_t param_count, secret_count;
    struct secrets hidden; /* the values of the secrets */
    struct choice *choices;
    size_t choice_count;
    struct view *ignored;        /* ids of rules */
    struct net_link link;        /* where options->link is given */
    struct addr dns;             /* family 0: not given */
    struct mutants mutants;      /* where they are asked for */
    const struct mutant *mutant; /* NULL: the device is as it should be */
    uint32_t jobs;
    struct gate gate; /* with the baselines of the command line, not yet settled */
    char today[11];   /* "2026-11-23" */
};

/* ERR_SYNTAX: the complaint is one sentence. */
enum err setup_make(const struct options *options, struct setup *out,
                    struct buf *complaint) NODISCARD;
/* What sipwright.lua says, and the target that is wanted. ERR_SYNTAX: likewise. */
enum err setup_targets(const struct setup *setup, struct targets *out,
                       struct buf *complaint) NODISCARD;
/* What the target bears at a time, where the command line does not say. */
void setup_target_jobs(struct setup *setup, uint32_t jobs);
struct worker_setup setup_worker(const struct setup *setup); /* borrows */
void setup_deinit(struct setup *setup);
