#include "harness/coverage/coverage.h"
#include "harness/coverage/citation.h"
#include "harness/gate/score.h"
#include "harness/gate/words.h"
#include "harness/monitor/rules.h"

enum { FIRST = 4 };

static enum err name_add(struct coverage *coverage, struct coverage_names *names, struct view name)
{
    struct view *room =
        arena_room(&coverage->arena, names->items, sizeof *room, names->count, &names->size, FIRST);

    if (room == NULL)
        return ERR_MEMORY;
    names->items = room;
    room[names->count++] = name;
    return ERR_OK;
}

/* What has several reasons to be there stands there once: they come one behind the other. */
static bool is_last(const struct coverage_names *names, struct view name)
{
    return names->count > 0 && view_equal(names->items[names->count - 1], name);
}

static struct coverage_row *row_of(struct coverage *coverage, const struct requirement *what)
{
    return &coverage->rows[what - requirements];
}

static enum err rules_add(struct coverage *coverage)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < rule_count() && err == ERR_OK; i++) {
        struct view id = view_of(rule_at(i)->id);
        const struct requirement *what = requirement_of_rule(id);
        if (what != NULL && !is_last(&row_of(coverage, what)->rules, id))
            err = name_add(coverage, &row_of(coverage, what)->rules, id);
    }
    return err;
}

static enum err code_add(struct coverage *coverage, struct coverage_row *row)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < citation_count && err == ERR_OK; i++)
        if (citation_is_for(&citations[i], row->what) && !is_last(&row->code, citations[i].file))
            err = name_add(coverage, &row->code, citations[i].file);
    return err;
}

enum err coverage_create(struct coverage **out)
{
    struct coverage *coverage = mem_zalloc(sizeof *coverage);

    if (coverage == NULL)
        return ERR_MEMORY;
    coverage->rows = arena_zalloc(&coverage->arena, requirement_count * sizeof *coverage->rows);
    enum err err = coverage->rows == NULL ? ERR_MEMORY : ERR_OK;
    for (size_t i = 0; i < requirement_count && err == ERR_OK; i++) {
        coverage->rows[i].what = &requirements[i];
        coverage->rows[i].reason = coverage_reason_find(requirements[i].id);
        err = code_add(coverage, &coverage->rows[i]);
    }
    if (err == ERR_OK)
        err = rules_add(coverage);
    if (err == ERR_OK)
        *out = coverage;
    else
        coverage_destroy(coverage);
    return err;
}

void coverage_destroy(struct coverage *coverage)
{
    if (coverage == NULL)
        return;
    arena_deinit(&coverage->arena);
    mem_free(coverage);
}

/* What is empty is absent. */
static bool copy(struct arena *arena, struct view from, struct view *out)
{
    *out = from.len > 0 ? arena_copy(arena, from) : (struct view){0};
    return from.len == 0 || out->ptr != NULL;
}

static enum err cover_add(struct coverage *coverage, struct coverage_row *row,
                          const struct report_cover_scenario *scenario)
{
    struct report_cover_scenario *room =
        arena_room(&coverage->arena, row->scenarios, sizeof *room, row->scenario_count,
                   &row->scenario_size, FIRST);

    if (room == NULL)
        return ERR_MEMORY;
    row->scenarios = room;
    room[row->scenario_count++] = *scenario;
    return ERR_OK;
}

enum err coverage_scenario_add(struct coverage *coverage,
                               const struct report_cover_scenario *scenario, struct view covers)
{
    struct arena *arena = &coverage->arena;
    struct report_cover_scenario own = {.line = scenario->line};
    struct view word;

    if (!copy(arena, scenario->id, &own.id) || !copy(arena, scenario->name, &own.name) ||
        !copy(arena, scenario->file, &own.file))
        return ERR_MEMORY;
    coverage->scenario_count++;
    while (word_take(&covers, &word)) {
        const struct requirement *what = requirement_find(word);
        if (what != NULL && cover_add(coverage, row_of(coverage, what), &own) != ERR_OK)
            return ERR_MEMORY;
    }
    return ERR_OK;
}

static enum err result_add(struct coverage *coverage, struct coverage_row *row,
                           const struct report_cover_result *result)
{
    struct report_cover_result *room = arena_room(&coverage->arena, row->results, sizeof *room,
                                                  row->result_count, &row->result_size, FIRST);

    if (room == NULL)
        return ERR_MEMORY;
    row->results = room;
    room[row->result_count++] = *result;
    return ERR_OK;
}

static enum err case_add(struct coverage *coverage, const struct report_case *one)
{
    struct report_cover_result result = {
        .run = coverage->run_count,
        .one = {.verdict = one->verdict,
                .standing = one->standing,
                .flaky = one->flaky,
                .seed = one->seed}
    };
    struct view covers = one->covers, word;

    if (!copy(&coverage->arena, one->id, &result.one.id) ||
        !copy(&coverage->arena, one->reason, &result.one.reason))
        return ERR_MEMORY;
    while (word_take(&covers, &word)) {
        const struct requirement *what = requirement_find(word);
        if (what != NULL && result_add(coverage, row_of(coverage, what), &result) != ERR_OK)
            return ERR_MEMORY;
    }
    return ERR_OK;
}

/* What it says of each row, and of all together. */
static enum err run_score(struct coverage *coverage, const struct report_run *run,
                          struct report_cover_run *out)
{
    struct report_run scored = {0};
    struct report_cover_cell *cells =
        arena_zalloc(&coverage->arena, requirement_count * sizeof *cells);

    if (cells == NULL ||
        score_make(run->cases, run->case_count, &coverage->arena, &scored) != ERR_OK)
        return ERR_MEMORY;
    for (size_t i = 0; i < scored.requirement_count; i++) {
        const struct report_requirement *one = &scored.requirements[i];
        cells[requirement_find(one->id) - requirements] =
            (struct report_cover_cell){true, one->verdict};
    }
    out->score = scored.score;
    out->cells = cells;
    return ERR_OK;
}

enum err coverage_run_add(struct coverage *coverage, struct view file, const struct report_run *run)
{
    struct arena *arena = &coverage->arena;
    struct report_cover_run *room = arena_room(arena, coverage->runs, sizeof *room,
                                               coverage->run_count, &coverage->run_size, FIRST);

    if (room == NULL)
        return ERR_MEMORY;
    coverage->runs = room;
    struct report_cover_run *own = &room[coverage->run_count];
    *own = (struct report_cover_run){0};
    if (!copy(arena, run->target, &own->target) || !copy(arena, file, &own->file) ||
        run_score(coverage, run, own) != ERR_OK)
        return ERR_MEMORY;
    for (size_t i = 0; i < run->case_count; i++)
        if (case_add(coverage, &run->cases[i]) != ERR_OK)
            return ERR_MEMORY;
    coverage->run_count++;
    return ERR_OK;
}

bool coverage_row_covered(const struct coverage_row *row)
{
    return row->scenario_count > 0 || row->rules.count > 0;
}

bool coverage_row_idle(const struct coverage *coverage, const struct coverage_row *row)
{
    size_t there = 0;

    for (uint32_t i = 0; i < coverage->run_count; i++) {
        const struct report_cover_cell *cell = &coverage->runs[i].cells[row - coverage->rows];
        if (cell->there && cell->verdict != VERDICT_SKIP)
            return false;
        there += cell->there;
    }
    return there > 0 && coverage_row_covered(row);
}

size_t coverage_count(const struct coverage *coverage)
{
    size_t count = 0;

    for (size_t i = 0; i < requirement_count; i++)
        count += coverage_row_covered(&coverage->rows[i]);
    return count;
}
