/* What the system may refuse, call by call: sendto and recvmsg of this program are its own.
 * reliability.md B39, B40, B41. */
#include "core/transport/driver.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct driver *driver;
static struct addr alice, bob;
static struct handle from, to;
static int fail_send, fail_receive; /* the next so many calls fail with: */
static int send_code, receive_code;

ssize_t sendto(int fd, const void *bytes, size_t len, int flags, const struct sockaddr *name,
               socklen_t name_len)
{
    if (fail_send > 0) {
        fail_send--;
        errno = send_code;
        return -1;
    }
    return syscall(SYS_sendto, fd, bytes, len, flags, name, name_len);
}

ssize_t recvmsg(int fd, struct msghdr *header, int flags)
{
    if (fail_receive > 0) {
        fail_receive--;
        errno = receive_code;
        return -1;
    }
    return syscall(SYS_recvmsg, fd, header, flags);
}

static int open_two(void **state)
{
    (void)state;
    fail_send = fail_receive = 0;
    alice = bob = (struct addr){.family = 4};
    assert_int_equal(transport_create(&driver), ERR_OK);
    assert_int_equal(driver->ops->bind(driver, 1, PROTO_UDP, &alice, &from), ERR_OK);
    assert_int_equal(driver->ops->bind(driver, 2, PROTO_UDP, &bob, &to), ERR_OK);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    driver->ops->destroy(driver);
    assert_int_equal(mem_live(), 0);
    return 0;
}

static void send_text(struct view text)
{
    struct effect effect = {.kind = DO_DATAGRAM,
                            .link = from,
                            .local = alice,
                            .remote = bob,
                            .bytes = blob_create(text)};
    driver->ops->perform(driver, 1, &effect);
}

static struct packet next(void)
{
    struct packet packet;
    uint32_t party;
    uint64_t now_us = driver->ops->now(driver);
    struct moment until = {now_us + US_PER_S, 0};
    assert_true(driver->ops->wait(driver, until, &now_us, &party, &packet));
    return packet;
}

static void expect_text(struct view text)
{
    struct packet packet = next();
    assert_int_equal(packet.kind, PACKET_DATAGRAM);
    assert_true(view_equal(blob_view(packet.bytes), text));
    blob_unref(packet.bytes);
}

/* Not lost, and not overtaken by those that come after. */
static void no_room_is_tried_again_in_order(void **state)
{
    (void)state;
    static const int codes[] = {EAGAIN, ENOBUFS, ENOMEM};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        send_code = codes[i];
        fail_send = 3;
        send_text(V("first"));
        send_text(V("second"));
        expect_text(V("first"));
        expect_text(V("second"));
        assert_int_equal(fail_send, 0);
    }
}

static void what_waits_for_room_dies_with_the_driver(void **state)
{
    (void)state;
    send_code = EAGAIN;
    fail_send = 1000;
    send_text(V("never"));
    send_text(V("nor this"));
}

static void an_interrupted_send_is_made_again(void **state)
{
    (void)state;
    send_code = EINTR;
    fail_send = 2;
    send_text(V("hello"));
    expect_text(V("hello"));
}

/* The news of an earlier datagram's fate come by the error queue; this one has nothing to do with
 * it. */
static void stale_news_do_not_stop_a_send(void **state)
{
    (void)state;
    send_code = ECONNREFUSED;
    fail_send = 1;
    send_text(V("hello"));
    expect_text(V("hello"));
}

/* B41: with ENETDOWN and its kin the interface has gone away. */
static void a_refused_send_is_told(void **state)
{
    (void)state;
    static const struct {
        int code;
        enum net_error error;
    } rows[] = {
        {EMSGSIZE,     NET_TOO_BIG    },
        {ENETUNREACH,  NET_UNREACHABLE},
        {EPERM,        NET_UNREACHABLE},
        {EHOSTUNREACH, NET_UNREACHABLE},
        {ENETDOWN,     NET_UNREACHABLE},
        {ENODEV,       NET_UNREACHABLE},
        {EAFNOSUPPORT, NET_UNREACHABLE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        send_code = rows[i].code;
        fail_send = 8;
        send_text(V("hello"));
        struct packet packet = next();
        assert_int_equal(packet.kind, PACKET_FAILED);
        assert_int_equal(packet.error, rows[i].error);
        assert_true(addr_equal(&packet.remote, &bob));
        fail_send = 0;
    }
}

static void a_failed_read_loses_nothing(void **state)
{
    (void)state;
    static const int codes[] = {EINTR, ENOMEM, ECONNREFUSED};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        send_text(V("hello"));
        receive_code = codes[i];
        fail_receive = 2;
        expect_text(V("hello"));
        assert_int_equal(fail_receive, 0);
    }
}

static void addresses_that_are_not_ours_are_refused(void **state)
{
    (void)state;
    struct addr addr;
    struct handle link;
    assert_int_equal(addr_parse(V("192.0.2.1:5060"), &addr), ERR_OK);
    assert_int_equal(driver->ops->bind(driver, 1, PROTO_UDP, &addr, &link), ERR_ABSENT);
    assert_int_equal(addr_parse(V("[2001:db8::1]:5060"), &addr), ERR_OK);
    assert_int_equal(driver->ops->bind(driver, 1, PROTO_UDP, &addr, &link), ERR_ABSENT);
}

static void the_system_says_where_it_sends_from(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"127.0.0.1:5060", "127.0.0.1"},
        {"127.0.0.9:5060", "127.0.0.1"},
        {"[::1]:5060",     "[::1]"    }
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct addr there, local;
        char room[ADDR_TEXT_MAX];
        assert_int_equal(addr_parse(view_of(rows[i][0]), &there), ERR_OK);
        assert_int_equal(transport_route(&there, &local), ERR_OK);
        assert_string_equal(addr_text(&local, room).ptr, rows[i][1]);
    }
}

static rlim_t first_free(void)
{
    int fd = dup(STDOUT_FILENO);
    close(fd);
    return (rlim_t)fd;
}

/* No file descriptors are left: an error, and afterwards all is well. */
static void descriptors_may_run_out(void **state)
{
    (void)state;
    struct rlimit old, none;
    struct addr addr = {.family = 4};
    struct handle link;
    struct driver *second;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    for (rlim_t left = 0; left < 8; left++) { /* two for the pipe, the others for libevent */
        none = (struct rlimit){.rlim_cur = first_free() + left, .rlim_max = old.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
        enum err create_err = transport_create(&second);
        enum err bind_err =
            left == 0 ? driver->ops->bind(driver, 1, PROTO_UDP, &addr, &link) : ERR_LIMIT;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
        assert_int_equal(create_err, ERR_LIMIT);
        assert_int_equal(bind_err, ERR_LIMIT);
    }
    assert_int_equal(driver->ops->bind(driver, 1, PROTO_UDP, &addr, &link), ERR_OK);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, open_two, close_all)
    const struct CMUnitTest tests[] = {
        TEST(no_room_is_tried_again_in_order),
        TEST(what_waits_for_room_dies_with_the_driver),
        TEST(an_interrupted_send_is_made_again),
        TEST(stale_news_do_not_stop_a_send),
        TEST(a_refused_send_is_told),
        TEST(a_failed_read_loses_nothing),
        TEST(addresses_that_are_not_ours_are_refused),
        TEST(the_system_says_where_it_sends_from),
        TEST(descriptors_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
