#include "harness/run/pool.h"
#include "harness/host/clock.h"
#include "harness/host/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { READ_ROOM = 256 << 10, IDLE_FACTOR = 10 };

struct slot {
    struct process process; /* pid 0: none runs */
    struct buf input;       /* read, with a frame that is not all there */
    bool busy;
    void *tag;
    uint64_t started_us, deadline_us;
    uint64_t limit_us, worked_us; /* by_work: of processor time; how much it had when it began */
    bool by_work;
};

struct pool {
    struct pool_options options;
    struct slot *slots;
    struct pollfd *polls; /* of the slots, then of the signals */
    int signals;
    int signal;
    sigset_t mask_before;
    bool disorder;
};

static enum err signals_open(struct pool *pool)
{
    sigset_t mask;

    sigemptyset(&mask);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGUSR1);
    if (sigprocmask(SIG_BLOCK, &mask, &pool->mask_before) != 0)
        return ERR_IO;
    pool->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    signal(SIGPIPE, SIG_IGN); /* a worker that died is seen by its end of file */
    return pool->signals < 0 ? ERR_IO : ERR_OK;
}

enum err pool_create(const struct pool_options *options, struct pool **out)
{
    struct pool *pool = mem_zalloc(sizeof *pool);

    if (pool == NULL)
        return ERR_MEMORY;
    pool->options = *options;
    pool->slots = mem_zalloc(options->jobs * sizeof *pool->slots);
    pool->polls = mem_zalloc((options->jobs + 1) * sizeof *pool->polls);
    enum err err = pool->slots == NULL || pool->polls == NULL ? ERR_MEMORY : signals_open(pool);
    if (err != ERR_OK) {
        mem_free(pool->polls);
        mem_free(pool->slots);
        mem_free(pool);
        return err;
    }
    *out = pool;
    return ERR_OK;
}

enum err pool_widen(struct pool *pool, uint32_t jobs)
{
    struct slot *slots = mem_zalloc(jobs * sizeof *slots);
    struct pollfd *polls = mem_zalloc((jobs + 1) * sizeof *polls);

    ASSERT(jobs >= pool->options.jobs);
    if (slots == NULL || polls == NULL) {
        mem_free(slots);
        mem_free(polls);
        return ERR_MEMORY;
    }
    memcpy(slots, pool->slots, pool->options.jobs * sizeof *slots);
    mem_free(pool->slots);
    mem_free(pool->polls);
    pool->slots = slots;
    pool->polls = polls;
    pool->options.jobs = jobs;
    return ERR_OK;
}

/* In the child: the ends of the others' pipes are none of its business. */
static void others_close(struct pool *pool)
{
    for (uint32_t i = 0; i < pool->options.jobs; i++)
        process_forget(&pool->slots[i].process);
    close(pool->signals);
}

static enum err slot_start(struct pool *pool, struct slot *slot)
{
    struct process_ends ends;
    enum err err = process_fork(&slot->process, &ends);

    if (err == ERR_OK && slot->process.pid == 0) {
        others_close(pool);
        pool->options.work(pool->options.ctx, ends.in, ends.out);
        process_exit();
    }
    return err;
}

/* A worker that waits for a job: one that runs, else a new one; NULL: all are busy. */
static struct slot *slot_idle(struct pool *pool)
{
    struct slot *empty = NULL;

    for (uint32_t i = 0; i < pool->options.jobs; i++) {
        struct slot *slot = &pool->slots[i];
        if (slot->process.pid != 0 && !slot->busy)
            return slot;
        if (slot->process.pid == 0 && empty == NULL)
            empty = slot;
    }
    return empty;
}

static enum err jobs_hand_out(struct pool *pool, const struct pool_user *user)
{
    struct pool_job job = {0};

