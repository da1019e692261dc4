#include "harness/lua/random.h"

#include "harness/lua/engine.h"
#include "harness/lua/sched.h"

#include <lualib.h>

static uint64_t *count_of(lua_State *L, struct engine *engine, uint64_t *key)
{
    *key = engine->random_key;
    if (*key != 0)
        return &engine->random_count;
    uint64_t *own = sched_draws(L);
    if (own == NULL)
        return &engine->random_count;
    *key = sched_task(L);
    return own;
}

uint64_t random_draw(lua_State *L)
{
    struct engine *engine = engine_of(L);
    uint64_t key;
    uint64_t *count = count_of(L, engine, &key);
    char name[8];
    for (size_t i = 0; i < sizeof name; i++)
        name[i] = (char)(key >> (8 * i));
    return rng_at(engine->random, (struct view){name, sizeof name}, (*count)++);
}

struct random_scope random_begin(lua_State *L, uint64_t key)
{
    struct engine *engine = engine_of(L);
    struct random_scope was = {engine->random_key, engine->random_count};
    engine->random_key = rng_mix(key) | (UINT64_C(1) << 63); /* never a task's number */
    engine->random_count = 0;
    return was;
}

void random_end(lua_State *L, struct random_scope was)
{
    struct engine *engine = engine_of(L);
    engine->random_key = was.key;
    engine->random_count = was.count;
}

/* 0 … bound, all alike: what lies above the last whole multiple is drawn again. */
static uint64_t draw_up_to(lua_State *L, uint64_t bound)
{
    if (bound == UINT64_MAX)
        return random_draw(L);
    uint64_t range = bound + 1, spill = (UINT64_MAX % range + 1) % range, draw;
    do {
        draw = random_draw(L);
    } while (draw > UINT64_MAX - spill);
    return draw % range;
}

static int script_random(lua_State *L)
{
    lua_Integer low = 1, high;
    switch (lua_gettop(L)) {
    case 0:
        lua_pushnumber(L, (lua_Number)(random_draw(L) >> 11) * 0x1p-53);
        return 1;
    case 1:
        high = luaL_checkinteger(L, 1);
        if (high == 0) {
            lua_pushinteger(L, (lua_Integer)random_draw(L));
            return 1;
        }
        break;
    case 2:
        low = luaL_checkinteger(L, 1);
        high = luaL_checkinteger(L, 2);
        break;
    default:
        return luaL_error(L, "wrong number of arguments");
    }
    luaL_argcheck(L, low <= high, lua_gettop(L), "interval is empty");
    uint64_t draw = draw_up_to(L, (uint64_t)high - (uint64_t)low);
    lua_pushinteger(L, (lua_Integer)(draw + (uint64_t)low));
    return 1;
}

static int script_randomseed(lua_State *L)
{
    return misuse(L,
                  "math.randomseed is not there: the seed is the run's (--seed), or the scenario's "
                  "option seed = N");
}

void random_open(lua_State *L)
{
    lua_getglobal(L, LUA_MATHLIBNAME);
    lua_pushcfunction(L, script_random);
    lua_setfield(L, -2, "random");
    lua_pushcfunction(L, script_randomseed);
    lua_setfield(L, -2, "randomseed");
    lua_pop(L, 1);
}
