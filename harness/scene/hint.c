#include "harness/scene/hint.h"

#include "harness/lua/handle.h"

/* Names of the libraries, for a nil that was called. */
static const char *const known[] = {
    "byte",      "char",   "find",     "format",   "gmatch",  "gsub",   "len",       "lower",
    "match",     "pack",   "packsize", "rep",      "reverse", "sub",    "unpack",    "upper",
    "concat",    "insert", "move",     "remove",   "sort",    "abs",    "ceil",      "floor",
    "fmod",      "huge",   "max",      "min",      "random",  "sqrt",   "tointeger", "type",
    "codepoint", "codes",  "offset",   "create",   "resume",  "status", "wrap",      "yield",
    "time",      "date",   "clock",    "difftime", "soft",    NULL};

/* The name between quotes: "(method 'spilt')". */
static bool quoted(struct view text, char *room, size_t size)
{
    struct view name = view_skip(text, view_find_char(text, '\'') + 1);
    name = view_head(name, view_find_char(name, '\''));
    if (name.len == 0 || name.len >= size)
        return false;
    memcpy(room, name.ptr, name.len);
    room[name.len] = '\0';
    return true;
}

static bool contains(struct view text, const char *what)
{
    return view_find(text, view_of(what)) < text.len;
}

static void hint_for_call(struct buf *buf, struct view text)
{
    char name[64];
    if (!quoted(text, name, sizeof name)) {
        buf_add(buf, V("what is called is nil: is the function's name right?"));
        return;
    }
    const char *nearest = suggest(name, known);
    if (nearest != NULL && strcmp(nearest, name) != 0)
        buf_printf(buf, "there is no '%s'; did you mean '%s'?", name, nearest);
    else
        buf_printf(buf,
                   "there is no function '%s' there: is its name right, and is it defined above?",
                   name);
}

static void hint_for_index(struct buf *buf, struct view text)
{
    char name[64];
    if (quoted(text, name, sizeof name))
        buf_printf(buf, "'%s'", name);
    else
        buf_add(buf, V("it"));
    buf_add(buf,
            V(" is nil: a header that is absent, and a message that did not come, read as nil"));
}

void hint_for_error(struct buf *buf, struct view text)
{
    if (contains(text, "attempt to call a nil value"))
        hint_for_call(buf, text);
    else if (contains(text, "attempt to call a table value"))
        buf_add(buf, V("a table is called: is a comma missing before '{'?"));
    else if (contains(text, "attempt to call a "))
        buf_add(buf,
                V("a line that begins with '(' goes on with the line before it: put ';' there"));
    else if (contains(text, "attempt to index a nil value"))
        hint_for_index(buf, text);
    else if (contains(text, "arithmetic on a nil value") ||
             contains(text, "concatenate a nil value") || contains(text, "attempt to compare"))
        buf_add(buf,
                V("one of the values is absent: look at it with expect(value):exists() first"));
    else if (contains(text, "stack overflow"))
        buf_add(buf, V("a function calls itself without end"));
    else if (contains(text, "near <eof>") || contains(text, "near '<eof>'"))
        buf_add(buf, V("an 'end' or a closing bracket is missing above"));
}
