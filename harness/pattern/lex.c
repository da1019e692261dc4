#include "harness/pattern/lex.h"

#include "harness/lua/handle.h"

#include <stdarg.h>

void lex_fail(struct lex *lex, size_t offset, const char *format, ...)
{
    if (lex->failed != ERR_OK)
        return;
    lex->failed = ERR_SYNTAX;
    lex->error->offset = offset;
    va_list args;
    va_start(args, format);
    vsnprintf(lex->error->sentence, sizeof lex->error->sentence, format, args);
    va_end(args);
}

void lex_memory(struct lex *lex)
{
    if (lex->failed != ERR_OK)
        return;
    lex_fail(lex, lex->at, "out of memory");
    lex->failed = ERR_MEMORY;
}

char lex_peek(const struct lex *lex)
{
    return lex_end(lex) ? '\0' : lex->text.ptr[lex->at];
}

bool lex_take(struct lex *lex, char c)
{
    if (lex_end(lex) || lex->text.ptr[lex->at] != c)
        return false;
    lex->at++;
    return true;
}

bool lex_end(const struct lex *lex)
{
    return lex->failed != ERR_OK || lex->at >= lex->text.len;
}

struct view lex_rest(const struct lex *lex)
{
    return view_skip(lex->text, lex->at);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void lex_blanks(struct lex *lex)
{
    while (!lex_end(lex) && is_blank(lex->text.ptr[lex->at]))
        lex->at++;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

struct view lex_word(struct lex *lex)
{
    size_t begin = lex->at;
    while (!lex_end(lex) && is_word(lex->text.ptr[lex->at]))
        lex->at++;
    return view_head(view_skip(lex->text, begin), lex->at - begin);
}

/* Index of the closing quote, counted from the byte behind the opening one. */
static size_t quoted_len(struct view text, bool *out_escaped)
{
    *out_escaped = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            return i;
        if (text.ptr[i] == '\\' && i + 1 < text.len &&
            (text.ptr[i + 1] == '"' || text.ptr[i + 1] == '\\')) {
            *out_escaped = true;
            i++;
        }
    }
    return text.len;
}

/* Only \" and \\ are escapes: in an expression "\d" must stay what it is. */
static struct view unescaped(struct lex *lex, struct view text)
{
    char *copy = lex_alloc(lex, text.len, 1);
    size_t len = 0;
    if (copy == NULL)
        return (struct view){0};
    for (size_t i = 0; i < text.len; i++) {
        bool escape = text.ptr[i] == '\\' && i + 1 < text.len &&
                      (text.ptr[i + 1] == '"' || text.ptr[i + 1] == '\\');
        i += escape;
        copy[len++] = text.ptr[i];
    }
    return (struct view){copy, len};
}

struct view lex_quoted(struct lex *lex)
{
    size_t begin = lex->at;
    if (!lex_take(lex, '"'))
        return (struct view){0};
    bool escaped;
    struct view text = lex_rest(lex);
    size_t len = quoted_len(text, &escaped);
    if (len == text.len) {
        lex_fail(lex, begin, "the quote that begins here is not closed: add a \"");
        return (struct view){0};
    }
    lex->at += len + 1;
    text = view_head(text, len);
    return escaped ? unescaped(lex, text) : text;
}

void *lex_alloc(struct lex *lex, size_t count, size_t size)
{
    if (lex->failed != ERR_OK)
        return NULL;
    void *ptr = arena_zalloc(lex->arena, count * size);
    if (ptr == NULL)
        lex_memory(lex);
    return ptr;
}

const char *lex_mend(char *room, size_t room_len, struct view name, const char *const *candidates)
{
    char word[64];
    room[0] = '\0';
    if (name.len == 0 || name.len >= sizeof word)
        return room;
    memcpy(word, name.ptr, name.len);
    word[name.len] = '\0';
    const char *near = suggest(word, candidates);
    if (near != NULL)
        snprintf(room, room_len, "; did you mean %s?", near);
    return room;
}
