/* What a scenario says, before it is Lua: values and statements. All of it lives in one arena, and
 * building is sticky: after the first failure `failed` stays, and what is built goes nowhere.
 *
 *     struct said *said = words_say(words, V("leg"), V("ring"));
 *     struct word *opts = said_table(words, said);
 *     table_number(words, opts, V("status"), 183);           leg:ring { status = 183 }
 */
#pragma once
#include "core/core.h"

enum word_kind {
    WORD_NAME,    /* an expression as it is: "bob", "bob.uri", "true" */
    WORD_TEXT,    /* a string, quoted by the writer */
    WORD_MESSAGE, /* a message of a wire, its volatile parts named: pieces.h */
    WORD_CALL,    /* text(fields): secret("ALICE"), sip.challenge { … } */
    WORD_TABLE
};

struct word {
    enum word_kind kind;
    struct view text;
    const void *message;         /* WORD_MESSAGE: struct pieces */
    struct field *fields, *last; /* WORD_TABLE, WORD_CALL */
    struct word *next;           /* argument */
};

struct field {
    struct view key; /* absent: an item of a list */
    struct word *value;
    struct field *next;
};

struct said { /* :verb(arguments) */
    struct view verb;
    struct word *first, *last;
    struct said *next;
};

/* [local bind =] on:verb(…):verb(…), after a wait. */
struct step {
    uint32_t sleep_ms;
    struct view bind; /* absent: none */
    struct view on;
    struct said *said, *last;
    struct step *next;
};

struct words {
    struct arena arena;
    enum err failed; /* MEMORY, LIMIT */
    struct step spare_step;
    struct said spare_said;
    struct word spare_word;
    struct field spare_field;
};

struct step *words_step(struct words *words, struct view bind, struct view on);
struct said *step_say(struct words *words, struct step *step, struct view verb);
struct word *said_name(struct words *words, struct said *said, struct view name);
struct word *said_text(struct words *words, struct said *said, struct view text); /* copied */
struct word *said_word(struct said *said, struct word *word);
struct word *said_table(struct words *words, struct said *said);
struct word *word_make(struct words *words, enum word_kind kind, struct view text);
struct word *table_set(struct words *words, struct word *table, struct view key,
                       struct word *value); /* gives the value */
struct word *table_text(struct words *words, struct word *table, struct view key, struct view text);
struct word *table_name(struct words *words, struct word *table, struct view key, struct view name);
struct word *table_number(struct words *words, struct word *table, struct view key,
                          uint64_t number);
struct view words_copy(struct words *words, struct view text);
struct view words_print(struct words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
