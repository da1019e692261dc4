#include "harness/lua/engine.h"

#include "harness/lua/sandbox.h"
#include "harness/lua/text.h"

#include <stdarg.h>

enum {
    MEMORY_LIMIT = 256 << 20,
    MEMORY_SPARE = 1 << 20, /* beyond the cap once it was hit: for what has to be said about it */
    HOOK_COUNT = 1000
};
#define INSTRUCTION_LIMIT UINT64_C(1000000000)

/* A refusal is no verdict yet: Lua collects its garbage and asks for the same again. */
static void refuse(struct engine *engine, void *ptr, size_t len)
{
    if (engine->refused)
        engine->memory_hit = true;
    engine->refused = true;
    engine->refused_ptr = ptr;
    engine->refused_len = len;
}

static void *allocate(void *ctx, void *ptr, size_t old_len, size_t len)
{
    struct engine *engine = ctx;
    size_t had = ptr == NULL ? 0 : old_len; /* without ptr, Lua tells the object's type there */
    if (len == 0) {
        mem_free(ptr);
        engine->memory_used -= had;
        return NULL;
    }
    size_t limit = engine->memory_limit + (engine->memory_hit ? (size_t)MEMORY_SPARE : 0);
    size_t left = limit > engine->memory_used ? limit - engine->memory_used : 0;
    if (len > had && len - had > left) {
        refuse(engine, ptr, len);
        return NULL;
    }
    void *fresh = mem_realloc(ptr, len);
    if (fresh == NULL && len <= had) {
        engine->memory_used -= had - len;
        return ptr; /* shrinking may not fail */
    }
    if (fresh == NULL) {
        refuse(engine, ptr, len);
        return NULL;
    }
    if (engine->refused) {
        if (engine->refused_ptr != ptr || engine->refused_len != len)
            engine->memory_hit = true;
        engine->refused = false;
    }
    engine->memory_used += len;
    engine->memory_used -= had;
    return fresh;
}

static void spend(lua_State *L, struct engine *engine)
{
    struct place place = place_of(L, 0);
    engine->spent = true;
    engine->spent_line = place.line;
    snprintf(engine->spent_file, sizeof engine->spent_file, "%.*s", VIEW_ARG(place.file));
}

/* True: that was too much. An endless loop does not let the clock move, which gives it away early.
 */
static bool count(struct engine *engine)
{
    uint64_t now_us = engine->now_us == NULL ? 0 : engine->now_us(engine);
    engine->instructions += HOOK_COUNT;
    if (now_us != engine->instant_us) {
        engine->instant_us = now_us;
        engine->instant_begin = engine->instructions;
    }
    return engine->instructions >= engine->instruction_limit ||
           engine->instructions - engine->instant_begin >= engine->instruction_limit / 10;
}

/* An error would be caught by a pcall in the loop that is to be stopped, so the hook yields, and
 * the scheduler never resumes. Where it cannot, it raises, and from then on at every instruction.
 */
static void count_hook(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    struct engine *engine = engine_of(L);
    if (engine->asked != NULL && *engine->asked != 0)
        engine->answer(L);
    if (!engine->spent && count(engine))
        spend(L, engine);
    if (engine_broken(engine) == NULL)
        return;
    if (engine->sched != NULL && engine->blocked == 0 && lua_isyieldable(L)) {
        engine->parked = true;
        lua_yield(L, 0);
        return;
    }
    lua_sethook(L, count_hook, LUA_MASKCOUNT, 1);
    push_placed(L, place_of(L, 0), view_of(engine_broken(engine)));
    lua_error(L);
}

static int open_state(lua_State *L)
{
    sandbox_open(L);
    return 0;
}

static enum err open_engine(struct engine *engine)
{
    engine->lua = lua_newstate(allocate, engine);
    if (engine->lua == NULL)
        return ERR_MEMORY;
    *(struct engine **)lua_getextraspace(engine->lua) = engine;
    struct view error;
    if (engine_call(engine, open_state, NULL, &error) != LUA_OK)
        return ERR_MEMORY;
    lua_sethook(engine->lua, count_hook, LUA_MASKCOUNT, HOOK_COUNT);
    return ERR_OK;
}

