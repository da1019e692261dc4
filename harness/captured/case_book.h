/* The cases of a command that has no workers: kept until the reports are written, their events on
 * disk where there are many.
 *
 *     enum err err = case_book_add(&book, &one);             // texts and events are copied
 *     err = case_book_settle(&book, &run);
 *     case_book_deinit(&book);
 */
#pragma once
#include "harness/options/options.h"
#include "harness/run/spool.h"
#include "reports/reports.h"

struct case_book { /* zeroed: empty */
    struct arena arena;
    struct report_case *items;
    uint64_t *from; /* in the spool: where the events of each begin */
    uint32_t count, size, from_size;
    struct spool spool;
};

enum err case_book_add(struct case_book *book,
                       const struct report_case *one) NODISCARD; /* MEMORY, IO */
/* No more come: run->cases is filled in, each with its events. IO: without them. */
enum err case_book_settle(struct case_book *book, struct report_run *run) NODISCARD;
void case_book_deinit(struct case_book *book);
