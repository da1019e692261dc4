#include "harness/listing/listing.h"
#include "harness/gate/words.h"
#include "harness/run/job.h"
#include "harness/run/sort.h"

#include <signal.h>

#define LOAD_LIMIT_US (30 * US_PER_S) /* of processor time, as in cases.c */

struct reader {
    const struct discovery *discovery;
    struct listing *out;
    size_t next_file;
    uint64_t limit_us;
    bool by_work;
    char job[JOB_LEN];
    enum err err; /* sticky: then no more is handed out */
};

enum err pointers_add(struct pointers *pointers, void *item)
{
    if (item == NULL)
        return ERR_MEMORY;
    void **items = mem_room(pointers->items, sizeof *items, pointers->count, &pointers->size, 64);
    if (items == NULL)
        return ERR_MEMORY;
    pointers->items = items;
    pointers->items[pointers->count++] = item;
    return ERR_OK;
}

static bool next_file(void *ctx, uint32_t worker, struct pool_job *out)
{
    struct reader *reader = ctx;

    if (reader->next_file == reader->discovery->file_count || reader->err != ERR_OK ||
        reader->out->config_complaint.ptr != NULL)
        return false;
    size_t file = reader->next_file++;
    struct job job = {.kind = FRAME_LIST, .file = (uint32_t)file, .worker = worker};
    *out = (struct pool_job){.tag = reader->discovery->files[file],
                             .frame = job_pack(reader->job, &job),
                             .limit_us = reader->limit_us,
                             .by_work = reader->by_work};
    return true;
}

static enum err scenario_take(struct reader *reader, struct view body)
{
    struct listed *listed = arena_zalloc(&reader->out->arena, sizeof *listed);
    enum err err = listed == NULL ? ERR_MEMORY : listed_unpack(body, &reader->out->arena, listed);

    if (err == ERR_OK && listed->file >= reader->discovery->file_count)
        err = ERR_SYNTAX;
    return err != ERR_OK ? err : pointers_add(&reader->out->scenarios, listed);
}

static enum err word_add(struct listing *listing, struct view word, struct pointers *out)
{
    struct view *copy = arena_alloc(&listing->arena, sizeof *copy);

    if (copy == NULL)
        return ERR_MEMORY;
    *copy = arena_copy(&listing->arena, word);
    return copy->ptr == NULL ? ERR_MEMORY : pointers_add(out, copy);
}

static enum err param_take(struct reader *reader, struct view body)
{
    struct unpack unpack = {.rest = body};

    return word_add(reader->out, unpack_view(&unpack), &reader->out->params);
}

/* Every worker reads the configuration, and all find the same in it: the first one's are kept. */
static enum err targets_take(struct reader *reader, struct unpack *unpack)
{
    enum err err = ERR_OK;

    if (reader->out->targets.count > 0)
        return ERR_OK;
    while (err == ERR_OK && unpack->rest.len > 0 && !unpack->failed)
        err = word_add(reader->out, unpack_view(unpack), &reader->out->targets);
    return err;
}

static struct view text_take(struct reader *reader, struct unpack *unpack)
{
    struct view text = arena_copy(&reader->out->arena, unpack_view(unpack));

    if (text.ptr == NULL)
        reader->err = ERR_MEMORY;
    return text;
}

static enum err target_take(struct reader *reader, struct view body)
{
    struct listing *out = reader->out;
    struct unpack unpack = {.rest = body};
    bool right = unpack_uint(&unpack) != 0;
    struct view text = text_take(reader, &unpack);

    if (!right) {
        out->config_complaint = text;
        return ERR_OK;
    }
    out->target_name = text;
    out->target_uri = text_take(reader, &unpack);
    out->known_path = text_take(reader, &unpack);
    out->known_failures = text_take(reader, &unpack);
    out->target_claims = text_take(reader, &unpack);
    out->target_jobs = (uint32_t)unpack_uint(&unpack);
    out->transport = text_take(reader, &unpack);
    return targets_take(reader, &unpack);
}

static uint32_t file_index(const struct reader *reader, const void *file)
{
    uint32_t index = 0;

    while (reader->discovery->files[index] != file)
        index++;
    return index;
}

