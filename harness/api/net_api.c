#include "harness/api/net_api.h"

#include "harness/api/dns_api.h"
#include "harness/api/flow_text.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/api/pattern_line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An agent, a wire, t.dut, a name, or "*" for everybody (0). */
static uint32_t party_at(lua_State *L, int index)
{
    struct party *party = party_test(L, index);

    if (party != NULL)
        return party->number;
    struct view name = arg_view(L, index, "an agent or its name");
    if (view_equal(name, V("*")))
        return 0;
    party = agents_named(agents_of_lua(L), name);
    if (party == NULL)
        scene_misuse(L, "there is no agent or wire \"%.*s\"", VIEW_ARG(name));
    return party->number;
}

static const char *const one_way_names[] = {"one_way", NULL};
static const char *const link_names[] = {"latency", "jitter",   "loss",      "duplicate",
                                         "reorder", "corrupt",  "bandwidth", "mtu",
                                         "window",  "reset_at", NULL};

/* "64kbit", "1.5Mbit", "9600bit", or a number of bits each second. */
static uint64_t bandwidth_at(lua_State *L, int index)
{
    static const struct {
        const char *unit;
        double factor;
    } units[] = {
        {"bit",  1  },
        {"kbit", 1e3},
        {"Mbit", 1e6},
        {"Gbit", 1e9}
    };
    const char *text = lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : "";
    char *end;

    if (lua_isinteger(L, index) && lua_tointeger(L, index) > 0)
        return (uint64_t)lua_tointeger(L, index);
    double number = strtod(text, &end);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (end != text && strcmp(end, units[i].unit) == 0 && number * units[i].factor >= 1 &&
            number * units[i].factor < 1e15)
            return (uint64_t)(number * units[i].factor);
    scene_misuse(L, "a bandwidth is \"64kbit\", \"10Mbit\" or a number of bits a second");
    return 0;
}

static void link_read(const struct opts *opts, struct net_link *out)
{
    uint64_t mtu, window;

    opts_duration(opts, "latency", &out->latency_us);
    opts_duration(opts, "jitter", &out->jitter_us);
    opts_fraction(opts, "loss", &out->loss_ppm);
    opts_fraction(opts, "duplicate", &out->duplicate_ppm);
    opts_fraction(opts, "reorder", &out->reorder_ppm);
    opts_fraction(opts, "corrupt", &out->corrupt_ppm);
    if (opts_uint(opts, "mtu", 65535, &mtu))
        out->mtu = (uint32_t)mtu;
    if (opts_uint(opts, "window", UINT32_MAX, &window))
        out->window = (uint32_t)window;
    opts_uint(opts, "reset_at", UINT64_MAX / 2, &out->reset_at);
    if (opts_push(opts, "bandwidth"))
        out->bandwidth_bps = bandwidth_at(opts->L, lua_gettop(opts->L));
}

static void link_set(const struct opts *opts, struct world *world, uint32_t from, uint32_t to)
{
    struct net_link link;

    world_link_get(world, from, to, &link); /* what is not named stays */
    link_read(opts, &link);
    world_link(world, from, to, &link);
}

static int net_link(lua_State *L)
{
    struct world *world = scene_of(L)->world;

    lua_settop(L, 4);
    uint32_t from = party_at(L, 2), to = party_at(L, 3);
    struct opts opts = opts_open(L, 4, "link", link_names, one_way_names);
    bool one_way = opts_true(&opts, "one_way");
    link_set(&opts, world, from, to);
    if (!one_way)
        link_set(&opts, world, to, from);
    return 0;
}

static int part(lua_State *L, bool parted, const char *whose)
{
    struct world *world = scene_of(L)->world;

    lua_settop(L, 4);
    uint32_t from = party_at(L, 2), to = party_at(L, 3);
    struct opts opts = opts_open(L, 4, whose, one_way_names, NULL);
    world_partition(world, from, to, parted);
    if (!opts_true(&opts, "one_way"))
        world_partition(world, to, from, parted);
    return 0;
}

static int net_partition(lua_State *L)
{
    return part(L, true, "partition");
}

/* heal(a, b): their partition. heal(a): what refuse and blackhole did to it. */
static int net_heal(lua_State *L)
{
    struct world *world = scene_of(L)->world;

    if (!lua_isnoneornil(L, 3))
        return part(L, false, "heal");
    uint32_t party = party_at(L, 2);
    world_refuse(world, party, false);
    world_blackhole(world, party, false);
    return 0;
}

/* RST of the streams between the two, in both directions; they may open others. */
static int net_reset(lua_State *L)
{
    lua_settop(L, 3);
    uint32_t from = party_at(L, 2), to = party_at(L, 3);
    world_reset(scene_of(L)->world, from, to);
    return 0;
}

/* segment(a, b, size): their streams arrive in pieces of so many bytes; 0 ends it. */
static int net_segment(lua_State *L)
{
    struct world *world = scene_of(L)->world;
    struct net_link link;

    lua_settop(L, 5);
    uint32_t from = party_at(L, 2), to = party_at(L, 3);
    struct opts opts = opts_open(L, 5, "segment", one_way_names, NULL);
    if (!lua_isinteger(L, 4) || lua_tointeger(L, 4) < 0 || lua_tointeger(L, 4) > 65535)
        return scene_misuse(L, "segment wants a number of bytes, 1 to 65535");
    int ways = opts_true(&opts, "one_way") ? 1 : 2;
    for (int i = 0; i < ways; i++) {
        world_link_get(world, i == 0 ? from : to, i == 0 ? to : from, &link);
        link.segment = (uint32_t)lua_tointeger(L, 4);
        world_link(world, i == 0 ? from : to, i == 0 ? to : from, &link);
    }
    return 0;
}

