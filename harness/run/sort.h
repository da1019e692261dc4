/* Puts pointers in order: a merge sort, so that equal ones keep their places and no libc decides.
 *
 *     enum err err = sort_pointers((void **)files, count, file_before);
 *     struct file *file = sorted_find((void **)files, count, path, path_of_file);
 */
#pragma once
#include "core/core.h"

/* before: whether a has to stand before b. */
enum err sort_pointers(void **items, size_t count,
                       bool (*before)(const void *a, const void *b)) NODISCARD; /* MEMORY */
/* Of pointers in order of their keys' bytes the one of this key; NULL: there is none. */
void *sorted_find(void *const *items, size_t count, struct view key,
                  struct view (*key_of)(const void *item));
