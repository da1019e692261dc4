#include "reports/counts.h"

static void excused_add(struct counts *counts, enum standing standing)
{
    counts->known += standing == STANDING_KNOWN;
    counts->quarantined += standing == STANDING_QUARANTINED;
    counts->advisory += standing == STANDING_ADVISORY;
}

void counts_add(struct counts *counts, const struct report_case *one)
{
    counts->all++;
    counts->wall_us += one->wall_us;
    counts->virtual_us += one->virtual_us;
    if (report_excused(one)) {
        excused_add(counts, one->standing);
        return;
    }
    counts->flaky += one->flaky;
    counts->passed += one->verdict == VERDICT_PASS && !one->flaky;
    counts->failed += one->verdict == VERDICT_FAIL;
    counts->errors += one->verdict == VERDICT_ERROR;
    counts->inconclusive += one->verdict == VERDICT_INCONCLUSIVE;
    counts->skipped += one->verdict == VERDICT_SKIP;
}

struct counts counts_of(const struct report_case *cases, size_t count)
{
    struct counts counts = {0};
    for (size_t i = 0; i < count; i++)
        counts_add(&counts, &cases[i]);
    return counts;
}

void count_tell(struct buf *out, size_t count, const char *word)
{
    if (count > 0)
        buf_printf(out, ", %zu %s", count, word);
}
