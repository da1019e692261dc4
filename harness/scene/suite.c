#include "harness/scene/suite.h"

#include "harness/expect/expect.h"
#include "harness/lua/sandbox.h"
#include "harness/scene/excerpt.h"
#include "harness/scene/hint.h"
#include "harness/scene/verdicts.h"

#include <limits.h>

/* What load_error points into: one per process, as its header says. */
static struct load_texts {
    struct buf file, sentence, hint, excerpt;
} last;

static struct view keep(struct buf *buf, struct view text)
{
    buf_clear(buf);
    buf_add(buf, text);
    return buf->failed == ERR_OK ? buf_view(buf) : V("out of memory");
}

static int open_all(lua_State *L)
{
    const struct suite *suite = lua_touserdata(L, 1);
    const struct scene_part *const *parts = suite->options.parts;
    register_open(L);
    expect_open(L);
    for (size_t i = 0; parts != NULL && parts[i] != NULL; i++)
        if (parts[i]->open != NULL)
            parts[i]->open(L);
    lua_settop(L, 1);
    sandbox_close(L);
    return 0;
}

/* What the device is made to do wrong; the scenarios themselves know nothing of it. */
static void load_mutant(lua_State *L, const struct suite *suite)
{
    struct view file = suite->options.mutant_file;
    if (file.ptr == NULL)
        return;
    lua_getglobal(L, "require");
    lua_pushlstring(L, file.ptr, file.len);
    lua_call(L, 1, 0);
    lua_pushglobaltable(L);
    lua_pushliteral(L, "mutant");
    lua_pushnil(L);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

static int run_top(lua_State *L)
{
    struct suite *suite = lua_touserdata(L, 1);
    load_mutant(L, suite);
    if (source_load(L, suite->source) != LUA_OK)
        return lua_error(L);
    lua_call(L, 0, 0);
    return 0;
}

static enum err add_file_group(struct loading *loading)
{
    loading->groups = arena_zalloc(&loading->arena, sizeof *loading->groups);
    if (loading->groups == NULL)
        return ERR_MEMORY;
    loading->groups[0].prefix = V("");
    loading->group_count = loading->group_size = 1;
    return ERR_OK;
}

enum err suite_engine(struct suite *suite, struct rng rng, int64_t epoch_s, struct engine **out)
{
    struct engine_options options = {
        .memory_limit = suite->options.memory_limit,
        .instruction_limit = suite->options.instruction_limit,
        .rng = rng,
        .epoch_s = epoch_s,
        .unsafe = suite->options.unsafe,
        .sources = suite->sources,
    };
    struct engine *engine;
    enum err err = engine_create(&options, &engine);
    if (err != ERR_OK)
        return err;
    engine->suite = &suite->options;
    struct view error;
    if (engine_call(engine, open_all, suite, &error) != LUA_OK) {
        engine_destroy(engine);
        return ERR_MEMORY;
    }
    *out = engine;
    return ERR_OK;
}

static void note_misuse(lua_State *L, struct view text, struct view raised)
{
    struct loading *loading = engine_of(L)->loading;
    (void)text;
    if (loading->misuse.ptr == NULL)
        loading->misuse = arena_copy(&loading->arena, raised);
}

int suite_run_top(struct suite *suite, struct engine *engine, struct loading *loading,
                  struct view *out_error)
{
    *out_error = V("not enough memory");
    if (add_file_group(loading) != ERR_OK)
        return LUA_ERRMEM;
    loading->suite = suite;
    engine->loading = loading;
    engine->misuse = note_misuse;
    int status = engine_call(engine, run_top, suite, out_error);
    engine->misuse = NULL;
    loading->closed = true;
    if (loading->misuse.ptr != NULL) {
        *out_error = loading->misuse;
        return LUA_ERRRUN;
    }
    if (engine_broken(engine) != NULL) {
        buf_clear(&suite->reason);
        if (engine->spent && engine->spent_line != 0)
            buf_printf(&suite->reason, "%s:%u: ", engine->spent_file, engine->spent_line);
        buf_add(&suite->reason, view_of(engine_broken(engine)));
        *out_error = buf_view(&suite->reason);
        return LUA_ERRRUN;
    }
    return status;
}

void loading_deinit(struct loading *loading)
{
    arena_deinit(&loading->arena);
    *loading = (struct loading){0};
}

/* "name:12: rest", where name is one of the suite's files: Lua itself shortens long names. */
static bool split_place(const struct source *source, struct view text, struct place *place,
                        struct view *rest)
{
    struct view name = source->name;
    if (view_starts(text, V("...")) && name.len > 3) {
        size_t shown = view_find_char(view_skip(text, 3), ':');
        if (shown > 0 && view_ends(name, view_head(view_skip(text, 3), shown)))
            name = view_head(text, shown + 3);
    }
    if (!view_starts(text, name) || text.len <= name.len || text.ptr[name.len] != ':')
        return false;
    struct view after = view_skip(text, name.len + 1);
    size_t digits = view_find_char(after, ':');
    uint64_t line;
    if (!view_to_uint(view_head(after, digits), INT32_MAX, &line))
        return false;
    *place = (struct place){source->name, (uint32_t)line};
    *rest = view_trim(view_skip(after, digits + 1));
    return true;
}

struct place place_from_text(const struct suite *suite, struct view text, struct view *out_rest)
{
    struct place place = {0};
    *out_rest = text;
    for (const struct source *source = sources_first(suite->sources); source != NULL;
         source = source->next)
        if (split_place(source, text, &place, out_rest))
            break;
    return place;
}

void suite_tell_error(struct suite *suite, struct view text, struct load_error *out)
{
    struct view rest;
    struct place place = place_from_text(suite, text, &rest);
    struct view file = place.line == 0 ? suite->options.name : place.file;
    buf_clear(&last.excerpt);
    if (place.line != 0)
        excerpt_text(&last.excerpt, source_find(suite->sources, place.file), place.line);
    buf_clear(&last.hint);
    hint_for_error(&last.hint, rest);
    *out = (struct load_error){.file = keep(&last.file, file),
                               .line = place.line,
                               .sentence = keep(&last.sentence, rest),
                               .hint = buf_view(&last.hint),
                               .excerpt = buf_view(&last.excerpt)};
    secrets_black_out(&suite->secrets, buf_view(&last.sentence));
    secrets_black_out(&suite->secrets, buf_view(&last.hint));
}

static enum err open_files(struct suite *suite, struct load_error *out_error)
{
    const struct suite_options *options = &suite->options;
    char folder[PATH_MAX];
    const char *root = options->root, *why = "out of memory";
    if (root == NULL) {
        struct view path = view_of(options->path == NULL ? "" : options->path);
        size_t len = path.len;
        while (len > 0 && path.ptr[len - 1] != '/')
            len--;
        snprintf(folder, sizeof folder, "%.*s.", (int)len, path.ptr);
        root = folder;
    }
    enum err err = sources_create(root, &suite->sources);
    if (err == ERR_OK && options->text.ptr != NULL)
        err = source_add(suite->sources, options->name, options->text, &suite->source);
    else if (err == ERR_OK)
        err = source_open(suite->sources, options->path, options->name, &suite->source, &why);
    if (err != ERR_OK)
        *out_error = (struct load_error){.file = keep(&last.file, options->name),
                                         .sentence = keep(&last.sentence, view_of(why))};
    return err;
}

enum err suite_init(struct suite *suite, const struct suite_options *options,
                    struct load_error *out_error)
{
    suite->options = *options;
    if (suite->options.name.ptr == NULL)
        suite->options.name = view_of(options->path == NULL ? "scenario.lua" : options->path);
    enum err err = ERR_OK;
    for (size_t i = 0; i < options->secret_count && err == ERR_OK; i++)
        err = secrets_add(&suite->secrets, options->secrets[i].value);
    return err == ERR_OK ? open_files(suite, out_error) : err;
}

void suite_deinit(struct suite *suite)
{
    loading_deinit(&suite->loaded);
    sources_destroy(suite->sources);
    tls_library_destroy(suite->tls);
    secrets_deinit(&suite->secrets);
    buf_deinit(&suite->reason);
    buf_deinit(&suite->detail);
}

static enum err list(struct suite *suite, struct load_error *out_error)
{
    struct engine *engine;
    struct view error;
    enum err err = suite_engine(suite, (struct rng){0}, SCENE_EPOCH_S, &engine);
    if (err != ERR_OK)
        return err;
    if (suite_run_top(suite, engine, &suite->loaded, &error) != LUA_OK) {
        suite_tell_error(suite, error, out_error);
        err = ERR_SYNTAX;
    }
    engine_destroy(engine);
    return err;
}

enum err suite_load(const struct suite_options *options, struct suite **out,
                    struct load_error *out_error)
{
    struct suite *suite = mem_zalloc(sizeof *suite);
    *out_error = (struct load_error){.sentence = V("out of memory")};
    if (suite == NULL)
        return ERR_MEMORY;
    enum err err = suite_init(suite, options, out_error);
    if (err == ERR_OK)
        err = list(suite, out_error);
    if (err != ERR_OK) {
        suite_destroy(suite);
        return err;
    }
    *out = suite;
    return ERR_OK;
}

void suite_destroy(struct suite *suite)
{
    if (suite == NULL)
        return;
    suite_deinit(suite);
    mem_free(suite);
}

size_t suite_count(const struct suite *suite)
{
    return suite->loaded.scenario_count;
}

const struct scenario_info *suite_scenario(const struct suite *suite, size_t index)
{
    ASSERT(index < suite->loaded.scenario_count);
    return &suite->loaded.scenarios[index].info;
}

struct view_list suite_params(const struct suite *suite)
{
    return (struct view_list){suite->loaded.params, suite->loaded.param_count};
}

uint64_t suite_hash(const struct suite *suite)
{
    return view_hash(suite->source->bytes);
}
