/* Any bytes as a baseline. What is taken is written, and that is taken again as the same. */
#include "harness/gate/baseline.h"
#include "reports/reports.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool taken(struct baseline *baseline, struct view text)
{
    struct buf complaint = {0};
    enum err err = baseline_read(baseline, text, V("b"), &complaint);

    if (err == ERR_OK)
        err = baseline_settle(baseline, &complaint);
    ASSERT(err == ERR_OK || complaint.len > 0);
    buf_deinit(&complaint);
    return err == ERR_OK;
}

static void same(const struct baseline *a, const struct baseline *b)
{
    ASSERT(a->count == b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        ASSERT(view_equal(a->entries[i]->id, b->entries[i]->id));
        ASSERT(a->entries[i]->status == b->entries[i]->status);
        ASSERT(view_equal(a->entries[i]->expires, b->entries[i]->expires));
        ASSERT(baseline_find(b, a->entries[i]->id) == b->entries[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct view text = {(const char *)data, len};
    struct baseline first = {0}, again = {0};
    struct buf written = {0};

    if (text_valid(text) && taken(&first, text)) {
        baseline_write(&first, &written);
        ASSERT(written.failed == ERR_OK);
        ASSERT(taken(&again, buf_view(&written)));
        same(&first, &again);
    }
    baseline_deinit(&first);
    baseline_deinit(&again);
    buf_deinit(&written);
    return 0;
}
