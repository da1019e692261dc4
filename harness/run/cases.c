#include "harness/run/cases.h"
#include "harness/host/clock.h"
#include "harness/run/ending.h"
#include "harness/run/job.h"
#include "harness/run/plan.h"
#include "harness/run/rerun.h"
#include "harness/run/result.h"

/* What a case may take, where --wall-limit does not say: simulated ones of processor time, so that
 * their verdicts do not depend on what else the machine has to do; the others of real time. */
#define SIM_LIMIT_US (30 * US_PER_S)
#define REAL_TIMEOUT_US (120 * US_PER_S)
enum { TRIED_MOST = 16 << 10 };        /* bytes of what the tries before the last said */
#define REAL_MARGIN_US (30 * US_PER_S) /* for cleanups and the tidy-up */

/* ---- handing out ---- */

static bool by_work(const struct options *options)
{
    return options->wall_limit_us == 0 && !options_real(options);
}

static uint64_t limit_us(const struct cases *cases, const struct run_case *one)
{
    const struct options *options = cases->setup.options;

    if (options->wall_limit_us != 0)
        return options->wall_limit_us;
    if (by_work(options))
        return SIM_LIMIT_US;
    uint64_t timeout_us = one->listed->timeout_us;
    return (timeout_us != 0 ? timeout_us : REAL_TIMEOUT_US) + REAL_MARGIN_US;
}

#define ROUNDS_STRIDE (UINT64_C(1) << 32) /* tries come after more rounds than anybody runs */

/* Each repetition and each try has a seed of its own, which --seed alone brings back. */
static uint64_t seed_of(const struct cases *cases, const struct run_case *one)
{
    const struct number *repeat = &cases->setup.options->repeat;
    uint64_t stride = cases->setup.again != NULL ? ROUNDS_STRIDE
                      : repeat->given            ? repeat->value
                                                 : 1;

    return cases->setup.seed + one->repetition + one->tries * stride;
}

static struct run_case *case_take(struct cases *cases)
{
    struct run_case *one = cases->again;

    if (one != NULL) {
        cases->again = one->again;
        return one;
    }
    while (cases->next < cases->count && cases->items[cases->next].done)
        cases->next++;
    if (cases->next >= cases->count || cases->next > cases->last)
        return NULL;
    return &cases->items[cases->next++];
}

struct runner {
    struct cases *cases;
    char job[JOB_LEN];
};

/* The worker is idle: what comes into its spool from now on is of this try. */
static void case_start(struct cases *cases, struct run_case *one, uint32_t worker)
{
    one->running = true;
    one->worker = worker;
    one->events_from = cases->spools[worker].len;
    one->events_len = 0;
    one->lost_events = one->environment = one->misuse = one->xfailed = false;
    one->started_us = clock_wall_us();
    waits_clear(&cases->waits[worker]);
    one->report.seed = seed_of(cases, one);
}

static bool next_case(void *ctx, uint32_t worker, struct pool_job *out)
{
    struct runner *runner = ctx;
    struct run_case *one = runner->cases->err == ERR_MEMORY ? NULL : case_take(runner->cases);

    if (one == NULL)
        return false;
    case_start(runner->cases, one, worker);
    struct job job = {.kind = FRAME_RUN,
                      .file = one->listed->file,
                      .index = one->listed->index,
                      .seed = one->report.seed,
                      .id_hash = view_hash(one->listed->id),
                      .worker = worker};
    *out = (struct pool_job){.tag = one,
                             .frame = job_pack(runner->job, &job),
                             .limit_us = limit_us(runner->cases, one),
                             .by_work = by_work(runner->cases->setup.options)};
    return true;
}

/* ---- taking in ---- */

static void case_show(struct cases *cases, struct run_case *one)
{
    if (!one->shown)
        cases->setup.show(cases->setup.ctx, one);
    one->shown = true;
}

static void cases_show(struct cases *cases)
{
    while (!cases->holding && cases->shown < cases->count && cases->shown <= cases->last &&
           cases->items[cases->shown].done)
        case_show(cases, &cases->items[cases->shown++]);
}

