#include "harness/options/shard.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The environment of a test: names and values by turns, NULL-terminated. */
static const char *const *variables;

static char *look(const char *name)
{
    for (const char *const *at = variables; at[0] != NULL; at += 2)
        if (strcmp(at[0], name) == 0)
            return (char *)(uintptr_t)at[1];
    return NULL;
}

static void assert_shard(const char *const *environment, uint32_t index, uint32_t count)
{
    struct buf complaint = {0};
    uint32_t got_index = 0, got_count = 0;

    variables = environment;
    assert_int_equal(shard_find(look, &got_index, &got_count, &complaint), ERR_OK);
    assert_int_equal(got_index, index);
    assert_int_equal(got_count, count);
    assert_int_equal(complaint.len, 0);
}

static void assert_refused(const char *const *environment, const char *sentence)
{
    struct buf complaint = {0};
    uint32_t index = 7, count = 7;

    variables = environment;
    assert_int_equal(shard_find(look, &index, &count, &complaint), ERR_SYNTAX);
    assert_int_equal(index, 7);
    assert_int_equal(count, 7);
    buf_add_char(&complaint, '\0');
    assert_string_equal(complaint.ptr, sentence);
    buf_deinit(&complaint);
}
#define ENVIRONMENT(...)                                                                           \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static void each_system_counts_as_it_does(void **state)
{
    (void)state;
    assert_shard(ENVIRONMENT("JOB_COMPLETION_INDEX", "0", "SIPWRIGHT_SHARDS", "4"), 1, 4);
    assert_shard(ENVIRONMENT("JOB_COMPLETION_INDEX", "3", "SIPWRIGHT_SHARDS", "4"), 4, 4);
    assert_shard(ENVIRONMENT("CI_NODE_INDEX", "1", "CI_NODE_TOTAL", "5"), 1, 5);
    assert_shard(ENVIRONMENT("CI_NODE_INDEX", "5", "CI_NODE_TOTAL", "5"), 5, 5);
    assert_shard(ENVIRONMENT("CIRCLE_NODE_INDEX", "0", "CIRCLE_NODE_TOTAL", "1"), 1, 1);
    assert_shard(ENVIRONMENT("BUILDKITE_PARALLEL_JOB_COUNT", "12", "BUILDKITE_PARALLEL_JOB", "11"),
                 12, 12);
}

static void a_job_that_is_not_parallel_is_the_whole(void **state)
{
    (void)state;
    assert_shard(ENVIRONMENT("CI_NODE_TOTAL", "1"), 1, 1);
}

static void none_or_half_is_a_sentence(void **state)
{
    (void)state;
    assert_refused(
        (const char *const[]){NULL},
        "'--shard auto' finds no shard in the environment; it looks for JOB_COMPLETION_INDEX and "
        "SIPWRIGHT_SHARDS (Kubernetes), CI_NODE_INDEX and CI_NODE_TOTAL (GitLab), "
        "CIRCLE_NODE_INDEX and CIRCLE_NODE_TOTAL (CircleCI) or BUILDKITE_PARALLEL_JOB and "
        "BUILDKITE_PARALLEL_JOB_COUNT (Buildkite)");
    assert_refused(ENVIRONMENT("JOB_COMPLETION_INDEX", "2"),
                   "'--shard auto': JOB_COMPLETION_INDEX is set, but SIPWRIGHT_SHARDS is not: set "
                   "both, or give --shard I/N");
    assert_refused(ENVIRONMENT("CI_NODE_TOTAL", "4", "CI_NODE_INDEX", ""),
                   "'--shard auto': CI_NODE_TOTAL is set, but CI_NODE_INDEX is not: set both, or "
                   "give --shard I/N");
}

static void an_index_out_of_range_is_no_shard(void **state)
{
    (void)state;
    assert_refused(ENVIRONMENT("JOB_COMPLETION_INDEX", "4", "SIPWRIGHT_SHARDS", "4"),
                   "'--shard auto': JOB_COMPLETION_INDEX is '4' and SIPWRIGHT_SHARDS is '4', but "
                   "should be two numbers, the first of them from 0 on and less than the second");
    assert_refused(ENVIRONMENT("CI_NODE_INDEX", "0", "CI_NODE_TOTAL", "4"),
                   "'--shard auto': CI_NODE_INDEX is '0' and CI_NODE_TOTAL is '4', but should be "
                   "two numbers, the first of them from 1 to the second");
    assert_refused(ENVIRONMENT("CI_NODE_INDEX", "one", "CI_NODE_TOTAL", "4"),
                   "'--shard auto': CI_NODE_INDEX is 'one' and CI_NODE_TOTAL is '4', but should be "
                   "two numbers, the first of them from 1 to the second");
    assert_refused(ENVIRONMENT("CIRCLE_NODE_INDEX", "0", "CIRCLE_NODE_TOTAL", "0"),
                   "'--shard auto': CIRCLE_NODE_INDEX is '0' and CIRCLE_NODE_TOTAL is '0', but "
                   "should be two numbers, the first of them from 0 on and less than the second");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_system_counts_as_it_does),
        cmocka_unit_test(a_job_that_is_not_parallel_is_the_whole),
        cmocka_unit_test(none_or_half_is_a_sentence),
        cmocka_unit_test(an_index_out_of_range_is_no_shard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
