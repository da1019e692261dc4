/* The built program from outside: captures of TLS with their keys, without them, and with others.
 */
#include "harness/capture/tls_wire_fixture.h"
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD                                                                                       \
    "Via: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@192.0.2.1>;tag=1\r\n"              \
    "To: <sip:b@192.0.2.2>%s\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
#define OPTIONS "OPTIONS sip:b@192.0.2.2 SIP/2.0\r\nMax-Forwards: 70\r\n" HEAD
#define OK "SIP/2.0 200 OK\r\n" HEAD

static struct wire_file wire;
static struct tls_wire pair;

static int setup(void **state)
{
    wire_open(&wire, LINK_ETHERNET_FILE);
    tls_wire_begin(&pair, &wire);
    return cli_setup(state);
}

static int teardown(void **state)
{
    tls_wire_end(&pair);
    wire_close(&wire);
    return cli_teardown(state);
}

static void say(int end, const char *format, const char *tag)
{
    char text[512];
    snprintf(text, sizeof text, format, tag);
    tls_wire_say(&pair, end, text);
}

static void capture_make(void)
{
    tls_wire_open(&pair, (struct tls_wire_options){0});
    say(TLS_CLIENT, OPTIONS, "");
    say(TLS_SERVER, OK, ";tag=2");
    tls_wire_close(&pair);
    assert_int_equal(tls_wire_read(&pair), 2);
}

static void with_its_keys_a_capture_is_judged(void **state)
{
    (void)state;
    capture_make();
    CLI("lint", "--summary", wire.path, "--keylog", pair.keylog);
    cli_code(0);
    cli_said(": 2 SIP messages, 1 calls, 0 findings");
}

static void without_them_it_is_told_what_is_missing(void **state)
{
    static const char *const commands[] = {"lint", "replay", "record"};
    (void)state;
    capture_make();
    for (size_t i = 0; i < 3; i++) {
        if (i < 2)
            CLI(commands[i], wire.path);
        else
            CLI(commands[i], wire.path, "-o", cli_path("o.lua"));
        cli_code(2);
        cli_said("1 TLS connection is not read: 1 without keys (--keylog FILE)");
    }
}

static void keys_of_others_are_told(void **state)
{
    struct wire_file other;
    struct tls_wire stranger;
    static const char *const commands[] = {"lint", "replay", "record"};
    (void)state;
    capture_make();
    wire_open(&other, LINK_ETHERNET_FILE);
    tls_wire_begin(&stranger, &other);
    tls_wire_open(&stranger, (struct tls_wire_options){0});
    for (size_t i = 0; i < 3; i++) {
        if (i < 2)
            CLI(commands[i], wire.path, "--keylog", stranger.keylog);
        else
            CLI(commands[i], wire.path, "-o", cli_path("o.lua"), "--keylog", stranger.keylog);
        cli_code(2);
        cli_said("has 1 session, and the TLS connection in ");
    }
    assert_false(cli_there("o.lua"));
    tls_wire_end(&stranger);
    wire_close(&other);
}

/* One key log, several captures: it need not be for each of them. */
static void keys_may_be_for_one_of_several_captures(void **state)
{
    struct wire_file plain;
    (void)state;
    capture_make();
    wire_open(&plain, LINK_ETHERNET_FILE);
    wire_udp(&plain, 5060, 5070, V("OPTIONS sip:b@192.0.2.2 SIP/2.0\r\nCall-ID: 1\r\n\r\n"));
    assert_int_equal(wire_read(&plain), 1);
    CLI("lint", "--summary", "--ignore", "*", plain.path, wire.path, "--keylog", pair.keylog);
    cli_code(0);
    CLI("lint", "--summary", "--ignore", "*", plain.path, plain.path, "--keylog", pair.keylog);
    cli_code(2);
    cli_said("has 1 session, but there is no TLS in ");
    cli_said("; nor does it fit the other captures");
    wire_close(&plain);
}

static void what_is_no_key_log_is_refused(void **state)
{
    (void)state;
    capture_make();
    CLI("lint", wire.path, "--keylog", wire.path);
    cli_code(2);
    cli_said("is no key log (SSLKEYLOGFILE): it is a capture");
    CLI("lint", wire.path, "--keylog", "/nowhere/keys.log");
    cli_code(5);
    cli_said("/nowhere/keys.log: the key log cannot be read");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(with_its_keys_a_capture_is_judged), TEST(without_them_it_is_told_what_is_missing),
        TEST(keys_of_others_are_told),           TEST(keys_may_be_for_one_of_several_captures),
        TEST(what_is_no_key_log_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
