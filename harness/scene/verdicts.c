#include "harness/scene/verdicts.h"

enum { TEXT_MOST = 8000 };

enum err verdicts_create(struct verdicts **out)
{
    struct verdicts *verdicts = mem_zalloc(sizeof *verdicts);
    if (verdicts == NULL)
        return ERR_MEMORY;
    *out = verdicts;
    return ERR_OK;
}

void verdicts_destroy(struct verdicts *verdicts)
{
    if (verdicts == NULL)
        return;
    arena_deinit(&verdicts->arena);
    mem_free(verdicts);
}

static void copy(struct arena *arena, struct view *text, size_t most)
{
    if (text->ptr != NULL)
        *text = arena_copy(arena, view_head(*text, most));
}

/* One line that stands alone. */
static void copy_sentence(struct arena *arena, struct view *text)
{
    struct view whole = view_trim(view_head(*text, SENTENCE_MOST));
    char *line = arena_alloc(arena, whole.len + 1);
    *text = (struct view){0};
    if (line == NULL)
        return;
    if (whole.len > 0)
        memcpy(line, whole.ptr, whole.len);
    for (size_t i = 0; i < whole.len; i++)
        if (line[i] == '\n' || line[i] == '\r' || line[i] == '\t')
            line[i] = ' ';
    line[whole.len] = '\0';
    *text = (struct view){line, whole.len};
}

static void copy_texts(struct arena *arena, struct failure *failure)
{
    copy_sentence(arena, &failure->sentence);
    copy(arena, &failure->expected, TEXT_MOST);
    copy(arena, &failure->actual, TEXT_MOST);
    copy(arena, &failure->hint, TEXT_MOST);
    copy(arena, &failure->section, TEXT_MOST);
    copy(arena, &failure->source.file, TEXT_MOST);
    copy(arena, &failure->ghost, TEXT_MOST);
    copy(arena, &failure->mark, TEXT_MOST);
}

static unsigned badness(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_ERROR:
        return 4;
    case VERDICT_FAIL:
        return 3;
    case VERDICT_INCONCLUSIVE:
        return 2;
    case VERDICT_SKIP:
        return 1;
    default:
        return 0;
    }
}

/* Beyond the limit a record is kept only where it is worse than all: the verdict is never lost. */
static bool room_for(const struct verdicts *verdicts, enum verdict verdict)
{
    if (verdicts->count <= RECORDS_MOST)
        return true;
    const struct record *worst = verdicts_worst(verdicts);
    return worst == NULL || badness(verdict) > badness(worst->failure.verdict);
}

static void append(struct verdicts *verdicts, struct record *record)
{
    if (verdicts->last == NULL)
        verdicts->first = record;
    else
        verdicts->last->next = record;
    verdicts->last = record;
}

static void append_spare(struct verdicts *verdicts)
{
    if (verdicts->spare_used)
        return;
    verdicts->spare_used = true;
    verdicts->spare.failure = (struct failure){
        .verdict = VERDICT_ERROR, .sentence = V("there is not enough memory to record a failure")};
    append(verdicts, &verdicts->spare);
}

struct record *verdicts_add(struct verdicts *verdicts, const struct failure *failure,
                            struct view raised)
{
    verdicts->count++;
    if (!room_for(verdicts, failure->verdict))
        return NULL;
    struct record *record = arena_zalloc(&verdicts->arena, sizeof *record);
    if (record == NULL) {
        append_spare(verdicts);
        return NULL;
    }
    record->failure = *failure;
    copy_texts(&verdicts->arena, &record->failure);
    record->raised = raised;
    copy(&verdicts->arena, &record->raised, TEXT_MOST);
    append(verdicts, record);
    return record;
}

const struct record *verdicts_worst(const struct verdicts *verdicts)
{
    const struct record *worst = NULL;
    for (const struct record *record = verdicts->first; record != NULL; record = record->next)
        if (worst == NULL || badness(record->failure.verdict) > badness(worst->failure.verdict))
            worst = record;
    return worst;
}

bool verdicts_has(const struct verdicts *verdicts, enum verdict verdict)
{
    const struct record *record = verdicts->first;
    while (record != NULL && record->failure.verdict != verdict)
        record = record->next;
    return record != NULL;
}

struct record *verdicts_find_raised(const struct verdicts *verdicts, uint32_t task,
                                    struct view raised)
{
    struct record *found = NULL;
    for (struct record *record = verdicts->first; record != NULL; record = record->next)
        if (record->raised.ptr != NULL && record->failure.source.task == task &&
            view_equal(record->raised, raised))
            found = record;
    return found;
}

void verdicts_remove(struct verdicts *verdicts, struct record *record)
{
    struct record **at = &verdicts->first, *before = NULL;
    while (*at != record) {
        before = *at;
        at = &(*at)->next;
    }
    *at = record->next;
    if (verdicts->last == record)
        verdicts->last = before;
    verdicts->count--;
}

void verdicts_warn(struct verdicts *verdicts, struct view sentence)
{
    if (verdicts->warning_count++ > 0)
        return;
    verdicts->warning = sentence;
    copy_sentence(&verdicts->arena, &verdicts->warning);
}

void verdicts_black_out(struct verdicts *verdicts, struct secrets *secrets)
{
    secrets_black_out(secrets, verdicts->warning);
    for (struct record *record = verdicts->first; record != NULL; record = record->next) {
        if (record == &verdicts->spare)
            continue;
        const struct failure *failure = &record->failure;
        const struct view texts[] = {failure->sentence, failure->expected, failure->actual,
                                     failure->hint,     failure->section,  failure->ghost,
                                     record->traceback};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            secrets_black_out(secrets, texts[i]);
    }
}
