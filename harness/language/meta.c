/* sipwright.d.lua: annotations for the Lua language server, and for whatever else reads EmmyLua's.
 */
#include "harness/language/language.h"

static void alias_add(struct buf *out, const struct term *term)
{
    buf_printf(out, "---%s\n---@alias sipwright.%s ", term->text, term->name);
    term_type(out, view_of(term->type));
    buf_add(out, V("\n\n"));
}

/* "100" is no name, and "[string]" is any. */
static void field_add(struct buf *out, const struct term *term)
{
    bool digits = term->name[0] >= '0' && term->name[0] <= '9';
    bool option = view_ends(view_of(term->of), V("_opts"));

    buf_printf(out, digits ? "---@field [\"%s\"]%s " : "---@field %s%s ", term->name,
               option ? "?" : "");
    term_type(out, view_of(term->type));
    buf_printf(out, " %s\n", term->text);
}

static void param_add(struct buf *out, const struct term_arg *arg)
{
    buf_printf(out, "---@param %.*s%s ", VIEW_ARG(arg->name), arg->optional ? "?" : "");
    term_type(out, arg->type);
    buf_add_char(out, '\n');
}

static void function_add(struct buf *out, const struct term *term, const char *before)
{
    struct view args = view_of(term->args);
    struct term_arg arg;

    buf_printf(out, "---%s\n", term->text);
    while (term_arg_next(&args, &arg))
        param_add(out, &arg);
    if (term->type[0] != '\0') {
        buf_add(out, V("---@return "));
        term_type(out, view_of(term->type));
        buf_add_char(out, '\n');
    }
    buf_printf(out, "function %s%s(", before, term->name);
    args = view_of(term->args);
    for (const char *comma = ""; term_arg_next(&args, &arg); comma = ", ")
        buf_printf(out, "%s%.*s", comma, VIEW_ARG(arg.name));
    buf_add(out, V(") end\n\n"));
}

static void class_head_add(struct buf *out, const struct term *class)
{
    buf_printf(out, "---%s\n---@class sipwright.%s", class->text, class->name);
    if (class->type[0] != '\0')
        buf_printf(out, " : sipwright.%s", class->type);
    buf_add_char(out, '\n');
    for (const struct term *term = NULL; (term = term_next(class, term)) != NULL;)
        if (term->kind == TERM_FIELD)
            field_add(out, term);
}

static bool has_methods(const struct term *class)
{
    for (const struct term *term = NULL; (term = term_next(class, term)) != NULL;)
        if (term->kind == TERM_METHOD)
            return true;
    return false;
}

static void class_add(struct buf *out, const struct term *class)
{
    bool global = term_is_global(class->name);
    char before[64];

    class_head_add(out, class);
    if (strcmp(class->name, "expect") == 0)
        buf_add(out, V("---@overload fun(value: any, what?: string, opts?: sipwright.check_opts): "
                       "sipwright.expectation\n"));
    if (!has_methods(class)) {
        buf_add_char(out, '\n');
        return;
    }
    buf_printf(out, "%s%s = {}\n\n", global ? "" : "local ", class->name);
    snprintf(before, sizeof before, "%s%s", class->name, global ? "." : ":");
    for (const struct term *term = NULL; (term = term_next(class, term)) != NULL;)
        if (term->kind == TERM_METHOD)
            function_add(out, term, before);
}

static void globals_add(struct buf *out)
{
    const struct term *globals = term_class(V(""));

    for (const struct term *term = NULL; (term = term_next(globals, term)) != NULL;)
        if (term->kind == TERM_METHOD)
            function_add(out, term, "");
}

void language_meta(struct buf *out)
{
    buf_add(out, V("---@meta\n-- The scenario language of sipwright " SIPWRIGHT_VERSION
                   ", made by 'sipwright generate lua'.\n\n"));
    for (size_t i = 0; i < term_count; i++)
        if (term_rows[i].kind == TERM_ALIAS)
            alias_add(out, &term_rows[i]);
    for (size_t i = 0; i < term_count; i++)
        if (term_rows[i].kind == TERM_CLASS && term_rows[i].name[0] != '\0')
            class_add(out, &term_rows[i]);
    globals_add(out);
}
