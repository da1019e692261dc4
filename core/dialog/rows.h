/* Header rows that a usage repeats in each request of its own: one piece of memory with their
 * bytes.
 *
 *     enum err err = rows_copy(&sub->rows, options->rows, options->row_count);
 *     rows_drop(&sub->rows);
 */
#pragma once
#include "core/message/build.h"

struct rows {
    struct sip_row *items;
    size_t count;
};

enum err rows_copy(struct rows *rows, const struct sip_row *from,
                   size_t count) NODISCARD; /* in the place of what was there; MEMORY */
void rows_drop(struct rows *rows);
