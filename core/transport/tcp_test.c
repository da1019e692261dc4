/* What the system may refuse of a stream, call by call: connect, accept, send, recvmsg and shutdown
 * of this program are its own. reliability.md B40, B37. */
#include "core/transport/driver.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ALICE = 1, BOB = 2, PATIENCE_US = 2000000, QUIET_US = 20000 };

static struct driver *driver;
static struct addr there;
static struct handle listener;
static struct failing { /* the next so many calls fail with a code */
    int times, code;
} fail_connect, fail_accept, fail_send, fail_receive;
static size_t send_most; /* bytes that one send takes; 0: any number */

static bool fails(struct failing *failing)
{
    if (failing->times == 0)
        return false;
    failing->times--;
    errno = failing->code;
    return true;
}

int connect(int fd, const struct sockaddr *name, socklen_t len)
{
    return fails(&fail_connect) ? -1 : (int)syscall(SYS_connect, fd, name, len);
}

int accept(int fd, struct sockaddr *name, socklen_t *len)
{
    return fails(&fail_accept) ? -1 : (int)syscall(SYS_accept, fd, name, len);
}

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
    if (fails(&fail_send))
        return -1;
    len = send_most != 0 && len > send_most ? send_most : len;
    return syscall(SYS_sendto, fd, bytes, len, flags, NULL, 0);
}

ssize_t recvmsg(int fd, struct msghdr *header, int flags)
{
    return fails(&fail_receive) ? -1 : syscall(SYS_recvmsg, fd, header, flags);
}

static int open_it(void **state)
{
    (void)state;
    fail_connect = fail_accept = fail_send = fail_receive = (struct failing){0};
    send_most = 0;
    there = (struct addr){.family = 4};
    assert_int_equal(transport_create(&driver), ERR_OK);
    assert_int_equal(driver->ops->bind(driver, BOB, PROTO_TCP, &there, &listener), ERR_OK);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    driver->ops->destroy(driver);
    assert_int_equal(mem_live(), 0);
    return 0;
}

static void open_to(uint32_t query)
{
    struct effect effect = {.kind = DO_OPEN, .proto = PROTO_TCP, .remote = there, .query = query};
    driver->ops->perform(driver, ALICE, &effect);
}

static bool next_within(uint64_t within_us, uint32_t *party, struct packet *out)
{
    uint64_t now_us = driver->ops->now(driver);
    struct moment until = {now_us + within_us, UINT64_MAX};
    return driver->ops->wait(driver, until, &now_us, party, out);
}

static struct packet next(uint32_t *party)
{
    struct packet packet;
    assert_true(next_within(PATIENCE_US, party, &packet));
    return packet;
}

static void expect_quiet(void)
{
    struct packet packet;
    uint32_t party;
    assert_false(next_within(QUIET_US, &party, &packet));
}

static void line_open(struct handle *alice, struct handle *bob)
{
    open_to(1);
    for (int i = 0; i < 2; i++) {
        uint32_t party;
        struct packet packet = next(&party);
        assert_int_equal(packet.kind, party == ALICE ? PACKET_OPENED : PACKET_ACCEPTED);
        *(party == ALICE ? alice : bob) = packet.link;
    }
}

static void write_to(struct handle link, struct view bytes)
{
    struct effect effect = {.kind = DO_WRITE, .link = link, .bytes = blob_create(bytes)};
    driver->ops->perform(driver, ALICE, &effect);
}

/* All bytes come, whatever the pieces, and as many are told to have gone. */
static void expect_all(struct view bytes)
{
    size_t got = 0, wrote = 0;
    while (got < bytes.len || wrote < bytes.len) {
        uint32_t party;
        struct packet packet = next(&party);
        assert_true(packet.kind == PACKET_BYTES || packet.kind == PACKET_WROTE);
        struct view piece = blob_view(packet.bytes);
        assert_true(view_equal(piece, view_head(view_skip(bytes, got), piece.len)));
        got += piece.len;
        wrote += packet.wrote;
        blob_unref(packet.bytes);
    }
    assert_int_equal(got, bytes.len);
    assert_int_equal(wrote, bytes.len);
}

static void short_writes_and_interruptions_lose_nothing(void **state)
{
    (void)state;
    struct handle alice, bob;
    line_open(&alice, &bob);
    send_most = 3;
    fail_send = (struct failing){2, EINTR};
    write_to(alice, V("hello, this is more than three bytes"));
    fail_receive = (struct failing){2, EINTR};
    expect_all(V("hello, this is more than three bytes"));
}

static void a_full_buffer_is_waited_for(void **state)
{
    (void)state;
    static const int codes[] = {EAGAIN, ENOBUFS, ENOMEM};
    struct handle alice, bob;
    line_open(&alice, &bob);
    for (size_t i = 0; i < 3; i++) {
        fail_send = (struct failing){1, codes[i]};
        write_to(alice, V("later"));
        expect_all(V("later"));
    }
}

