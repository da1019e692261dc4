#include "harness/host/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool pipe_open(int pair[2])
{
    if (pipe(pair) != 0)
        return false;
    fcntl(pair[0], F_SETFD, FD_CLOEXEC);
    fcntl(pair[1], F_SETFD, FD_CLOEXEC);
    return true;
}

bool pipe_write(int fd, struct view bytes)
{
    while (bytes.len > 0) {
        ssize_t wrote = write(fd, bytes.ptr, bytes.len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        bytes = view_skip(bytes, (size_t)wrote);
    }
    return true;
}

bool pipe_read(int fd, char *room, size_t len)
{
    while (len > 0) {
        ssize_t got = read(fd, room, len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        room += got;
        len -= (size_t)got;
    }
    return true;
}
