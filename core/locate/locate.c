#include "core/locate/lookup.h"

enum { LOOKUPS = 65536, QUESTIONS = 4096 };

struct locate {
    struct rng rng;
    struct questions questions;
    struct table lookups;
    struct lookup *first, *last; /* in the order in which they began */
    struct lookup *first_ready, *last_ready;
    uint64_t begun;
};

enum err locate_create(const struct locate_options *options, struct locate **out)
{
    struct locate *locate = mem_zalloc(sizeof *locate);
    if (locate == NULL)
        return ERR_MEMORY;
    locate->rng = options->rng;
    locate->questions.last_number = options->last_number;
    locate->lookups.limit = options->lookup_limit != 0 ? options->lookup_limit : LOOKUPS;
    locate->questions.limit = options->question_limit != 0 ? options->question_limit : QUESTIONS;
    *out = locate;
    return ERR_OK;
}

static void unready(struct locate *locate, const struct lookup *lookup)
{
    struct lookup *before = NULL;
    for (struct lookup *at = locate->first_ready; at != NULL; before = at, at = at->next_ready) {
        if (at != lookup)
            continue;
        *(before == NULL ? &locate->first_ready : &before->next_ready) = at->next_ready;
        if (locate->last_ready == at)
            locate->last_ready = before;
        return;
    }
}

static void lookup_destroy(struct locate *locate, struct lookup *lookup)
{
    unready(locate, lookup);
    *(lookup->previous == NULL ? &locate->first : &lookup->previous->next) = lookup->next;
    *(lookup->next == NULL ? &locate->last : &lookup->next->previous) = lookup->previous;
    table_remove(&locate->lookups, lookup->self);
    arena_deinit(&lookup->texts);
    mem_free(lookup);
}

void locate_destroy(struct locate *locate)
{
    if (locate == NULL)
        return;
    while (locate->first != NULL)
        lookup_destroy(locate, locate->first);
    table_deinit(&locate->lookups);
    questions_deinit(&locate->questions);
    mem_free(locate);
}

static enum err lookup_create(struct locate *locate, struct lookup **out)
{
    struct lookup *lookup = mem_zalloc(sizeof *lookup);
    if (lookup == NULL)
        return ERR_MEMORY;
    enum err err = table_add(&locate->lookups, lookup, &lookup->self);
    if (err != ERR_OK) {
        mem_free(lookup);
        return err;
    }
    lookup->previous = locate->last;
    *(locate->last == NULL ? &locate->first : &locate->last->next) = lookup;
    locate->last = lookup;
    lookup->questions = &locate->questions;
    lookup->rng = locate->rng;
    lookup->number = locate->begun++;
    *out = lookup;
    return ERR_OK;
}

static bool is_number(struct view host)
{
    struct addr addr;
    return addr_host_parse(host, &addr) == ERR_OK;
}

enum err locate_begin(struct locate *locate, uint64_t now_us, const struct locate_ask *ask,
                      struct handle *out)
{
    struct lookup *lookup;
    enum err err = lookup_create(locate, &lookup);
    if (err != ERR_OK)
        return err;
    lookup->now_us = now_us;
    lookup->ask = *ask;
    lookup->ask.host = arena_copy(&lookup->texts, ask->host);
    lookup->ask.name =
        arena_copy(&lookup->texts, is_number(ask->name) ? (struct view){0} : ask->name);
    bool copied = lookup->ask.host.ptr != NULL && lookup->ask.name.ptr != NULL;
    err = copied ? lookup_start(lookup) : ERR_MEMORY;
    if (err != ERR_OK) {
        lookup_destroy(locate, lookup);
        return err;
    }
    *out = lookup->self;
    return ERR_OK;
}

enum located locate_take(struct locate *locate, struct handle handle, struct locate_target *out)
{
    struct lookup *lookup = table_find(&locate->lookups, handle);
    if (lookup == NULL)
        return LOCATE_NONE;
    enum located located = lookup_take(lookup, out);
    lookup->waits = located == LOCATE_WAITS;
    return located;
}

void locate_end(struct locate *locate, struct handle handle)
{
    struct lookup *lookup = table_find(&locate->lookups, handle);
    if (lookup != NULL)
        lookup_destroy(locate, lookup);
}

bool locate_question(struct locate *locate, struct locate_question *out)
{
    const struct question *question = questions_next(&locate->questions);
    if (question == NULL)
        return false;
    *out = (struct locate_question){question->number, question->name, question->type};
    return true;
}

static void ready(struct locate *locate, struct lookup *lookup)
{
    lookup->waits = false;
    lookup->next_ready = NULL;
    *(locate->first_ready == NULL ? &locate->first_ready : &locate->last_ready->next_ready) =
        lookup;
    locate->last_ready = lookup;
}

enum err locate_answer(struct locate *locate, uint64_t now_us, const struct packet *answer)
{
    enum err err;
    struct question *question = questions_answer(&locate->questions, now_us, answer, &err);
    if (question == NULL)
        return err;
    question->pinned = true;
    for (struct lookup *lookup = locate->first; lookup != NULL; lookup = lookup->next) {
        lookup->now_us = now_us;
        lookup_answered(lookup, question);
        if (err == ERR_OK)
            err = lookup->failed;
        lookup->failed = ERR_OK;
        if (lookup->waits && !lookup_waits(lookup))
            ready(locate, lookup);
    }
    question->pinned = false;
    return err;
}

void locate_own(struct locate *locate, struct handle handle, struct locate_owner owner)
{
    struct lookup *lookup = table_find(&locate->lookups, handle);
    if (lookup != NULL)
        lookup->owner = owner;
}

void locate_wake(struct locate *locate, struct handle handle)
{
    struct lookup *lookup = table_find(&locate->lookups, handle);
    if (lookup == NULL)
        return;
    unready(locate, lookup);
    ready(locate, lookup);
}

bool locate_ready(struct locate *locate, struct handle *out_lookup, struct locate_owner *out_owner)
{
    struct lookup *lookup = locate->first_ready;
    if (lookup == NULL)
        return false;
    locate->first_ready = lookup->next_ready;
    if (locate->first_ready == NULL)
        locate->last_ready = NULL;
    *out_lookup = lookup->self;
    *out_owner = lookup->owner;
    return true;
}

uint32_t locate_count(const struct locate *locate)
{
    return locate->lookups.live;
}

uint32_t locate_questions(const struct locate *locate)
{
    return locate->questions.count;
}
