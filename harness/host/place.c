#include "harness/host/place.h"
#include "harness/host/path.h"

#include <errno.h>
#include <unistd.h>

const char *place_mend(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return "make room, or name a place on another disk";
    case EFBIG:
        return "raise the limit of file sizes (ulimit -f)";
    case EISDIR:
        return "name a file in it";
    case ENOTDIR:
        return "name a place whose folders are folders";
    case EACCES:
    case EPERM:
    case EROFS:
        return "name a place where you may write";
    default:
        return "name another place";
    }
}

static bool refuse(struct buf *complaint, const char *path, const char *why)
{
    buf_printf(complaint, "%s %s", path, why);
    return false;
}

/* The nearest folder above that is there. */
static bool above_check(struct arena *arena, const char *path, struct buf *complaint)
{
    struct view dir = path_dir(arena, view_of(path));

    while (dir.ptr != NULL && path_kind(dir) == PATH_ABSENT && dir.len > 1)
        dir = path_dir(arena, dir);
    if (dir.ptr == NULL)
        return true; /* memory: writing will tell */
    if (path_kind(dir) != PATH_FOLDER) {
        buf_printf(complaint, "%s cannot be there, for %.*s is no folder; %s", path, VIEW_ARG(dir),
                   place_mend(ENOTDIR));
        return false;
    }
    if (access(dir.ptr, W_OK | X_OK) == 0)
        return true;
    buf_printf(complaint, "%s cannot be written: %.*s: %s; %s", path, VIEW_ARG(dir),
               strerror(errno), place_mend(errno));
    return false;
}

bool place_check(const char *path, enum place_kind kind, struct buf *complaint)
{
    struct arena arena = {0};
    enum path_kind there = path_kind(view_of(path));
    bool good = true;

    if (kind == PLACE_FILE && there == PATH_FOLDER)
        return refuse(complaint, path, "is a folder; name a file in it");
    if (kind == PLACE_FOLDER && there != PATH_FOLDER && there != PATH_ABSENT)
        return refuse(complaint, path, "is no folder, but a file; name a folder");
    if (kind == PLACE_FOLDER && there == PATH_FOLDER && access(path, W_OK | X_OK) != 0) {
        buf_printf(complaint, "nothing can be written into %s: %s; %s", path, strerror(errno),
                   place_mend(errno));
        return false;
    }
    if (there == PATH_ABSENT || there == PATH_FILE)
        good = above_check(&arena, path, complaint);
    if (good && there == PATH_OTHER && access(path, W_OK) != 0) {
        buf_printf(complaint, "%s cannot be written: %s; %s", path, strerror(errno),
                   place_mend(errno));
        good = false;
    }
    arena_deinit(&arena);
    return good;
}

bool place_check_option(const char *option, const char *path, enum place_kind kind,
                        struct buf *complaint)
{
    buf_printf(complaint, "--%s: ", option);
    if (!place_check(path, kind, complaint))
        return false;
    buf_clear(complaint);
    return true;
}
