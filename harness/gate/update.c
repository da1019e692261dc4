#include "harness/gate/update.h"
#include "harness/gate/words.h"
#include "harness/run/sort.h"

/* What the cases of one scenario say together: the worst of them. */
enum outcome { OUTCOME_SKIP, OUTCOME_PASS, OUTCOME_FAIL, OUTCOME_OPEN, OUTCOME_GONE };

struct outcome_of {
    struct view id;
    enum outcome outcome;
};

struct outcomes {
    struct outcome_of *all;
    void **order;
    size_t count;
};

static enum outcome outcome_of_case(const struct report_case *one)
{
    if (one->standing == STANDING_VANISHED)
        return view_equal(one->id, one->name) ? OUTCOME_GONE : OUTCOME_SKIP;
    if (one->flaky)
        return OUTCOME_OPEN;
    switch (one->verdict) {
    case VERDICT_PASS:
        return OUTCOME_PASS;
    case VERDICT_FAIL:
        return OUTCOME_FAIL;
    case VERDICT_SKIP:
        return OUTCOME_SKIP;
    default:
        return OUTCOME_OPEN;
    }
}

static bool outcome_before(const void *a, const void *b)
{
    return view_compare(((const struct outcome_of *)a)->id, ((const struct outcome_of *)b)->id) < 0;
}

/* In order of ids, each once. */
static enum err outcomes_collect(const struct report_run *run, struct outcomes *out)
{
    size_t kept = 0;

    out->all = mem_zalloc((run->case_count + 1) * sizeof *out->all);
    out->order = mem_zalloc((run->case_count + 1) * sizeof *out->order);
    if (out->all == NULL || out->order == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < run->case_count; i++) {
        const struct report_case *one = &run->cases[i];
        bool unloaded = view_equal(one->id, one->file); /* its scenarios are not known */
        if (unloaded)
            continue;
        out->all[out->count] = (struct outcome_of){id_without_run(one->id), outcome_of_case(one)};
        out->order[out->count] = &out->all[out->count];
        out->count++;
    }
    enum err err = sort_pointers(out->order, out->count, outcome_before);
    for (size_t i = 0; i < out->count && err == ERR_OK; i++) {
        struct outcome_of *next = out->order[i], *last = kept > 0 ? out->order[kept - 1] : NULL;
        if (last == NULL || !view_equal(last->id, next->id))
            out->order[kept++] = next;
        else if (next->outcome > last->outcome)
            last->outcome = next->outcome;
    }
    out->count = kept;
    return err;
}

static void outcomes_deinit(struct outcomes *outcomes)
{
    mem_free(outcomes->all);
    mem_free(outcomes->order);
}

/* ---- the new entry ---- */

static enum err entry_keep(struct update *update, struct baseline *out, const struct entry *entry)
{
    size_t *const counts[] = {&update->passing, &update->failing, &update->skipped,
                              &update->quarantined};

    ++*counts[entry->status];
    return baseline_add(out, entry);
}

static enum err entry_make(struct update *update, struct baseline *out,
                           const struct outcome_of *now)
{
    struct entry entry = {.id = now->id, .status = ENTRY_SKIP};

    if (now->outcome == OUTCOME_PASS)
        entry.status = ENTRY_PASS;
    if (now->outcome == OUTCOME_FAIL) {
        entry.status = ENTRY_FAIL;
        entry.since = update->today;
        update->fresh++;
    }
    return entry_keep(update, out, &entry);
}

/* Not known before. */
static enum err entry_first(struct update *update, struct baseline *out,
                            const struct outcome_of *now)
{
    update->open += now->outcome == OUTCOME_OPEN;
    if (now->outcome == OUTCOME_OPEN || now->outcome == OUTCOME_GONE || update->only_fixed)
        return ERR_OK;
    return entry_make(update, out, now);
}

/* Known, and run again. */
static enum err entry_again(struct update *update, struct baseline *out, const struct entry *old,
                            const struct outcome_of *now)
{
    bool fixed = old->status == ENTRY_FAIL && now->outcome == OUTCOME_PASS;
    bool gone = now->outcome == OUTCOME_GONE && !update->only_fixed;
    bool stays = now->outcome == OUTCOME_OPEN || now->outcome == OUTCOME_GONE ||
                 old->status == ENTRY_QUARANTINED || (update->only_fixed && !fixed) ||
                 (old->status == ENTRY_FAIL && now->outcome == OUTCOME_FAIL);

    update->open += now->outcome == OUTCOME_OPEN;
    update->fixed += fixed;
    update->gone += gone;
    if (gone)
        return ERR_OK;
    return stays ? entry_keep(update, out, old) : entry_make(update, out, now);
}

static enum err entries_join(struct update *update, const struct outcomes *now,
                             struct baseline *out)
{
    const struct baseline *old = update->old;
    enum err err = ERR_OK;
    size_t i = 0, k = 0;

    while ((i < old->count || k < now->count) && err == ERR_OK) {
        const struct entry *entry = i < old->count ? old->entries[i] : NULL;
        const struct outcome_of *outcome = k < now->count ? now->order[k] : NULL;
        int order = entry == NULL ? 1 : outcome == NULL ? -1 : view_compare(entry->id, outcome->id);
        if (order < 0)
            err = entry_keep(update, out, entry);
        else if (order > 0)
            err = entry_first(update, out, outcome);
        else
            err = entry_again(update, out, entry, outcome);
        i += order <= 0;
        k += order >= 0;
    }
    return err;
}

enum err update_make(struct update *update, const struct report_run *run, struct baseline *out)
{
    struct outcomes outcomes = {0};
    enum err err = outcomes_collect(run, &outcomes);

    if (err == ERR_OK)
        err = entries_join(update, &outcomes, out);
    out->target = run->target;
    out->net = run->net;
    outcomes_deinit(&outcomes);
    return err;
}
