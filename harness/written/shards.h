/* The shards of one run, joined: what one run would have been.
 *
 *     enum err err = shards_join(files, count, &joined, &complaint);
 *     files_write(options, &joined.run);
 *     shards_deinit(&joined);
 */
#pragma once
#include "reports/reports.h"

struct shard_file {
    const char *path;
    const struct report_run *run; /* borrowed, and what it borrows */
};

struct shards {
    struct arena arena;
    struct report_run run;
    struct report_case *cases;
    struct buf command_line;
};

/* SYNTAX: they are not all the shards of one run, each once; complaint says which is wrong, and the
 * mend. MEMORY. */
enum err shards_join(const struct shard_file *files, size_t count, struct shards *out,
                     struct buf *complaint) NODISCARD;
void shards_deinit(struct shards *shards);
