#include "harness/pattern/pattern.h"
#include "harness/pattern/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* A match may take so many steps, so deep and so much memory: about a tenth of a second. */
enum { MATCH_LIMIT = 1000000, DEPTH_LIMIT = 100000, HEAP_LIMIT_KIB = 20000 };
enum { CACHE_MAX = 64, EXPRESSION_MAX = 65536 };

struct compiled {
    struct blob *expression;
    pcre2_code *code;
    pcre2_match_data *data;
    uint64_t used; /* the turn in which it was last asked for */
};

/* Compiled expressions depend on nothing but their text, so one cache serves the process. */
static struct {
    struct compiled entries[CACHE_MAX];
    size_t count;
    uint64_t turn;
    pcre2_general_context *memory;
    pcre2_match_context *limits;
    pcre2_compile_context *compile;
} cache;

static void *memory_alloc(PCRE2_SIZE len, void *ctx)
{
    (void)ctx;
    return mem_alloc(len);
}

static void memory_free(void *ptr, void *ctx)
{
    (void)ctx;
    mem_free(ptr);
}

static void compiled_drop(struct compiled *c)
{
    pcre2_match_data_free(c->data);
    pcre2_code_free(c->code);
    blob_unref(c->expression);
    *c = (struct compiled){0};
}

void regex_cache_drop(void)
{
    for (size_t i = 0; i < cache.count; i++)
        compiled_drop(&cache.entries[i]);
    pcre2_match_context_free(cache.limits);
    pcre2_compile_context_free(cache.compile);
    pcre2_general_context_free(cache.memory);
    memset(&cache, 0, sizeof cache);
}

static bool cache_ready(void)
{
    if (cache.compile != NULL)
        return true;
    regex_cache_drop();
    cache.memory = pcre2_general_context_create(memory_alloc, memory_free, NULL);
    if (cache.memory == NULL)
        return false;
    cache.limits = pcre2_match_context_create(cache.memory);
    if (cache.limits == NULL)
        return false;
    pcre2_set_match_limit(cache.limits, MATCH_LIMIT);
    pcre2_set_depth_limit(cache.limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(cache.limits, HEAP_LIMIT_KIB);
    cache.compile = pcre2_compile_context_create(cache.memory);
    if (cache.compile == NULL)
        return false;
    pcre2_set_max_pattern_length(cache.compile, EXPRESSION_MAX);
    return true;
}

static void sentence_set(struct pattern_error *error, size_t offset, int code, const char *before)
{
    PCRE2_UCHAR text[120] = "";
    if (error == NULL)
        return;
    pcre2_get_error_message(code, text, sizeof text);
    error->offset = offset;
    snprintf(error->sentence, sizeof error->sentence, "%s: %s", before, (const char *)text);
}

static void memory_sentence(struct pattern_error *error)
{
    sentence_set(error, 0, PCRE2_ERROR_NOMEMORY, "the regular expression cannot be used");
}

/* The place of the next one: a new one, or that of the one longest out of use. */
static struct compiled *cache_place(void)
{
    if (cache.count < CACHE_MAX)
        return &cache.entries[cache.count++];
    struct compiled *oldest = &cache.entries[0];
    for (size_t i = 1; i < CACHE_MAX; i++)
        if (cache.entries[i].used < oldest->used)
            oldest = &cache.entries[i];
    compiled_drop(oldest);
    return oldest;
}

static bool expression_compile(struct view expression, struct compiled *out,
                               struct pattern_error *error)
{
    int code;
    PCRE2_SIZE offset;
    out->code =
        pcre2_compile((PCRE2_SPTR)expression.ptr, expression.len, 0, &code, &offset, cache.compile);
    if (out->code == NULL) {
        sentence_set(error, offset, code, "the regular expression is wrong");
        return false;
    }
    out->data = pcre2_match_data_create_from_pattern(out->code, cache.memory);
    out->expression = blob_create(expression);
    if (out->data != NULL && out->expression != NULL)
        return true;
    memory_sentence(error);
    compiled_drop(out);
    return false;
}

static struct compiled *compiled_find(struct view expression)
{
    for (size_t i = 0; i < cache.count; i++)
        if (view_equal(blob_view(cache.entries[i].expression), expression))
            return &cache.entries[i];
    return NULL;
}

static struct compiled *compiled_get(struct view expression, struct pattern_error *error)
{
    if (!cache_ready()) {
        memory_sentence(error);
        return NULL;
    }
    struct compiled *c = compiled_find(expression);
    if (c == NULL) {
        struct compiled fresh = {0};
        if (!expression_compile(expression, &fresh, error))
            return NULL;
        c = cache_place();
        *c = fresh;
    }
    c->used = ++cache.turn;
    return c;
}

bool regex_check(struct view expression, struct pattern_error *error)
{
    return compiled_get(expression, error) != NULL;
}

int regex_match(struct view expression, struct view subject, struct pattern_error *error)
{
    struct compiled *c = compiled_get(expression, error);
    if (c == NULL)
        return -1;
    const char *bytes = subject.ptr == NULL ? "" : subject.ptr;
    int code = pcre2_match(c->code, (PCRE2_SPTR)bytes, subject.len, 0, 0, c->data, cache.limits);
    if (code >= 0)
        return 1;
    if (code == PCRE2_ERROR_NOMATCH)
        return 0;
    sentence_set(error, 0, code, "the regular expression was given up");
    return -1;
}
