/* What a scenario attached, and where its file lies: beside the capture of the case, whose folder
 * --trace names.
 *
 *     struct attachment attachment = {0};
 *     for (struct view rest = one->events; attachment_take(&rest, &attachment);)
 *         attachment_path_add(&path, one, &attachment);
 */
#pragma once
#include "reports/report.h"

struct attachment {
    struct view name, mime, bytes;
    uint32_t number; /* from 1 on; zeroed before the first */
};

bool attachment_take(struct view *rest, struct attachment *attachment);
/* "out/trace/basic_a-call.1-notes.txt"; nothing where the case has no capture. */
void attachment_path_add(struct buf *out, const struct report_case *one,
                         const struct attachment *attachment);
