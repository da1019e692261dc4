#include "harness/listing/discover.h"
#include "harness/host/path.h"
#include "harness/run/sort.h"

#include <dirent.h>
#include <errno.h>

enum { FILE_LIMIT = 100000 };

/* One PATH[:LINE] of the command line, taken apart. */
struct given {
    struct view shown; /* without the line */
    struct view real;  /* absolute; of a file, the folder's real path and the file's name */
    struct view dir;   /* the folder it is or lies in, absolute */
    bool folder;
    uint32_t line; /* 0: none */
};

struct finder {
    struct discovery *out;
    struct buf *complaint;
};

static enum err complain(const struct finder *f, const char *sentence, struct view path)
{
    buf_printf(f->complaint, sentence, VIEW_ARG(path));
    return ERR_SYNTAX;
}

/* "a.lua:12" where there is no such path, but an "a.lua". */
static struct view line_split(struct arena *arena, struct view text, uint32_t *out_line)
{
    size_t colon = text.len;
    uint64_t line = 0;

    while (colon > 0 && text.ptr[colon - 1] != ':')
        colon--;
    if (path_kind(text) != PATH_ABSENT || colon == 0 ||
        !view_to_uint(view_skip(text, colon), UINT32_MAX, &line) || line == 0)
        return text;
    *out_line = (uint32_t)line;
    return arena_copy(arena, view_head(text, colon - 1));
}

static enum err given_file(const struct finder *f, struct given *given)
{
    struct arena *arena = &f->out->arena;

    given->dir = path_dir(arena, given->shown);
    if (given->dir.ptr != NULL)
        given->dir = path_real(arena, given->dir);
    if (given->dir.ptr == NULL)
        return complain(f, "%.*s: its folder cannot be read", given->shown);
    given->real = path_join(arena, given->dir, path_base(given->shown));
    return given->real.ptr == NULL ? ERR_MEMORY : ERR_OK;
}

static enum err given_folder(const struct finder *f, struct given *given)
{
    if (view_ends(given->shown, V(".lua")))
        return complain(f,
                        "%.*s is a folder, not a file of scenarios; rename it or give what is "
                        "in it",
                        given->shown);
    if (given->line != 0)
        return complain(f, "%.*s is a folder: a line goes with a file", given->shown);
    given->folder = true;
    given->real = given->dir = path_real(&f->out->arena, given->shown);
    return given->real.ptr == NULL ? complain(f, "%.*s cannot be read", given->shown) : ERR_OK;
}

static enum err given_parse(const struct finder *f, const char *text, struct given *given)
{
    given->shown = line_split(&f->out->arena, view_of(text), &given->line);
    if (given->shown.ptr == NULL)
        return ERR_MEMORY;
    switch (path_kind(given->shown)) {
    case PATH_FILE:
    case PATH_OTHER:
        if (view_equal(path_base(given->shown), V("sipwright.lua")))
            return complain(f,
                            "%.*s is the suite's configuration; give its folder or a file of "
                            "scenarios",
                            given->shown);
        return given_file(f, given);
    case PATH_FOLDER:
        return given_folder(f, given);
    case PATH_ABSENT:
        break;
    }
    return complain(f, "there is no file or folder '%.*s'", given->shown);
}

/* The folder at or above `dir` that holds sipwright.lua; absent: none does. */
static struct view config_root(struct arena *arena, struct view dir)
{
    for (;;) {
        struct view config = path_join(arena, dir, V("sipwright.lua"));
        if (config.ptr != NULL && path_kind(config) == PATH_FILE)
            return dir;
        if (config.ptr == NULL || dir.len <= 1)
            return (struct view){0};
        dir = path_dir(arena, dir);
        if (dir.ptr == NULL)
            return dir;
    }
}

/* The deepest folder that both lie in. */
static struct view common_dir(struct arena *arena, struct view a, struct view b)
{
    struct view rest;

    while (a.ptr != NULL && !path_below(a, b, &rest))
        a = path_dir(arena, a);
    return a;
}

static enum err root_check(const struct finder *f, const struct given *given, size_t count)
{
    struct view rest;

