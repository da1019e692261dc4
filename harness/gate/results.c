#include "harness/gate/results.h"
#include "harness/options/exit_code.h"
#include "harness/run/screen.h"
#include "harness/written/written.h"

/* Of one device: what one target does says nothing of another. */
static int same_check(const char *first, const char *path, const struct report_run *a,
                      const struct report_run *b)
{
    struct buf out = {0};

    if (view_equal(a->target, b->target) && view_equal(a->net, b->net))
        return EXIT_ALL_PASSED;
    buf_printf(&out, "%s and %s are of different targets or nets; give runs of one", first, path);
    screen_complain(buf_view(&out));
    buf_deinit(&out);
    return EXIT_USAGE;
}

static int cases_join(struct results *results)
{
    size_t count = 0;

    for (size_t i = 0; i < results->count; i++)
        count += report_read_run(results->reads[i])->case_count;
    results->cases = mem_zalloc((count + 1) * sizeof *results->cases);
    if (results->cases == NULL)
        return EXIT_ENVIRONMENT;
    results->run = *report_read_run(results->reads[0]);
    for (size_t i = 0; i < results->count; i++) {
        const struct report_run *run = report_read_run(results->reads[i]);
        for (size_t k = 0; k < run->case_count; k++)
            results->cases[results->case_count++] = run->cases[k];
        results->run.interrupted = results->run.interrupted || run->interrupted;
    }
    results->run.cases = results->cases;
    results->run.case_count = results->case_count;
    return EXIT_ALL_PASSED;
}

int results_read(const char *command, const struct strings *paths, size_t from, struct results *out)
{
    int code = EXIT_ALL_PASSED;

    out->reads = mem_zalloc((paths->count + 1) * sizeof(struct report_read *));
    if (out->reads == NULL)
        return EXIT_ENVIRONMENT;
    for (size_t i = from; i < paths->count && code == EXIT_ALL_PASSED; i++) {
        code = written_read(command, paths->items[i], &out->reads[out->count]);
        if (code != EXIT_ALL_PASSED)
            break;
        const struct report_run *run = report_read_run(out->reads[out->count++]);
        code = same_check(paths->items[from], paths->items[i], report_read_run(out->reads[0]), run);
    }
    return code != EXIT_ALL_PASSED ? code : cases_join(out);
}

void results_deinit(struct results *results)
{
    for (size_t i = 0; i < results->count; i++)
        report_read_destroy(results->reads[i]);
    mem_free(results->reads);
    mem_free(results->cases);
    *results = (struct results){0};
}
