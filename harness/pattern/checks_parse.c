#include "harness/pattern/checks.h"
#include "harness/pattern/field_types.h"
#include "harness/pattern/regex.h"

static bool is_path(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+' || c == '.';
}

static void path_refuse(struct lex *lex, size_t begin, struct view bad, struct field owner)
{
    char mend[80];
    struct view name = view_head(bad, 40);
    if (view_starts(bad, V("["))) {
        lex_fail(lex, begin, "'%.*s' is no place in a list: count from [1] on", VIEW_ARG(name));
        return;
    }
    lex_mend(mend, sizeof mend, bad, field_names(owner));
    if (owner.type == FIELD_TYPE_MESSAGE)
        lex_fail(lex, begin,
                 "unknown field '%.*s'%s (a header that is not registered stands in quotes)",
                 VIEW_ARG(name), mend);
    else
        lex_fail(lex, begin, "unknown field '%.*s'%s", VIEW_ARG(name), mend);
}

/* "Via[2].branch", "\"X-Foo\"": checked against what messages can have at all. */
static struct view path_parse(struct lex *lex)
{
    size_t begin = lex->at;
    while (is_path(lex_peek(lex)) || lex_peek(lex) == '[' || lex_peek(lex) == '"') {
        if (lex_peek(lex) == '"') {
            (void)lex_quoted(lex);
            continue;
        }
        if (!lex_take(lex, '[')) {
            lex->at++;
            continue;
        }
        while (lex_peek(lex) >= '0' && lex_peek(lex) <= '9')
            lex->at++;
        if (!lex_take(lex, ']'))
            lex_fail(lex, lex->at, "a place in a list is a number from 1 on: Via[2]");
    }
    struct view path = view_head(view_skip(lex->text, begin), lex->at - begin);
    struct view bad;
    struct field owner;
    if (path.len == 0)
        lex_fail(lex, begin, "a check begins with a field, as in [Max-Forwards = 70]");
    else if (field_path_walk(NULL, path, &bad, &owner).kind == FIELD_UNKNOWN)
        path_refuse(lex, begin, bad, owner);
    return path;
}

static bool op_take(struct lex *lex, enum check_op *out)
{
    if (lex_take(lex, '=')) {
        *out = CHECK_IS;
    } else if (lex_take(lex, '~')) {
        *out = CHECK_MATCHES;
    } else if (lex_take(lex, '<')) {
        *out = CHECK_LESS;
    } else if (lex_take(lex, '>')) {
        *out = CHECK_MORE;
    } else if (lex_peek(lex) == '!') {
        lex->at++;
        if (!lex_take(lex, '='))
            lex_fail(lex, lex->at, "after a field, ! must be !=");
        *out = CHECK_IS_NOT;
    } else {
        return false;
    }
    if (lex_peek(lex) == '=')
        lex_fail(lex, lex->at, "write = != ~ < or >: there is no other comparison");
    return true;
}

/* Up to the comma or bracket that ends the check. */
static struct view bare_value(struct lex *lex)
{
    size_t begin = lex->at;
    while (!lex_end(lex) && lex_peek(lex) != ',' && lex_peek(lex) != ']')
        lex->at++;
    return view_trim(view_head(view_skip(lex->text, begin), lex->at - begin));
}

static void value_check(struct lex *lex, const struct check *check, size_t begin, bool quoted)
{
    struct pattern_error error = {0};
    struct field literal = {.kind = FIELD_TEXT, .text = check->value};
    int64_t number;
    bool compares = check->op == CHECK_LESS || check->op == CHECK_MORE;
    if (check->value.len == 0 && !quoted)
        lex_fail(lex, begin, "a value is missing; an empty one is written \"\"");
    else if (check->op == CHECK_MATCHES && check->is_variable)
        lex_fail(lex, begin, "~ takes a regular expression, not a variable");
    else if (check->op == CHECK_MATCHES && !regex_check(check->value, &error))
        lex_fail(lex, begin, "%s", error.sentence);
    else if (compares && !check->is_variable && !field_number(literal, &number))
        lex_fail(lex, begin, "'%.*s' is no number: < and > compare numbers",
                 VIEW_ARG(view_head(check->value, 40)));
}

static void value_parse(struct lex *lex, struct check *check)
{
    lex_blanks(lex);
    size_t begin = lex->at;
    bool quoted = lex_peek(lex) == '"';
    if (quoted) {
        check->value = lex_quoted(lex);
    } else if (lex_take(lex, '$')) {
        check->is_variable = true;
        check->value = lex_word(lex);
    } else {
        check->value = bare_value(lex);
    }
    if (check->is_variable && check->value.len == 0)
        lex_fail(lex, begin, "a variable has a name: $b");
    value_check(lex, check, begin, quoted);
}

static void check_parse(struct lex *lex, struct check *check)
{
    lex_blanks(lex);
    size_t begin = lex->at;
    bool absent = lex_take(lex, '!');
    check->path = path_parse(lex);
    size_t end = lex->at;
    lex_blanks(lex);
    size_t op_at = lex->at;
    check->op = absent ? CHECK_ABSENT : CHECK_PRESENT;
    if (op_take(lex, &check->op)) {
        if (absent)
            lex_fail(lex, op_at, "! in front means absent and takes no value: write !=");
        value_parse(lex, check);
        end = lex->at;
    }
    check->text = view_trim(view_head(view_skip(lex->text, begin), end - begin));
}

void checks_parse(struct lex *lex, struct checks *checks)
{
    do {
        struct check *check = lex_alloc(lex, 1, sizeof *check);
        if (check == NULL)
            return;
        check_parse(lex, check);
        if (checks->last == NULL)
            checks->first = check;
        else
            checks->last->next = check;
        checks->last = check;
        lex_blanks(lex);
    } while (lex_take(lex, ','));
    if (!lex_take(lex, ']'))
        lex_fail(lex, lex->at, "here a , or the ] that closes the checks is missing");
}
