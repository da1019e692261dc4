#include "harness/run/rounds.h"
#include "harness/host/clock.h"

#define TELL_US US_PER_S /* more lines nobody reads */

bool rounds_meant(const struct options *options)
{
    return options->until_fail || options->for_us != 0;
}

void rounds_begin(struct rounds *rounds, const struct options *options)
{
    *rounds = (struct rounds){.options = options, .started_us = clock_wall_us()};
}

struct tally {
    size_t passed, skipped, failed;
};

static struct tally tally_of(const struct cases *cases)
{
    struct tally tally = {0};

    for (size_t i = 0; i < cases->count; i++) {
        const struct report_case *one = &cases->items[i].report;
        if (!cases->items[i].done)
            continue;
        tally.failed += report_gates(one);
        tally.passed += !report_gates(one) && one->verdict == VERDICT_PASS;
        tally.skipped += !report_gates(one) && one->verdict == VERDICT_SKIP;
    }
    return tally;
}

static void line_write(struct buf *out, const struct rounds *rounds, uint64_t seed,
                       const struct tally *tally)
{
    buf_printf(out, "run %llu: seed %llu, %zu passed", (unsigned long long)rounds->count,
               (unsigned long long)(seed + rounds->count - 1), tally->passed);
    if (tally->failed > 0)
        buf_printf(out, ", %zu failed", tally->failed);
    if (tally->skipped > 0)
        buf_printf(out, ", %zu skipped", tally->skipped);
    buf_add_char(out, '\n');
}

bool rounds_again(struct rounds *rounds, uint64_t seed, const struct cases *cases, struct buf *out)
{
    const struct options *options = rounds->options;
    struct tally tally = tally_of(cases);
    uint64_t now_us = clock_wall_us();

    rounds->count++;
    /* What is only skipped today is skipped tomorrow. */
    bool over = tally.failed > 0 || tally.passed == 0 ||
                (options->for_us != 0 && now_us - rounds->started_us >= options->for_us);
    if (over || rounds->count == 1 || now_us - rounds->told_us >= TELL_US) {
        line_write(out, rounds, seed, &tally);
        rounds->told_us = now_us;
    }
    return !over;
}
