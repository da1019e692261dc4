/* sipwright.lua: a table that a file returns, read in the same closed state as scenarios. */
#include "harness/scene/suite.h"

struct config {
    struct suite suite;
    struct engine *engine;
};

static int run_config(lua_State *L)
{
    struct config *config = lua_touserdata(L, 1);
    if (source_load(L, config->suite.source) != LUA_OK)
        return lua_error(L);
    lua_call(L, 0, 1);
    if (!lua_istable(L, -1))
        return misuse(L, "it returns no table, as in return { targets = { … } }");
    lua_rawsetp(L, LUA_REGISTRYINDEX, config);
    return 0;
}

static enum err config_run(struct config *config, struct load_error *out_error)
{
    enum err err = suite_engine(&config->suite, (struct rng){0}, SCENE_EPOCH_S, &config->engine);
    if (err != ERR_OK)
        return err;
    struct view error;
    int status = engine_call(config->engine, run_config, config, &error);
    if (status == LUA_OK && engine_broken(config->engine) != NULL) {
        status = LUA_ERRRUN;
        error = view_of(engine_broken(config->engine));
    }
    if (status != LUA_OK) {
        suite_tell_error(&config->suite, error, out_error);
        return ERR_SYNTAX;
    }
    lua_settop(config->engine->lua, 0);
    lua_rawgetp(config->engine->lua, LUA_REGISTRYINDEX, config);
    return ERR_OK;
}

enum err suite_config_load(const struct suite_options *options, struct config **out,
                           struct load_error *out_error)
{
    struct config *config = mem_zalloc(sizeof *config);
    *out_error = (struct load_error){.sentence = V("out of memory")};
    if (config == NULL)
        return ERR_MEMORY;
    enum err err = suite_init(&config->suite, options, out_error);
    if (err == ERR_OK)
        err = config_run(config, out_error);
    if (err != ERR_OK) {
        config_destroy(config);
        return err;
    }
    *out = config;
    return ERR_OK;
}

lua_State *config_lua(struct config *config)
{
    return config->engine->lua;
}

void config_destroy(struct config *config)
{
    if (config == NULL)
        return;
    engine_destroy(config->engine);
    suite_deinit(&config->suite);
    mem_free(config);
}
