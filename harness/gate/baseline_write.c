#include "harness/gate/baseline.h"
#include "harness/scene/json.h"

static void entry_write(const struct entry *entry, struct buf *out)
{
    buf_add_char(out, '{');
    json_text(out, "id", entry->id);
    json_text(out, "status", view_of(entry_status_text(entry->status)));
    json_text(out, "since", entry->since);
    json_text(out, "reason", entry->reason);
    json_text(out, "issue", entry->issue);
    json_text(out, "owner", entry->owner);
    json_text(out, "expires", entry->expires);
    buf_add(out, V("}\n"));
}

void baseline_write(const struct baseline *baseline, struct buf *out)
{
    buf_add_char(out, '{');
    json_number(out, "baseline", 1);
    if (baseline->target.len > 0)
        json_text(out, "target", baseline->target);
    if (baseline->net.len > 0)
        json_text(out, "net", baseline->net);
    buf_add(out, V("}\n"));
    for (uint32_t i = 0; i < baseline->count; i++)
        entry_write(baseline->entries[i], out);
}