enum err engine_create(const struct engine_options *options, struct engine **out)
{
    struct engine *engine = mem_zalloc(sizeof *engine);
    if (engine == NULL)
        return ERR_MEMORY;
    engine->memory_limit = options->memory_limit == 0 ? MEMORY_LIMIT : options->memory_limit;
    engine->instruction_limit =
        options->instruction_limit == 0 ? INSTRUCTION_LIMIT : options->instruction_limit;
    engine->random = rng_stream(options->rng, V("script"));
    engine->epoch_s = options->epoch_s;
    engine->unsafe = options->unsafe;
    engine->sources = options->sources;
    enum err err = open_engine(engine);
    if (err != ERR_OK) {
        engine_destroy(engine);
        return err;
    }
    *out = engine;
    return ERR_OK;
}

void engine_destroy(struct engine *engine)
{
    if (engine == NULL)
        return;
    if (engine->lua != NULL)
        lua_close(engine->lua);
    ASSERT(engine->memory_used == 0);
    mem_free(engine);
}

struct engine *engine_of(lua_State *L)
{
    return *(struct engine **)lua_getextraspace(L);
}

int engine_reset(struct engine *engine, lua_State *thread)
{
    engine->blocked++;
    int status = lua_resetthread(thread);
    engine->blocked--;
    return status;
}

static int text_of_error(lua_State *L)
{
    text_push(L, 1);
    return 1;
}

int engine_call(struct engine *engine, lua_CFunction fn, void *ctx, struct view *out_error)
{
    lua_State *L = engine->lua;
    lua_settop(L, 0);
    lua_pushcfunction(L, text_of_error);
    lua_pushcfunction(L, fn);
    lua_pushlightuserdata(L, ctx);
    int status = lua_pcall(L, 1, 0, 1);
    if (status != LUA_OK)
        *out_error = error_text(L, -1);
    return status;
}

const char *engine_broken(const struct engine *engine)
{
    if (engine->memory_hit || engine->refused)
        return "the script's memory limit was reached";
    if (engine->spent)
        return "the script's budget of instructions is spent (an endless loop?)";
    return NULL;
}

void engine_pardon(struct engine *engine, uint64_t instructions)
{
    engine->spent = false;
    engine->instructions = engine->instant_begin = 0;
    engine->instruction_limit = instructions;
    if (engine->memory_hit || engine->refused) {
        engine->memory_hit = engine->refused = false;
        if (engine->memory_limit < engine->memory_used)
            engine->memory_limit = engine->memory_used;
        engine->memory_limit += 4 * (size_t)MEMORY_SPARE;
    }
}

int misuse(lua_State *L, const char *format, ...)
{
    char text[1000]; /* a list of options is long */
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t shown = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    struct engine *engine = engine_of(L);
    struct view raised = push_placed(L, place_of(L, 0), (struct view){text, shown});
    if (engine->misuse != NULL)
        engine->misuse(L, (struct view){text, shown}, raised);
    return lua_error(L);
}

struct view push_placed(lua_State *L, struct place place, struct view text)
{
    size_t len;
    int top = lua_gettop(L);
    if (place.line != 0)
        lua_pushfstring(L, "%s:%d: ", place.file.ptr, (int)place.line);
    lua_pushlstring(L, text.ptr, text.len);
    lua_concat(L, lua_gettop(L) - top);
    const char *placed = lua_tolstring(L, -1, &len);
    return (struct view){placed, len};
}

static bool place_at(lua_State *L, lua_Debug *ar, struct place *out)
{
    lua_getinfo(L, "l", ar);
    if (ar->currentline <= 0) /* a C function: its name need not be made */
        return false;
    lua_getinfo(L, "S", ar);
    if (ar->source[0] != '@')
        return false;
    *out = (struct place){
        {ar->source + 1, ar->srclen - 1},
        (uint32_t)ar->currentline
    };
    return true;
}

struct place place_of(lua_State *L, int level)
{
    lua_Debug ar;
    struct place place = {0};
    while (lua_getstack(L, level, &ar)) {
        if (place_at(L, &ar, &place))
            return place;
        level++;
    }
    return place;
}

struct view error_text(lua_State *L, int index)
{
    size_t len = 0;
    const char *text = lua_type(L, index) == LUA_TSTRING ? lua_tolstring(L, index, &len) : NULL;
    if (text == NULL)
        return V("an error that is no text");
    return (struct view){text, len};
}