    for (size_t i = 0; i < count; i++)
        if (!path_below(f->out->root, given[i].dir, &rest))
            return complain(f, "%.*s lies outside of the suite's folder (--root)", given[i].shown);
    return ERR_OK;
}

static enum err root_given(const struct finder *f, const char *root, const struct given *given,
                           size_t count)
{
    struct discovery *out = f->out;

    if (path_kind(view_of(root)) != PATH_FOLDER)
        return complain(f, "--root: there is no folder '%.*s'", view_of(root));
    out->root = path_real(&out->arena, view_of(root));
    if (out->root.ptr == NULL)
        return complain(f, "--root: '%.*s' cannot be read", view_of(root));
    out->root_shown = view_of(root);
    out->root_named = true;
    return root_check(f, given, count);
}

static enum err root_search(const struct finder *f, const struct given *given, size_t count)
{
    struct discovery *out = f->out;
    struct view config = config_root(&out->arena, given[0].dir), common = given[0].dir;

    for (size_t i = 1; i < count; i++) {
        struct view other = config_root(&out->arena, given[i].dir);
        if (!view_equal(config, other))
            return complain(f,
                            "%.*s belongs to another suite (sipwright.lua) than the path before "
                            "it; run them apart or give --root",
                            given[i].shown);
        common = common_dir(&out->arena, common, given[i].dir);
    }
    out->root = config.ptr != NULL ? config : common;
    if (out->root.ptr == NULL)
        return ERR_MEMORY;
    out->root_shown = path_shown(&out->arena, out->root);
    return out->root_shown.ptr == NULL ? ERR_MEMORY : ERR_OK;
}

static enum err config_find(struct discovery *out)
{
    out->config = path_join(&out->arena, out->root, V("sipwright.lua"));
    if (out->config.ptr == NULL)
        return ERR_MEMORY;
    out->configured = path_kind(out->config) == PATH_FILE;
    return ERR_OK;
}

static enum err file_add(const struct finder *f, struct view real, struct view shown, uint32_t line)
{
    struct discovery *out = f->out;
    struct suite_file *file = arena_zalloc(&out->arena, sizeof *file);

    if (file == NULL)
        return ERR_MEMORY;
    if (out->file_count == FILE_LIMIT)
        return complain(f, "more than 100000 files at %.*s; give a smaller folder", shown);
    void *files = mem_room(out->files, sizeof(void *), out->file_count, &out->file_size, 64);
    if (files == NULL)
        return ERR_MEMORY;
    out->files = files;
    if (!path_below(out->root, real, &file->path))
        return complain(f, "%.*s lies outside of the suite's folder", shown);
    file->shown = shown;
    file->line = line;
    out->files[out->file_count++] = file;
    return ERR_OK;
}

/* Folders still to be searched: a chain, so that no depth of theirs is a depth of calls. */
struct folder {
    struct folder *next;
    struct view real, shown;
};

static enum err folder_push(const struct finder *f, struct folder **folders, struct view real,
                            struct view shown)
{
    struct folder *folder = arena_alloc(&f->out->arena, sizeof *folder);

    if (folder == NULL)
        return ERR_MEMORY;
    *folder = (struct folder){.next = *folders, .real = real, .shown = shown};
    *folders = folder;
    return ERR_OK;
}

static enum err entry_take(const struct finder *f, const struct folder *in, struct view name,
                           struct folder **folders)
{
    struct view real, shown;

    if (name.ptr[0] == '.' || name.ptr[0] == '_')
        return ERR_OK;
    real = path_join(&f->out->arena, in->real, name);
    shown = path_join(&f->out->arena, in->shown, name);
    if (real.ptr == NULL || shown.ptr == NULL)
        return ERR_MEMORY;
    enum path_kind kind = path_kind(real);
    if (view_ends(name, V(".lua"))) {
        if (kind == PATH_FOLDER)
            return complain(f, "%.*s is a folder, not a file of scenarios; rename it", shown);
        if (!view_equal(name, V("sipwright.lua")))
            return file_add(f, real, shown, 0);
        return view_equal(in->real, f->out->root) || f->out->root_named
                   ? ERR_OK
                   : complain(f, "%.*s makes its folder a suite of its own; run it apart", shown);
    }
    if (kind == PATH_FOLDER && !path_is_link(real)) /* a link may lead back */
        return folder_push(f, folders, real, shown);
    return ERR_OK;
}