    for (struct slot *slot; (slot = slot_idle(pool)) != NULL;) {
        if (!user->next(user->ctx, (uint32_t)(slot - pool->slots), &job))
            return ERR_OK;
        enum err err = slot->process.pid == 0 ? slot_start(pool, slot) : ERR_OK;
        slot->busy = true;
        slot->tag = job.tag;
        slot->by_work = job.by_work;
        slot->limit_us = job.limit_us;
        slot->worked_us = job.by_work ? clock_worked_us(slot->process.pid) : 0;
        slot->started_us = clock_wall_us();
        slot->deadline_us = slot->started_us + job.limit_us;
        if (err != ERR_OK)
            return err;
        process_tell(&slot->process, job.frame); /* refused: its end of file comes next */
    }
    return ERR_OK;
}

enum why { WHY_GONE, WHY_HUNG, WHY_BABBLES };

static enum pool_loss_kind loss_kind(const struct process_end *end, enum why why)
{
    if (why == WHY_HUNG)
        return LOSS_HUNG;
    bool shot = end->signal == SIGKILL || end->signal == SIGTERM;
    return why == WHY_GONE && shot ? LOSS_KILLED : LOSS_CRASHED;
}

/* In this job; 0: nobody asks. */
static uint64_t worked(const struct slot *slot)
{
    return slot->by_work ? clock_worked_us(slot->process.pid) - slot->worked_us : 0;
}

/* The worker is gone, or has to go. */
static void slot_end(struct pool *pool, struct slot *slot, const struct pool_user *user,
                     enum why why)
{
    uint64_t worked_us = why == WHY_HUNG ? worked(slot) : 0;
    struct process_end end = process_end(&slot->process, true);
    struct pool_loss loss = {.kind = loss_kind(&end, why),
                             .after_us = clock_wall_us() - slot->started_us,
                             .worked_us = worked_us >= slot->limit_us ? worked_us : 0,
                             .signal = end.signal,
                             .status = end.status};

    buf_clear(&slot->input);
    if (slot->busy) {
        slot->busy = false;
        user->lost(user->ctx, slot->tag, &loss);
    } else if (loss.kind == LOSS_CRASHED) {
        pool->disorder = true;
    }
}

/* Hands on the whole frames of what was read; false: it babbles. */
static bool frames_take(struct slot *slot, const struct pool_user *user)
{
    struct view bytes = buf_view(&slot->input);
    struct frame frame;
    size_t len;

    while ((len = frame_read(bytes, &frame)) != 0 && len != SIZE_MAX && slot->busy) {
        if (user->frame(user->ctx, slot->tag, &frame))
            slot->busy = false;
        bytes = view_skip(bytes, len);
    }
    if (len == SIZE_MAX || (len != 0 && !slot->busy))
        return false;
    if (bytes.len > 0)
        memmove(slot->input.ptr, bytes.ptr, bytes.len);
    slot->input.len = bytes.len;
    return true;
}

static void slot_read(struct pool *pool, struct slot *slot, const struct pool_user *user)
{
    char *room = buf_room(&slot->input, READ_ROOM);
    ssize_t len = room == NULL ? -1 : read(slot->process.out, room, READ_ROOM);

    if (len < 0 && (errno == EINTR || errno == EAGAIN) && room != NULL)
        return;
    if (len > 0)
        slot->input.len += (size_t)len;
    if (len <= 0)
        slot_end(pool, slot, user, WHY_GONE);
    else if (!frames_take(slot, user))
        slot_end(pool, slot, user, WHY_BABBLES);
}

/* Each that is busy is asked what it is at. */
static void ask(struct pool *pool, const struct pool_user *user)
{
    if (user->asked == NULL)
        return;
    for (uint32_t i = 0; i < pool->options.jobs; i++)
        if (pool->slots[i].busy)
            kill(pool->slots[i].process.pid, SIGUSR1);
    user->asked(user->ctx);
}

static void signal_read(struct pool *pool, const struct pool_user *user)
{
    struct signalfd_siginfo info;

    if (read(pool->signals, &info, sizeof info) != (ssize_t)sizeof info)
        return;
    if (info.ssi_signo == SIGUSR1)
        ask(pool, user);
    else
        pool->signal = (int)info.ssi_signo;
}

