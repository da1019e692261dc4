#include "harness/api/acting.h"
#include "harness/api/trigger.h"

#include "harness/api/kinds.h"
#include "harness/api/opts.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { ROUND_US = 10000 };

static const char metatable_key;

struct acting { /* its end is Lua's to see to */
    struct child child;
    acting_judge *judge;
    int terminal; /* -1: no person */
    uint64_t within_us, until_us;
};

static int acting_gc(lua_State *L)
{
    struct acting *acting = lua_touserdata(L, 1);

    child_close(&acting->child);
    if (acting->terminal >= 0)
        close(acting->terminal);
    acting->terminal = -1;
    return 0;
}

static struct acting *acting_push(lua_State *L, uint64_t within_us)
{
    struct acting *acting = lua_newuserdatauv(L, sizeof *acting, 0);

    *acting = (struct acting){.terminal = -1,
                              .within_us = within_us,
                              .until_us =
                                  within_us == 0 ? UINT64_MAX : scene_now(scene_of(L)) + within_us};
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

/* "dut: the action 'call' <how>; it said last: …" */
static int failed(lua_State *L, const struct device *device, const struct acting *acting,
                  const char *how)
{
    struct buf said = {0};
    char room[400];

    child_said_write(&acting->child, &said);
    snprintf(room, sizeof room, "the action '%s' %s%.*s", lua_tostring(L, 2), how,
             VIEW_ARG(buf_view(&said)));
    buf_deinit(&said);
    return scene_refused(L, "%.*s: %s", VIEW_ARG(device->party.name), room);
}

static int ended(lua_State *L, const struct device *device, const struct acting *acting,
                 const struct process_end *end)
{
    struct buf how = {0};
    char room[100];

    if (acting->judge != NULL) {
        acting->judge(L, device, &acting->child, end);
        return 0;
    }
    if (end->signal == 0 && end->status == 0)
        return 0;
    process_end_write(&how, end);
    snprintf(room, sizeof room, "failed: %.*s", VIEW_ARG(buf_view(&how)));
    buf_deinit(&how);
    return failed(L, device, acting, room);
}

static int too_late(lua_State *L, const struct device *device, struct acting *acting)
{
    char room[100];
    snprintf(room, sizeof room, "did not end within %.3g s%s",
             (double)acting->within_us / (double)US_PER_S,
             acting->terminal >= 0 ? ": nobody has pressed Enter" : "");

    child_stop(&acting->child);
    return failed(L, device, acting, room);
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

static int act_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind act_kind = {act_again, trigger_wait_say, true};

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
        return ended(L, device, acting, &end);
    uint64_t now_us = scene_now(scene_of(L));
    if (now_us >= acting->until_us)
        return too_late(L, device, acting);
    return sched_wait_for(L, NULL, now_us + ROUND_US, ctx, &act_kind);
}

int acting_ask(lua_State *L, const struct device *device, struct view what, uint64_t within_us)
{
    struct acting *acting = acting_push(L, within_us);
    struct buf text = {0};

    acting->terminal = open("/dev/tty", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (acting->terminal < 0)
        return scene_skip(L,
                          "the target %.*s has no action '%s' without a terminal: it is a "
                          "person's",
                          VIEW_ARG(device->target->name), lua_tostring(L, 2));
    buf_printf(&text, "\n%.*s: %.*s  [Enter]\n", VIEW_ARG(device->party.name), VIEW_ARG(what));
    bool told =
        text.failed == ERR_OK && write(acting->terminal, text.ptr, text.len) == (ssize_t)text.len;
    buf_deinit(&text);
    if (!told)
        return scene_refused(L, "the terminal cannot be written to");
    return act_again(L, LUA_OK, lua_gettop(L));
}

int acting_run(lua_State *L, const struct device *device, const struct acting_program *program)
{
    struct child_options options = {
        .argv = program->argv, .folder = device->target->folder, .input = program->input};
    struct acting *acting = acting_push(L, program->within_us);
    struct buf complaint = {0};
    char room[200];

    acting->judge = program->judge;
    enum err err = child_start(&acting->child, &options, &complaint);
    snprintf(room, sizeof room, "%.*s", VIEW_ARG(buf_view(&complaint)));
    buf_deinit(&complaint);
    if (err != ERR_OK)
        return scene_refused(L, "%.*s: the action '%s': %s", VIEW_ARG(device->party.name),
                             lua_tostring(L, 2), room);
    return act_again(L, LUA_OK, lua_gettop(L));
}