static enum err folder_read(const struct finder *f, const struct folder *folder,
                            struct folder **folders)
{
    DIR *dir = opendir(folder->real.ptr);
    enum err err = ERR_OK;

    if (dir == NULL)
        return complain(f, "the folder %.*s cannot be read", folder->shown);
    for (struct dirent *entry; err == ERR_OK && (entry = readdir(dir)) != NULL;) {
        struct view name = arena_copy(&f->out->arena, view_of(entry->d_name));
        err = name.ptr == NULL ? ERR_MEMORY : entry_take(f, folder, name, folders);
    }
    closedir(dir);
    return err;
}

static enum err folder_search(const struct finder *f, const struct given *given)
{
    struct folder *folders = NULL;
    enum err err = folder_push(f, &folders, given->real, given->shown);

    while (err == ERR_OK && folders != NULL) {
        struct folder *folder = folders;
        folders = folder->next;
        err = folder_read(f, folder, &folders);
    }
    return err;
}

static bool file_before(const void *a, const void *b)
{
    const struct suite_file *left = a, *right = b;
    int order = view_compare(left->path, right->path);

    return order < 0 || (order == 0 && left->line < right->line);
}

/* The same file given twice: one entry with all its lines, or with none where it was given whole.
 */
static void files_merge(struct discovery *out)
{
    uint32_t kept = 0;

    for (size_t i = 0; i < out->file_count; i++) {
        struct suite_file *last = kept > 0 ? out->files[kept - 1] : NULL;
        if (last == NULL || !view_equal(last->path, out->files[i]->path)) {
            out->files[kept++] = out->files[i];
        } else if (last->line != 0) {
            out->files[i]->more = last;
            out->files[kept - 1] = out->files[i];
        }
    }
    out->file_count = kept;
}

static enum err givens_parse(const struct finder *f, const struct strings *paths,
                             struct given *given)
{
    for (size_t i = 0; i < paths->count; i++) {
        enum err err = given_parse(f, paths->items[i], &given[i]);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

static enum err givens_search(const struct finder *f, const struct given *given, size_t count)
{
    enum err err = ERR_OK;

    for (size_t i = 0; err == ERR_OK && i < count; i++)
        err = given[i].folder ? folder_search(f, &given[i])
                              : file_add(f, given[i].real, given[i].shown, given[i].line);
    if (err == ERR_OK)
        err = sort_pointers((void **)f->out->files, f->out->file_count, file_before);
    if (err == ERR_OK)
        files_merge(f->out);
    return err;
}

enum err discover(const struct strings *paths, const char *root, struct discovery *out,
                  struct buf *complaint)
{
    const char *here = ".";
    struct strings all = paths->count > 0 ? *paths : (struct strings){.items = &here, .count = 1};
    struct finder finder = {.out = out, .complaint = complaint};
    struct given *given = arena_zalloc(&out->arena, all.count * sizeof *given);

    if (given == NULL)
        return ERR_MEMORY;
    enum err err = givens_parse(&finder, &all, given);
    if (err == ERR_OK)
        err = root != NULL ? root_given(&finder, root, given, all.count)
                           : root_search(&finder, given, all.count);
    if (err == ERR_OK)
        err = config_find(out);
    return err != ERR_OK ? err : givens_search(&finder, given, all.count);
}

bool discovery_root_needed(const struct discovery *discovery, const struct suite_file *file)
{
    bool nested = view_find_char(file->path, '/') < file->path.len;

    return discovery->root_named || (nested && !discovery->configured);
}

void discovery_deinit(struct discovery *discovery)
{
    mem_free(discovery->files);
    arena_deinit(&discovery->arena);
    *discovery = (struct discovery){0};
}
