#include "harness/run/dying_fixture.h"

#include "core/core.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PACKET_MOST = 4096 };

static int socket_at(unsigned port, int type)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), yes = 1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT(fd >= 0);
    ASSERT(type == SOCK_DGRAM || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0);
    ASSERT(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    return fd;
}

static bool is_kept(struct view line)
{
    static const char *const names[] = {"Via:", "From:", "Call-ID:", "CSeq:"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (view_starts(line, view_of(names[i])))
            return true;
    return false;
}

/* What the answer has of its request, RFC 3261 §8.2.6.2. */
static void answer_write(struct view request, struct buf *out)
{
    buf_add(out, V("SIP/2.0 200 OK\r\n"));
    for (struct view rest = request; rest.len > 0;) {
        size_t end = view_find_char(rest, '\n');
        struct view line = view_trim(view_head(rest, end));
        if (is_kept(line))
            buf_printf(out, "%.*s\r\n", VIEW_ARG(line));
        else if (view_starts(line, V("To:")))
            buf_printf(out, "%.*s;tag=d\r\n", VIEW_ARG(line));
        rest = view_skip(rest, end + 1);
    }
    buf_add(out, V("Content-Length: 0\r\n\r\n"));
}

static void answer(int fd, struct view request, const struct sockaddr_in *from)
{
    struct buf text = {0};

    answer_write(request, &text);
    ssize_t sent = sendto(fd, text.ptr, text.len, 0, (const struct sockaddr *)from, sizeof *from);
    (void)sent; /* nobody is left to hear it */
    buf_deinit(&text);
}

static void serve(int fd)
{
    char room[PACKET_MOST];
    bool mute = false;

    for (;;) {
        struct sockaddr_in from;
        socklen_t from_len = sizeof from;
        ssize_t len = recvfrom(fd, room, sizeof room, 0, (struct sockaddr *)&from, &from_len);
        struct view request = {room, len > 0 ? (size_t)len : 0};
        if (view_starts(request, V("MESSAGE ")))
            _exit(DYING_STATUS);
        if (!mute && !view_starts(request, V("ACK ")))
            answer(fd, request, &from);
        mute = mute || view_starts(request, V("INFO "));
    }
}

bool dying_is_asked(int argc, char **argv)
{
    return argc == 3 && strcmp(argv[1], "dying") == 0;
}

int dying_main(char **argv)
{
    serve(socket_at((unsigned)strtoul(argv[2], NULL, 10), SOCK_DGRAM));
    return 0;
}

/* It listens before anybody is told of it. */
pid_t dying_start(unsigned port)
{
    int fd = socket_at(port, SOCK_DGRAM);
    pid_t pid = fork();

    ASSERT(pid >= 0);
    if (pid == 0)
        serve(fd);
    close(fd);
    return pid;
}

void dying_stop(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

int dying_silent_start(unsigned port)
{
    int fd = socket_at(port, SOCK_STREAM);

    ASSERT(listen(fd, 10) == 0);
    return fd;
}
