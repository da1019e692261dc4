#include "harness/lua/task.h"

enum { TASK_LIMIT = 1000000 };

static void task_wake(struct sched *sched, struct task *task)
{
    if (task->queue != NULL)
        task_list_remove(task->queue, task);
    task->queue = NULL;
    heap_stop(&sched->deadlines, &task->deadline);
    task->state = TASK_READY;
    task_list_append(&sched->ready, task);
}

/* What is on top of the thread is the caller's to look at: its error, or its results. */
static void task_end(struct sched *sched, struct task *task, int status)
{
    if (sched->ended != NULL)
        sched->ended(sched->ctx, task->number, task->thread, status);
    if (status != LUA_OK)
        engine_reset(sched->engine, task->thread); /* runs what is to be closed */
    sched_wake(sched, &task->ended);
    task_forget(sched, task);
}

static void task_run(struct sched *sched, struct task *task)
{
    int results, args = task->arg_count;
    task->arg_count = 0;
    task->state = TASK_RUNNING;
    ASSERT(sched->running == NULL);
    sched->running = task;
    int status = lua_resume(task->thread, sched->engine->lua, args, &results);
    if (status == LUA_YIELD) {
        ASSERT(sched->engine->parked);
        sched->engine->parked = false;
    } else {
        task_end(sched, task, status);
    }
    sched->running = NULL;
    if (sched_broken(sched) != NULL)
        sched->stopped = true;
}

/* One at a time: between two deadlines of one instant something else may be due. */
static void expire(struct sched *sched, uint64_t now_us)
{
    struct heap_node *due = heap_first(&sched->deadlines);
    if (due == NULL || due->at.at_us > now_us)
        return;
    struct task *task = (struct task *)due;
    task_wake(sched, task);
    task->expired = true;
}

enum err sched_create(const struct sched_options *options, struct sched **out)
{
    struct sched *sched = mem_zalloc(sizeof *sched);
    if (sched == NULL)
        return ERR_MEMORY;
    sched->engine = engine_of(options->lua);
    sched->order = options->order;
    sched->ctx = options->ctx;
    sched->ended = options->ended;
    sched->task_limit = options->task_limit == 0 ? TASK_LIMIT : options->task_limit;
    if (options->instruction_limit != 0)
        sched->engine->instruction_limit = options->instruction_limit;
    sched->engine->sched = sched;
    *out = sched;
    return ERR_OK;
}

void sched_stop(struct sched *sched)
{
    sched->stopped = true;
}

void sched_abandon(struct sched *sched)
{
    ASSERT(sched->running == NULL);
    for (uint32_t i = 0; i < sched->bucket_count; i++)
        while (sched->buckets[i] != NULL) {
            struct task *task = sched->buckets[i];
            if (task->queue != NULL)
                task_list_remove(task->queue, task);
            heap_stop(&sched->deadlines, &task->deadline);
            task_forget(sched, task);
        }
    sched->ready = (struct wait_queue){0};
    sched->stopped = false;
}

void sched_destroy(struct sched *sched)
{
    if (sched == NULL)
        return;
    for (uint32_t i = 0; i < sched->bucket_count; i++)
        while (sched->buckets[i] != NULL)
            task_forget(sched, sched->buckets[i]);
    sched->engine->sched = NULL;
    heap_deinit(&sched->deadlines);
    mem_free(sched->buckets);
    mem_free(sched);
}

enum err sched_spawn(struct sched *sched, lua_State *L, int arg_count, uint32_t *out)
{
    struct task *task;
    enum err err = task_create(sched, &task);
    if (err != ERR_OK)
        return err;
    task->word = sched->running == NULL ? 0 : sched->running->word;
    /* What raises for lack of memory here leaves a task that never gets ready; sched_destroy has
     * it. */
    task->thread = lua_newthread(L);
    task->ref = luaL_ref(L, LUA_REGISTRYINDEX);
    luaL_checkstack(task->thread, arg_count + 1, "too many arguments");
    lua_xmove(L, task->thread, arg_count + 1);
    task->arg_count = arg_count;
    task->state = TASK_READY;
    task_list_append(&sched->ready, task);
    *out = task->number;
    return ERR_OK;
}

bool sched_run_ready(struct sched *sched, uint64_t now_us, bool due)
{
    bool any = false;
    if (due)
        expire(sched, now_us);
    while (!sched->stopped && sched->ready.first != NULL) {
        struct task *task = sched->ready.first;
        task_list_remove(&sched->ready, task);
        task_run(sched, task);
        any = true;
    }
    return any;
}

struct moment sched_deadline(const struct sched *sched)
{
    struct heap_node *first = sched->stopped ? NULL : heap_first(&sched->deadlines);
    return first == NULL ? moment_never : first->at;
}

