/* Reads the text of patterns and diagram lines. Sticky: after the first failure each call does
 * nothing, and the error has the sentence. Private to harness/pattern and harness/flow.
 *
 *     struct lex lex = {.text = text, .arena = arena, .error = &error};
 *     lex_blanks(&lex);
 *     if (lex_take(&lex, '['))
 *         checks_parse(&lex, &checks);
 */
#pragma once
#include "harness/pattern/pattern.h"

struct lex {
    struct view text;
    size_t at;
    struct arena *arena;
    struct pattern_error *error;
    enum err failed; /* SYNTAX, MEMORY, LIMIT */
};

void lex_fail(struct lex *lex, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void lex_memory(struct lex *lex); /* an allocation failed */
void lex_blanks(struct lex *lex);
char lex_peek(const struct lex *lex);   /* '\0' at the end, and once failed */
bool lex_take(struct lex *lex, char c); /* and goes on, where it is the next one */
bool lex_end(const struct lex *lex);    /* nothing is left, or it has failed */
struct view lex_rest(const struct lex *lex);
/* Letters, digits, '_', '-'; empty where there is none. */
struct view lex_word(struct lex *lex);
/* "text", with \" and \\ undone; the opening quote is the next byte. Copied where it has to be. */
struct view lex_quoted(struct lex *lex);
/* Zeroed; NULL once failed. */
void *lex_alloc(struct lex *lex, size_t count, size_t size) NODISCARD;

/* A name and the mend: ", did you mean X?" where a candidate is near, else nothing. */
const char *lex_mend(char *room, size_t room_len, struct view name, const char *const *candidates);
