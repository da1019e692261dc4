#include "harness/pattern/pattern_private.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct view name_parse(struct lex *lex, bool everybody)
{
    size_t begin = lex->at;
    if (everybody && lex_take(lex, '*'))
        return V("*");
    if (is_letter(lex_peek(lex)))
        while (is_letter(lex_peek(lex)) || lex_peek(lex) == '_' ||
               (lex_peek(lex) >= '0' && lex_peek(lex) <= '9'))
            lex->at++;
    if (lex->at == begin)
        lex_fail(lex, begin, "a name is missing: a line begins alice->>bob:");
    return view_head(view_skip(lex->text, begin), lex->at - begin);
}

static struct view arrow_parse(struct lex *lex)
{
    /* The longest first. */
    static const char *const arrows[] = {"-->>", "->>", "--x", "--)", "-x", "-)"};
    for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++) {
        struct view arrow = view_of(arrows[i]);
        if (lex->failed == ERR_OK && view_starts(lex_rest(lex), arrow)) {
            lex->at += arrow.len;
            return arrow;
        }
    }
    lex_fail(lex, lex->at, "an arrow is missing here: ->>, -x for a lost message, -) for either");
    return (struct view){0};
}

void line_head_parse(struct lex *lex, bool everybody, struct line_head *out)
{
    struct line_head head;
    lex_blanks(lex);
    head.from = name_parse(lex, everybody);
    lex_blanks(lex);
    head.arrow = arrow_parse(lex);
    lex_blanks(lex);
    head.to = name_parse(lex, everybody);
    lex_blanks(lex);
    if (!lex_take(lex, ':'))
        lex_fail(lex, lex->at,
                 "after the names comes a colon and the message: alice->>bob: INVITE");
    *out = head;
}
