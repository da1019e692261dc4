/* The events of one worker's cases, one after the other: in memory while they are few, then in a
 * temporary file that has no name, so that the parent's memory stays flat however long a run is.
 *
 *     enum err err = spool_add(&spool, frame.body);
 *     struct view events = spool_view(&spool, from, spool.len - from);
 */
#pragma once
#include "core/core.h"

struct spool {
    struct buf pending; /* not yet in the file */
    uint64_t written;   /* in the file */
    uint64_t len;       /* of all: written and pending */
    int fd;             /* of the file + 1; 0: there is none yet */
    char *map;          /* of the file's head; NULL: not mapped */
    size_t map_len;
};

enum err spool_add(struct spool *spool,
                   struct view bytes) NODISCARD; /* MEMORY, IO: nothing was added */
/* Borrowed until the next call; absent: the system refused it. */
struct view spool_view(struct spool *spool, uint64_t from, uint64_t len);
/* Forgets what was added from there on. */
void spool_cut(struct spool *spool, uint64_t len);
/* No more is added: views stay from now on until spool_deinit. IO. */
enum err spool_settle(struct spool *spool) NODISCARD;
void spool_deinit(struct spool *spool);
