#include "harness/lua/task.h"

enum { BUCKETS_FIRST = 64 };

void task_list_append(struct wait_queue *list, struct task *task)
{
    task->next = NULL;
    task->prev = list->last;
    if (list->last == NULL)
        list->first = task;
    else
        list->last->next = task;
    list->last = task;
}

void task_list_remove(struct wait_queue *list, struct task *task)
{
    if (task->prev == NULL)
        list->first = task->next;
    else
        task->prev->next = task->next;
    if (task->next == NULL)
        list->last = task->prev;
    else
        task->next->prev = task->prev;
    task->next = task->prev = NULL;
}

static struct task **bucket_of(const struct sched *sched, uint32_t number)
{
    return &sched->buckets[number & (sched->bucket_count - 1)];
}

struct task *task_find(const struct sched *sched, uint32_t number)
{
    if (sched->bucket_count == 0)
        return NULL;
    struct task *task = *bucket_of(sched, number);
    while (task != NULL && task->number != number)
        task = task->same_bucket;
    return task;
}

static enum err buckets_grow(struct sched *sched)
{
    if (sched->live < sched->bucket_count)
        return ERR_OK;
    struct sched bigger = {.bucket_count =
                               sched->bucket_count == 0 ? BUCKETS_FIRST : sched->bucket_count * 2};
    bigger.buckets = mem_zalloc(bigger.bucket_count * sizeof *bigger.buckets);
    if (bigger.buckets == NULL)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < sched->bucket_count; i++)
        for (struct task *task = sched->buckets[i], *next; task != NULL; task = next) {
            next = task->same_bucket;
            struct task **bucket = bucket_of(&bigger, task->number);
            task->same_bucket = *bucket;
            *bucket = task;
        }
    mem_free(sched->buckets);
    sched->buckets = bigger.buckets;
    sched->bucket_count = bigger.bucket_count;
    return ERR_OK;
}

enum err task_create(struct sched *sched, struct task **out)
{
    if (sched->live >= sched->task_limit)
        return ERR_LIMIT;
    if (buckets_grow(sched) != ERR_OK)
        return ERR_MEMORY;
    struct task *task = mem_zalloc(sizeof *task);
    if (task == NULL)
        return ERR_MEMORY;
    task->number = ++sched->last_number;
    task->ref = LUA_NOREF;
    struct task **bucket = bucket_of(sched, task->number);
    task->same_bucket = *bucket;
    *bucket = task;
    sched->live++;
    *out = task;
    return ERR_OK;
}

void task_forget(struct sched *sched, struct task *task)
{
    struct task **at = bucket_of(sched, task->number);
    while (*at != task)
        at = &(*at)->same_bucket;
    *at = task->same_bucket;
    sched->live--;
    luaL_unref(sched->engine->lua, LUA_REGISTRYINDEX, task->ref);
    mem_free(task);
}
