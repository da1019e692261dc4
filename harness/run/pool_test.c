#include "harness/run/pool.h"
#include "harness/run/job.h"
#include "harness/host/pipe.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

/* What a job's `file` tells the toy worker to do. */
enum deed {
    DEED_ANSWER,
    DEED_HANG,
    DEED_SPIN,
    DEED_NAP,
    DEED_CRASH,
    DEED_KILLED,
    DEED_BABBLE,
    DEED_LEAVE,
    DEED_MUCH
};
enum { JOBS_MOST = 64, NAP_MS = 700 };

struct bench { /* the parent's side */
    enum deed deeds[JOBS_MOST];
    size_t count, next;
    char job[JOB_LEN];
    uint64_t answers[JOBS_MOST];
    size_t bytes[JOBS_MOST];
    int losses[JOBS_MOST]; /* kind + 1 */
    uint64_t worked_us[JOBS_MOST];
    uint64_t hang_us; /* the limit of a job that hangs, spins or naps; 0: the others' */
    bool by_work;
};

static void answer(int out, enum frame_kind kind, uint64_t number)
{
    struct buf buf = {0};
    size_t start = frame_begin(&buf, kind);

    pack_uint(&buf, number);
    frame_end(&buf, start);
    if (!pipe_write(out, buf_view(&buf)))
        _exit(1);
    buf_deinit(&buf);
}

static void much_write(int out)
{
    static char zeros[FRAME_EVENTS_MOST];
    char head[FRAME_HEAD_LEN];

    for (int i = 0; i < 3; i++) {
        frame_head(head, FRAME_EVENTS, sizeof zeros);
        if (!pipe_write(out, (struct view){head, sizeof head}) ||
            !pipe_write(out, (struct view){zeros, sizeof zeros}))
            _exit(1);
    }
}

static void deed_do(const struct job *job, int out)
{
    switch ((enum deed)job->file) {
    case DEED_ANSWER:
        break;
    case DEED_HANG:
        for (;;)
            pause();
    case DEED_SPIN:
        for (volatile uint32_t i = 0;; i++)
            continue;
    case DEED_NAP:
        poll(NULL, 0, NAP_MS);
        break;
    case DEED_CRASH:
        signal(SIGSEGV, SIG_DFL);
        kill(getpid(), SIGSEGV);
        break;
    case DEED_KILLED:
        kill(getpid(), SIGKILL);
        break;
    case DEED_BABBLE:
        if (!pipe_write(out, V("what is this, a frame it is not")))
            _exit(1);
        for (;;)
            pause();
    case DEED_LEAVE:
        _exit(3);
    case DEED_MUCH:
        much_write(out);
        break;
    }
    answer(out, FRAME_RESULT, job->seed * 2);
}

static void toy_work(void *ctx, int in, int out)
{
    char room[JOB_LEN];
    struct job job;

    (void)ctx;
    while (pipe_read(in, room, sizeof room) && job_unpack(room, &job))
        deed_do(&job, out);
}

static bool next_job(void *ctx, uint32_t worker, struct pool_job *out)
{
    struct bench *bench = ctx;

    (void)worker;
    if (bench->next == bench->count)
        return false;
    size_t index = bench->next++;
    struct job job = {.kind = FRAME_RUN, .file = bench->deeds[index], .seed = index};
    *out = (struct pool_job){.tag = &bench->deeds[index],
                             .frame = job_pack(bench->job, &job),
                             .limit_us =
                                 bench->deeds[index] >= DEED_HANG && bench->deeds[index] <= DEED_NAP
                                     ? bench->hang_us
                                     : 60 * US_PER_S,
                             .by_work = bench->by_work};
    return true;
}

static size_t index_of(const struct bench *bench, const void *tag)
{
    return (size_t)((const enum deed *)tag - bench->deeds);
}

static bool take_frame(void *ctx, void *tag, const struct frame *frame)
{
    struct bench *bench = ctx;
    size_t index = index_of(bench, tag);
    struct unpack unpack = {.rest = frame->body};

    if (frame->kind == FRAME_EVENTS)
        bench->bytes[index] += frame->body.len;
    else
        bench->answers[index] = unpack_uint(&unpack) + 1;
    return frame->kind == FRAME_RESULT;
}

static void take_loss(void *ctx, void *tag, const struct pool_loss *loss)
{
    struct bench *bench = ctx;

    bench->losses[index_of(bench, tag)] = (int)loss->kind + 1;
    bench->worked_us[index_of(bench, tag)] = loss->worked_us;
}

