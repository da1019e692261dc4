#include "harness/api/trigger_target.h"

#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/host/child.h"
#include "harness/target/target.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 64, ROUND_US = 10000 };

static const char metatable_key;

struct acting { /* a program that runs, or a person who was asked; its end is Lua's to see to */
    struct child child;
    int terminal; /* -1: no person */
};

static int acting_gc(lua_State *L)
{
    struct acting *acting = lua_touserdata(L, 1);

    child_stop(&acting->child);
    if (acting->terminal >= 0)
        close(acting->terminal);
    acting->terminal = -1;
    return 0;
}

static struct acting *acting_push(lua_State *L)
{
    struct acting *acting = lua_newuserdatauv(L, sizeof *acting, 0);

    *acting = (struct acting){.terminal = -1};
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_createtable(L, 0, 1);
        lua_pushcfunction(L, acting_gc);
        lua_setfield(L, -2, "__gc");
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
    }
    lua_setmetatable(L, -2);
    return acting;
}

static int failed(lua_State *L, const struct device *device, const struct process_end *end)
{
    struct buf how = {0};
    char room[80] = "";

    process_end_write(&how, end);
    snprintf(room, sizeof room, "%.*s", VIEW_ARG(buf_view(&how)));
    buf_deinit(&how);
    return scene_refused(L, "%.*s: the action '%s' failed: %s", VIEW_ARG(device->party.name),
                         lua_tostring(L, 2), room);
}

/* A line, whatever stands in it. */
static bool has_answered(const struct acting *acting)
{
    char room[64];

    for (ssize_t got; (got = read(acting->terminal, room, sizeof room)) > 0;)
        if (memchr(room, '\n', (size_t)got) != NULL)
            return true;
    return false;
}

/* Stack: the device, the action, …; ctx: where the acting stands. */
static int act_again(lua_State *L, int status, lua_KContext ctx)
{
    const struct device *device = handle_check(L, 1, &device_kind);
    struct acting *acting = lua_touserdata(L, (int)ctx);
    struct process_end end;

    (void)status;
    if (acting->terminal >= 0 && has_answered(acting))
        return 0;
    if (acting->terminal < 0 && child_ended(&acting->child, &end))
        return end.signal == 0 && end.status == 0 ? 0 : failed(L, device, &end);
    return sched_wait(L, NULL, scene_now(scene_of(L)) + ROUND_US, ctx, act_again);
}

static int skip(lua_State *L, const struct device *device, struct view action, const char *why)
{
    return scene_skip(L, "the target %.*s has no action '%.*s'%s", VIEW_ARG(device->target->name),
                      VIEW_ARG(action), why);
}

