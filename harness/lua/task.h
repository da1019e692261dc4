/* The tasks of a scheduler: lists without allocation, and who lives by number. Private to sched.c.
 *
 *     enum err err = task_create(sched, &task);
 *     task_list_append(&sched->ready, task);
 */
#pragma once
#include "harness/lua/engine.h"
#include "harness/lua/sched.h"

enum task_state { TASK_NEW, TASK_READY, TASK_RUNNING, TASK_WAITING };

struct task {
    struct heap_node deadline; /* first, so that the heap's node is the task */
    lua_State *thread;
    int ref; /* what keeps the thread from being collected */
    uint32_t number, word;
    uint64_t draws;
    int arg_count; /* of the first resume */
    enum task_state state;
    bool expired;
    lua_State *waits_in;          /* its thread, or a coroutine's of the script */
    const struct wait_kind *kind; /* what it waits for */
    struct wait_queue *queue;     /* it waits in this one */
    struct task *next, *prev;     /* of the wait queue, or of the ready list */
    struct task *same_bucket;
    struct wait_queue ended;
};

struct sched {
    struct engine *engine;
    struct order *order;
    void *ctx;
    void (*ended)(void *ctx, uint32_t task, lua_State *thread, int status);
    struct heap deadlines;
    struct wait_queue ready;
    struct task **buckets; /* live tasks by number */
    uint32_t bucket_count, live, last_number, task_limit;
    struct task *running;
    bool stopped;
};

void task_list_append(struct wait_queue *list, struct task *task);
void task_list_remove(struct wait_queue *list, struct task *task);
struct task *task_find(const struct sched *sched, uint32_t number);     /* NULL: ended */
enum err task_create(struct sched *sched, struct task **out) NODISCARD; /* LIMIT, MEMORY */
void task_forget(struct sched *sched, struct task *task); /* out of all lists already */
