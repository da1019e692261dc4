#include "harness/coverage/coverage.h"
#include "harness/coverage/citation.h"
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

enum err coverage_scenario_add(struct coverage *coverage, struct view id, struct view covers)
{
    struct view copy = arena_copy(&coverage->arena, id), word;
    enum err err = copy.ptr == NULL ? ERR_MEMORY : ERR_OK;

    while (err == ERR_OK && word_take(&covers, &word)) {
        const struct requirement *what = requirement_find(word);
        if (what != NULL)
            err = name_add(coverage, &row_of(coverage, what)->scenarios, copy);
    }
    return err;
}

static enum err result_add(struct coverage *coverage, struct coverage_row *row,
                           const struct coverage_result *result)
{
    struct coverage_result *room = arena_room(&coverage->arena, row->results, sizeof *room,
                                              row->result_count, &row->result_size, FIRST);

    if (room == NULL)
        return ERR_MEMORY;
    row->results = room;
    room[row->result_count++] = *result;
    return ERR_OK;
}

static enum err case_add(struct coverage *coverage, const struct report_case *one,
                         struct view target)
{
    struct coverage_result result = {.scenario = arena_copy(&coverage->arena, one->id),
                                     .target = target,
                                     .verdict = one->verdict,
                                     .seed = one->seed};
    struct view covers = one->covers, word;
    enum err err = result.scenario.ptr == NULL ? ERR_MEMORY : ERR_OK;

    while (err == ERR_OK && word_take(&covers, &word)) {
        const struct requirement *what = requirement_find(word);
        if (what != NULL)
            err = result_add(coverage, row_of(coverage, what), &result);
    }
    return err;
}

enum err coverage_run_add(struct coverage *coverage, const struct report_run *run)
{
    struct view target = {0};
    enum err err = ERR_OK;

    if (run->target.len > 0 && (target = arena_copy(&coverage->arena, run->target)).ptr == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < run->case_count && err == ERR_OK; i++)
        err = case_add(coverage, &run->cases[i], target);
    return err;
}

bool coverage_row_covered(const struct coverage_row *row)
{
    return row->scenarios.count > 0 || row->rules.count > 0;
}

size_t coverage_count(const struct coverage *coverage)
{
    size_t count = 0;

    for (size_t i = 0; i < requirement_count; i++)
        count += coverage_row_covered(&coverage->rows[i]);
    return count;
}
