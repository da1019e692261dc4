/* .luacheckrc: the globals of scenarios, and which of Lua's are not there. */
#include "harness/language/language.h"

static void fields_add(struct buf *out, const struct term *class)
{
    buf_add(out, V("fields = { "));
    for (const struct term *term = NULL; (term = term_next(class, term)) != NULL;)
        buf_printf(out, "%s = {}, ", term->name);
    buf_add(out, V("} "));
}

void language_luacheck(struct buf *out)
{
    const struct term *globals = term_class(V(""));

    buf_add(out,
            V("-- For luacheck: the scenario language of sipwright, made by 'sipwright generate "
              "luacheck'.\n\nstds.sipwright = {\n  read_globals = {\n"));
    for (const struct term *term = NULL; (term = term_next(globals, term)) != NULL;) {
        buf_printf(out, "    %s = { ", term->name);
        if (term->kind == TERM_FIELD)
            fields_add(out, term_class(view_of(term->type)));
        buf_add(out, V("},\n"));
    }
    buf_add(out, V("  },\n}\nstd = \"lua54+sipwright\"\n"
                   "not_globals = { \"io\", \"debug\", \"package\", \"dofile\", \"loadfile\", "
                   "\"collectgarbage\", \"warn\" }\nunused_args = false\nmax_line_length = 120\n"
                   "exclude_files = { \"**/sipwright.d.lua\", \".luacheckrc\" }\n"));
}