static void expect_failed(uint32_t who, enum net_error error)
{
    uint32_t party;
    struct packet packet = next(&party);
    assert_int_equal(packet.kind, PACKET_FAILED);
    assert_int_equal(packet.error, error);
    assert_int_equal(party, who);
}

static void a_broken_pipe_is_a_reset(void **state)
{
    (void)state;
    struct handle alice, bob;
    line_open(&alice, &bob);
    fail_send = (struct failing){1, EPIPE};
    write_to(alice, V("never"));
    expect_failed(ALICE, NET_RESET);
}

static void a_failed_read_is_what_it_was(void **state)
{
    (void)state;
    struct handle alice, bob;
    line_open(&alice, &bob);
    write_to(alice, V("hello"));
    fail_receive = (struct failing){1, ETIMEDOUT};
    uint32_t party;
    struct packet packet = next(&party);
    assert_int_equal(packet.kind, PACKET_WROTE);
    expect_failed(BOB, NET_TIMEOUT);
}

static void what_connect_says_is_told(void **state)
{
    (void)state;
    static const struct {
        int code;
        enum net_error error;
    } cases[] = {
        {ENETUNREACH,   NET_UNREACHABLE},
        {EHOSTUNREACH,  NET_UNREACHABLE},
        {ECONNREFUSED,  NET_REFUSED    },
        {ETIMEDOUT,     NET_TIMEOUT    },
        {EADDRNOTAVAIL, NET_LIMIT      },
    };
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t party;
        fail_connect = (struct failing){1, cases[i].code};
        open_to(i + 1);
        struct packet packet = next(&party);
        assert_int_equal(packet.kind, PACKET_FAILED);
        assert_int_equal(packet.error, cases[i].error);
        assert_int_equal(packet.query, i + 1);
    }
    expect_quiet();
}

static void who_gave_up_before_accept_is_nobody(void **state)
{
    (void)state;
    struct handle alice, bob;
    fail_accept = (struct failing){3, ECONNABORTED};
    line_open(&alice, &bob);
}

/* Whoever waits is turned away, and told about; nobody else is hurt. */
static void without_descriptors_one_is_turned_away(void **state)
{
    (void)state;
    struct handle alice, bob;
    uint32_t party;
    bool turned = false, reset = false;
    line_open(&alice, &bob);
    fail_accept = (struct failing){1, EMFILE};
    open_to(2);
    while (!turned || !reset) {
        struct packet packet = next(&party);
        if (packet.kind == PACKET_OPENED)
            continue;
        assert_int_equal(packet.kind, PACKET_FAILED);
        assert_int_equal(packet.error, party == BOB ? NET_LIMIT : NET_RESET);
        if (party == BOB)
            assert_true(handle_equal(packet.link, listener));
        turned |= party == BOB;
        reset |= party == ALICE;
    }
    write_to(alice, V("still here"));
    expect_all(V("still here"));
    line_open(&alice, &bob);
}

static void without_descriptors_nothing_is_opened(void **state)
{
    (void)state;
    struct rlimit before, none;
    uint32_t party;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    open_to(1);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    struct packet packet = next(&party);
    assert_int_equal(packet.kind, PACKET_FAILED);
    assert_int_equal(packet.error, NET_LIMIT);
    assert_int_equal(packet.query, 1);
}

static void a_storm_of_resets_leaves_nothing(void **state)
{
    (void)state;
    struct handle alice, bob;
    for (int i = 0; i < 200; i++) {
        uint32_t party;
        struct packet packet;
        open_to(1);
        do
            packet = next(&party);
        while (packet.kind != PACKET_OPENED);
        struct effect effect = {.kind = DO_RESET, .link = packet.link};
        driver->ops->perform(driver, ALICE, &effect);
    }
    uint32_t party;
    struct packet packet;
    while (next_within(QUIET_US, &party, &packet))
        assert_true(packet.kind != PACKET_FAILED || packet.error == NET_RESET);
    line_open(&alice, &bob);
}

int main(void)
{
#define WITH_DRIVER(test) cmocka_unit_test_setup_teardown(test, open_it, close_it)
    const struct CMUnitTest tests[] = {
        WITH_DRIVER(short_writes_and_interruptions_lose_nothing),
        WITH_DRIVER(a_full_buffer_is_waited_for),
        WITH_DRIVER(a_broken_pipe_is_a_reset),
        WITH_DRIVER(a_failed_read_is_what_it_was),
        WITH_DRIVER(what_connect_says_is_told),
        WITH_DRIVER(who_gave_up_before_accept_is_nobody),
        WITH_DRIVER(without_descriptors_one_is_turned_away),
        WITH_DRIVER(without_descriptors_nothing_is_opened),
        WITH_DRIVER(a_storm_of_resets_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