static bool bench_run(struct bench *bench, uint32_t jobs)
{
    struct pool_options options = {.jobs = jobs, .work = toy_work};
    struct pool_user user = {
        .ctx = bench, .next = next_job, .frame = take_frame, .lost = take_loss};
    struct pool *pool = NULL;

    assert_int_equal(pool_create(&options, &pool), ERR_OK);
    assert_int_equal(pool_run(pool, &user), ERR_OK);
    assert_int_equal(pool_signal(pool), 0);
    return pool_destroy(pool);
}

static void every_job_is_answered(void **state)
{
    (void)state;
    for (uint32_t jobs = 1; jobs <= 4; jobs += 3) {
        struct bench bench = {.count = JOBS_MOST};
        assert_true(bench_run(&bench, jobs));
        for (size_t i = 0; i < bench.count; i++)
            assert_int_equal(bench.answers[i], i * 2 + 1);
    }
}

static void much_comes_through_whole(void **state)
{
    struct bench bench = {
        .deeds = {DEED_MUCH, DEED_ANSWER},
          .count = 2
    };

    (void)state;
    assert_true(bench_run(&bench, 1));
    assert_int_equal(bench.bytes[0], 3 * FRAME_EVENTS_MOST);
    assert_int_equal(bench.bytes[1], 0);
    assert_int_equal(bench.answers[1], 3);
}

static void a_worker_that_fails_costs_one_job(void **state)
{
    static const struct {
        enum deed deed;
        enum pool_loss_kind kind;
    } rows[] = {
        {DEED_CRASH,  LOSS_CRASHED},
        {DEED_KILLED, LOSS_KILLED },
        {DEED_BABBLE, LOSS_CRASHED},
        {DEED_LEAVE,  LOSS_CRASHED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench bench = {
            .deeds = {DEED_ANSWER, rows[i].deed, DEED_ANSWER},
              .count = 3
        };
        assert_true(bench_run(&bench, 1));
        assert_int_equal(bench.losses[1], rows[i].kind + 1);
        assert_int_equal(bench.answers[0], 1);
        assert_int_equal(bench.answers[1], 0);
        assert_int_equal(bench.answers[2], 5);
    }
}

static void a_worker_that_hangs_is_ended(void **state)
{
    struct bench bench = {
        .deeds = {DEED_HANG, DEED_ANSWER},
          .count = 2, .hang_us = 50 * US_PER_MS
    };

    (void)state;
    assert_true(bench_run(&bench, 1));
    assert_int_equal(bench.losses[0], LOSS_HUNG + 1);
    assert_int_equal(bench.answers[1], 3);
}

/* Of processor time: who waits is no loop, unless he waits for ever. */
static void the_limit_may_be_of_work(void **state)
{
    struct bench bench = {
        .deeds = {DEED_SPIN, DEED_NAP, DEED_ANSWER},
        .count = 3,
        .hang_us = 500 * US_PER_MS,
        .by_work = true
    };
    struct bench idle = {
        .deeds = {DEED_HANG}, .count = 1, .hang_us = 50 * US_PER_MS, .by_work = true};

    (void)state;
    assert_true(bench_run(&bench, 1));
    assert_int_equal(bench.losses[0], LOSS_HUNG + 1);
    assert_true(bench.worked_us[0] >= bench.hang_us);
    assert_int_equal(bench.answers[1], 3);
    assert_int_equal(bench.answers[2], 5);
    assert_true(bench_run(&idle, 1));
    assert_int_equal(idle.losses[0], LOSS_HUNG + 1);
    assert_int_equal(idle.worked_us[0], 0);
}

static void a_signal_ends_the_run(void **state)
{
    struct bench bench = {.deeds = {DEED_HANG}, .count = 1, .hang_us = 60 * US_PER_S};
    struct pool_options options = {.jobs = 1, .work = toy_work};
    struct pool_user user = {
        .ctx = &bench, .next = next_job, .frame = take_frame, .lost = take_loss};
    struct pool *pool = NULL;

    (void)state;
    assert_int_equal(pool_create(&options, &pool), ERR_OK);
    kill(getpid(), SIGTERM); /* blocked by now, and read by the loop */
    assert_int_equal(pool_run(pool, &user), ERR_STATE);
    assert_int_equal(pool_signal(pool), SIGTERM);
    assert_true(pool_destroy(pool));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_is_answered),
        cmocka_unit_test(much_comes_through_whole),
        cmocka_unit_test(a_worker_that_fails_costs_one_job),
        cmocka_unit_test(a_worker_that_hangs_is_ended),
        cmocka_unit_test(the_limit_may_be_of_work),
        cmocka_unit_test(a_signal_ends_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
