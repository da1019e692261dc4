#include "harness/written/shards.h"
#include "harness/gate/score.h"
#include "harness/options/exit_code.h"
#include "harness/run/sort.h"

struct joining {
    const struct shard_file *files;
    size_t count;
    struct shards *out;
    struct buf *complaint;
    struct shard_case *cases;
    size_t case_count;
};

struct shard_case {
    const struct report_case *one;
    const char *path; /* of its shard */
};

/* ---- are they of one run? ---- */

static enum err refuse(const struct joining *j, const char *path, const char *why)
{
    buf_printf(j->complaint, "%s: %s", path, why);
    return ERR_SYNTAX;
}

/* What differs from the first shard's, and where that comes from. */
static const char *difference(const struct report_run *a, const struct report_run *b)
{
    if (!view_equal(a->version, b->version))
        return "written by another version of sipwright; run all shards with the same one";
    if (a->seed != b->seed)
        return "of another seed; give all shards the same --seed";
    if (!view_equal(a->target, b->target) || !view_equal(a->net, b->net))
        return "of another target or net; give all shards the same --target and --net";
    if (!view_equal(a->link, b->link))
        return "of another network; give all shards the same --link";
    if (!view_equal(a->transport, b->transport))
        return "of another transport; give all shards the same --transport";
    if (!view_equal(a->mutant, b->mutant))
        return "of another mutant; give all shards the same --mutant";
    if (!view_equal(a->gate, b->gate))
        return "of another gate; give all shards the same --gate";
    if (a->shard.count != b->shard.count)
        return "of another number of shards; give all the same N in --shard I/N";
    if (a->shard.plan != b->shard.plan || a->shard.case_count != b->shard.case_count)
        return "of other scenarios, or other options (--set, --choice, --ignore, --retries); run "
               "all shards of the same files with the same options";
    return NULL;
}

static enum err file_check(const struct joining *j, size_t index)
{
    const struct shard_file *file = &j->files[index];

    if (file->run->shard.count == 0)
        return refuse(j, file->path,
                      "no shard, but a whole run; 'sipwright report FILE' renders it");
    if (file->run->shard.index == 0 || file->run->shard.index > file->run->shard.count)
        return refuse(j, file->path, "its shard is not one of 1 to N; write it again");
    const char *other = difference(j->files[0].run, file->run);
    if (other != NULL) {
        buf_printf(j->complaint, "%s and %s are not of one run: the second is %s", j->files[0].path,
                   file->path, other);
        return ERR_SYNTAX;
    }
    for (size_t i = 0; i < index; i++)
        if (j->files[i].run->shard.index == file->run->shard.index) {
            buf_printf(j->complaint, "%s and %s are both shard %u/%u; name each shard once",
                       j->files[i].path, file->path, (unsigned)file->run->shard.index,
                       (unsigned)file->run->shard.count);
            return ERR_SYNTAX;
        }
    return ERR_OK;
}

/* No two files are the same shard: where they are fewer than the shards, some lack. */
static enum err missing_tell(const struct joining *j)
{
    uint32_t shards = j->files[0].run->shard.count, told = 0;

    buf_printf(j->complaint, "not all shards are there: ");
    for (uint32_t index = 1; index <= shards && told < 10; index++) {
        size_t i = 0;
        while (i < j->count && j->files[i].run->shard.index != index)
            i++;
        if (i == j->count)
            buf_printf(j->complaint, "%s%u/%u", told++ > 0 ? ", " : "", (unsigned)index,
                       (unsigned)shards);
    }
    buf_printf(j->complaint, "%s missing; name the --json file of each", told > 1 ? " are" : " is");
    return ERR_SYNTAX;
}

static enum err files_check(const struct joining *j)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < j->count && err == ERR_OK; i++)
        err = file_check(j, i);
    if (err == ERR_OK && j->count < j->files[0].run->shard.count)
        err = missing_tell(j);
    return err;
}

/* ---- the cases ---- */

static bool case_before(const void *a, const void *b)
{
    return ((const struct shard_case *)a)->one->place < ((const struct shard_case *)b)->one->place;
}

/* A file that does not load is told by each shard, and is one case. */
static bool is_unloaded(const struct report_case *one)
{
    return view_equal(one->id, one->file) && one->verdict == VERDICT_ERROR && one->events.len == 0;
}

static enum err case_take(struct joining *j, const struct shard_case *next,
                          const struct shard_case *before)
{
    bool again = before != NULL && before->one->place == next->one->place;

    if (next->one->place == 0 || next->one->place > j->out->run.shard.case_count)
        return refuse(j, next->path, "a case has no place in the run; write it again");
    if (again && is_unloaded(before->one) && is_unloaded(next->one) &&
        view_equal(before->one->id, next->one->id))
        return ERR_OK;
    if (again) {
        buf_printf(j->complaint, "%s and %s both have '%.*s': they are not shards of one run",
                   before->path, next->path, VIEW_ARG(next->one->id));
        return ERR_SYNTAX;
    }
    struct report_case *one = &j->out->cases[j->out->run.case_count++];
    *one = *next->one;
    one->place = 0;
    return ERR_OK;
}

