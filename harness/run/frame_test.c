#include "harness/run/frame.h"
#include "harness/run/job.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_frame_is_read_as_it_was_written(void **state)
{
    struct buf buf = {0};
    struct frame frame;

    (void)state;
    size_t start = frame_begin(&buf, FRAME_PARAM);
    pack_view(&buf, V("NAME"));
    pack_uint(&buf, UINT64_MAX);
    frame_end(&buf, start);
    assert_int_equal(buf.len % 8, 0);
    assert_int_equal(frame_read(buf_view(&buf), &frame), buf.len);
    assert_int_equal(frame.kind, FRAME_PARAM);
    struct unpack unpack = {.rest = frame.body};
    assert_true(view_equal(unpack_view(&unpack), V("NAME")));
    assert_true(unpack_uint(&unpack) == UINT64_MAX);
    assert_false(unpack.failed);
    assert_int_equal(unpack_uint(&unpack), 0);
    assert_true(unpack.failed);
    buf_deinit(&buf);
}

static void half_a_frame_is_none_yet(void **state)
{
    struct buf buf = {0};
    struct frame frame;

    (void)state;
    size_t start = frame_begin(&buf, FRAME_PARAM);
    pack_view(&buf, V("NAME"));
    frame_end(&buf, start);
    for (size_t len = 0; len < buf.len; len++)
        assert_int_equal(frame_read(view_head(buf_view(&buf), len), &frame), 0);
    buf_deinit(&buf);
}

static void what_is_no_frame_is_refused(void **state)
{
    static const uint32_t heads[][2] = {
        {0,                0         },
        {FRAME_RESULT + 1, 0         },
        {UINT32_MAX,       8         },
        {FRAME_EVENTS,     UINT32_MAX}
    };
    struct frame frame;

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct view bytes = {(const char *)heads[i], sizeof heads[i]};
        assert_int_equal(frame_read(bytes, &frame), SIZE_MAX);
    }
}

static void a_text_that_is_longer_than_its_frame_fails(void **state)
{
    uint64_t huge = UINT64_MAX;
    struct unpack unpack = {
        .rest = {(const char *)&huge, sizeof huge}
    };

    (void)state;
    assert_null(unpack_view(&unpack).ptr);
    assert_true(unpack.failed);
}

static void a_job_survives_its_pipe(void **state)
{
    struct job job = {
        .kind = FRAME_RUN, .file = 3, .index = 5, .seed = UINT64_MAX, .id_hash = 9, .worker = 7};
    struct job back = {0};
    char room[JOB_LEN];

    (void)state;
    assert_int_equal(job_pack(room, &job).len, JOB_LEN);
    assert_true(job_unpack(room, &back));
    assert_int_equal(back.kind, FRAME_RUN);
    assert_int_equal(back.file, 3);
    assert_int_equal(back.index, 5);
    assert_true(back.seed == UINT64_MAX);
    assert_int_equal(back.id_hash, 9);
    assert_int_equal(back.worker, 7);
    room[0] = FRAME_RESULT;
    assert_false(job_unpack(room, &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_read_as_it_was_written),
        cmocka_unit_test(half_a_frame_is_none_yet),
        cmocka_unit_test(what_is_no_frame_is_refused),
        cmocka_unit_test(a_text_that_is_longer_than_its_frame_fails),
        cmocka_unit_test(a_job_survives_its_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
