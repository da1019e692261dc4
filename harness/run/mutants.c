#include "harness/run/mutants.h"

#include "harness/api/mutant_api.h"
#include "harness/host/path.h"
#include "harness/lua/handle.h"
#include "harness/run/sort.h"

#include <dirent.h>

enum { FILES_MOST = 1000 };

struct files {
    struct arena *arena;
    struct view *items[FILES_MOST];
    size_t count;
};

static bool name_before(const void *a, const void *b)
{
    return view_compare(*(const struct view *)a, *(const struct view *)b) < 0;
}

/* The name stands in a line of Lua. */
static bool is_meant(struct view name)
{
    for (size_t i = 0; i < name.len; i++)
        if (memchr("\"\\\n", name.ptr[i], 3) != NULL)
            return false;
    return view_ends(name, V(".lua")) && name.ptr[0] != '.' && name.ptr[0] != '_';
}

static enum err file_add(struct files *files, struct view name)
{
    struct view *item = arena_zalloc(files->arena, sizeof *item);

    if (item == NULL || files->count == FILES_MOST)
        return item == NULL ? ERR_MEMORY : ERR_LIMIT;
    *item = arena_copy(files->arena, name);
    files->items[files->count++] = item;
    return item->ptr == NULL ? ERR_MEMORY : ERR_OK;
}

static enum err files_find(struct files *files, const char *root)
{
    struct view folder = path_join(files->arena, view_of(root), V(MUTANTS_FOLDER));
    DIR *dir = folder.ptr == NULL ? NULL : opendir(folder.ptr);
    enum err err = folder.ptr == NULL ? ERR_MEMORY : ERR_OK;

    if (dir == NULL)
        return err; /* there are none */
    for (struct dirent *entry; err == ERR_OK && (entry = readdir(dir)) != NULL;)
        if (is_meant(view_of(entry->d_name)))
            err = file_add(files, view_of(entry->d_name));
    closedir(dir);
    return err == ERR_OK ? sort_pointers((void **)files->items, files->count, name_before) : err;
}

struct taking {
    struct mutants *out;
    bool no_memory;
};

static struct view text_take(lua_State *L, struct taking *taking)
{
    struct view text = {0};

    text.ptr = lua_tolstring(L, -1, &text.len);
    text = arena_copy(&taking->out->arena, text);
    taking->no_memory |= text.ptr == NULL;
    lua_pop(L, 1);
    return text;
}

static struct view field_take(lua_State *L, const char *name, struct taking *taking)
{
    lua_getfield(L, -1, name);
    return text_take(L, taking);
}

/* The mutant is on top. */
static void mutant_take(lua_State *L, struct taking *taking, struct mutant *out)
{
    lua_getfield(L, -1, "also");
    lua_pushliteral(L, "");
    for (lua_Integer i = 1; lua_rawgeti(L, -2, i) == LUA_TSTRING; i++) {
        lua_pushfstring(L, "%s%s%s", lua_tostring(L, -2), i == 1 ? "" : " ", lua_tostring(L, -1));
        lua_replace(L, -3);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    out->also = text_take(L, taking);
    lua_pop(L, 1);
    lua_getfield(L, -1, "line");
    out->line = (uint32_t)lua_tointeger(L, -1);
    lua_pop(L, 1);
    out->id = field_take(L, "id", taking);
    out->row = field_take(L, "row", taking);
    out->why = field_take(L, "why", taking);
    out->file = field_take(L, "file", taking);
}

/* Argument: the taking. Runs in protected mode. */
static int take(lua_State *L)
{
    struct taking *taking = lua_touserdata(L, 1);
    struct mutants *out = taking->out;

    mutants_push(L);
    size_t count = (size_t)lua_rawlen(L, -1);
    out->items = arena_zalloc(&out->arena, (count + 1) * sizeof *out->items);
    taking->no_memory = out->items == NULL;
    for (size_t i = 0; i < count && !taking->no_memory; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        mutant_take(L, taking, &out->items[out->count++]);
        lua_pop(L, 1);
    }
    return 0;
}

static enum err take_all(lua_State *L, struct mutants *out)
{
    struct taking taking = {.out = out};

    lua_pushcfunction(L, take);
    lua_pushlightuserdata(L, &taking);
    return lua_pcall(L, 1, 0, 0) != LUA_OK || taking.no_memory ? ERR_MEMORY : ERR_OK;
}

static enum err load(const struct suite_options *suite, struct view text, struct mutants *out,
                     struct buf *complaint)
{
    struct suite_options options = *suite;
    struct load_error error = {0};
    struct config *config = NULL;

    options.path = NULL;
    options.text = text;
    options.name = V(MUTANTS_FOLDER);
    options.mutant = V("");
    enum err err = suite_config_load(&options, &config, &error);
    if (err == ERR_OK) {
        err = take_all(config_lua(config), out);
    } else {
        buf_printf(complaint, "%.*s", VIEW_ARG(error.file));
        if (error.line != 0)
            buf_printf(complaint, ":%u", (unsigned)error.line);
        buf_printf(complaint, ": %.*s", VIEW_ARG(error.sentence));
    }
    config_destroy(config);
    return err;
}

enum err mutants_read(const struct suite_options *suite, struct mutants *out, struct buf *complaint)
{
    struct files files = {.arena = &out->arena};
    struct buf text = {0};
    enum err err = files_find(&files, suite->root);

    for (size_t i = 0; i < files.count; i++)
        buf_printf(&text, "require(\"" MUTANTS_FOLDER "/%.*s\")\n", VIEW_ARG(*files.items[i]));
    buf_add(&text, V("return {}\n"));
    if (err == ERR_OK)
        err = text.failed;
    if (err == ERR_OK)
        err = load(suite, buf_view(&text), out, complaint);
    buf_deinit(&text);
    return err;
}

const struct mutant *mutants_find(struct mutants *mutants, const char *id, struct buf *complaint)
{
    const char **ids = arena_zalloc(&mutants->arena, (mutants->count + 1) * sizeof *ids);

    for (size_t i = 0; i < mutants->count; i++) {
        if (view_equal(mutants->items[i].id, view_of(id)))
            return &mutants->items[i];
        if (ids != NULL)
            ids[i] = mutants->items[i].id.ptr;
    }
    const char *near = ids == NULL ? NULL : suggest(id, ids);
    buf_printf(complaint, "--mutant: there is no mutant '%s'; %s%s%s", id,
               near != NULL          ? "did you mean '"
               : mutants->count == 0 ? "the suite has no folder " MUTANTS_FOLDER " with any"
                                     : "'sipwright list --mutants' lists them",
               near != NULL ? near : "", near != NULL ? "'?" : "");
    return NULL;
}

void mutants_deinit(struct mutants *mutants)
{
    arena_deinit(&mutants->arena);
    *mutants = (struct mutants){0};
}
