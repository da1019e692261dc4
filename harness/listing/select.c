#include "harness/listing/select.h"
#include "harness/listing/from_list.h"
#include "harness/listing/select_rfc.h"
#include "harness/listing/tags.h"
#include "harness/lua/handle.h"
#include "harness/pattern/pattern.h"

struct selecting {
    const struct options *options;
    const struct discovery *discovery;
    struct listing *listing;
    struct buf *complaint;
};

uint32_t select_shard(struct view id, uint32_t shard_count)
{
    return (uint32_t)(view_hash(id) % shard_count) + 1;
}

/* The line at which the scenario around `line` begins: the last one that does not begin later, or
 * the file's first. */
static uint32_t line_around(const struct listing *listing, uint32_t file, uint32_t line)
{
    uint32_t first = 0, around = 0;

    for (size_t i = 0; i < listing->scenarios.count; i++) {
        const struct listed *listed = listing->scenarios.items[i];
        if (listed->file != file)
            continue;
        if (first == 0 || listed->line < first)
            first = listed->line;
        if (listed->line <= line && listed->line > around)
            around = listed->line;
    }
    return around != 0 ? around : first;
}

static bool line_meant(const struct selecting *s, const struct listed *listed)
{
    const struct suite_file *file = s->discovery->files[listed->file];

    if (file->line == 0)
        return true;
    for (; file != NULL; file = file->more)
        if (line_around(s->listing, listed->file, file->line) == listed->line)
            return true;
    return false;
}

static enum err regex_meant(const struct selecting *s, const char *name, const char *regex,
                            struct view id, bool *out)
{
    struct pattern_error error = {0};
    int found = regex_match(view_of(regex), id, &error);

    if (found < 0) {
        buf_printf(s->complaint, "--%s '%s': %s", name, regex, error.sentence);
        return ERR_SYNTAX;
    }
    *out = found > 0;
    return ERR_OK;
}

static enum err tags_meant(const struct selecting *s, const struct listed *listed, bool *out)
{
    *out = true;
    for (size_t i = 0; i < s->options->tags.count && *out; i++) {
        enum err err =
            tags_match(view_of(s->options->tags.items[i]), listed->tags, out, s->complaint);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

static enum err meant(const struct selecting *s, const struct listed *listed, bool *out)
{
    const struct options *options = s->options;
    bool tagged = true, named = true, unwanted = false;
    enum err err = tags_meant(s, listed, &tagged);

    if (err == ERR_OK && options->grep != NULL)
        err = regex_meant(s, "grep", options->grep, listed->id, &named);
    if (err == ERR_OK && options->grep_invert != NULL)
        err = regex_meant(s, "grep-invert", options->grep_invert, listed->id, &unwanted);
    *out = tagged && named && !unwanted && line_meant(s, listed) &&
           select_rfcs_mean(&options->rfcs, listed->covers);
    return err;
}

/* Looks for a tag among all scenarios, before any of them is left out. */
struct tag_search {
    const struct listing *listing;
    struct view unknown; /* the first; absent: none */
};

static void tag_look_up(void *ctx, struct view tag)
{
    struct tag_search *search = ctx;

    for (size_t i = 0; i < search->listing->scenarios.count; i++)
        if (words_have(((const struct listed *)search->listing->scenarios.items[i])->tags, tag))
            return;
    if (search->unknown.ptr == NULL)
        search->unknown = tag;
}

static const char *tag_nearest(const struct selecting *s, const struct pointers *tags,
                               const char *tag)
{
    const char **texts = arena_zalloc(&s->listing->arena, (tags->count + 1) * sizeof *texts);

    for (size_t i = 0; texts != NULL && i < tags->count; i++)
        texts[i] = ((const struct view *)tags->items[i])->ptr;
    return texts == NULL ? NULL : suggest(tag, texts);
}

static enum err tag_complain(const struct selecting *s, struct view tag)
{
    struct pointers tags = {0};
    struct view copy = arena_copy(&s->listing->arena, tag);
    enum err err = copy.ptr == NULL ? ERR_MEMORY : listing_tags(s->listing, &tags);

    if (err == ERR_OK) {
        const char *near = tag_nearest(s, &tags, copy.ptr);
        buf_printf(s->complaint, "--tag: no scenario has the tag '%s'%s%s%s", copy.ptr,
                   near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                   near != NULL ? "'?" : "");
        err = ERR_SYNTAX;
    }
    mem_free(tags.items);
    return err;
}

static enum err tags_check(const struct selecting *s)
{
    struct tag_search search = {.listing = s->listing};

    for (size_t i = 0; i < s->options->tags.count; i++) {
        enum err err =
            tags_walk(view_of(s->options->tags.items[i]), &search, tag_look_up, s->complaint);
        if (err != ERR_OK)
            return err;
    }
    return search.unknown.ptr == NULL ? ERR_OK : tag_complain(s, search.unknown);
}

/* A wrong expression is a complaint even where there is nothing to be matched. */
static enum err regexes_check(const struct selecting *s)
{
    bool ignored;
    enum err err = ERR_OK;

    if (s->options->grep != NULL)
        err = regex_meant(s, "grep", s->options->grep, V(""), &ignored);
    if (err == ERR_OK && s->options->grep_invert != NULL)
        err = regex_meant(s, "grep-invert", s->options->grep_invert, V(""), &ignored);
    return err;
}

/* What falls to another shard stays, marked: a case has its place in the whole run. */
static void shard_choose(const struct selecting *s, struct listed *listed)
{
    const struct options *options = s->options;

    listed->elsewhere = options->shard_count != 0 &&
                        select_shard(listed->id, options->shard_count) != options->shard_index;
    s->listing->elsewhere += listed->elsewhere;
}

/* The list says which; without one all are named. */
static enum err names_mark(const struct selecting *s, bool *named)
{
    struct from_list from = {s->options->from_list, s->discovery, s->listing};

    for (size_t i = 0; i < s->listing->scenarios.count; i++)
        named[i] = from.path == NULL;
    return from.path == NULL ? ERR_OK : from_list_mark(&from, named, s->complaint);
}

/* The marks first, then the removal: a line is looked for among all scenarios of its file. */
static enum err keep(const struct selecting *s)
{
    struct pointers *scenarios = &s->listing->scenarios;
    bool *kept = mem_zalloc(scenarios->count + 1);
    enum err err = kept == NULL ? ERR_MEMORY : ERR_OK;
    uint32_t count = 0;

    s->listing->elsewhere = 0;
    if (err == ERR_OK)
        err = names_mark(s, kept);
    for (size_t i = 0; err == ERR_OK && i < scenarios->count; i++)
        if (kept[i])
            err = meant(s, scenarios->items[i], &kept[i]);
    for (size_t i = 0; err == ERR_OK && i < scenarios->count; i++)
        if (kept[i]) {
            shard_choose(s, scenarios->items[i]);
            scenarios->items[count++] = scenarios->items[i];
        }
    if (err == ERR_OK)
        scenarios->count = count;
    mem_free(kept);
    return err;
}

enum err select_scenarios(const struct options *options, const struct discovery *discovery,
                          struct listing *listing, struct buf *complaint)
{
    struct selecting selecting = {
        .options = options, .discovery = discovery, .listing = listing, .complaint = complaint};
    enum err err = tags_check(&selecting);

    if (err == ERR_OK)
        err = regexes_check(&selecting);
    if (err == ERR_OK)
        err = select_rfcs_check(&options->rfcs, complaint);
    return err != ERR_OK ? err : keep(&selecting);
}
