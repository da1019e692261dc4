#include "harness/scene/hint.h"

#include "harness/lua/engine.h"
#include "harness/lua/handle.h"
#include "harness/lua/source.h"

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

/* What is called with a dot by right. */
static bool is_library(struct view name)
{
    static const char *const libraries[] = {"sip",       "string", "table", "math", "utf8",
                                            "coroutine", "expect", "os",    "io",   "debug"};
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        if (view_equal(name, view_of(libraries[i])))
            return true;
    return false;
}

static bool is_of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
}

/* "t.net" before ".drop" in the line. */
static struct view object_before(struct view line, size_t dot)
{
    size_t from = dot;
    while (from > 0 && is_of_name(line.ptr[from - 1]))
        from--;
    return view_head(view_skip(line, from), dot - from);
}

static struct view line_of(lua_State *L)
{
    const struct engine *engine = engine_of(L);
    struct place place = place_of(L, 0);
    const struct source *source = engine->sources == NULL || place.line == 0
                                      ? NULL
                                      : source_find(engine->sources, place.file);
    return source == NULL ? (struct view){0} : source_line(source, place.line);
}

void hint_for_misuse(struct buf *buf, lua_State *L, struct view text)
{
    lua_Debug ar;
    char called[64];
    if (contains(text, "with a colon") || !lua_getstack(L, 0, &ar) || !lua_getinfo(L, "n", &ar) ||
        ar.name == NULL || strcmp(ar.namewhat, "field") != 0)
        return;
    if (snprintf(called, sizeof called, ".%s", ar.name) >= (int)sizeof called)
        return;
    struct view line = line_of(L);
    size_t dot = view_find(line, view_of(called));
    if (dot == line.len)
        return;
    struct view object = object_before(line, dot);
    if (object.len > 0 && !is_library(view_head(object, view_find_char(object, '.'))))
        buf_printf(buf, "call it with a colon: %.*s:%s(…)", VIEW_ARG(object), ar.name);
}
