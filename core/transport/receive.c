#include "core/transport/receive.h"

#include "core/transport/clock.h"
#include "core/transport/stamp.h"

#include <errno.h>

enum { CLOCK_TRIES = 3, CLOCK_GAP_NS = 20000 };

/* Both clocks at one instant, unless we are interrupted each time. */
struct times times_now(const struct transport *transport)
{
    struct times times = {0};
    for (int i = 0; i < CLOCK_TRIES; i++) {
        times.now_ns = transport_now_ns(transport);
        times.wall_ns = clock_wall_ns();
        if (transport_now_ns(transport) - times.now_ns < CLOCK_GAP_NS)
            break;
    }
    return times;
}

ssize_t socket_receive(struct transport *transport, int fd, int flags, struct received *out)
{
    out->iov = (struct iovec){transport->room, TRANSPORT_ROOM};
    out->header = (struct msghdr){
        .msg_name = &out->name,
        .msg_namelen = sizeof out->name,
        .msg_iov = &out->iov,
        .msg_iovlen = 1,
        .msg_control = out->control,
        .msg_controllen = sizeof out->control,
    };
    ssize_t len;
    do
        len = recvmsg(fd, &out->header, flags | MSG_DONTWAIT);
    while (len < 0 && errno == EINTR);
    return len;
}

uint64_t received_at_ns(struct received *received, struct times times, uint64_t not_before_ns)
{
    uint64_t stamp_ns;
    if (!stamp_read(&received->header, &stamp_ns) || stamp_ns >= times.wall_ns)
        return times.now_ns;
    uint64_t age_ns = times.wall_ns - stamp_ns;
    bool older = age_ns > times.now_ns || times.now_ns - age_ns < not_before_ns;
    return older ? not_before_ns : times.now_ns - age_ns;
}
