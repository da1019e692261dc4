#include "harness/language/language.h"

const struct term term_rows[] = {
#define ALIAS(name, type, text) {TERM_ALIAS, "", name, "", type, text},
#define CLASS(name, live, base, text) {TERM_CLASS, "", name, live, base, text},
#define METHOD(of, name, args, gives, text) {TERM_METHOD, of, name, args, gives, text},
#define FIELD(of, name, type, text) {TERM_FIELD, of, name, "", type, text},
#include "harness/language/terms.def"
};
const size_t term_count = sizeof term_rows / sizeof *term_rows;

const struct term *term_class(struct view name)
{
    for (size_t i = 0; i < term_count; i++)
        if (term_rows[i].kind == TERM_CLASS && view_equal(view_of(term_rows[i].name), name))
            return &term_rows[i];
    return NULL;
}

const struct term *term_next(const struct term *class, const struct term *after)
{
    for (const struct term *term = after == NULL ? term_rows : after + 1;
         term < term_rows + term_count; term++)
        if ((term->kind == TERM_METHOD || term->kind == TERM_FIELD) &&
            strcmp(term->of, class->name) == 0)
            return term;
    return NULL;
}

const struct term *term_base(const struct term *class)
{
    return class->type[0] == '\0' ? NULL : term_class(view_of(class->type));
}

bool term_is_global(const char *class)
{
    const struct term *globals = term_class(V(""));

    for (const struct term *term = NULL; (term = term_next(globals, term)) != NULL;)
        if (term->kind == TERM_FIELD && strcmp(term->type, class) == 0)
            return true;
    return false;
}

/* Where the first "," stands that is in no bracket and no string. */
static size_t comma_find(struct view args)
{
    int depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < args.len; i++) {
        char c = args.ptr[i];
        if (c == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        depth += (c == '(' || c == '<') - (c == ')' || c == '>');
        if (c == ',' && depth == 0)
            return i;
    }
    return args.len;
}

bool term_arg_next(struct view *args, struct term_arg *out)
{
    size_t len = comma_find(*args);
    struct view arg = view_trim(view_head(*args, len));
    size_t colon = view_find_char(arg, ':');

    if (arg.len == 0)
        return false;
    *out = (struct term_arg){.name = view_head(arg, colon),
                             .type = view_trim(view_skip(arg, colon + 1))};
    out->rest = view_equal(out->name, V("..."));
    out->optional = view_ends(out->name, V("?"));
    if (out->optional)
        out->name.len--;
    *args = view_skip(*args, len + 1);
    return true;
}

static bool is_ours(struct view name)
{
    for (size_t i = 0; i < term_count; i++)
        if ((term_rows[i].kind == TERM_CLASS || term_rows[i].kind == TERM_ALIAS) && name.len > 0 &&
            view_equal(view_of(term_rows[i].name), name))
            return true;
    return false;
}

static bool is_letter(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (char_lower(c) >= 'a' && char_lower(c) <= 'z');
}

/* In "fun(t: t)" the first t is the name of a parameter. */
static bool is_parameter(struct view behind)
{
    if (behind.len > 0 && behind.ptr[0] == '?')
        behind = view_skip(behind, 1);
    return behind.len > 0 && behind.ptr[0] == ':';
}

void term_type(struct buf *out, struct view type)
{
    bool quoted = false;

    for (size_t at = 0; at < type.len;) {
        size_t end = at;
        while (end < type.len && is_letter(type.ptr[end]))
            end++;
        struct view name = {type.ptr + at, end - at};
        if (!quoted && is_ours(name) && !is_parameter(view_skip(type, end)))
            buf_add(out, V("sipwright."));
        buf_add(out, name);
        if (end == at) {
            quoted ^= type.ptr[at] == '"';
            buf_add_char(out, type.ptr[at]);
            end++;
        }
        at = end;
    }
}
