#include "harness/kit/unpack.h"
#include "harness/host/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MADE_MOST = 128, PATH_MOST = 4096 };

struct unpacking { /* what was made so far, to be taken back from its end on */
    struct arena arena;
    const char *made[MADE_MOST];
    size_t count;
    struct buf *complaint;
};

static enum err cannot(struct unpacking *u, const char *path)
{
    int why = errno;

    buf_printf(u->complaint, "'%s' cannot be written: %s", path, strerror(why));
    return ERR_IO;
}

/* What cannot be remembered is taken back at once. */
static enum err made_add(struct unpacking *u, const char *path)
{
    struct view copy = arena_copy(&u->arena, view_of(path));
    enum err err = copy.ptr == NULL ? ERR_MEMORY : u->count == MADE_MOST ? ERR_LIMIT : ERR_OK;

    if (err == ERR_OK)
        u->made[u->count++] = copy.ptr;
    else
        (void)remove(path);
    if (err == ERR_LIMIT)
        buf_printf(u->complaint, "'%s' lies too deep", path);
    return err;
}

static void take_back(struct unpacking *u)
{
    while (u->count > 0)
        (void)remove(u->made[--u->count]);
}

/* Every folder above the file. */
static enum err folders_make(struct unpacking *u, const char *path)
{
    char part[PATH_MOST];

    for (const char *slash = path; (slash = strchr(slash, '/')) != NULL; slash++) {
        size_t len = (size_t)(slash - path);
        if (len == 0)
            continue;
        memcpy(part, path, len);
        part[len] = '\0';
        if (mkdir(part, 0777) == 0) {
            enum err err = made_add(u, part);
            if (err != ERR_OK)
                return err;
        } else if (errno != EEXIST) {
            return cannot(u, part);
        }
    }
    return ERR_OK;
}

static enum err file_make(struct unpacking *u, const char *path, struct view bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd < 0)
        return cannot(u, path);
    enum err err = made_add(u, path);
    if (err == ERR_OK && !pipe_write(fd, bytes))
        err = cannot(u, path);
    if (close(fd) != 0 && err == ERR_OK)
        err = cannot(u, path);
    return err;
}

static enum err path_of(const char *folder, const char *name, char *room)
{
    int len = snprintf(room, PATH_MOST, "%s/%s", folder, name);

    return len < 0 || len >= PATH_MOST ? ERR_LIMIT : ERR_OK;
}

static enum err none_is_there(const char *folder, const struct new_file *files, size_t count,
                              struct buf *complaint)
{
    char path[PATH_MOST];
    struct stat status;

    for (size_t i = 0; i < count; i++) {
        if (path_of(folder, files[i].path, path) != ERR_OK) {
            buf_printf(complaint, "the folder's name is too long");
            return ERR_SYNTAX;
        }
        if (lstat(path, &status) == 0) {
            buf_printf(complaint,
                       "'%s' is already there, and nothing was written; name another "
                       "folder, as in 'sipwright init phone-tests'",
                       path);
            return ERR_SYNTAX;
        }
    }
    return ERR_OK;
}

enum err unpack(const char *folder, const struct new_file *files, size_t count,
                struct buf *complaint)
{
    struct unpacking u = {.complaint = complaint};
    enum err err = none_is_there(folder, files, count, complaint);
    char path[PATH_MOST];

    for (size_t i = 0; i < count && err == ERR_OK; i++) {
        err = path_of(folder, files[i].path, path);
        if (err == ERR_OK)
            err = folders_make(&u, path);
        if (err == ERR_OK)
            err = file_make(&u, path, files[i].bytes);
    }
    if (err != ERR_OK)
        take_back(&u);
    arena_deinit(&u.arena);
    return err;
}
