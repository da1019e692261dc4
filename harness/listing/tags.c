#include "harness/listing/tags.h"
#include "harness/gate/words.h"

enum { DEPTH_MOST = 50 };

bool words_have(struct view words, struct view word)
{
    for (struct view one; word_take(&words, &one);)
        if (view_equal(one, word))
            return true;
    return false;
}

struct parser {
    struct view text, rest;
    struct view tags;
    void *ctx;
    void (*word)(void *ctx, struct view tag);
    const char *wrong; /* sticky; NULL: all is well */
    unsigned depth;
};

static bool is_operator(char c)
{
    return memchr("&|,!()", c, 6) != NULL;
}

/* The next character that is no blank; NUL at the end. */
static char peek(struct parser *p)
{
    p->rest = view_trim(p->rest);
    return p->rest.len == 0 || p->wrong != NULL ? '\0' : p->rest.ptr[0];
}

static bool take(struct parser *p, char c)
{
    if (peek(p) != c)
        return false;
    p->rest = view_skip(p->rest, 1);
    return true;
}

static bool word_parse(struct parser *p)
{
    size_t len = 0;

    while (len < p->rest.len && !is_operator(p->rest.ptr[len]) && p->rest.ptr[len] != ' ')
        len++;
    struct view tag = view_head(p->rest, len);
    p->rest = view_skip(p->rest, len);
    if (len == 0)
        p->wrong = "a tag is missing";
    else if (p->word != NULL)
        p->word(p->ctx, tag);
    return words_have(p->tags, tag);
}

static bool any_parse(struct parser *p);

static bool one_parse(struct parser *p)
{
    bool turned = false, value;

    while (take(p, '!'))
        turned = !turned;
    if (take(p, '(')) {
        if (++p->depth > DEPTH_MOST)
            p->wrong = "it is nested too deeply";
        value = any_parse(p);
        p->depth--;
        if (p->wrong == NULL && !take(p, ')'))
            p->wrong = "a ')' is missing";
    } else {
        peek(p);
        value = word_parse(p);
    }
    return value != turned;
}

static bool all_parse(struct parser *p)
{
    bool value = one_parse(p);

    while (take(p, '&'))
        value = one_parse(p) && value;
    return value;
}

static bool any_parse(struct parser *p)
{
    bool value = p->wrong == NULL && all_parse(p);

    while (take(p, '|') || take(p, ','))
        value = all_parse(p) || value;
    return value;
}

static enum err parse(struct parser *p, bool *out, struct buf *complaint)
{
    bool value = any_parse(p);

    if (p->wrong == NULL && peek(p) != '\0')
        p->wrong = "'&', '|' or '!' is missing between two tags";
    if (p->wrong != NULL) {
        buf_printf(complaint, "--tag '%.*s': %s, as in 'uas & !tls & (timer | dialog)'",
                   VIEW_ARG(p->text), p->wrong);
        return ERR_SYNTAX;
    }
    *out = value;
    return ERR_OK;
}

enum err tags_match(struct view expression, struct view tags, bool *out, struct buf *complaint)
{
    struct parser parser = {.text = expression, .rest = expression, .tags = tags};

    return parse(&parser, out, complaint);
}

enum err tags_walk(struct view expression, void *ctx, void (*word)(void *ctx, struct view tag),
                   struct buf *complaint)
{
    struct parser parser = {.text = expression, .rest = expression, .ctx = ctx, .word = word};
    bool ignored;

    return parse(&parser, &ignored, complaint);
}
