#include "harness/host/path.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static enum path_kind mode_kind(mode_t mode)
{
    if (S_ISREG(mode))
        return PATH_FILE;
    return S_ISDIR(mode) ? PATH_FOLDER : PATH_OTHER;
}

enum path_kind path_kind(struct view path)
{
    struct stat info;

    return stat(path.ptr, &info) == 0 ? mode_kind(info.st_mode) : PATH_ABSENT;
}

bool path_is_link(struct view path)
{
    struct stat info;

    return lstat(path.ptr, &info) == 0 && S_ISLNK(info.st_mode);
}

struct view path_join(struct arena *arena, struct view dir, struct view name)
{
    bool bare = dir.len == 0 || view_equal(dir, V("."));
    size_t slash = bare || view_ends(dir, V("/")) ? 0 : 1;
    size_t dir_len = bare ? 0 : dir.len;
    char *text = arena_alloc(arena, dir_len + slash + name.len + 1);

    if (text == NULL)
        return (struct view){0};
    if (dir_len > 0)
        memcpy(text, dir.ptr, dir_len);
    if (slash > 0)
        text[dir_len] = '/';
    memcpy(text + dir_len + slash, name.ptr, name.len);
    text[dir_len + slash + name.len] = '\0';
    return (struct view){text, dir_len + slash + name.len};
}

struct view path_real(struct arena *arena, struct view path)
{
    char room[PATH_MAX];

    if (realpath(path.ptr, room) == NULL)
        return (struct view){0};
    return arena_copy(arena, view_of(room));
}

static size_t last_slash(struct view path)
{
    size_t at = path.len;

    while (at > 0 && path.ptr[at - 1] != '/')
        at--;
    return at; /* one behind it; 0: none */
}

struct view path_dir(struct arena *arena, struct view path)
{
    size_t len = last_slash(path);

    if (len == 0)
        return arena_copy(arena, V("."));
    return arena_copy(arena, view_head(path, len > 1 ? len - 1 : 1));
}

struct view path_base(struct view path)
{
    return view_skip(path, last_slash(path));
}

bool path_below(struct view root, struct view path, struct view *out_rest)
{
    size_t len = view_equal(root, V("/")) ? 0 : root.len;

    if (!view_starts(path, view_head(root, len)) || (path.len > len && path.ptr[len] != '/'))
        return false;
    *out_rest = view_skip(path, len + 1);
    return true;
}

struct view path_shown(struct arena *arena, struct view absolute)
{
    char room[PATH_MAX];
    struct view rest;

    if (getcwd(room, sizeof room) == NULL || !path_below(view_of(room), absolute, &rest))
        return absolute;
    return rest.len == 0 ? V(".") : arena_copy(arena, rest);
}

enum err path_make_folder(struct view path)
{
    char room[PATH_MAX];

    if (path.len >= sizeof room)
        return ERR_LIMIT;
    for (size_t i = 0; i <= path.len; i++) {
        room[i] = i < path.len ? path.ptr[i] : '\0';
        if (i == 0 || (i < path.len && path.ptr[i] != '/'))
            continue;
        room[i] = '\0';
        if (mkdir(room, 0777) != 0 && errno != EEXIST)
            return ERR_IO;
        if (i < path.len)
            room[i] = '/';
    }
    errno = ENOTDIR;
    return path_kind(path) == PATH_FOLDER ? ERR_OK : ERR_IO;
}