/* NULL: it may. */
static const char *why_no_wait(lua_State *L, const struct engine *engine)
{
    struct sched *sched = engine->sched;
    if (engine->in_hook)
        return "a function that is called for a message may not wait";
    if (sched == NULL || sched->running == NULL)
        return "nothing can wait here: only in a scenario's function";
    if (engine->blocked > 0 || !lua_isyieldable(L))
        return "nothing can wait here: the function was called by one (table.sort, gsub, a "
               "metamethod …) that cannot be left in the middle";
    return NULL;
}

static void refuse_wait(lua_State *L, const struct engine *engine)
{
    const char *why = why_no_wait(L, engine);
    if (why != NULL)
        misuse(L, "%s", why);
}

bool sched_may_wait(lua_State *L)
{
    return why_no_wait(L, engine_of(L)) == NULL;
}

int sched_wait_for(lua_State *L, struct wait_queue *queue, uint64_t at_us, lua_KContext ctx,
                   const struct wait_kind *kind)
{
    struct engine *engine = engine_of(L);
    refuse_wait(L, engine);
    struct sched *sched = engine->sched;
    struct task *task = sched->running;
    if (at_us != NEVER &&
        heap_set(&sched->deadlines, &task->deadline, order_next(sched->order, at_us)) != ERR_OK)
        return luaL_error(L, "not enough memory");
    task->expired = false;
    task->state = TASK_WAITING;
    task->waits_in = L;
    task->kind = kind;
    task->queue = queue;
    if (queue != NULL)
        task_list_append(queue, task);
    engine->parked = true;
    return lua_yieldk(L, 0, ctx, kind->again);
}

bool sched_expired(lua_State *L)
{
    return engine_of(L)->sched->running->expired;
}

void sched_wake(struct sched *sched, struct wait_queue *queue)
{
    while (queue->first != NULL)
        task_wake(sched, queue->first);
}

uint32_t sched_task(lua_State *L)
{
    const struct sched *sched = engine_of(L)->sched;
    return sched == NULL || sched->running == NULL ? 0 : sched->running->number;
}

uint32_t sched_live(const struct sched *sched)
{
    return sched->live;
}

uint32_t sched_last(const struct sched *sched)
{
    return sched->last_number;
}

struct wait_queue *sched_ended_queue(struct sched *sched, uint32_t number)
{
    struct task *task = task_find(sched, number);
    return task == NULL ? NULL : &task->ended;
}

/* The results, or the error, of a thread that has run go to L: exactly `count` where that is given.
 */
static void hand_over(lua_State *thread, lua_State *L, int status, int results, int count)
{
    if (status != LUA_OK) {
        engine_reset(engine_of(L), thread); /* runs what is to be closed; leaves the error on top */
        results = count = 1;
    }
    if (count != LUA_MULTRET) {
        lua_settop(thread, lua_gettop(thread) - results + count);
        results = count;
    }
    luaL_checkstack(L, results, "too many results");
    lua_xmove(thread, L, results);
    lua_remove(L, -results - 1);
}

int sched_call_now(struct sched *sched, lua_State *L, int arg_count, int result_count)
{
    struct engine *engine = sched->engine;
    struct lua_State *was_inner = engine->inner;
    bool was_in_hook = engine->in_hook;
    lua_State *thread = lua_newthread(L);
    lua_insert(L, -arg_count - 2);
    luaL_checkstack(thread, arg_count + 1, "too many arguments");
    lua_xmove(L, thread, arg_count + 1);
    engine->inner = NULL;
    engine->in_hook = true;
    engine->blocked++;
    int results, status = lua_resume(thread, L, arg_count, &results);
    ASSERT(status != LUA_YIELD); /* whatever would yield here was refused */
    engine->blocked--;
    engine->in_hook = was_in_hook;
    engine->inner = was_inner;
    hand_over(thread, L, status, results, result_count);
    return status;
}

const char *sched_broken(const struct sched *sched)
{
    return engine_broken(sched->engine);
}

uint32_t *sched_word(lua_State *L)
{
    struct sched *sched = engine_of(L)->sched;
    return sched == NULL || sched->running == NULL ? NULL : &sched->running->word;
}

uint64_t *sched_draws(lua_State *L)
{
    struct sched *sched = engine_of(L)->sched;
    return sched == NULL || sched->running == NULL ? NULL : &sched->running->draws;
}

lua_State *sched_thread_next(const struct sched *sched, uint32_t *number)
{
    while (*number < sched->last_number) {
        const struct task *task = task_find(sched, ++*number);
        if (task != NULL)
            return task->thread;
    }
    return NULL;
}

bool sched_waiting_next(const struct sched *sched, uint32_t *number, struct sched_waiting *out)
{
    while (*number < sched->last_number) {
        const struct task *task = task_find(sched, ++*number);
        if (task == NULL || task->state != TASK_WAITING)
            continue;
        *out = (struct sched_waiting){
            .task = task->number, .until_us = NEVER, .thread = task->waits_in, .kind = task->kind};
        if (task->deadline.place != 0 && !task->kind->polls)
            out->until_us = task->deadline.at.at_us;
        return true;
    }
    return false;
}
