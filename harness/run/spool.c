#include "harness/run/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PENDING_MOST = 4 << 20 };

static int file_create(void)
{
    const char *folder = getenv("TMPDIR");
    char name[256];

    snprintf(name, sizeof name, "%s/sipwright-XXXXXX", folder != NULL ? folder : "/tmp");
    int fd = mkstemp(name);
    if (fd >= 0) {
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        unlink(name);
    }
    return fd;
}

static enum err write_all(int fd, struct view bytes, uint64_t at)
{
    while (bytes.len > 0) {
        ssize_t wrote = pwrite(fd, bytes.ptr, bytes.len, (off_t)at);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return ERR_IO;
        bytes = view_skip(bytes, (size_t)wrote);
        at += (uint64_t)wrote;
    }
    return ERR_OK;
}

static enum err flush(struct spool *spool)
{
    if (spool->fd == 0)
        spool->fd = file_create() + 1;
    if (spool->fd == 0)
        return ERR_IO;
    enum err err = write_all(spool->fd - 1, buf_view(&spool->pending), spool->written);
    if (err != ERR_OK)
        return err;
    spool->written += spool->pending.len;
    buf_clear(&spool->pending);
    return ERR_OK;
}

enum err spool_add(struct spool *spool, struct view bytes)
{
    if (spool->pending.len + bytes.len > PENDING_MOST && spool->pending.len > 0) {
        enum err err = flush(spool);
        if (err != ERR_OK)
            return err;
    }
    size_t before = spool->pending.len;
    buf_add(&spool->pending, bytes);
    if (spool->pending.failed != ERR_OK) {
        spool->pending.failed = ERR_OK;
        spool->pending.len = before;
        return ERR_MEMORY;
    }
    spool->len += bytes.len;
    return ERR_OK;
}

static bool file_map(struct spool *spool)
{
    void *map;

    if (spool->map_len == spool->written)
        return true;
    if (spool->map != NULL)
        munmap(spool->map, spool->map_len);
    spool->map = NULL;
    spool->map_len = 0;
    if (spool->written == 0)
        return true; /* all was cut off again: no system maps nothing */
    map = mmap(NULL, (size_t)spool->written, PROT_READ, MAP_SHARED, spool->fd - 1, 0);
    if (map == MAP_FAILED)
        return false;
    spool->map = map;
    spool->map_len = (size_t)spool->written;
    return true;
}

struct view spool_view(struct spool *spool, uint64_t from, uint64_t len)
{
    ASSERT(from + len <= spool->len);
    if (len == 0)
        return (struct view){0};
    if (from >= spool->written)
        return (struct view){spool->pending.ptr + (from - spool->written), (size_t)len};
    if (from + len > spool->written && flush(spool) != ERR_OK)
        return (struct view){0};
    if (!file_map(spool))
        return (struct view){0};
    return (struct view){spool->map + from, (size_t)len};
}

void spool_cut(struct spool *spool, uint64_t len)
{
    ASSERT(len <= spool->len);
    spool->len = len;
    if (len >= spool->written) {
        spool->pending.len = (size_t)(len - spool->written);
        return;
    }
    spool->written = len;
    buf_clear(&spool->pending);
}

enum err spool_settle(struct spool *spool)
{
    if (spool->fd == 0)
        return ERR_OK;
    enum err err = flush(spool);
    return err == ERR_OK && !file_map(spool) ? ERR_IO : err;
}

void spool_deinit(struct spool *spool)
{
    buf_deinit(&spool->pending);
    if (spool->map != NULL)
        munmap(spool->map, spool->map_len);
    if (spool->fd != 0)
        close(spool->fd - 1);
    *spool = (struct spool){0};
}
