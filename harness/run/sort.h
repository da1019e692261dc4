/* Puts pointers in order: a merge sort, so that equal ones keep their places and no libc decides.
 *
 *     enum err err = sort_pointers((void **)files, count, file_before);
 */
#pragma once
#include "core/core.h"

/* before: whether a has to stand before b. */
enum err sort_pointers(void **items, size_t count,
                       bool (*before)(const void *a, const void *b)) NODISCARD; /* MEMORY */
