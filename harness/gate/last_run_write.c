#include "harness/gate/last_run_parts.h"
#include "harness/gate/words.h"
#include "harness/run/sort.h"
#include "harness/scene/json.h"

static bool has_failed(const struct report_case *one)
{
    return report_gates(one) && one->standing != STANDING_VANISHED;
}

/* The ids of all of this run's cases, failed or not. */
static enum err ran_collect(const struct report_run *run, struct last_run *ran)
{
    enum err err = ERR_OK;

    ran->ids = mem_zalloc((run->case_count + 1) * sizeof *ran->ids);
    if (ran->ids == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < run->case_count && err == ERR_OK; i++)
        err = last_run_add(ran, id_without_run(run->cases[i].id));
    return err != ERR_OK ? err : sort_pointers(ran->ids, ran->count, last_run_before);
}

static enum err failed_collect(const struct report_run *run, const struct last_run *before,
                               struct last_run *out)
{
    struct last_run ran = {0};
    enum err err = ran_collect(run, &ran);

    out->ids = mem_zalloc((run->case_count + before->count + 1) * sizeof *out->ids);
    if (out->ids == NULL)
        err = ERR_MEMORY;
    for (size_t i = 0; i < before->count && err == ERR_OK; i++)
        if (!last_run_failed(&ran, *(const struct view *)before->ids[i]))
            err = last_run_add(out, *(const struct view *)before->ids[i]);
    for (size_t i = 0; i < run->case_count && err == ERR_OK; i++)
        if (has_failed(&run->cases[i]) && text_valid(run->cases[i].id))
            err = last_run_add(out, id_without_run(run->cases[i].id));
    last_run_deinit(&ran);
    return err != ERR_OK ? err : sort_pointers(out->ids, out->count, last_run_before);
}

static void ids_write(const struct last_run *last, struct buf *out)
{
    const struct view *before = NULL;

    buf_add(out, V("{\"v\":1,\"failed\":["));
    for (size_t i = 0; i < last->count; i++) {
        const struct view *id = last->ids[i];
        if (before != NULL && view_equal(*before, *id))
            continue;
        buf_add(out, before != NULL ? V(",\n") : V("\n"));
        json_string(out, *id);
        before = id;
    }
    buf_add(out, before != NULL ? V("\n]}\n") : V("]}\n"));
}

static enum err failed_write(const char *path, const struct last_run *failed)
{
    struct writer writer;
    enum err err = writer_open(&writer, path);

    if (err == ERR_OK)
        ids_write(failed, writer_buf(&writer));
    return writer_close(&writer, err);
}

enum err last_run_write(struct view root, const struct report_run *run)
{
    struct last_run before = {0}, failed = {0};
    struct buf complaint = {0};
    char path[LAST_RUN_PATH];
    enum err err = last_run_read(root, &before, &complaint);

    if (err == ERR_SYNTAX) /* it is written anew */
        before.count = 0;
    if (err != ERR_MEMORY)
        err = failed_collect(run, &before, &failed);
    if (err == ERR_OK && (failed.count > 0 || before.known))
        err = last_run_path(path, root) ? failed_write(path, &failed) : ERR_LIMIT;
    last_run_deinit(&before);
    last_run_deinit(&failed);
    buf_deinit(&complaint);
    return err;
}