static uint64_t retries_of(const struct cases *cases, const struct run_case *one)
{
    const struct number *retries = &cases->setup.options->retries;

    return retries->given ? retries->value : one->listed->retries;
}

static void first_keep(struct cases *cases, struct run_case *one)
{
    one->first = arena_zalloc(&cases->arena, sizeof *one->first);
    if (one->first == NULL) {
        cases->err = ERR_MEMORY;
        return;
    }
    *one->first = (struct first_try){.report = one->report,
                                     .worker = one->worker,
                                     .events_from = one->events_from,
                                     .events_len = one->events_len};
}

/* Why this try failed, on a line of its own. */
static void tried_add(struct cases *cases, struct run_case *one)
{
    struct buf lines = {0};

    if (one->report.tried.len > TRIED_MOST)
        return;
    buf_add(&lines, one->report.tried);
    buf_add(&lines, lines.len > 0 ? V("\n") : V(""));
    for (size_t i = 0; i < one->report.reason.len; i++)
        buf_add_char(&lines, one->report.reason.ptr[i] == '\n' ? ' ' : one->report.reason.ptr[i]);
    one->report.tried = arena_copy(&cases->arena, buf_view(&lines));
    if (lines.failed != ERR_OK || one->report.tried.ptr == NULL)
        cases->err = ERR_MEMORY;
    buf_deinit(&lines);
}

static void case_again(struct cases *cases, struct run_case *one)
{
    if (one->first == NULL)
        first_keep(cases, one);
    tried_add(cases, one);
    one->again = cases->again;
    cases->again = one;
}

/* The last that counts is the one that fails as the last of those that may. A case before it that
 * comes to its end later moves it to the front. */
static void last_find(struct cases *cases)
{
    const struct options *options = cases->setup.options;
    uint64_t most = options->fail_fast ? 1 : options->max_failures.value, failed = 0;

    for (size_t i = 0; most > 0 && i < cases->next && i < cases->last; i++) {
        const struct run_case *one = &cases->items[i];
        if (one->failure == NULL && one->done && report_gates(&one->report) && ++failed == most)
            cases->last = i;
    }
}

/* How it stands decides whether it counts among the failures. */
static enum err case_judge(struct cases *cases, struct run_case *one)
{
    struct gate_facts facts = {.id = one->listed->id,
                               .xfailed = one->xfailed,
                               .inexcusable = one->misuse || one->environment || one->crashed ||
                                              one->lost_events};

    return gate_judge(cases->setup.gate, &facts, &one->report, &cases->arena);
}

/* The case has its verdict: once more, or it is through. */
static void case_end(struct cases *cases, struct run_case *one, enum err err)
{
    one->running = false;
    if (err == ERR_OK && !case_green(one))
        err = rerun_write(&cases->setup, one, &cases->arena);
    if (err != ERR_OK)
        cases->err = err;
    if (!case_green(one) && !one->report.flaky && one->tries <= retries_of(cases, one)) {
        case_again(cases, one);
        return;
    }
    if (case_judge(cases, one) != ERR_OK)
        cases->err = ERR_MEMORY;
    one->done = true;
    if (report_gates(&one->report))
        last_find(cases);
    if (cases->setup.at_once && !cases->holding)
        case_show(cases, one);
    cases_show(cases);
}

static void events_take(struct cases *cases, struct run_case *one, struct view events)
{
    if (spool_add(&cases->spools[one->worker], events) == ERR_OK)
        one->events_len += events.len;
    else
        one->lost_events = true;
}

static bool frame_take(void *ctx, void *tag, const struct frame *frame)
{
    struct cases *cases = ((struct runner *)ctx)->cases;
    struct run_case *one = tag;

    if (frame->kind == FRAME_EVENTS)
        events_take(cases, one, frame->body);
    if (frame->kind == FRAME_WAITS)
        waits_take(&cases->waits[one->worker], frame->body, clock_wall_us());
    if (frame->kind != FRAME_RESULT)
        return false;
    one->tries++;
    case_end(cases, one, result_take(one, frame->body, &cases->arena));
    return true;
}