static int net_refuse(lua_State *L)
{
    world_refuse(scene_of(L)->world, party_at(L, 2), true);
    return 0;
}

static int net_blackhole(lua_State *L)
{
    world_blackhole(scene_of(L)->world, party_at(L, 2), true);
    return 0;
}

static const char *const fault_names[] = {"optional", NULL};

/* Times and options at the indices; times may be left out, and the options take its place. */
static void times_read(lua_State *L, struct fault *fault, int index)
{
    if (lua_istable(L, index) && lua_isnoneornil(L, index + 1)) {
        lua_pushnil(L);
        lua_insert(L, index);
    }
    struct opts opts = opts_open(L, index + 1, "a fault", fault_names, NULL);
    fault->optional = opts_true(&opts, "optional");
    fault->times = fault->left = 1;
    if (lua_isnil(L, index))
        return;
    if (lua_type(L, index) == LUA_TNUMBER && lua_tonumber(L, index) == (lua_Number)HUGE_VAL) {
        fault->times = fault->left = UINT64_MAX;
        return;
    }
    if (!lua_isinteger(L, index) || lua_tointeger(L, index) < 1)
        scene_misuse(L, "how often is a whole number from 1 on, or math.huge");
    fault->times = fault->left = (uint64_t)lua_tointeger(L, index);
}

/* Until the script's words are read the fault does nothing: left is 0. */
static struct fault *fault_begin(lua_State *L, enum fault_kind_of kind)
{
    struct scene *scene = scene_of(L);
    struct fault *fault = fault_create(scene->faults);
    struct trace_source source = flow_source(L);

    if (fault == NULL) {
        luaL_error(L, "not enough memory");
        return NULL;
    }
    fault->kind = kind;
    fault->source = source;
    fault->source.file = arena_copy(&scene->agents->arena, source.file);
    line_parse(L, arg_view(L, 2, "a message line, \"alice->>bob: INVITE\""), &fault->arena,
               &fault->line);
    fault->text = arena_copy(&fault->arena, arg_view(L, 2, "a line"));
    return fault;
}

static int fault_push(lua_State *L, const struct fault *fault)
{
    handle_push(L, &fault_kind, fault->handle);
    return 1;
}

static int net_drop(lua_State *L)
{
    lua_settop(L, 4);
    struct fault *fault = fault_begin(L, FAULT_DROP);
    times_read(L, fault, 3);
    return fault_push(L, fault);
}

static int net_duplicate(lua_State *L)
{
    lua_settop(L, 4);
    struct fault *fault = fault_begin(L, FAULT_DUPLICATE);
    times_read(L, fault, 3);
    return fault_push(L, fault);
}

static int net_delay(lua_State *L)
{
    lua_settop(L, 5);
    struct fault *fault = fault_begin(L, FAULT_DELAY);
    fault->delay_us = scene_duration(L, 3);
    times_read(L, fault, 4);
    return fault_push(L, fault);
}

static int net_corrupt(lua_State *L)
{
    lua_settop(L, 5);
    if (!lua_isfunction(L, 3))
        return scene_misuse(L, "corrupt wants a function of the bytes, not %s",
                            handle_type_text(L, 3));
    struct fault *fault = fault_begin(L, FAULT_CORRUPT);
    lua_pushvalue(L, 3);
    fault->function = luaL_ref(L, LUA_REGISTRYINDEX);
    times_read(L, fault, 4);
    return fault_push(L, fault);
}

static int fault_field(lua_State *L, void *record, const char *name)
{
    const struct fault *fault = record;

    if (strcmp(name, "hits") != 0)
        return 0;
    lua_pushinteger(L, (lua_Integer)fault->hits);
    return 1;
}

static const char *const fault_fields[] = {"hits", NULL};
const struct handle_kind fault_kind = {
    .name = "fault", .field = fault_field, .fields = fault_fields};

static const luaL_Reg functions[] = {
    {"link",      net_link     },
    {"drop",      net_drop     },
    {"delay",     net_delay    },
    {"duplicate", net_duplicate},
    {"corrupt",   net_corrupt  },
    {"partition", net_partition},
    {"heal",      net_heal     },
    {"refuse",    net_refuse   },
    {"blackhole", net_blackhole},
    {"reset",     net_reset    },
    {"segment",   net_segment  },
    {"dns",       net_dns      },
    {NULL,        NULL         }
};

static int net_unknown(lua_State *L)
{
    const char *names[sizeof functions / sizeof *functions];
    const char *name = luaL_checkstring(L, 2);
    char room[80];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        names[i] = functions[i].name;
    return scene_misuse(L, "unknown method '%s' of t.net%s", name,
                        mend(name, names, room, sizeof room));
}

int t_net_push(lua_State *L, struct scene *scene)
{
    static const char net_key;

    (void)scene;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &net_key) != LUA_TNIL)
        return 1;
    lua_pop(L, 1);
    luaL_newlib(L, functions);
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, net_unknown);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &net_key);
    return 1;
}
