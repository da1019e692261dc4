#include "harness/scene/waits.h"

#include "harness/lua/sched.h"

struct telling {
    void *ctx;
    void (*each)(void *ctx, const struct scene_wait *wait);
};

static void tell_running(const struct telling *telling, lua_State *running)
{
    struct scene_wait wait = {.kind = SCENE_RUNS, .until_us = NEVER, .what = V("the script runs")};
    if (running == NULL)
        return;
    wait.place = place_of(running, 0);
    telling->each(telling->ctx, &wait);
}

static void tell_tasks(const struct scene *scene, const struct telling *telling)
{
    struct sched_waiting waiting;
    uint32_t number = 0;
    while (sched_waiting_next(scene->sched, &number, &waiting)) {
        struct buf text = {0};
        waiting.kind->say(waiting.thread, &text);
        struct scene_wait wait = {.kind = SCENE_WAITS,
                                  .what = buf_view(&text),
                                  .place = place_of(waiting.thread, 0),
                                  .until_us = waiting.until_us};
        telling->each(telling->ctx, &wait);
        buf_deinit(&text);
    }
}

struct timers { /* of one agent, the first of them in order */
    struct sip_timer_info items[SCENE_TIMERS_MOST];
    size_t count;
};

static void timer_add(void *ctx, const struct sip_timer_info *timer)
{
    struct timers *timers = ctx;
    size_t at = timers->count;
    while (at > 0 && timer->due_us < timers->items[at - 1].due_us)
        at--;
    if (at == SCENE_TIMERS_MOST)
        return;
    if (timers->count < SCENE_TIMERS_MOST)
        timers->count++;
    for (size_t i = timers->count - 1; i > at; i--)
        timers->items[i] = timers->items[i - 1];
    timers->items[at] = *timer;
}

static void tell_timer(const struct telling *telling, struct view who,
                       const struct sip_timer_info *timer)
{
    struct buf text = {0};
    bool letter = timer->name.len == 1;
    buf_printf(&text, letter ? "Timer %.*s" : "timer '%.*s'", VIEW_ARG(timer->name));
    if (timer->of.len > 0)
        buf_add(&text, V(" of the "));
    if (timer->of.len > 0 && !view_starts(timer->of, timer->method))
        buf_printf(&text, "%.*s ", VIEW_ARG(timer->method));
    if (timer->of.len > 0)
        buf_printf(&text, "%.*s (%.*s)", VIEW_ARG(timer->of), VIEW_ARG(timer->state));
    struct scene_wait wait = {
        .kind = SCENE_TIMER, .who = who, .what = buf_view(&text), .until_us = timer->due_us};
    telling->each(telling->ctx, &wait);
    buf_deinit(&text);
}

static void tell_timers(const struct scene *scene, const struct telling *telling)
{
    uint32_t count = world_party_count(scene->world);
    for (uint32_t party = 1; party <= count; party++) {
        const struct sip_stack *stack = world_stack(scene->world, party);
        struct timers timers = {.count = 0};
        if (stack == NULL)
            continue;
        sip_stack_timers(stack, &timers, timer_add);
        for (size_t i = 0; i < timers.count; i++)
            tell_timer(telling, world_party_name(scene->world, party), &timers.items[i]);
    }
}

void scene_waits(const struct scene *scene, lua_State *running, void *ctx,
                 void (*each)(void *ctx, const struct scene_wait *wait))
{
    struct telling telling = {ctx, each};
    tell_running(&telling, running);
    if (scene->sched != NULL)
        tell_tasks(scene, &telling);
    if (scene->world != NULL)
        tell_timers(scene, &telling);
}