static void worker_lost(void *ctx, void *tag, const struct pool_loss *loss)
{
    struct cases *cases = ((struct runner *)ctx)->cases;
    struct run_case *one = tag;

    one->tries++;
    one->report.tries = one->tries;
    one->report.wall_us += loss->after_us;
    enum err err = result_lost(one, loss, &cases->arena);
    ending_append(cases, one);
    case_end(cases, one, err);
}

static void somebody_asks(void *ctx)
{
    struct cases *cases = ((struct runner *)ctx)->cases;

    cases->setup.asked(cases->setup.ctx);
}

static int after_round(void *ctx)
{
    struct cases *cases = ((struct runner *)ctx)->cases;

    return cases->setup.round(cases->setup.ctx);
}

/* A signal: what ran is an ERROR; what did not is not done, and no part of the reports. */
static void running_end(struct cases *cases)
{
    for (size_t i = cases->shown; i < cases->next; i++) {
        struct run_case *one = &cases->items[i];
        if (one->running) {
            enum err err = result_error(one, V("the run was interrupted while it ran"),
                                        (struct view){0}, &cases->arena);
            ending_append(cases, one);
            one->running = false;
            one->done = err == ERR_OK;
        }
        if (one->done)
            case_show(cases, one);
    }
}

/* One round after the other. */
static enum err rounds_run(struct cases *cases, struct pool *pool, const struct pool_user *user)
{
    enum err err = pool_run(pool, user);

    while (err == ERR_OK && cases->err == ERR_OK && cases->holding &&
           cases->setup.again(cases->setup.ctx)) {
        cases_renew(cases);
        err = pool_run(pool, user);
    }
    cases->holding = false;
    return err;
}

enum err cases_run(struct cases *cases, struct pool *pool)
{
    struct runner runner = {.cases = cases};
    struct pool_user user = {.ctx = &runner,
                             .next = next_case,
                             .frame = frame_take,
                             .lost = worker_lost,
                             .asked = somebody_asks,
                             .round = after_round};

    cases->holding = cases->setup.again != NULL;
    cases_show(cases); /* files that do not load may stand first */
    enum err err = rounds_run(cases, pool, &user);
    if (err == ERR_STATE)
        running_end(cases);
    else
        cases_show(cases);
    return err != ERR_OK ? err : cases->err;
}

size_t cases_running(const struct cases *cases, const struct run_case **out, size_t most)
{
    size_t count = 0;

    for (size_t i = cases->shown; i < cases->next && count < most; i++)
        if (cases->items[i].running)
            out[count++] = &cases->items[i];
    return count;
}

struct view case_first_events(struct cases *cases, const struct run_case *one)
{
    const struct first_try *first = one->first;
    if (first == NULL || first->events_len == 0)
        return V("");
    return spool_view(&cases->spools[first->worker], first->events_from, first->events_len);
}

const struct waits *case_waits(const struct cases *cases, const struct run_case *one)
{
    return &cases->waits[one->worker];
}

struct view case_events(struct cases *cases, const struct run_case *one)
{
    if (one->events_len == 0)
        return V("");
    return spool_view(&cases->spools[one->worker], one->events_from, one->events_len);
}

enum err cases_settle(struct cases *cases)
{
    enum err err = ERR_OK;

    for (uint32_t i = 0; i < cases->setup.jobs && err == ERR_OK; i++)
        err = spool_settle(&cases->spools[i]);
    return err;
}

void cases_deinit(struct cases *cases)
{
    for (uint32_t i = 0; cases->spools != NULL && i < cases->setup.jobs; i++)
        spool_deinit(&cases->spools[i]);
    for (uint32_t i = 0; cases->waits != NULL && i < cases->setup.jobs; i++)
        waits_deinit(&cases->waits[i]);
    mem_free(cases->waits);
    mem_free(cases->spools);
    mem_free(cases->items);
    arena_deinit(&cases->plan_arena);
    arena_deinit(&cases->arena);
    *cases = (struct cases){0};
}
