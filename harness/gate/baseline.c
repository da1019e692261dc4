#include "harness/gate/baseline.h"
#include "harness/run/sort.h"

const char *entry_status_text(enum entry_status status)
{
    static const char *const texts[] = {"pass", "fail", "skip", "quarantined"};

    return texts[status];
}

bool entry_expired(const struct entry *entry, struct view today)
{
    return entry->expires.len > 0 && view_compare(entry->expires, today) < 0;
}

static void word_add(struct buf *out, const char *before, struct view word)
{
    if (word.len == 0)
        return;
    if (out->len > 0)
        buf_add(out, V(", "));
    buf_printf(out, "%s%.*s", before, VIEW_ARG(word));
}

void entry_words(const struct entry *entry, struct buf *out)
{
    word_add(out, "", entry->reason);
    word_add(out, "", entry->issue);
    word_add(out, "", entry->owner);
    word_add(out, "until ", entry->expires);
}

/* Copies what is there; the absent stays absent. */
static bool text_keep(struct arena *arena, struct view *text)
{
    if (text->ptr == NULL)
        return true;
    *text = arena_copy(arena, *text);
    return text->ptr != NULL;
}

enum err baseline_add(struct baseline *baseline, const struct entry *entry)
{
    struct entry *copy = arena_alloc(&baseline->arena, sizeof *copy);
    struct entry **entries =
        mem_room(baseline->entries, sizeof *entries, baseline->count, &baseline->size, 64);

    if (entries != NULL)
        baseline->entries = entries;
    if (copy == NULL || entries == NULL)
        return ERR_MEMORY;
    *copy = *entry;
    struct view *const texts[] = {&copy->id,    &copy->reason,  &copy->issue, &copy->owner,
                                  &copy->since, &copy->expires, &copy->file};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!text_keep(&baseline->arena, texts[i]))
            return ERR_MEMORY;
    baseline->entries[baseline->count++] = copy;
    return ERR_OK;
}

static struct view entry_id(const void *entry)
{
    return ((const struct entry *)entry)->id;
}

static bool entry_before(const void *a, const void *b)
{
    return view_compare(entry_id(a), entry_id(b)) < 0;
}

/* Of the same id. ERR_SYNTAX: they contradict each other. */
static enum err entry_join(struct entry **kept, struct entry *next, struct buf *complaint)
{
    const struct entry *first = *kept;

    if (view_equal(first->file, next->file)) {
        buf_printf(complaint, "%.*s:%u: '%.*s' stands at line %u already; keep one of the two",
                   VIEW_ARG(next->file), (unsigned)next->line, VIEW_ARG(next->id),
                   (unsigned)first->line);
        return ERR_SYNTAX;
    }
    if (next->status == ENTRY_QUARANTINED) {
        *kept = next;
    } else if (first->status != ENTRY_QUARANTINED && first->status != next->status) {
        buf_printf(complaint, "'%.*s' is '%s' at %.*s:%u and '%s' at %.*s:%u; take one of them out",
                   VIEW_ARG(next->id), entry_status_text(first->status), VIEW_ARG(first->file),
                   (unsigned)first->line, entry_status_text(next->status), VIEW_ARG(next->file),
                   (unsigned)next->line);
        return ERR_SYNTAX;
    }
    return ERR_OK;
}

enum err baseline_settle(struct baseline *baseline, struct buf *complaint)
{
    enum err err = sort_pointers((void **)baseline->entries, baseline->count, entry_before);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < baseline->count && err == ERR_OK; i++) {
        struct entry *next = baseline->entries[i];
        if (kept > 0 && view_equal(baseline->entries[kept - 1]->id, next->id))
            err = entry_join(&baseline->entries[kept - 1], next, complaint);
        else
            baseline->entries[kept++] = next;
    }
    if (err == ERR_OK)
        baseline->count = kept;
    return err;
}

struct entry *baseline_find(const struct baseline *baseline, struct view id)
{
    return sorted_find((void *const *)baseline->entries, baseline->count, id, entry_id);
}

void baseline_deinit(struct baseline *baseline)
{
    mem_free(baseline->entries);
    arena_deinit(&baseline->arena);
    *baseline = (struct baseline){0};
}
