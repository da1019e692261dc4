#include "harness/options/shard.h"

/* What each system sets. Buildkite and CircleCI count from 0, as does an Indexed Job of Kubernetes,
 * which does not tell how many there are. */
static const struct shard_source {
    const char *system, *index, *count;
    unsigned first;
} sources[] = {
    {"Kubernetes", "JOB_COMPLETION_INDEX",   "SIPWRIGHT_SHARDS",             0},
    {"GitLab",     "CI_NODE_INDEX",          "CI_NODE_TOTAL",                1},
    {"CircleCI",   "CIRCLE_NODE_INDEX",      "CIRCLE_NODE_TOTAL",            0},
    {"Buildkite",  "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0},
};
enum { SOURCE_COUNT = sizeof sources / sizeof *sources };

static void none_complain(struct buf *complaint)
{
    buf_printf(complaint, "'--shard auto' finds no shard in the environment; it looks for ");
    for (size_t i = 0; i < SOURCE_COUNT; i++)
        buf_printf(complaint, "%s%s and %s (%s)",
                   i == 0                 ? ""
                   : i + 1 < SOURCE_COUNT ? ", "
                                          : " or ",
                   sources[i].index, sources[i].count, sources[i].system);
}

static void half_complain(const struct shard_source *source, bool index_set, struct buf *complaint)
{
    buf_printf(complaint, "'--shard auto': %s is set, but %s is not: set both, or give --shard I/N",
               index_set ? source->index : source->count,
               index_set ? source->count : source->index);
}

static void wrong_complain(const struct shard_source *source, const char *index, const char *count,
                           struct buf *complaint)
{
    buf_printf(complaint,
               "'--shard auto': %s is '%s' and %s is '%s', but should be two numbers, the first of "
               "them %s the second",
               source->index, index, source->count, count,
               source->first == 0 ? "from 0 on and less than" : "from 1 to");
}

static const char *value_of(char *(*look)(const char *name), const char *name)
{
    const char *value = look(name);

    return value != NULL && *value != '\0' ? value : NULL;
}

/* Jobs of GitLab that are not parallel have a total of 1, and no index. */
static bool is_alone(const char *index, const char *count)
{
    return index == NULL && strcmp(count, "1") == 0;
}

static enum err source_read(const struct shard_source *source, const char *index, const char *count,
                            uint32_t *out_index, uint32_t *out_count, struct buf *complaint)
{
    uint64_t at = 0, of = 0;

    if (count != NULL && is_alone(index, count)) {
        *out_index = *out_count = 1;
        return ERR_OK;
    }
    if (index == NULL || count == NULL) {
        half_complain(source, index != NULL, complaint);
        return ERR_SYNTAX;
    }
    if (!view_to_uint(view_of(index), UINT32_MAX, &at) ||
        !view_to_uint(view_of(count), UINT32_MAX, &of) || at < source->first ||
        at - source->first >= of) {
        wrong_complain(source, index, count, complaint);
        return ERR_SYNTAX;
    }
    *out_index = (uint32_t)(at - source->first + 1);
    *out_count = (uint32_t)of;
    return ERR_OK;
}

enum err shard_find(char *(*look)(const char *name), uint32_t *out_index, uint32_t *out_count,
                    struct buf *complaint)
{
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        const char *index = value_of(look, sources[i].index);
        const char *count = value_of(look, sources[i].count);
        if (index != NULL || count != NULL)
            return source_read(&sources[i], index, count, out_index, out_count, complaint);
    }
    none_complain(complaint);
    return ERR_SYNTAX;
}
