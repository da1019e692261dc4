#include "harness/lua/source.h"

#include "harness/lua/engine.h"

#include <limits.h>

struct sources {
    char *root; /* without links, ends with a slash; NULL: none */
    struct source *first;
};

enum err sources_create(const char *root, struct sources **out)
{
    struct sources *sources = mem_zalloc(sizeof *sources);
    if (sources == NULL)
        return ERR_MEMORY;
    char full[PATH_MAX];
    if (root != NULL && realpath(root, full) != NULL) {
        size_t len = strlen(full);
        sources->root = mem_alloc(len + 2);
        if (sources->root == NULL) {
            sources_destroy(sources);
            return ERR_MEMORY;
        }
        memcpy(sources->root, full, len + 1);
        if (full[len - 1] != '/')
            memcpy(sources->root + len, "/", 2);
    }
    *out = sources;
    return ERR_OK;
}

static void source_destroy(struct source *source)
{
    if (source == NULL)
        return;
    mem_free((void *)(uintptr_t)source->name.ptr);
    mem_free((void *)(uintptr_t)source->bytes.ptr);
    buf_deinit(&source->binary);
    mem_free(source);
}

void sources_destroy(struct sources *sources)
{
    if (sources == NULL)
        return;
    for (struct source *source = sources->first, *next; source != NULL; source = next) {
        next = source->next;
        source_destroy(source);
    }
    mem_free(sources->root);
    mem_free(sources);
}

static enum err read_all(FILE *file, struct buf *out)
{
    char room[16384];
    size_t len;
    while ((len = fread(room, 1, sizeof room, file)) > 0)
        buf_add(out, (struct view){room, len});
    if (ferror(file))
        return ERR_IO;
    return out->failed;
}

static enum err read_file(const char *path, struct buf *out, const char **why)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        *why = "there is no such file, or it may not be read";
        return ERR_IO;
    }
    enum err err = read_all(file, out);
    fclose(file);
    if (err == ERR_IO)
        *why = "it cannot be read (is it a directory?)";
    else if (err == ERR_LIMIT)
        *why = "the file is larger than 64 MiB";
    else if (err != ERR_OK)
        *why = "out of memory";
    return err;
}

static enum err copy_name(struct view name, struct view *out)
{
    char *copy = mem_alloc(name.len + 1);
    if (copy == NULL)
        return ERR_MEMORY;
    memcpy(copy, name.ptr, name.len);
    copy[name.len] = '\0';
    *out = (struct view){copy, name.len};
    return ERR_OK;
}

/* Takes the bytes over, on success only. */
static enum err add(struct sources *sources, struct view name, struct buf *bytes,
                    struct source **out)
{
    struct source *source = mem_zalloc(sizeof *source);
    if (source == NULL || copy_name(name, &source->name) != ERR_OK) {
        source_destroy(source);
        return ERR_MEMORY;
    }
    source->bytes = buf_view(bytes);
    if (source->bytes.ptr == NULL)
        source->bytes.len = 0;
    source->next = sources->first;
    sources->first = source;
    *out = source;
    return ERR_OK;
}

enum err source_open(struct sources *sources, const char *path, struct view name,
                     struct source **out, const char **why)
{
    struct buf bytes = {.limit = SOURCE_LIMIT};
    *why = "out of memory";
    enum err err = read_file(path, &bytes, why);
    if (err == ERR_OK)
        err = add(sources, name, &bytes, out);
    if (err != ERR_OK)
        buf_deinit(&bytes);
    return err;
}

enum err source_add(struct sources *sources, struct view name, struct view text,
                    struct source **out)
{
    struct buf bytes = {.limit = SOURCE_LIMIT};
    buf_add(&bytes, text);
    enum err err = bytes.failed;
    if (err == ERR_OK)
        err = add(sources, name, &bytes, out);
    if (err != ERR_OK)
        buf_deinit(&bytes);
    return err;
}

static bool climbs(struct view path)
{
    while (path.len > 0) {
        size_t len = view_find_char(path, '/');
        if (view_equal(view_head(path, len), V("..")))
            return true;
        path = view_skip(path, len + 1);
    }
    return false;
}

enum err source_get(struct sources *sources, struct view path, struct source **out,
                    const char **why)
{
    char full[PATH_MAX], real[PATH_MAX];
    *out = source_find(sources, path);
    if (*out != NULL)
        return ERR_OK;
    *why = "it lies outside of the suite's folder";
    if (path.len == 0 || path.ptr[0] == '/' || climbs(path) ||
        memchr(path.ptr, 0, path.len) != NULL)
        return ERR_UNSUPPORTED;
    int len = snprintf(full, sizeof full, "%s%.*s", sources->root == NULL ? "" : sources->root,
                       VIEW_ARG(path));
    if (sources->root == NULL || len < 0 || (size_t)len >= sizeof full ||
        realpath(full, real) == NULL) {
        *why = "there is no such file below the suite's folder";
        return ERR_IO;
    }
    if (strncmp(real, sources->root, strlen(sources->root)) != 0)
        return ERR_UNSUPPORTED; /* by a link */
    return source_open(sources, real, path, out, why);
}

struct source *sources_first(const struct sources *sources)
{
    return sources->first;
}

struct source *source_find(const struct sources *sources, struct view name)
{
    struct source *source = sources->first;
    while (source != NULL && !view_equal(source->name, name))
        source = source->next;
    return source;
}

static int write_binary(lua_State *L, const void *bytes, size_t len, void *ctx)
{
    (void)L;
    buf_add(ctx, (struct view){bytes, len});
    return 0;
}

int source_load(lua_State *L, struct source *source)
{
    lua_pushfstring(L, "@%s", source->name.ptr);
    const char *chunk = lua_tostring(L, -1);
    struct view code = buf_view(&source->binary);
    bool kept = code.len != 0 && source->binary.failed == ERR_OK;
    if (!kept)
        code = source->bytes;
    /* "#!/usr/bin/env sipwright" is for the shell */
    if (!kept && view_starts(code, V("#")))
        code = view_skip(code, view_find_char(code, '\n'));
    int status = luaL_loadbufferx(L, code.ptr, code.len, chunk, kept ? "b" : "t");
    lua_remove(L, -2);
    if (status == LUA_OK && !kept) {
        buf_clear(&source->binary);
        lua_dump(L, write_binary, &source->binary, 0);
    }
    return status;
}

struct view source_line(const struct source *source, uint32_t line)
{
    struct view rest = source->bytes;
    for (uint32_t i = 1; i < line && rest.len > 0; i++)
        rest = view_skip(rest, view_find_char(rest, '\n') + 1);
    if (line == 0 || rest.len == 0)
        return (struct view){0};
    struct view text = view_head(rest, view_find_char(rest, '\n'));
    if (view_ends(text, V("\r")))
        text.len--;
    return text;
}
