/* Reading from a socket, and when the kernel got what is read.
 *
 *     struct received received;
 *     ssize_t len = socket_receive(transport, fd, 0, &received);
 *     uint64_t at_ns = received_at_ns(&received, times, not_before_ns);
 */
#pragma once
#include "core/transport/inside.h"

enum { RECEIVED_CONTROL = 512 };

/* How a time of the wall clock is turned into one of ours: both clocks are read together. */
struct times {
    uint64_t now_ns;
    uint64_t wall_ns; /* at now_ns */
};

struct received {
    struct sockaddr_storage name;
    struct msghdr header;
    struct iovec iov;
    _Alignas(struct cmsghdr) char control[RECEIVED_CONTROL];
};

struct times times_now(const struct transport *transport);
/* Into the transport's room, as recvmsg with these flags; never blocks, never EINTR. */
ssize_t socket_receive(struct transport *transport, int fd, int flags, struct received *out);
/* When the kernel got it. The wall clock may have been set meanwhile: it came after not_before_ns,
 * when the socket was last found empty, and before now. */
uint64_t received_at_ns(struct received *received, struct times times, uint64_t not_before_ns);
