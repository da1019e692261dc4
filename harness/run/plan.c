#include "harness/run/plan.h"
#include "harness/listing/select.h"
#include "harness/run/hide.h"
#include "harness/run/rerun.h"
#include "harness/run/result.h"

static enum err name_add_run(struct cases *cases, uint32_t repetition, struct view *text)
{
    struct buf buf = {0};

    if (!cases->setup.options->repeat.given || cases->setup.options->repeat.value < 2)
        return ERR_OK;
    buf_printf(&buf, "%.*s [run %u]", VIEW_ARG(*text), repetition + 1);
    *text =
        buf.failed == ERR_OK ? arena_copy(&cases->plan_arena, buf_view(&buf)) : (struct view){0};
    buf_deinit(&buf);
    return text->ptr == NULL ? ERR_MEMORY : ERR_OK;
}

#define PLAN_FACTOR 0x100000001b3u /* odd: the order of the ids counts */

/* A case of the whole run, whatever shard it falls to. */
static void plan_add(struct cases *cases, struct view id)
{
    cases->planned++;
    cases->plan = cases->plan * PLAN_FACTOR + view_hash(id);
}

static uint32_t place_of(const struct cases *cases)
{
    return cases->setup.options->shard_count != 0 ? (uint32_t)cases->planned : 0;
}

static enum err scenario_plan(struct cases *cases, const struct listed *listed, uint32_t repetition)
{
    plan_add(cases, listed->id);
    if (listed->elsewhere)
        return ERR_OK;
    struct run_case *one = &cases->items[cases->count++];
    const struct suite_file *file = cases->setup.discovery->files[listed->file];

    one->listed = listed;
    one->repetition = repetition;
    one->report =
        (struct report_case){.id = listed->id,
                             .file = file->path,
                             .name = listed->name,
                             .line = listed->line,
                             .place = place_of(cases),
                             .net = options_real(cases->setup.options) ? V("real") : V("sim"),
                             .tags = listed->tags,
                             .covers = listed->covers};
    if (cases->setup.hidden != NULL)
        hide_case(cases->setup.hidden, &cases->plan_arena, &one->report);
    enum err err = name_add_run(cases, repetition, &one->report.id);
    return err != ERR_OK ? err : name_add_run(cases, repetition, &one->report.name);
}

static enum err failure_plan(struct cases *cases, const struct load_failure *failure)
{
    struct run_case *one = &cases->items[cases->count++];
    const struct suite_file *file = cases->setup.discovery->files[failure->file];

    plan_add(cases, file->path);
    one->failure = failure;
    one->done = true;
    one->report = (struct report_case){.id = file->path,
                                       .file = file->path,
                                       .name = V("the file does not load"),
                                       .line = failure->line != 0 ? failure->line : 1,
                                       .net = V("sim"),
                                       .seed = cases->setup.seed,
                                       .place = place_of(cases),
                                       .tries = 1};
    enum err err = rerun_write(&cases->setup, one, &cases->plan_arena);
    return err != ERR_OK ? err : result_load_failure(one, &cases->plan_arena);
}

/* A scenario that the baseline has, and the suite no more. */
static enum err vanished_plan(struct cases *cases, const struct entry *entry)
{
    const struct options *options = cases->setup.options;

    plan_add(cases, entry->id);
    if (options->shard_count != 0 &&
        select_shard(entry->id, options->shard_count) != options->shard_index)
        return ERR_OK;
    struct run_case *one = &cases->items[cases->count++];
    one->done = true;
    enum err err = gate_vanish(entry, &one->report, &cases->plan_arena);
    one->report.seed = cases->setup.seed;
    one->report.place = place_of(cases);
    one->report.net = options_real(options) ? V("real") : V("sim");
    return err;
}

static enum err vanished_fill(struct cases *cases)
{
    const struct baseline *baseline = &cases->setup.gate->baseline;
    enum err err = ERR_OK;

    for (uint32_t i = 0; i < baseline->count && err == ERR_OK; i++)
        if (baseline->entries[i]->absent)
            err = vanished_plan(cases, baseline->entries[i]);
    return err;
}

static void plan_add_texts(struct cases *cases, const struct strings *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        cases->plan = cases->plan * PLAN_FACTOR + view_hash(view_of(texts->items[i]));
}

/* Shards are of one run when they were asked for the same, too. */
static void plan_end(struct cases *cases)
{
    const struct options *options = cases->setup.options;

    plan_add_texts(cases, &options->sets);
    plan_add_texts(cases, &options->choices);
    plan_add_texts(cases, &options->ignored);
    cases->plan = cases->plan * PLAN_FACTOR + options->retries.value;
}

/* Both lists are in order; a file's failure stands where its scenarios would. */
static enum err items_fill(struct cases *cases, uint32_t repeat)
{
    const struct listing *listing = cases->setup.listing;
    size_t failed = 0;
    enum err err = ERR_OK;

    for (size_t i = 0; i <= listing->scenarios.count && err == ERR_OK; i++) {
        const struct listed *listed =
            i < listing->scenarios.count ? listing->scenarios.items[i] : NULL;
        for (; err == ERR_OK && failed < listing->failures.count; failed++) {
            const struct load_failure *failure = listing->failures.items[failed];
            if (listed != NULL && failure->file > listed->file)
                break;
            err = failure_plan(cases, failure);
        }
        for (uint32_t r = 0; err == ERR_OK && listed != NULL && r < repeat; r++)
            err = scenario_plan(cases, listed, r);
    }
    if (err == ERR_OK)
        err = vanished_fill(cases);
    plan_end(cases);
    return err;
}

enum err cases_plan(const struct cases_setup *setup, struct cases *out)
{
    uint64_t repeat = setup->options->repeat.given ? setup->options->repeat.value : 1;
    size_t most = setup->listing->scenarios.count;

    *out = (struct cases){.setup = *setup, .last = SIZE_MAX};
    if (repeat > UINT32_MAX || (most > 0 && repeat > 100000000 / most))
        return ERR_LIMIT;
    most = most * (size_t)repeat + setup->listing->failures.count + setup->gate->baseline.count;
    out->items = mem_zalloc((most + 1) * sizeof *out->items);
    out->spools = mem_zalloc(setup->jobs * sizeof *out->spools);
    out->waits = mem_zalloc(setup->jobs * sizeof *out->waits);
    if (out->items == NULL || out->spools == NULL || out->waits == NULL)
        return ERR_MEMORY;
    return items_fill(out, (uint32_t)repeat);
}

/* As it was planned, for the next round: how it stood in the last one excuses nothing. */
static struct run_case case_anew(const struct run_case *one)
{
    const struct report_case *report = &one->report;

    return (struct run_case){
        .listed = one->listed,
        .repetition = one->repetition + 1,
        .report = {.id = report->id,
                   .file = report->file,
                   .name = report->name,
                   .line = report->line,
                   .place = report->place,
                   .net = report->net,
                   .tags = report->tags,
                   .covers = report->covers}
    };
}

void cases_renew(struct cases *cases)
{
    for (size_t i = 0; i < cases->count; i++)
        if (cases->items[i].listed != NULL)
            cases->items[i] = case_anew(&cases->items[i]);
    for (uint32_t i = 0; i < cases->setup.jobs; i++)
        spool_cut(&cases->spools[i], 0);
    arena_reset(&cases->arena);
    cases->next = 0;
}
