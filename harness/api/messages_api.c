/* t:messages("dut->>w: 200 INVITE"): what went over the wire so far, copies too. */
#include "harness/api/flow_api.h"

#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/opts.h"
#include "harness/api/pattern_line.h"

static bool side_fits(struct agents *agents, struct view wanted, uint32_t party)
{
    return view_equal(wanted, V("*")) || view_equal(wanted, agents_name(agents, party));
}

bool line_fits(struct scene *scene, const struct pattern_line *line, uint32_t from, uint32_t to,
               struct sip_msg *msg)
{
    struct pattern_subject subject = {.msg = msg};

    if (msg == NULL || !side_fits(scene->agents, line->from, from) ||
        !side_fits(scene->agents, line->to, to))
        return false;
    size_t mark = vars_mark(scene->vars);
    if (pattern_match(line->pattern, &subject, scene->vars, NULL))
        return true;
    vars_reset(scene->vars, mark);
    return false;
}

static int entry_push(lua_State *L, const struct log_entry *entry)
{
    return message_push(L, &(struct message_info){
                               .bytes = entry->bytes,
                               .passage = {.out_seq = entry->seq,
                                           .copy_of = entry->copy_of,
                                           .source = entry->source,
                                           .proto = entry->proto},
                               .time_us = entry->sent_us,
                               .has_time = true
    });
}

/* Argument: the line's arena as light userdata, the text. Protected, so that the arena is freed. */
static int messages_run(lua_State *L)
{
    struct arena *arena = lua_touserdata(L, 1);
    struct scene *scene = scene_of(L);
    struct pattern_line line;
    lua_Integer count = 0;

    line_parse(L, arg_view(L, 2, "t:messages: a line"), arena, &line);
    if (log_first(scene->log) > 0)
        return scene_misuse(
            L, "the first %zu messages are forgotten: of a long load the newest are kept",
            log_first(scene->log));
    lua_newtable(L);
    for (size_t i = 0; i < log_count(scene->log); i++) {
        const struct log_entry *entry = log_at(scene->log, i);
        if (entry->swallowed ||
            !line_fits(scene, &line, entry->from, entry->to, log_message(scene->log, i)))
            continue;
        entry_push(L, entry);
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}

int t_messages(lua_State *L)
{
    struct arena arena = {0};

    lua_settop(L, 2);
    lua_pushcfunction(L, messages_run);
    lua_pushlightuserdata(L, &arena);
    lua_pushvalue(L, 2);
    int status = lua_pcall(L, 2, 1, 0);
    arena_deinit(&arena);
    return status == LUA_OK ? 1 : lua_error(L);
}

static void names_check(lua_State *L, struct view name)
{
    struct agents *agents = agents_of_lua(L);

    if (view_equal(name, V("*")) || view_equal(name, V("other")) || view_equal(name, V("dut")) ||
        agents_named(agents, name) != NULL)
        return;
    scene_misuse(L, "there is no agent or wire \"%.*s\"", VIEW_ARG(name));
}

void line_parse(lua_State *L, struct view text, struct arena *arena, struct pattern_line *out)
{
    struct pattern_error error = {0};
    struct view copy = arena_copy(arena, text);

    if (copy.ptr == NULL)
        luaL_error(L, "not enough memory");
    enum err err = pattern_line_parse(copy, arena, out, &error);
    if (err == ERR_SYNTAX)
        scene_misuse(L, "line \"%.*s\": %s", VIEW_ARG(text), error.sentence);
    else if (err != ERR_OK)
        luaL_error(L, "not enough memory");
    names_check(L, out->from);
    names_check(L, out->to);
}
