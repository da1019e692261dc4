#include "core/transport/stamp.h"

#include "core/transport/clock.h"

#include <netinet/in.h>
#include <sched.h>
#include <string.h>

enum { CONTROL_LEN = 128 };
#define NS_PER_S UINT64_C(1000000000)
#define PATIENCE_NS UINT64_C(300000000) /* a thread of the kernel has to run first */

bool control_read(struct msghdr *header, int level, int type, void *out, size_t len)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level != level || c->cmsg_type != type || c->cmsg_len < CMSG_LEN(len))
            continue;
        memcpy(out, CMSG_DATA(c), len);
        return true;
    }
    return false;
}

bool stamp_read(struct msghdr *header, uint64_t *out_ns)
{
    struct timespec stamp;
    if (!control_read(header, SOL_SOCKET, SCM_TIMESTAMPNS, &stamp, sizeof stamp))
        return false;
    *out_ns = (uint64_t)stamp.tv_sec * NS_PER_S + (uint64_t)stamp.tv_nsec;
    return true;
}

/* Sent to itself and read a moment later: a true time lies before that moment. On loopback it is
 * there when send returns. */
static bool stamp_is_true(int fd)
{
    char byte = 0;
    _Alignas(struct cmsghdr) char control[CONTROL_LEN];
    struct iovec iov = {&byte, sizeof byte};
    struct msghdr header = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    uint64_t stamp_ns;
    if (send(fd, &byte, sizeof byte, MSG_DONTWAIT) < 0)
        return false;
    uint64_t sent_ns = clock_wall_ns();
    return recvmsg(fd, &header, MSG_DONTWAIT) >= 0 && stamp_read(&header, &stamp_ns) &&
           stamp_ns <= sent_ns;
}

static bool to_itself(int fd)
{
    struct sockaddr_in self = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof self;
    int one = 1;
    return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one) == 0 &&
           bind(fd, (struct sockaddr *)&self, len) == 0 &&
           getsockname(fd, (struct sockaddr *)&self, &len) == 0 &&
           connect(fd, (struct sockaddr *)&self, len) == 0;
}

/* One for the process, never closed: what it switches on belongs to the machine, and a driver for
 * each scenario should not wait for it each time. */
static int keeper = -1;

void stamp_begin(void)
{
    if (keeper >= 0)
        return;
    keeper = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    uint64_t began_ns = clock_monotonic_ns();
    if (keeper >= 0 && to_itself(keeper))
        while (!stamp_is_true(keeper) && clock_monotonic_ns() - began_ns < PATIENCE_NS)
            sched_yield();
}
