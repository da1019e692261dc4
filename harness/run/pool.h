/* Worker processes and their watchdog: hands out jobs, takes in frames, ends and replaces a worker
 * that dies, hangs or babbles. Knows nothing of what a job is.
 *
 *     enum err err = pool_create(&options, &pool);
 *     err = pool_run(pool, &user);     // until `next` has no more and all are idle
 *     bool clean = pool_destroy(pool);
 *
 * A worker is forked when it is first needed, from a parent that has opened nothing.
 */
#pragma once
#include "harness/run/frame.h"

struct pool;

struct pool_options {
    uint32_t jobs; /* most workers at a time */
    void *ctx;
    /* A worker's life: reads frames from `in` until its end, writes frames to `out`. */
    void (*work)(void *ctx, int in, int out);
};

struct pool_job {
    void *tag;         /* the caller's */
    struct view frame; /* what the worker is told; borrowed until the next call of `next` */
    uint64_t limit_us; /* of real time; then the worker is ended */
    bool by_work;      /* of the worker's processor time instead, which is the same however busy the
                          machine is; and ten times as much of real time */
};

enum pool_loss_kind {
    LOSS_HUNG,   /* over its limit, ended by us */
    LOSS_KILLED, /* by a signal that somebody else sent, or by the system for its memory */
    LOSS_CRASHED /* a fault of its own: ours, never the script's */
};

struct pool_loss {
    enum pool_loss_kind kind;
    uint64_t after_us;  /* since it got the job */
    uint64_t worked_us; /* of that its processor time, where it was over by that; else 0 */
    int signal, status; /* what ended it; 0: not a signal, not an exit */
};

struct pool_user {
    void *ctx;
    /* The next job, for this worker: a number from 0 on, which outlasts the worker's replacement.
     * False: none for now (it is asked again when a job ends). */
    bool (*next)(void *ctx, uint32_t worker, struct pool_job *out);
    bool (*frame)(void *ctx, void *tag, const struct frame *frame); /* true: the job is done */
    void (*lost)(void *ctx, void *tag, const struct pool_loss *loss);
    /* Somebody wants to know what goes on (SIGUSR1): the busy workers have been sent that signal,
     * too, which they must expect. NULL: nobody is asked. */
    void (*asked)(void *ctx);
    /* After each round; gives the milliseconds after which it wants to be called again at the
     * latest, -1: when something happens. May be NULL. */
    int (*round)(void *ctx);
};

enum err pool_create(const struct pool_options *options,
                     struct pool **out) NODISCARD; /* MEMORY, IO */
/* From now on so many workers at a time, no fewer than until now. Not while it runs. */
enum err pool_widen(struct pool *pool, uint32_t jobs) NODISCARD; /* MEMORY */
/* ERR_IO: no worker can be forked. ERR_STATE: a signal came, see pool_signal. */
enum err pool_run(struct pool *pool, const struct pool_user *user) NODISCARD;
int pool_signal(const struct pool *pool); /* SIGINT or SIGTERM; 0: none came */
/* Ends all workers and waits for them. False: one of them ended in disorder. */
bool pool_destroy(struct pool *pool);
