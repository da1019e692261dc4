#include "harness/target/target_process.h"

#include "harness/target/ready.h"

#define READY_LIMIT_US (UINT64_C(30) * US_PER_S)
#define RESET_LIMIT_US (UINT64_C(60) * US_PER_S)

static bool start(struct target_process *process, const struct target *target)
{
    struct child_options options = {.argv = target->start, .folder = target->folder};
    enum err err = child_start(&process->child, &options, &process->complaint);

    if (err == ERR_OK && target->ready.family != 0)
        err = ready_wait(target, &process->child, READY_LIMIT_US, &process->complaint);
    if (err == ERR_OK)
        return true;
    child_stop(&process->child);
    process->failed = true;
    return false;
}

static bool reset(struct target_process *process, const struct target *target)
{
    struct buf *complaint = &process->complaint;
    struct child child = {0};
    struct process_end end;

    struct child_options options = {.argv = target->reset, .folder = target->folder};
    if (child_start(&child, &options, complaint) != ERR_OK)
        return false;
    if (!child_wait(&child, RESET_LIMIT_US, &end)) {
        buf_add(complaint, V("its reset did not end within 60 s"));
        return false;
    }
    if (end.signal == 0 && end.status == 0)
        return true;
    buf_add(complaint, V("its reset failed: "));
    process_end_write(complaint, &end);
    return false;
}

static bool prepare(struct target_process *process, const struct target *target)
{
    if (process->failed)
        return false;
    buf_clear(&process->complaint);
    buf_printf(&process->complaint, "the target %.*s: ", VIEW_ARG(target->name));
    if (target->reset != NULL && process->used && !reset(process, target))
        return false;
    return target->start == NULL || process->child.pid != 0 || start(process, target);
}

bool target_process_prepare(struct target_process *process, const struct target *target)
{
    bool ready = prepare(process, target);

    process->used = true;
    return ready;
}

bool target_process_gone(struct target_process *process, const struct target *target)
{
    struct process_end end;

    if (!child_ended(&process->child, &end))
        return false;
    buf_clear(&process->complaint);
    buf_printf(&process->complaint,
               "the process of the target %.*s ended: ", VIEW_ARG(target->name));
    process_end_write(&process->complaint, &end);
    return true;
}

void target_process_deinit(struct target_process *process)
{
    child_stop(&process->child);
    buf_deinit(&process->complaint);
}
