/* The words of the scenario language, as data: what editors' files, the luacheck std and the
 * reference are made of. The rows stand in terms.def.
 *
 *     for (size_t i = 0; i < term_count; i++)
 *         if (term_rows[i].kind == TERM_CLASS)
 *             print(term_rows[i].name);
 */
#pragma once
#include "core/core.h"

enum term_kind { TERM_ALIAS, TERM_CLASS, TERM_METHOD, TERM_FIELD };

struct term {
    enum term_kind kind;
    const char *of;   /* the class of a method or a field; "": it is global */
    const char *name; /* "invite" */
    const char *args; /* of a method: "target: target, opts?: invite_opts"; of a class: what it
                         calls itself */
    const char *type; /* what a method gives, what a field is; of a class: its base */
    const char *text; /* one sentence */
};

extern const struct term term_rows[];
extern const size_t term_count;

const struct term *term_class(struct view name); /* NULL: there is none */
/* The first method or field of the class behind `after` (NULL: from the start); not of its base.
 * NULL: no more. */
const struct term *term_next(const struct term *class, const struct term *after);

/* The class that this one has everything of; NULL: none. */
const struct term *term_base(const struct term *class);
/* Whether a value of this class is a global: it holds functions, any other one has methods. */
bool term_is_global(const char *class);

struct term_arg {
    struct view name, type;
    bool optional, rest; /* "name?: type"; "...: type" */
};
/* Takes the first of "a: type, b?: type"; false: none is left. */
bool term_arg_next(struct view *args, struct term_arg *out);
/* A type with the classes and aliases of this table below "sipwright.". */
void term_type(struct buf *out, struct view type);

void language_meta(struct buf *out);      /* for the Lua language server: ---@meta */
void language_luacheck(struct buf *out);  /* .luacheckrc */
void language_reference(struct buf *out); /* Markdown, for people */
/* What there is to say of "invite", "call:ring" or "invite_opts"; false: nothing, and a complaint.
 */
bool language_explain(struct view name, struct buf *out, struct buf *complaint);
