#include "harness/listing/again.h"
#include "harness/gate/last_run.h"
#include "harness/run/screen.h"

#include <errno.h>

static bool has_failed(const struct last_run *last, const void *listed)
{
    return last_run_failed(last, ((const struct listed *)listed)->id);
}

static void failed_keep(const struct last_run *last, struct listing *listing)
{
    struct pointers *scenarios = &listing->scenarios;
    uint32_t count = 0;

    for (size_t i = 0; i < scenarios->count; i++) {
        struct listed *listed = scenarios->items[i];
        if (has_failed(last, listed))
            scenarios->items[count++] = listed;
        else
            listing->elsewhere -= listed->elsewhere;
    }
    scenarios->count = count;
}

/* Where the scenarios of the same file end, and whether one of them failed. */
static size_t file_end(const struct last_run *last, const struct pointers *scenarios, size_t from,
                       bool *out_failed)
{
    uint32_t file = ((const struct listed *)scenarios->items[from])->file;
    size_t at = from;

    for (*out_failed = false; at < scenarios->count; at++) {
        if (((const struct listed *)scenarios->items[at])->file != file)
            break;
        *out_failed = *out_failed || has_failed(last, scenarios->items[at]);
    }
    return at;
}

/* The failed ones of a file, then the others of it. */
static size_t file_move(const struct last_run *last, void **to, void *const *from, size_t count)
{
    size_t moved = 0;

    for (size_t i = 0; i < count; i++)
        if (has_failed(last, from[i]))
            to[moved++] = from[i];
    for (size_t i = 0; i < count; i++)
        if (!has_failed(last, from[i]))
            to[moved++] = from[i];
    return moved;
}

/* Files stay together: reports have a suite for each. */
static enum err failed_first(const struct last_run *last, struct pointers *scenarios)
{
    void **order = mem_zalloc((scenarios->count + 1) * sizeof *order);
    size_t count = 0;

    if (order == NULL)
        return ERR_MEMORY;
    for (int failed_files = 1; failed_files >= 0; failed_files--) {
        bool failed;
        for (size_t i = 0, end; i < scenarios->count; i = end) {
            end = file_end(last, scenarios, i, &failed);
            if (failed == (failed_files != 0))
                count += file_move(last, order + count, scenarios->items + i, end - i);
        }
    }
    memcpy(scenarios->items, order, count * sizeof *order);
    mem_free(order);
    return ERR_OK;
}

enum err again_select(const struct options *options, const struct discovery *discovery,
                      struct listing *listing, struct buf *complaint)
{
    struct last_run last = {0};

    if (!options->last_failed && !options->failed_first)
        return ERR_OK;
    if (!discovery->configured) {
        buf_printf(
            complaint,
            "--%s: only a suite remembers what failed: a folder with sipwright.lua, and %.*s "
            "has none ('return {}' will do)",
            options->last_failed ? "last-failed" : "failed-first", VIEW_ARG(discovery->root_shown));
        return ERR_SYNTAX;
    }
    enum err err = last_run_read(discovery->root, &last, complaint);
    if (err == ERR_OK && options->last_failed)
        failed_keep(&last, listing);
    if (err == ERR_OK && options->failed_first)
        err = failed_first(&last, &listing->scenarios);
    last_run_deinit(&last);
    return err;
}

void again_keep(const struct discovery *discovery, const struct report_run *run)
{
    struct buf sentence = {0};

    errno = 0;
    enum err err = discovery->configured ? last_run_write(discovery->root, run) : ERR_OK;
    if (err == ERR_OK)
        return;
    buf_printf(&sentence, "what failed is not kept for --last-failed: %.*s/.sipwright: %s",
               VIEW_ARG(discovery->root_shown),
               err == ERR_IO && errno != 0 ? strerror(errno) : err_text(err));
    screen_complain(buf_view(&sentence));
    buf_deinit(&sentence);
}
