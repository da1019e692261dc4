/* What people read of the table: a page of Markdown, and what `sipwright help language NAME` says.
 */
#include "harness/language/language.h"
#include "harness/lua/handle.h"

/* A cell of a table: "|" would end it. */
static void cell_add(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
}

static const char *mark_of(const struct term *term)
{
    if (term->of[0] == '\0')
        return "";
    return term->kind == TERM_METHOD && !term_is_global(term->of) ? ":" : ".";
}

/* "call:ring(opts?: ring_opts) → message" */
static void head_add(struct buf *out, const struct term *term)
{
    buf_printf(out, "%s%s%s", term->of, mark_of(term), term->name);
    if (term->kind == TERM_METHOD)
        buf_printf(out, "(%s)", term->args);
    if (term->kind == TERM_FIELD)
        buf_printf(out, ": %s", term->type);
    else if (term->type[0] != '\0')
        buf_printf(out, " → %s", term->type);
}

static void row_add(struct buf *out, const struct term *term)
{
    struct buf head = {0};

    head_add(&head, term);
    buf_add_char(&head, '\0');
    buf_add(out, V("| `"));
    cell_add(out, head.failed == ERR_OK ? head.ptr : "");
    buf_add(out, V("` | "));
    cell_add(out, term->text);
    buf_add(out, V(" |\n"));
    if (head.failed != ERR_OK)
        out->failed = head.failed;
    buf_deinit(&head);
}

static void class_add(struct buf *out, const struct term *class)
{
    const char *base = class->type;

    buf_printf(out, "\n## %s\n\n", class->name[0] == '\0' ? "Globals" : class->name);
    if (class->name[0] != '\0')
        buf_printf(out, "%s.%s%s%s\n\n", class->text, base[0] == '\0' ? "" : " All of `", base,
                   base[0] == '\0' ? "" : "`, and:");
    if (term_next(class, NULL) == NULL)
        return;
    buf_add(out, V("| | |\n| --- | --- |\n"));
    for (const struct term *term = NULL; (term = term_next(class, term)) != NULL;)
        row_add(out, term);
}

void language_reference(struct buf *out)
{
    buf_add(
        out,
        V("# Reference\n\nEvery word of a scenario. What they mean together is in "
          "[scenario-language.md](scenario-language.md);\nthis page is made by `sipwright generate "
          "reference`, and `sipwright help language NAME` says it in the terminal.\n\n"
          "| type | is |\n| --- | --- |\n"));
    for (size_t i = 0; i < term_count; i++)
        if (term_rows[i].kind == TERM_ALIAS) {
            buf_printf(out, "| `%s` | `", term_rows[i].name);
            cell_add(out, term_rows[i].type);
            buf_add(out, V("`: "));
            cell_add(out, term_rows[i].text);
            buf_add(out, V(" |\n"));
        }
    for (size_t i = 0; i < term_count; i++)
        if (term_rows[i].kind == TERM_CLASS)
            class_add(out, &term_rows[i]);
}

static void explain_class(struct buf *out, const struct term *class)
{
    buf_printf(out, "%s: %s\n", class->name, class->text);
    for (; class != NULL; class = term_base(class))
        for (const struct term *term = NULL; (term = term_next(class, term)) != NULL;) {
            buf_add(out, V("  "));
            head_add(out, term);
            buf_printf(out, "\n      %s\n", term->text);
        }
}

static void explain_one(struct buf *out, const struct term *term)
{
    struct view args = view_of(term->args);
    struct term_arg arg;

    head_add(out, term);
    buf_printf(out, "\n    %s\n", term->text);
    while (term->kind == TERM_METHOD && term_arg_next(&args, &arg))
        if (view_ends(arg.type, V("_opts")) && term_class(arg.type) != NULL)
            explain_class(out, term_class(arg.type));
}

/* "ring", "call:ring", "call.ring" */
static bool is_named(const struct term *term, struct view of, struct view name)
{
    return (term->kind == TERM_METHOD || term->kind == TERM_FIELD) &&
           view_equal(view_of(term->name), name) &&
           (of.ptr == NULL || view_equal(view_of(term->of), of));
}

enum { NAMES_MOST = 1000 };

static void complain(struct view name, struct buf *complaint)
{
    const char *names[NAMES_MOST + 1] = {0};
    char typed[64];

    for (size_t i = 0; i < term_count && i < NAMES_MOST; i++)
        names[i] = term_rows[i].name;
    snprintf(typed, sizeof typed, "%.*s", VIEW_ARG(view_head(name, sizeof typed - 1)));
    const char *near = suggest(typed, names);
    buf_printf(complaint, "the language has no '%s'; %s%s%s", typed,
               near == NULL ? "'sipwright help language' lists its words" : "did you mean '",
               near == NULL ? "" : near, near == NULL ? "" : "'?");
}

bool language_explain(struct view name, struct buf *out, struct buf *complaint)
{
    size_t mark = 0;
    bool found = false;

    while (mark < name.len && name.ptr[mark] != ':' && name.ptr[mark] != '.')
        mark++;
    struct view of = mark < name.len ? view_head(name, mark) : (struct view){0};
    struct view last = mark < name.len ? view_skip(name, mark + 1) : name;
    const struct term *class = of.ptr == NULL && name.len > 0 ? term_class(name) : NULL;
    for (size_t i = 0; i < term_count; i++)
        if (is_named(&term_rows[i], of, last)) {
            explain_one(out, &term_rows[i]);
            found = true;
        }
    if (class != NULL)
        explain_class(out, class);
    if (class == NULL && !found)
        complain(name, complaint);
    return class != NULL || found;
}