/* Milliseconds until the first limit is over; -1: nobody has one. */
static int wait_ms(const struct pool *pool, uint64_t now_us)
{
    uint64_t first_us = NEVER;

    for (uint32_t i = 0; i < pool->options.jobs; i++)
        if (pool->slots[i].busy && pool->slots[i].deadline_us < first_us)
            first_us = pool->slots[i].deadline_us;
    if (first_us == NEVER)
        return -1;
    uint64_t ms = first_us <= now_us ? 0 : (first_us - now_us) / 1000 + 1;
    return ms > 3600000 ? 3600000 : (int)ms;
}

static bool any_busy(const struct pool *pool)
{
    for (uint32_t i = 0; i < pool->options.jobs; i++)
        if (pool->slots[i].busy)
            return true;
    return false;
}

/* Who has not worked for so long is looked at again when he may have, at the soonest. */
static bool is_over(struct slot *slot, uint64_t now_us)
{
    uint64_t worked_us, last_us = slot->started_us + slot->limit_us * IDLE_FACTOR;

    if (!slot->busy || now_us < slot->deadline_us)
        return false;
    if (!slot->by_work || now_us >= last_us || (worked_us = worked(slot)) >= slot->limit_us)
        return true;
    slot->deadline_us = now_us + (slot->limit_us - worked_us);
    if (slot->deadline_us > last_us)
        slot->deadline_us = last_us;
    return false;
}

static void round_run(struct pool *pool, const struct pool_user *user, int most_ms)
{
    uint32_t jobs = pool->options.jobs;

    for (uint32_t i = 0; i < jobs; i++)
        pool->polls[i] =
            (struct pollfd){.fd = pool->slots[i].process.pid != 0 ? pool->slots[i].process.out : -1,
                            .events = POLLIN};
    pool->polls[jobs] = (struct pollfd){.fd = pool->signals, .events = POLLIN};
    int ms = wait_ms(pool, clock_wall_us());
    if (most_ms >= 0 && (ms < 0 || ms > most_ms))
        ms = most_ms;
    if (poll(pool->polls, jobs + 1, ms) < 0)
        return;
    if (pool->polls[jobs].revents != 0)
        signal_read(pool, user);
    for (uint32_t i = 0; i < jobs; i++)
        if (pool->polls[i].revents != 0)
            slot_read(pool, &pool->slots[i], user);
    uint64_t now_us = clock_wall_us();
    for (uint32_t i = 0; i < jobs; i++)
        if (is_over(&pool->slots[i], now_us))
            slot_end(pool, &pool->slots[i], user, WHY_HUNG);
}

enum err pool_run(struct pool *pool, const struct pool_user *user)
{
    for (;;) {
        enum err err = jobs_hand_out(pool, user);
        int again_ms = user->round != NULL ? user->round(user->ctx) : -1;
        if (err != ERR_OK || !any_busy(pool))
            return err;
        round_run(pool, user, again_ms);
        if (pool->signal != 0)
            return ERR_STATE;
    }
}

int pool_signal(const struct pool *pool)
{
    return pool->signal;
}

bool pool_destroy(struct pool *pool)
{
    bool clean = !pool->disorder;

    for (uint32_t i = 0; i < pool->options.jobs; i++)
        process_dismiss(&pool->slots[i].process);
    for (uint32_t i = 0; i < pool->options.jobs; i++) {
        struct slot *slot = &pool->slots[i];
        if (slot->process.pid != 0) {
            struct process_end end = process_end(&slot->process, slot->busy);
            clean = clean && (slot->busy || (end.signal == 0 && end.status == 0));
        }
        buf_deinit(&slot->input);
    }
    close(pool->signals);
    sigprocmask(SIG_SETMASK, &pool->mask_before, NULL);
    mem_free(pool->polls);
    mem_free(pool->slots);
    mem_free(pool);
    return clean;
}
