#include "core/base/tape.h"

#include "core/base/alloc.h"

#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

enum { CHANCE_ALL = 1000000 };

struct counter { /* how many decisions a key has had */
    UT_hash_handle hh;
    uint64_t key, count;
    bool lost;
};

struct forced {
    UT_hash_handle hh;
    struct choice choice;
    bool lost;
};

struct tape {
    struct rng stream;
    struct counter *counters;
    struct forced *forced;
    bool only_forced;
};

static enum err add_forced(struct tape *tape, struct choice choice)
{
    struct forced *item = mem_zalloc(sizeof *item);
    if (item == NULL)
        return ERR_MEMORY;
    item->choice = choice;
    HASH_ADD(hh, tape->forced, choice.id, sizeof item->choice.id, item);
    if (!item->lost)
        return ERR_OK;
    mem_free(item);
    return ERR_MEMORY;
}

enum err tape_create(struct rng stream, const struct choice *forced, size_t count, bool only_forced,
                     struct tape **out)
{
    struct tape *tape = mem_zalloc(sizeof *tape);
    if (tape == NULL)
        return ERR_MEMORY;
    tape->stream = stream;
    tape->only_forced = only_forced;
    for (size_t i = 0; i < count; i++) {
        enum err err = add_forced(tape, forced[i]);
        if (err != ERR_OK) {
            tape_destroy(tape);
            return err;
        }
    }
    *out = tape;
    return ERR_OK;
}

void tape_destroy(struct tape *tape)
{
    if (tape == NULL)
        return;
    struct counter *counter, *next_counter;
    HASH_ITER(hh, tape->counters, counter, next_counter)
    {
        HASH_DEL(tape->counters, counter);
        mem_free(counter);
    }
    struct forced *forced, *next_forced;
    HASH_ITER(hh, tape->forced, forced, next_forced)
    {
        HASH_DEL(tape->forced, forced);
        mem_free(forced);
    }
    mem_free(tape);
}

static struct counter *counter_get(struct tape *tape, uint64_t key)
{
    struct counter *counter;
    HASH_FIND(hh, tape->counters, &key, sizeof key, counter);
    if (counter != NULL)
        return counter;
    counter = mem_zalloc(sizeof *counter);
    if (counter == NULL)
        return NULL;
    counter->key = key;
    HASH_ADD(hh, tape->counters, key, sizeof counter->key, counter);
    if (!counter->lost)
        return counter;
    mem_free(counter);
    return NULL;
}

/* Two draws, each named: whether, and which. */
static uint32_t draw(const struct tape *tape, struct view key, uint64_t n, uint32_t bound,
                     uint32_t chance_ppm)
{
    uint64_t whether = rng_at(tape->stream, key, 2 * n) % CHANCE_ALL;
    if (bound < 2 || whether >= chance_ppm)
        return 0;
    uint64_t which = rng_at(tape->stream, key, 2 * n + 1);
    return 1 + (uint32_t)(which % (bound - 1));
}

struct choice tape_choose_at(const struct tape *tape, struct view key, uint64_t n, uint32_t bound,
                             uint32_t chance_ppm)
{
    ASSERT(bound > 0);
    struct choice choice = {.id = rng_mix(view_hash(key) + n), .bound = bound};
    struct forced *forced;
    HASH_FIND(hh, tape->forced, &choice.id, sizeof choice.id, forced);
    if (forced != NULL)
        choice.value = forced->choice.value % bound;
    else if (!tape->only_forced)
        choice.value = draw(tape, key, n, bound, chance_ppm);
    return choice;
}

enum err tape_choose(struct tape *tape, struct view key, uint32_t bound, uint32_t chance_ppm,
                     struct choice *out)
{
    struct counter *counter = counter_get(tape, view_hash(key));
    if (counter == NULL)
        return ERR_MEMORY;
    *out = tape_choose_at(tape, key, counter->count++, bound, chance_ppm);
    return ERR_OK;
}
