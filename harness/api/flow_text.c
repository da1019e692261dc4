#include "harness/api/flow_text.h"

#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/lua/engine.h"
#include "harness/lua/source.h"

struct trace_source flow_source(lua_State *L)
{
    struct place place = place_of(L, 0);

    return (struct trace_source){.file = place.file, .line = place.line, .task = sched_task(L)};
}

static struct view line_of(struct view text, uint32_t line)
{
    for (; line > 1 && text.len > 0; line--)
        text = view_skip(text, view_find_char(text, '\n') + 1);
    return view_trim(view_head(text, view_find_char(text, '\n')));
}

/* A [[ that ends its line is followed by line 1; else line 1 stands behind it. Where the script has
 * the text from elsewhere, the line of the call has to do. */
uint32_t flow_line_in_script(lua_State *L, const struct trace_source *source, struct view text,
                             uint32_t line)
{
    struct engine *engine = engine_of(L);
    struct source *file =
        engine->sources == NULL ? NULL : source_find(engine->sources, source->file);
    struct view wanted = line_of(text, line);

    if (line == 0 || file == NULL || wanted.len == 0)
        return source->line;
    for (uint32_t behind = 0; behind < 2; behind++) {
        struct view there = source_line(file, source->line + line - behind);
        if (there.ptr != NULL && view_find(there, wanted) < there.len)
            return source->line + line - behind;
    }
    return source->line;
}

static const char *names_mend(lua_State *L, struct view name, char *room, size_t size)
{
    struct agents *agents = agents_of_lua(L);
    const char *names[64];
    size_t count = 0;

    for (uint32_t i = 0; i < agents->party_size && count < 63; i++)
        if (agents->parties[i] != NULL)
            names[count++] = agents->parties[i]->name.ptr; /* an arena's copy: it is terminated */
    names[count] = NULL;
    return mend(lua_pushlstring(L, name.ptr, name.len), names, room, size);
}

static bool goes_on(struct view text) /* a name would */
{
    char c = text.len == 0 ? ' ' : char_lower(text.ptr[0]);

    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* As a name of its own, and not within a longer one. */
static bool has_name(struct view line, struct view name)
{
    bool within = false;

    for (size_t at; (at = view_find(line, name)) < line.len; line = view_skip(line, at + 1)) {
        within = at > 0 ? goes_on(view_skip(line, at - 1)) : within;
        if (!within && !goes_on(view_skip(line, at + name.len)))
            return true;
        within = goes_on(view_skip(line, at));
    }
    return false;
}

/* The first line of the flow that has the name is where the mistake is shown. */
static void blame_line(lua_State *L, const struct flow_text *text, struct view name)
{
    struct trace_source source = flow_source(L);
    uint32_t line = 1;

    for (struct view rest = text->text; rest.len > 0; line++) {
        size_t end = view_find_char(rest, '\n');
        if (has_name(view_head(rest, end), name))
            break;
        rest = view_skip(rest, end + 1);
    }
    scene_of(L)->meant = source;
    scene_of(L)->meant.line = flow_line_in_script(L, &source, text->text, line);
}

static uint32_t party_of(lua_State *L, const struct flow_text *text, struct view name)
{
    struct party *party = agents_named(agents_of_lua(L), name);
    char room[80];

    if (party != NULL)
        return party->number;
    if (view_equal(name, V("other")))
        return 0;
    if (view_equal(name, V("dut")))
        scene_refused(L, "flow: there is no dut before t.dut is asked for");
    blame_line(L, text, name);
    scene_misuse(L, "flow: there is no agent or wire \"%.*s\"%s", VIEW_ARG(name),
                 names_mend(L, name, room, sizeof room));
    return 0;
}

/* What is sent to a device, or to somebody unknown, arrives where nobody of ours looks. */
static bool is_unseen(const struct agents *agents, uint32_t party)
{
    const struct party *known = agents_party(agents, party);

    return known == NULL || known->kind == PARTY_DEVICE;
}

static void text_raise(lua_State *L, struct flow_text *text, const struct trace_source *source,
                       const struct flow_error *error)
{
    uint32_t line = flow_line_in_script(L, source, text->text, error->line);

    flow_text_drop(text);
    scene_of(L)->meant = *source;
    scene_of(L)->meant.line = line;
    scene_misuse(L, "flow, line %u: %s", error->line, error->sentence);
}

struct flow_text *flow_text_parse(lua_State *L, struct view wanted,
                                  const struct trace_source *source)
{
    struct flow_text *text = mem_zalloc(sizeof *text);
    struct flow_error error = {0};
    enum err err = ERR_MEMORY;

    if (text == NULL)
        luaL_error(L, "not enough memory");
    text->uses = 1;
    text->text = arena_copy(&text->arena, wanted);
    if (text->text.ptr != NULL)
        err = flow_parse(text->text, &text->arena, &text->flow, &error);
    if (err == ERR_SYNTAX)
        text_raise(L, text, source, &error);
    if (err == ERR_OK) {
        text->party_count = flow_participant_count(text->flow);
        text->parties = arena_zalloc(&text->arena, (text->party_count + 1) * sizeof *text->parties);
    }
    text->unseen = arena_zalloc(&text->arena, text->party_count + 1);
    if (err != ERR_OK || text->parties == NULL || text->unseen == NULL) {
        flow_text_drop(text);
        luaL_error(L, "not enough memory");
    }
    return text;
}

void flow_text_resolve(lua_State *L, struct flow_text *text)
{
    for (size_t i = 0; i < text->party_count; i++)
        text->parties[i] = party_of(L, text, flow_participant(text->flow, i));
    for (size_t i = 0; i < text->party_count; i++)
        text->unseen[i] = is_unseen(agents_of_lua(L), text->parties[i]);
}

struct watch *watch_get_or_raise(lua_State *L, struct handle call)
{
    struct watch *watch = watch_get(agents_of_lua(L), call);

    if (watch == NULL)
        luaL_error(L, "not enough memory");
    return watch;
}