static int ask(lua_State *L, const struct device *device, struct view action, struct view what)
{
    struct acting *acting = acting_push(L);
    struct buf text = {0};

    acting->terminal = open("/dev/tty", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (acting->terminal < 0)
        return skip(L, device, action, " without a terminal: it is a person's");
    buf_printf(&text, "\n%.*s: %.*s  [Enter]\n", VIEW_ARG(device->party.name), VIEW_ARG(what));
    bool told =
        text.failed == ERR_OK && write(acting->terminal, text.ptr, text.len) == (ssize_t)text.len;
    buf_deinit(&text);
    if (!told)
        return scene_refused(L, "the terminal cannot be written to");
    return act_again(L, LUA_OK, lua_gettop(L));
}

/* argv: its texts live as long as what stands on the stack. */
static int run(lua_State *L, const struct device *device, const char *const *argv)
{
    struct acting *acting = acting_push(L);
    struct buf complaint = {0};
    char room[200];

    enum err err = child_start(&acting->child, argv, device->target->folder, &complaint);
    snprintf(room, sizeof room, "%.*s", VIEW_ARG(buf_view(&complaint)));
    buf_deinit(&complaint);
    if (err != ERR_OK)
        return scene_refused(L, "%.*s: the action '%s': %s", VIEW_ARG(device->party.name),
                             lua_tostring(L, 2), room);
    return act_again(L, LUA_OK, lua_gettop(L));
}

/* An agent is its URI, all else its text: in place. */
static void arguments_text(lua_State *L)
{
    for (int i = 3; i <= lua_gettop(L); i++) {
        const struct party *party = party_test(L, i);
        int type = lua_type(L, i);
        if (party != NULL)
            view_push(L, party->uri);
        else if (type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TBOOLEAN)
            luaL_tolstring(L, i, NULL);
        else
            scene_misuse(L, "trigger gives a program agents, texts and numbers, not a %s",
                         luaL_typename(L, i));
        lua_replace(L, i);
    }
}

static int run_list(lua_State *L, const struct device *device, const char *const *given)
{
    const char *argv[2 * ARGUMENTS_MAX] = {0};
    size_t count = 0;

    for (; given[count] != NULL && count < ARGUMENTS_MAX; count++)
        argv[count] = given[count];
    for (int i = 3; i <= lua_gettop(L) && count + 1 < 2 * ARGUMENTS_MAX; i++)
        argv[count++] = lua_tostring(L, i);
    return run(L, device, argv);
}

/* The result on top of theirs, a list of texts: pushed as texts, and named in argv. */
static bool list_take(lua_State *L, lua_State *theirs, const char **argv)
{
    size_t count = lua_istable(theirs, -1) ? (size_t)lua_rawlen(theirs, -1) : 0;

    if (count == 0 || count >= ARGUMENTS_MAX)
        return false;
    luaL_checkstack(L, ARGUMENTS_MAX + 8, "an action");
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(theirs, -1, (lua_Integer)i + 1);
        const char *text = lua_tostring(theirs, -1);
        argv[i] = text == NULL ? NULL : lua_pushstring(L, text);
        lua_pop(theirs, 1);
        if (argv[i] == NULL)
            return false;
    }
    return true;
}

/* In the state of sipwright.lua, which is another one. */
static int run_function(lua_State *L, const struct device *device,
                        const struct target_action *action)
{
    lua_State *theirs = device->target->lua;
    const char *argv[ARGUMENTS_MAX] = {0};
    int top = lua_gettop(theirs), count = lua_gettop(L) - 2;

    lua_checkstack(theirs, count + 4);
    lua_rawgeti(theirs, LUA_REGISTRYINDEX, action->function);
    for (int i = 3; i < 3 + count; i++)
        lua_pushstring(theirs, lua_tostring(L, i));
    if (lua_pcall(theirs, count, 1, 0) != LUA_OK) {
        lua_pushstring(L,
                       lua_isstring(theirs, -1) ? lua_tostring(theirs, -1) : "it raised no text");
        lua_settop(theirs, top);
        return scene_refused(L, "%.*s: the action '%s': %s", VIEW_ARG(device->party.name),
                             lua_tostring(L, 2), lua_tostring(L, -1));
    }
    bool person = lua_type(theirs, -1) == LUA_TSTRING;
    if (person)
        lua_pushstring(L, lua_tostring(theirs, -1));
    bool good = person || list_take(L, theirs, argv);
    lua_settop(theirs, top);
    if (!good)
        return scene_refused(L,
                             "%.*s: the action '%s' gives no program: return { \"ci/dial\", uri }",
                             VIEW_ARG(device->party.name), lua_tostring(L, 2));
    return person ? ask(L, device, action->name, arg_view(L, -1, "what is to be done"))
                  : run(L, device, argv);
}

int target_trigger(lua_State *L, const struct device *device)
{
    struct view name = arg_view(L, 2, "an action");
    const struct target_action *action = target_action_find(device->target, name);

    if (device->target->auto_answer && view_equal(name, V("answer")))
        return 0;
    if (action == NULL)
        return skip(L, device, name, "");
    if (lua_gettop(L) > ARGUMENTS_MAX)
        return scene_misuse(L, "trigger takes no more than %d arguments", ARGUMENTS_MAX);
    command_traced(L, &device->party, "trigger: %.*s", VIEW_ARG(name));
    arguments_text(L);
    if (action->ask.ptr != NULL)
        return ask(L, device, name, action->ask);
    return action->argv != NULL ? run_list(L, device, action->argv)
                                : run_function(L, device, action);
}
