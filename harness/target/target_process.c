#include "harness/target/target_process.h"

#include "harness/target/ready.h"

#define START_LIMIT_US (UINT64_C(30) * US_PER_S)
#define RESET_LIMIT_US (UINT64_C(60) * US_PER_S)

static uint64_t or_usual(uint64_t limit_us, uint64_t usual_us)
{
    return limit_us == 0 ? usual_us : limit_us;
}

static bool start(struct target_process *process, const struct target *target)
{
    struct child_options options = {.argv = target->start, .folder = target->folder};
    uint64_t limit_us = or_usual(target->limits.start_us, START_LIMIT_US);
    enum err err = ready_vacant(target, &process->complaint);

    if (err == ERR_OK)
        err = child_start(&process->child, &options, &process->complaint);
    if (err == ERR_OK && !target->unasked)
        err = ready_wait(target, &process->child, limit_us, &process->complaint);
    process->there = err == ERR_OK;
    if (!process->there)
        child_close(&process->child);
    return process->there;
}

static bool reset(const struct target *target, struct buf *complaint)
{
    struct child_options options = {.argv = target->reset, .folder = target->folder};
    uint64_t limit_us = or_usual(target->limits.reset_us, RESET_LIMIT_US);
    struct child child = {0};
    struct process_end end;
    bool good = false;

    if (child_start(&child, &options, complaint) != ERR_OK)
        return false;
    if (!child_wait(&child, limit_us, &end)) {
        buf_printf(complaint, "its reset did not end within %.3g s",
                   (double)limit_us / (double)US_PER_S);
    } else if (end.signal != 0 || end.status != 0) {
        buf_add(complaint, V("its reset failed: "));
        process_end_write(complaint, &end);
    } else {
        good = true;
    }
    if (!good)
        child_said_write(&child, complaint);
    child_close(&child);
    return good;
}

/* Nobody's program that has not been heard of lately is asked; ours is started again where it does
 * not answer. */
static bool is_there(struct target_process *process, const struct target *target)
{
    struct buf *complaint = &process->complaint;
    size_t head = complaint->len;

    if (process->there || target->unasked)
        return true;
    process->there = ready_ask(target, NULL, process->mute, complaint) == ERR_OK;
    if (process->there || target->start == NULL)
        return process->there;
    complaint->len = head;
    child_stop(&process->child);
    return start(process, target);
}

static bool prepare(struct target_process *process, const struct target *target)
{
    bool spoilt = process->untidy || process->gone;

    if (target->start != NULL && spoilt && target->reset == NULL)
        child_stop(&process->child); /* what it keeps of the last scenario goes with it */
    process->untidy = process->gone = false;
    if (target->reset != NULL && process->used && !reset(target, &process->complaint))
        return false;
    if (target->start != NULL && process->child.pid == 0)
        return start(process, target);
    child_trim(&process->child);
    return is_there(process, target);
}

static void since_write(struct target_process *process)
{
    if (process->since.len > 0)
        buf_printf(&process->complaint, ", since '%.*s'", VIEW_ARG(buf_view(&process->since)));
}

bool target_process_prepare(struct target_process *process, const struct target *target)
{
    struct buf *complaint = &process->complaint;

    buf_clear(complaint);
    buf_printf(complaint, "the target %.*s", VIEW_ARG(target->name));
    if (process->failed) {
        buf_add(complaint, V(" is not there"));
        since_write(process);
        buf_add(complaint, V(": see the first scenario that says so"));
        return false;
    }
    buf_add(complaint, V(": "));
    if (!prepare(process, target)) {
        process->failed = true; /* nobody waits for it once more */
        since_write(process);
        return false;
    }
    process->used = true;
    return true;
}

/* Where it said nothing at all, it had gone before. */
static void past_take(struct target_process *process, const struct target_past *past)
{
    process->untidy = past->untidy;
    process->mute = past->mute;
    if (!past->mute) {
        buf_clear(&process->heard);
        buf_add(&process->heard, past->id);
    }
    buf_clear(&process->since);
    if (past->green && !past->untidy)
        return;
    process->there = false;
    buf_add(&process->since, process->heard.len > 0 ? buf_view(&process->heard) : past->id);
}

static bool has_ended(struct target_process *process, const struct target *target)
{
    struct process_end end;

    if (!child_ended(&process->child, &end))
        return false;
    child_sweep(&process->child); /* what it leaves would hold its ports */
    buf_clear(&process->complaint);
    buf_printf(&process->complaint,
               "the process of the target %.*s ended: ", VIEW_ARG(target->name));
    process_end_write(&process->complaint, &end);
    child_said_write(&process->child, &process->complaint);
    return true;
}

/* A reset that is due comes first. */
static bool is_asked(const struct target_process *process, const struct target *target)
{
    bool reset_due = process->untidy && target->reset != NULL;

    return !target->unasked && !reset_due && (target->start != NULL || !process->there);
}

/* Asked behind a scenario: also one that crashes takes its time to end. */
static bool has_gone(struct target_process *process, const struct target *target)
{
    struct child *child = target->start != NULL ? &process->child : NULL;
    struct buf *complaint = &process->complaint;

    buf_clear(complaint);
    buf_printf(complaint, "the target %.*s is not there any more: ", VIEW_ARG(target->name));
    if (ready_ask(target, child, process->mute, complaint) == ERR_OK) {
        process->there = true;
        return false;
    }
    process->there = false;
    process->gone = true;
    if (!has_ended(process, target) && process->mute)
        since_write(process);
    return true;
}

bool target_process_after(struct target_process *process, const struct target *target,
                          const struct target_past *past)
{
    if (!past->ran)
        return false;
    past_take(process, past);
    bool gone =
        has_ended(process, target) || (is_asked(process, target) && has_gone(process, target));
    if (gone && process->since.len == 0)
        buf_add(&process->since, past->id);
    return gone;
}

void target_process_end(struct target_process *process, const struct target *target)
{
    if (target != NULL && process->untidy && target->reset != NULL && !process->failed &&
        !reset(target, &process->complaint))
        process->failed = true; /* nobody comes after us to be told */
    child_close(&process->child);
    buf_deinit(&process->heard);
    buf_deinit(&process->since);
    buf_deinit(&process->complaint);
}