static void cases_fill(struct joining *j, void **order)
{
    for (size_t i = 0; i < j->count; i++)
        for (size_t k = 0; k < j->files[i].run->case_count; k++) {
            struct shard_case *next = &j->cases[j->case_count];
            *next = (struct shard_case){&j->files[i].run->cases[k], j->files[i].path};
            order[j->case_count++] = next;
        }
}

static enum err cases_order(struct joining *j, void **order)
{
    cases_fill(j, order);
    enum err err = sort_pointers(order, j->case_count, case_before);
    for (size_t i = 0; i < j->case_count && err == ERR_OK; i++)
        err = case_take(j, order[i], i > 0 ? order[i - 1] : NULL);
    return err;
}

static enum err cases_join(struct joining *j)
{
    size_t most = 1;

    for (size_t i = 0; i < j->count; i++)
        most += j->files[i].run->case_count;
    void **order = mem_zalloc(most * sizeof *order);
    j->cases = mem_zalloc(most * sizeof *j->cases);
    j->out->cases = mem_zalloc(most * sizeof *j->out->cases);
    enum err err = order == NULL || j->cases == NULL || j->out->cases == NULL
                       ? ERR_MEMORY
                       : cases_order(j, order);
    mem_free(order);
    mem_free(j->cases);
    j->out->run.cases = j->out->cases;
    return err;
}

/* ---- the run ---- */

/* As the exit codes of one run: a signal, a fault of ours, a file, a failure, the environment. That
 * all was skipped counts when it did in each shard that had anything to run. */
static int code_rank(int code)
{
    static const int order[] = {EXIT_ALL_PASSED, EXIT_NOTHING, EXIT_USAGE,   EXIT_ENVIRONMENT,
                                EXIT_FAILED,     EXIT_LOAD,    EXIT_INTERNAL};
    const int count = sizeof order / sizeof *order;
    int rank = 0;

    while (rank < count && order[rank] != code)
        rank++;
    return rank;
}

static int code_of_all(const struct joining *j)
{
    int worst = EXIT_ALL_PASSED;
    bool judged = false;

    for (size_t i = 0; i < j->count; i++) {
        int code = j->files[i].run->exit_code;
        judged = judged || (code == EXIT_ALL_PASSED && j->files[i].run->case_count > 0);
        worst = code_rank(code) > code_rank(worst) ? code : worst;
    }
    return worst == EXIT_NOTHING && judged ? EXIT_ALL_PASSED : worst;
}

/* From the begin of the first to the end of the last; without a clock where one has none. */
static void times_join(const struct joining *j, struct report_run *run)
{
    uint64_t from_s = UINT64_MAX, until_us = 0;

    for (size_t i = 0; i < j->count; i++)
        from_s = j->files[i].run->started_s < from_s ? j->files[i].run->started_s : from_s;
    for (size_t i = 0; i < j->count && from_s != 0; i++) {
        const struct report_run *one = j->files[i].run;
        uint64_t since_us = (one->started_s - from_s) * US_PER_S + one->wall_us;
        until_us = since_us > until_us ? since_us : until_us;
    }
    run->started_s = from_s;
    run->wall_us = until_us;
}

/* The first shard's, without its shard: what would run it all. */
static void command_line_join(const struct joining *j, struct report_run *run)
{
    struct view line = j->files[0].run->command_line;
    size_t at = view_find(line, V(" --shard"));

    if (at + sizeof " --shard" > line.len || strchr(" =", line.ptr[at + 8]) == NULL)
        return;
    struct view behind = view_skip(line, at + sizeof " --shard");
    buf_add(&j->out->command_line, view_head(line, at));
    buf_add(&j->out->command_line, view_skip(behind, view_find_char(behind, ' ')));
    run->command_line = buf_view(&j->out->command_line);
}

static enum err run_join(struct joining *j)
{
    struct report_run *run = &j->out->run;

    *run = *j->files[0].run;
    run->case_count = 0;
    enum err err = cases_join(j);
    if (err != ERR_OK)
        return err;
    err = score_make(run->cases, run->case_count, &j->out->arena, run);
    if (err != ERR_OK)
        return err;
    run->exit_code = code_of_all(j);
    for (size_t i = 0; i < j->count; i++)
        run->interrupted = run->interrupted || j->files[i].run->interrupted;
    times_join(j, run);
    command_line_join(j, run);
    if (run->case_count < run->shard.case_count && run->exit_code == EXIT_ALL_PASSED) {
        buf_printf(j->complaint, "%llu of %llu cases are in no shard, though none was stopped",
                   (unsigned long long)(run->shard.case_count - run->case_count),
                   (unsigned long long)run->shard.case_count);
        return ERR_SYNTAX;
    }
    run->shard = (struct report_shard){0};
    return j->out->command_line.failed;
}

enum err shards_join(const struct shard_file *files, size_t count, struct shards *out,
                     struct buf *complaint)
{
    struct joining joining = {.files = files, .count = count, .out = out, .complaint = complaint};

    *out = (struct shards){0};
    enum err err = files_check(&joining);
    if (err == ERR_OK)
        err = run_join(&joining);
    if (err != ERR_OK)
        shards_deinit(out);
    return err;
}

void shards_deinit(struct shards *shards)
{
    mem_free(shards->cases);
    arena_deinit(&shards->arena);
    buf_deinit(&shards->command_line);
    *shards = (struct shards){0};
}
