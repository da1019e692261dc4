/* What reading and writing the last run's failures share. Private to last_run*.c.
 *
 *     char path[LAST_RUN_PATH];
 *     if (last_run_path(path, root))
 *         err = last_run_add(&last, id);
 */
#pragma once
#include "harness/gate/last_run.h"

enum { LAST_RUN_PATH = 4096 };

bool last_run_path(char *room, struct view root); /* false: it is too long */
/* There has to be room for it in last->ids. MEMORY. */
enum err last_run_add(struct last_run *last, struct view id) NODISCARD;
bool last_run_before(const void *a, const void *b); /* of two struct view, for sort_pointers */
