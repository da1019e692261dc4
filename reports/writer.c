#include "reports/writer.h"
#include "reports/report.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SPILL_AT = 256 << 10 };

static char *text_copy(struct view head, struct view tail)
{
    char *copy = mem_alloc(head.len + tail.len + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, head.ptr, head.len);
    if (tail.len > 0)
        memcpy(copy + head.len, tail.ptr, tail.len);
    copy[head.len + tail.len] = '\0';
    return copy;
}

enum err writer_folders_make(const char *path)
{
    char *copy = text_copy(view_of(path), (struct view){0});
    if (copy == NULL)
        return ERR_MEMORY;
    enum err err = ERR_OK;
    for (char *slash = strchr(copy + 1, '/'); slash != NULL && err == ERR_OK;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            err = ERR_IO;
        *slash = '/';
    }
    mem_free(copy);
    return err;
}

/* What stands below /dev is somebody's already, /dev/stdout too where it leads to a file. */
static bool is_special(const char *path)
{
    struct stat info;
    return strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0 ||
           (stat(path, &info) == 0 && !S_ISREG(info.st_mode));
}

static enum err file_open(struct writer *writer)
{
    if (strcmp(writer->path, "-") == 0) {
        writer->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
        return writer->fd < 0 ? ERR_IO : ERR_OK;
    }
    if (is_special(writer->path)) {
        writer->fd = open(writer->path, O_WRONLY | O_APPEND | O_CLOEXEC);
        return writer->fd < 0 ? ERR_IO : ERR_OK;
    }
    enum err err = writer_folders_make(writer->path);
    if (err != ERR_OK)
        return err;
    char tail[40];
    snprintf(tail, sizeof tail, ".part%ld", (long)getpid());
    writer->beside = text_copy(view_of(writer->path), view_of(tail));
    if (writer->beside == NULL)
        return ERR_MEMORY;
    writer->fd = open(writer->beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return writer->fd < 0 ? ERR_IO : ERR_OK;
}

enum err writer_open(struct writer *writer, const char *path)
{
    *writer = (struct writer){.fd = -1};
    if (path[0] == '\0')
        return writer->err = ERR_IO;
    writer->path = text_copy(view_of(path), (struct view){0});
    return writer->err = writer->path == NULL ? ERR_MEMORY : file_open(writer);
}

struct buf *writer_buf(struct writer *writer)
{
    return &writer->buf;
}

static void write_all(struct writer *writer)
{
    struct view rest = buf_view(&writer->buf);
    while (rest.len > 0 && writer->err == ERR_OK) {
        ssize_t wrote = write(writer->fd, rest.ptr, rest.len);
        if (wrote < 0 && errno != EINTR)
            writer->err = ERR_IO;
        rest = view_skip(rest, wrote > 0 ? (size_t)wrote : 0);
    }
}

/* A failure of the buffer must not be forgotten by emptying it. */
static void flush(struct writer *writer)
{
    if (writer->err == ERR_OK)
        writer->err = writer->buf.failed;
    write_all(writer);
    buf_clear(&writer->buf);
}

void writer_spill(struct writer *writer)
{
    if (writer->buf.len >= SPILL_AT || writer->buf.failed != ERR_OK)
        flush(writer);
}

/* Not synced to the disk, which would cost each file some milliseconds: what the name shows is
 * whole unless the machine itself stops, and then the run has to be repeated anyway. */
static enum err file_settle(struct writer *writer)
{
    bool regular = writer->beside != NULL;
    if (close(writer->fd) != 0 && writer->err == ERR_OK)
        writer->err = ERR_IO;
    if (writer->err == ERR_OK && regular && rename(writer->beside, writer->path) != 0)
        writer->err = ERR_IO;
    if (writer->err != ERR_OK && regular)
        unlink(writer->beside);
    return writer->err;
}

enum err writer_close(struct writer *writer, enum err so_far)
{
    if (writer->err == ERR_OK)
        writer->err = so_far;
    if (writer->fd >= 0) {
        flush(writer);
        writer->err = file_settle(writer);
    }
    enum err err = writer->err;
    mem_free(writer->path);
    mem_free(writer->beside);
    buf_deinit(&writer->buf);
    *writer = (struct writer){.fd = -1, .err = err};
    return err;
}

enum err report_file_write(const char *path, struct view bytes)
{
    struct writer writer;
    enum err err = writer_open(&writer, path);

    if (err == ERR_OK)
        buf_add(writer_buf(&writer), bytes);
    return writer_close(&writer, err);
}
