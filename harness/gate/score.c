#include "harness/gate/score.h"
#include "harness/catalogue/requirement.h"
#include "harness/gate/words.h"

struct tally { /* of one row of the catalogue */
    bool covered, judged;
    const struct report_case *bad;     /* the first that kept it from passing */
    const struct report_case *skipped; /* the first that was skipped */
};

/* What failed as its xfail says is shown as skipped, and was judged all the same. */
static bool was_judged(const struct report_case *one)
{
    return one->verdict != VERDICT_SKIP || one->standing == STANDING_EXPECTED;
}

static bool has_passed(const struct report_case *one)
{
    return one->verdict == VERDICT_PASS && !one->flaky;
}

static void case_add(struct tally *tallies, const struct report_case *one)
{
    struct view rest = one->covers;

    for (struct view id; word_take(&rest, &id);) {
        const struct requirement *row = requirement_find(id);
        if (row == NULL)
            continue; /* of a file that another version wrote */
        struct tally *tally = &tallies[row - requirements];
        tally->covered = true;
        tally->judged = tally->judged || was_judged(one);
        if (was_judged(one) && !has_passed(one) && tally->bad == NULL)
            tally->bad = one;
        if (!was_judged(one) && tally->skipped == NULL)
            tally->skipped = one;
    }
}

static void requirement_fill(struct report_requirement *out, const struct requirement *row,
                             const struct tally *tally)
{
    const struct report_case *cause = tally->judged ? tally->bad : tally->skipped;
    bool shown_skipped = cause != NULL && cause->verdict == VERDICT_SKIP;

    *out = (struct report_requirement){.id = row->id,
                                       .rfc = row->rfc,
                                       .section = row->section,
                                       .level = row->level,
                                       .text = row->text,
                                       .verdict = VERDICT_PASS};
    if (!tally->judged)
        out->verdict = VERDICT_SKIP;
    else if (cause != NULL)
        out->verdict = shown_skipped || cause->flaky ? VERDICT_FAIL : cause->verdict;
    if (cause != NULL)
        out->reason = cause->reason;
}

static void score_add(struct report_score *score, const struct requirement *row,
                      enum verdict verdict)
{
    enum requirement_level level = requirement_level(row);
    bool must = level >= LEVEL_NORM, should = level == LEVEL_SHOULD;

    if (!must && !should)
        return;
    if (verdict == VERDICT_SKIP) {
        score->not_applicable++;
        return;
    }
    score->must_applicable += must;
    score->must_passed += must && verdict == VERDICT_PASS;
    score->should_applicable += should;
    score->should_passed += should && verdict == VERDICT_PASS;
}

enum err score_make(const struct report_case *cases, size_t count, struct arena *arena,
                    struct report_run *out)
{
    struct tally *tallies = arena_zalloc(arena, requirement_count * sizeof *tallies);
    size_t covered = 0;

    if (tallies == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        case_add(tallies, &cases[i]);
    for (size_t i = 0; i < requirement_count; i++)
        covered += tallies[i].covered;
    struct report_requirement *all = arena_alloc(arena, (covered + 1) * sizeof *all);
    if (all == NULL)
        return ERR_MEMORY;
    out->score = (struct report_score){0};
    out->requirement_count = 0;
    for (size_t i = 0; i < requirement_count; i++) {
        if (!tallies[i].covered)
            continue;
        struct report_requirement *one = &all[out->requirement_count++];
        requirement_fill(one, &requirements[i], &tallies[i]);
        score_add(&out->score, &requirements[i], one->verdict);
    }
    out->requirements = all;
    return ERR_OK;
}
