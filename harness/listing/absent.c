#include "harness/listing/absent.h"
#include "harness/host/path.h"
#include "harness/pattern/pattern.h"
#include "harness/run/sort.h"

struct search {
    const struct options *options;
    const struct discovery *discovery;
    const struct listing *listing;
    struct baseline *baseline;
    struct buf *complaint;
    struct view *folders; /* given, below the root; "" is the root itself */
    size_t folder_count;
    uint32_t absent, known; /* entries; those whose file is there */
};

/* "calls/hold.lua" of "calls/hold.lua: hold and resume". */
static struct view file_of(struct view id)
{
    size_t at = view_find(id, V(".lua: "));

    return at < id.len ? view_head(id, at + V(".lua").len) : V("");
}

static void folder_take(struct search *s, const char *given)
{
    struct arena *arena = &s->baseline->arena;
    struct view real = path_real(arena, view_of(given));
    struct view *below = &s->folders[s->folder_count];

    if (real.ptr != NULL && path_kind(real) == PATH_FOLDER &&
        path_below(s->discovery->root, real, below))
        s->folder_count++;
}

static enum err folders_find(struct search *s)
{
    const struct strings *paths = &s->options->paths;

    s->folders = arena_zalloc(&s->baseline->arena, (paths->count + 1) * sizeof *s->folders);
    if (s->folders == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < paths->count; i++)
        folder_take(s, paths->items[i]);
    if (paths->count == 0)
        folder_take(s, ".");
    return ERR_OK;
}

static bool is_below(struct view folder, struct view file)
{
    return folder.len == 0 ||
           (view_starts(file, folder) && file.len > folder.len && file.ptr[folder.len] == '/');
}

static struct view path_of_file(const void *file)
{
    return ((const struct suite_file *)file)->path;
}

static const struct suite_file *discovered(const struct search *s, struct view path)
{
    return sorted_find((void *const *)s->discovery->files, s->discovery->file_count, path,
                       path_of_file);
}

static bool has_failed_to_load(const struct search *s, const struct suite_file *file)
{
    for (size_t i = 0; i < s->listing->failures.count; i++) {
        const struct load_failure *failure = s->listing->failures.items[i];
        if (s->discovery->files[failure->file] == file)
            return true;
    }
    return false;
}

/* A file of which one scenario is meant says nothing of its others. */
static bool is_reached(const struct search *s, struct view id)
{
    struct view path = file_of(id);
    const struct suite_file *file = discovered(s, path);

    if (file != NULL)
        return file->line == 0 && !has_failed_to_load(s, file);
    for (size_t i = 0; i < s->folder_count; i++)
        if (is_below(s->folders[i], path))
            return true;
    return false;
}

/* The expressions were checked: one that fails now fails by its limits, and is taken to match. */
static bool is_named(const struct search *s, struct view id)
{
    const char *wanted = s->options->grep, *unwanted = s->options->grep_invert;
    struct pattern_error error = {0};

    return (wanted == NULL || regex_match(view_of(wanted), id, &error) != 0) &&
           (unwanted == NULL || regex_match(view_of(unwanted), id, &error) == 0);
}

/* The entries that are registered are no longer absent. */
static void listed_strike(struct search *s)
{
    for (size_t i = 0; i < s->listing->scenarios.count; i++) {
        const struct listed *listed = s->listing->scenarios.items[i];
        struct entry *entry = baseline_find(s->baseline, listed->id);
        if (entry != NULL)
            entry->absent = false;
    }
}

static enum err suite_check(const struct search *s)
{
    const struct baseline *baseline = s->baseline;

    if (s->absent == 0 || s->known > 0)
        return ERR_OK;
    const struct entry *first = baseline->entries[0];
    buf_printf(s->complaint,
               "%.*s is the baseline of another suite: it has '%.*s', and none of its files is "
               "below %.*s; 'sipwright baseline update' makes one for this suite",
               VIEW_ARG(first->file), VIEW_ARG(first->id), VIEW_ARG(s->discovery->root_shown));
    return ERR_SYNTAX;
}

enum err absent_find(const struct options *options, const struct discovery *discovery,
                     const struct listing *listing, struct baseline *baseline,
                     struct buf *complaint)
{
    struct search s = {.options = options,
                       .discovery = discovery,
                       .listing = listing,
                       .baseline = baseline,
                       .complaint = complaint};
    /* What failed last is a list: the rest of the suite is not meant. */
    if (baseline->count == 0 || options->last_failed)
        return ERR_OK;
    enum err err = folders_find(&s);
    if (err != ERR_OK)
        return err;
    for (uint32_t i = 0; i < baseline->count; i++) {
        struct entry *entry = baseline->entries[i];
        entry->absent = is_reached(&s, entry->id) && is_named(&s, entry->id);
        s.known += discovered(&s, file_of(entry->id)) != NULL;
    }
    listed_strike(&s);
    for (uint32_t i = 0; i < baseline->count; i++)
        s.absent += baseline->entries[i]->absent;
    return suite_check(&s);
}
