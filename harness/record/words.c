#include "harness/record/words.h"

#include <stdarg.h>
#include <stdio.h>

/* The arena says only that there is no room. */
static void fail(struct words *words, size_t len)
{
    size_t limit = words->arena.limit;
    words->failed = limit != 0 && words->arena.total + len > limit ? ERR_LIMIT : ERR_MEMORY;
}

static void *make(struct words *words, size_t len, void *spare)
{
    void *made = words->failed == ERR_OK ? arena_zalloc(&words->arena, len) : NULL;
    if (made != NULL)
        return made;
    if (words->failed == ERR_OK)
        fail(words, len);
    memset(spare, 0, len);
    return spare;
}

struct view words_copy(struct words *words, struct view text)
{
    struct view copy = words->failed == ERR_OK ? arena_copy(&words->arena, text) : V("");
    if (copy.ptr == NULL && text.ptr != NULL) {
        fail(words, text.len);
        return V("");
    }
    return copy;
}

struct view words_print(struct words *words, const char *format, ...)
{
    char room[256];
    va_list args;

    va_start(args, format);
    vsnprintf(room, sizeof room, format, args);
    va_end(args);
    return words_copy(words, view_of(room));
}

struct step *words_step(struct words *words, struct view bind, struct view on)
{
    struct step *step = make(words, sizeof *step, &words->spare_step);

    step->bind = bind;
    step->on = on;
    return step;
}

struct said *step_say(struct words *words, struct step *step, struct view verb)
{
    struct said *said = make(words, sizeof *said, &words->spare_said);

    said->verb = verb;
    if (step->said == NULL)
        step->said = said;
    else
        step->last->next = said;
    step->last = said;
    return said;
}

struct word *word_make(struct words *words, enum word_kind kind, struct view text)
{
    struct word *word = make(words, sizeof *word, &words->spare_word);

    word->kind = kind;
    word->text = text;
    return word;
}

struct word *said_word(struct said *said, struct word *word)
{
    if (said->first == NULL)
        said->first = word;
    else
        said->last->next = word;
    said->last = word;
    return word;
}

struct word *said_name(struct words *words, struct said *said, struct view name)
{
    return said_word(said, word_make(words, WORD_NAME, name));
}

struct word *said_text(struct words *words, struct said *said, struct view text)
{
    return said_word(said, word_make(words, WORD_TEXT, words_copy(words, text)));
}

struct word *said_table(struct words *words, struct said *said)
{
    return said_word(said, word_make(words, WORD_TABLE, V("")));
}

struct word *table_set(struct words *words, struct word *table, struct view key, struct word *value)
{
    struct field *field = make(words, sizeof *field, &words->spare_field);

    field->key = key;
    field->value = value;
    if (table->fields == NULL)
        table->fields = field;
    else
        table->last->next = field;
    table->last = field;
    return value;
}

struct word *table_text(struct words *words, struct word *table, struct view key, struct view text)
{
    return table_set(words, table, key, word_make(words, WORD_TEXT, words_copy(words, text)));
}

struct word *table_name(struct words *words, struct word *table, struct view key, struct view name)
{
    return table_set(words, table, key, word_make(words, WORD_NAME, name));
}

struct word *table_number(struct words *words, struct word *table, struct view key, uint64_t number)
{
    char room[UINT_TEXT_MAX];
    struct view digits = view_of_uint(number, room);

    return table_set(words, table, key, word_make(words, WORD_NAME, words_copy(words, digits)));
}