static enum err failure_add(struct reader *reader, const void *file,
                            const struct load_failure *failure)
{
    struct arena *arena = &reader->out->arena;
    struct load_failure *copy = arena_alloc(arena, sizeof *copy);

    if (copy == NULL)
        return ERR_MEMORY;
    *copy = *failure;
    copy->file = file_index(reader, file);
    copy->path = arena_copy(arena, failure->path);
    copy->sentence = arena_copy(arena, failure->sentence);
    copy->hint = arena_copy(arena, failure->hint);
    copy->excerpt = arena_copy(arena, failure->excerpt);
    if (copy->path.ptr == NULL || copy->sentence.ptr == NULL || copy->hint.ptr == NULL ||
        copy->excerpt.ptr == NULL)
        return ERR_MEMORY;
    return pointers_add(&reader->out->failures, copy);
}

static enum err loaded_take(struct reader *reader, const void *file, struct view body)
{
    struct unpack unpack = {.rest = body};
    struct load_failure failure = {0};

    if (unpack_uint(&unpack) != 0)
        return ERR_OK;
    failure.line = (uint32_t)unpack_uint(&unpack);
    failure.path = unpack_view(&unpack);
    failure.sentence = unpack_view(&unpack);
    failure.hint = unpack_view(&unpack);
    failure.excerpt = unpack_view(&unpack);
    return unpack.failed ? ERR_SYNTAX : failure_add(reader, file, &failure);
}

static bool frame_take(void *ctx, void *tag, const struct frame *frame)
{
    struct reader *reader = ctx;
    enum err err = ERR_OK;

    if (frame->kind == FRAME_SCENARIO)
        err = scenario_take(reader, frame->body);
    else if (frame->kind == FRAME_PARAM)
        err = param_take(reader, frame->body);
    else if (frame->kind == FRAME_TARGET)
        err = target_take(reader, frame->body);
    else if (frame->kind == FRAME_LOADED)
        err = loaded_take(reader, tag, frame->body);
    if (err != ERR_OK)
        reader->err = err;
    return frame->kind == FRAME_LOADED || reader->out->config_complaint.ptr != NULL;
}

static void worker_lost(void *ctx, void *tag, const struct pool_loss *loss)
{
    struct reader *reader = ctx;
    const struct suite_file *file = tag;
    struct load_failure failure = {.path = file->path, .crashed = loss->kind == LOSS_CRASHED};
    char sentence[200];

    if (loss->kind == LOSS_HUNG)
        snprintf(sentence, sizeof sentence, "its top level was still running after %u s",
                 (unsigned)((loss->worked_us != 0 ? loss->worked_us : loss->after_us) / US_PER_S));
    else
        snprintf(sentence, sizeof sentence, "the process that loaded it was ended: %s",
                 loss->signal != 0 ? strsignal(loss->signal) : "it left by itself");
    failure.sentence = view_of(sentence);
    if (loss->kind == LOSS_HUNG)
        failure.hint = V("the top level only registers scenarios: is there a loop in it?");
    enum err err = failure_add(reader, file, &failure);
    if (err != ERR_OK)
        reader->err = err;
}

static bool listed_before(const void *a, const void *b)
{
    const struct listed *left = a, *right = b;

    return left->file != right->file ? left->file < right->file : left->index < right->index;
}

static bool failure_before(const void *a, const void *b)
{
    return ((const struct load_failure *)a)->file < ((const struct load_failure *)b)->file;
}

enum err listing_read(struct pool *pool, const struct discovery *discovery, uint64_t limit_us,
                      struct listing *out)
{
    struct reader reader = {.discovery = discovery,
                            .out = out,
                            .limit_us = limit_us != 0 ? limit_us : LOAD_LIMIT_US,
                            .by_work = limit_us == 0};
    struct pool_user user = {
        .ctx = &reader, .next = next_file, .frame = frame_take, .lost = worker_lost};
    enum err err = pool_run(pool, &user);

    if (err == ERR_OK)
        err = reader.err;
    if (err == ERR_OK)
        err = sort_pointers(out->scenarios.items, out->scenarios.count, listed_before);
    return err != ERR_OK ? err
                         : sort_pointers(out->failures.items, out->failures.count, failure_before);
}

enum err listing_tags(struct listing *listing, struct pointers *out)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < listing->scenarios.count; i++) {
        struct view rest = ((const struct listed *)listing->scenarios.items[i])->tags;
        for (struct view tag; err == ERR_OK && word_take(&rest, &tag);)
            err = word_add(listing, tag, out);
    }
    return err;
}

void listing_deinit(struct listing *listing)
{
    mem_free(listing->scenarios.items);
    mem_free(listing->failures.items);
    mem_free(listing->params.items);
    mem_free(listing->targets.items);
    arena_deinit(&listing->arena);
    *listing = (struct listing){0};
}
