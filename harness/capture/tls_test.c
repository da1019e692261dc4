/* Captures of TLS, read with the keys of its connections: each version, each way to seal a record,
 * and what may happen to a connection on its way. */
#include "harness/capture/tls_wire_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define OPTIONS "OPTIONS sip:bob@192.0.2.2 SIP/2.0\r\nContent-Length: 4\r\n\r\nab\r\n"
#define BYE "BYE sip:bob@192.0.2.2 SIP/2.0\r\nContent-Length: 0\r\n\r\n"
#define OK "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"

static struct wire_file wire;
static struct tls_wire pair;

static int setup(void **state)
{
    (void)state;
    wire_open(&wire, LINK_ETHERNET_FILE);
    tls_wire_begin(&pair, &wire);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tls_wire_end(&pair);
    wire_close(&wire);
    return 0;
}

static void talk(void)
{
    tls_wire_say(&pair, TLS_CLIENT, OPTIONS);
    tls_wire_say(&pair, TLS_SERVER, OK);
    tls_wire_say(&pair, TLS_CLIENT, BYE);
}

static void said(size_t index, const char *text, uint16_t source_port)
{
    assert_string_equal(wire.messages[index].text, text);
    assert_int_equal(wire.messages[index].carrier, CARRIER_TLS);
    assert_int_equal(wire.messages[index].source_port, source_port);
}

static void each_suite_is_read(void **state)
{
    static const struct {
        const char *suite;
        int version;
        bool mac_first;
    } rows[] = {
        {"TLS_AES_128_GCM_SHA256",        TLS1_3_VERSION, false},
        {"TLS_AES_256_GCM_SHA384",        TLS1_3_VERSION, false},
        {"TLS_CHACHA20_POLY1305_SHA256",  TLS1_3_VERSION, false},
        {"ECDHE-ECDSA-AES128-GCM-SHA256", TLS1_2_VERSION, false},
        {"ECDHE-ECDSA-AES256-GCM-SHA384", TLS1_2_VERSION, false},
        {"ECDHE-ECDSA-CHACHA20-POLY1305", TLS1_2_VERSION, false},
        {"ECDHE-ECDSA-AES128-SHA",        TLS1_2_VERSION, false},
        {"ECDHE-ECDSA-AES128-SHA",        TLS1_2_VERSION, true },
        {"ECDHE-ECDSA-AES256-SHA",        TLS1_2_VERSION, true },
        {"ECDHE-ECDSA-AES128-SHA256",     TLS1_2_VERSION, false},
        {"ECDHE-ECDSA-AES128-SHA256",     TLS1_2_VERSION, true },
        {"ECDHE-ECDSA-AES256-SHA384",     TLS1_2_VERSION, false},
        {"ECDHE-ECDSA-AES256-SHA384",     TLS1_2_VERSION, true },
        {"ADH-AES256-SHA256",             TLS1_2_VERSION, true },
        {"ADH-AES128-GCM-SHA256",         TLS1_2_VERSION, false},
        {"ECDHE-ECDSA-AES128-SHA",        TLS1_1_VERSION, true },
        {"ECDHE-ECDSA-AES256-SHA",        TLS1_1_VERSION, false},
        {"ECDHE-ECDSA-AES128-SHA",        TLS1_VERSION,   true },
        {"ECDHE-ECDSA-AES256-SHA",        TLS1_VERSION,   false},
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        bool new = rows[i].version == TLS1_3_VERSION;
        tls_wire_open(&pair, (struct tls_wire_options){.version = rows[i].version,
                                                       .ciphers = new ? NULL : rows[i].suite,
                                                       .suites = new ? rows[i].suite : NULL,
                                                       .mac_first = rows[i].mac_first});
        talk();
        tls_wire_close(&pair);
    }
    assert_int_equal(tls_wire_read(&pair), 3 * ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        said(3 * i, OPTIONS, 40000);
        said(3 * i + 1, OK, 5060);
        said(3 * i + 2, BYE, 40000);
    }
    assert_int_equal(wire.counts.tls_connections, ROWS);
    assert_int_equal(wire.counts.tls_read, ROWS);
    assert_int_equal(wire.counts.tls_lost_records, 0);
}

/* What of the connection may change without a message being lost. */
static void nothing_is_lost(size_t messages, size_t connections)
{
    assert_int_equal(tls_wire_read(&pair), messages);
    assert_int_equal(wire.counts.tls_connections, connections);
    assert_int_equal(wire.counts.tls_read, connections);
    assert_int_equal(wire.counts.tls_lost_records, 0);
}

static void a_client_that_is_asked_again_is_read(void **state)
{
    (void)state;
    tls_wire_open(&pair, (struct tls_wire_options){.server_groups = "P-256"});
    talk();
    nothing_is_lost(3, 1);
}

static void a_session_that_goes_on_is_read(void **state)
{
    (void)state;
    for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++) {
        tls_wire_open(&pair, (struct tls_wire_options){.version = version});
        talk();
        SSL_SESSION *session = tls_wire_session(&pair);
        tls_wire_close(&pair);
        tls_wire_open(&pair, (struct tls_wire_options){.version = version, .session = session});
        assert_true(SSL_session_reused(pair.ends[TLS_CLIENT]));
        talk();
        tls_wire_close(&pair);
    }
    nothing_is_lost(12, 4);
}

static void early_data_is_read(void **state)
{
    (void)state;
    tls_wire_open(&pair, (struct tls_wire_options){0});
    SSL_SESSION *session = tls_wire_session(&pair);
    tls_wire_close(&pair);
    tls_wire_open(&pair, (struct tls_wire_options){.session = session, .early = OPTIONS});
    tls_wire_say(&pair, TLS_SERVER, OK);
    tls_wire_say(&pair, TLS_CLIENT, BYE);
    nothing_is_lost(3, 2);
    said(0, OPTIONS, 40000);
    said(1, OK, 5060);
    said(2, BYE, 40000);
}

static void keys_that_are_updated_are_followed(void **state)
{
    (void)state;
    tls_wire_open(&pair, (struct tls_wire_options){0});
    talk();
    for (int i = 0; i < 4; i++) {
        tls_wire_update(&pair, i % 2);
        talk();
    }
    nothing_is_lost(15, 1);
}

static void a_connection_that_is_renegotiated_is_followed(void **state)
{
    (void)state;
    tls_wire_open(&pair, (struct tls_wire_options){.version = TLS1_2_VERSION});
    talk();
    tls_wire_again(&pair);
    talk();
    nothing_is_lost(6, 1);
}

static void records_in_pieces_and_many_in_one_are_read(void **state)
{
    static const size_t segments[] = {1, 2, 7, 0};
    (void)state;
    for (size_t i = 0; i < 4; i++)
        for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++) {
            pair.segment = segments[i];
            tls_wire_open(&pair, (struct tls_wire_options){.version = version});
            talk();
            assert_int_equal(SSL_write(pair.ends[TLS_CLIENT], OPTIONS, sizeof OPTIONS - 1),
                             sizeof OPTIONS - 1);
            tls_wire_say(&pair, TLS_CLIENT, OPTIONS BYE);
            tls_wire_close(&pair);
        }
    nothing_is_lost(48, 8);
}

static void a_websocket_in_tls_is_called_wss(void **state)
{
    (void)state;
    tls_wire_open(&pair, (struct tls_wire_options){0});
    tls_wire_say(&pair, TLS_CLIENT, "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
    tls_wire_say(&pair, TLS_SERVER, "HTTP/1.1 101 Switching Protocols\r\n\r\n");
    tls_wire_say(&pair, TLS_SERVER,
                 "\x81\x16"
                 "SIP/2.0 200 OK\r\n\r\nbody");
    nothing_is_lost(1, 1);
    assert_int_equal(wire.messages[0].carrier, CARRIER_WSS);
    assert_string_equal(wire.messages[0].text, "SIP/2.0 200 OK\r\n\r\nbody");
}

/* RFC 9293's gap: what was not captured is lost, and what comes behind it is not. */
static void behind_a_gap_records_are_found_again(void **state)
{
    static const struct {
        const char *suite;
        int version;
        bool mac_first;
    } rows[] = {
        {NULL,                            TLS1_3_VERSION, false},
        {"ECDHE-ECDSA-AES128-GCM-SHA256", TLS1_2_VERSION, false},
        {"ECDHE-ECDSA-CHACHA20-POLY1305", TLS1_2_VERSION, false},
        {"ECDHE-ECDSA-AES128-SHA256",     TLS1_2_VERSION, false},
        {"ECDHE-ECDSA-AES128-SHA256",     TLS1_2_VERSION, true },
        {"ECDHE-ECDSA-AES128-SHA",        TLS1_1_VERSION, true },
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        tls_wire_open(&pair, (struct tls_wire_options){.version = rows[i].version,
                                                       .ciphers = rows[i].suite,
                                                       .mac_first = rows[i].mac_first});
        tls_wire_say(&pair, TLS_CLIENT, OPTIONS);
        pair.unseen = true;
        for (int n = 0; n < 20; n++)
            tls_wire_say(&pair, TLS_CLIENT, OPTIONS);
        pair.unseen = false;
        tls_wire_say(&pair, TLS_CLIENT, OPTIONS);
        tls_wire_say(&pair, TLS_SERVER, OK);
        tls_wire_say(&pair, TLS_CLIENT, BYE);
        tls_wire_close(&pair);
    }
    assert_int_equal(tls_wire_read(&pair), 4 * ROWS);
    assert_int_equal(wire.counts.tls_read, ROWS);
    assert_int_equal(wire.counts.stream_gaps, ROWS);
}

static void a_gap_may_have_new_keys_in_it(void **state)
{
    (void)state;
    tls_wire_open(&pair, (struct tls_wire_options){0});
    talk();
    pair.unseen = true;
    tls_wire_update(&pair, TLS_CLIENT);
    tls_wire_say(&pair, TLS_CLIENT, OPTIONS);
    pair.unseen = false;
    tls_wire_say(&pair, TLS_SERVER, OK);
    tls_wire_say(&pair, TLS_CLIENT, BYE);
    assert_int_equal(tls_wire_read(&pair), 5);
    assert_int_equal(wire.counts.stream_gaps, 1); /* the answer goes with the next message */
}

/* A frame whose bytes were changed behind the capture's back, or in the file. */
static void a_record_that_is_broken_costs_no_other(void **state)
{
    (void)state;
    for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++) {
        tls_wire_open(&pair, (struct tls_wire_options){.version = version});
        tls_wire_say(&pair, TLS_CLIENT, OPTIONS);
        wire.bytes.ptr[wire.bytes.len - 30] ^= 1;
        tls_wire_say(&pair, TLS_CLIENT, BYE);
        tls_wire_say(&pair, TLS_SERVER, OK);
        tls_wire_close(&pair);
    }
    assert_int_equal(tls_wire_read(&pair), 4);
    said(0, BYE, 40000);
    said(1, OK, 5060);
    assert_int_equal(wire.counts.tls_lost_records, 2);
}

static void says(enum err expected, const char *path, const char *sentence)
{
    struct capture *capture;
    struct captured message;
    struct buf complaint = {0};
    const struct capture_options options = {.keylog = path};
    assert_int_equal(capture_open(wire.path, &options, &capture, &complaint), expected);
    if (expected == ERR_OK) {
        while (capture_next(capture, &message))
            continue;
        assert_int_equal(capture_keys_fit(capture, &complaint), *sentence == '\0');
        capture_close(capture);
    }
    struct view said = buf_view(&complaint);
    if (view_find(said, view_of(sentence)) == said.len && *sentence != '\0')
        fail_msg("expected \"%s\" in \"%.*s\"", sentence, VIEW_ARG(said));
    buf_deinit(&complaint);
}

static void keys_that_fit_nothing_are_told(void **state)
{
    (void)state;
    struct wire_file other;
    struct tls_wire stranger;
    wire_udp(&wire, 5060, 5070, V(OPTIONS));
    wire_read(&wire);
    wire_open(&other, LINK_ETHERNET_FILE);
    tls_wire_begin(&stranger, &other);
    tls_wire_open(&stranger, (struct tls_wire_options){0});
    says(ERR_OK, stranger.keylog, " has 1 session, but there is no TLS in /tmp/sipwright-wire-");
    tls_wire_open(&pair, (struct tls_wire_options){0});
    talk();
    tls_wire_read(&pair);
    says(ERR_OK, pair.keylog, "");
    says(ERR_OK, stranger.keylog, " has 1 session, and the TLS connection in /tmp/sipwright-wire-");
    tls_wire_close(&pair);
    tls_wire_open(&pair, (struct tls_wire_options){0});
    tls_wire_read(&pair);
    says(ERR_OK, stranger.keylog, " has 1 session, none of the 2 TLS connections in /tmp/");
    says(ERR_SYNTAX, wire.path, "is no key log (SSLKEYLOGFILE): it is a capture");
    says(ERR_IO, "/nowhere/keys.log", "cannot be read");
    tls_wire_end(&stranger);
    wire_close(&other);
}

/* Nobody has seen its hellos, so that nobody knows which keys are its own. */
static void a_connection_from_the_middle_is_counted(void **state)
{
    (void)state;
    size_t before = wire.bytes.len;
    tls_wire_open(&pair, (struct tls_wire_options){0});
    wire.bytes.len = before; /* the capture begins here */
    talk();
    assert_int_equal(tls_wire_read(&pair), 0);
    assert_int_equal(wire.counts.tls_connections, 1);
    assert_int_equal(wire.counts.tls_late, 1);
    assert_int_equal(wire.counts.tls_read, 0);
    says(ERR_OK, pair.keylog, "(1 began before the capture)");
}

static void put_number(struct buf *out, bool big, uint64_t value, unsigned len)
{
    for (unsigned i = 0; i < len; i++)
        buf_add_char(out, (char)(value >> 8 * (big ? len - 1 - i : i)));
}

/* A block of pcapng; its body is padded. */
static void put_block(struct buf *out, bool big, uint32_t type, struct view body)
{
    size_t padded = (body.len + 3) / 4 * 4;
    put_number(out, big, type, 4);
    put_number(out, big, padded + 12, 4);
    buf_add(out, body);
    buf_add(out, (struct view){"\0\0\0", padded - body.len});
    put_number(out, big, padded + 12, 4);
}

static void put_secrets(struct buf *out, bool big, const char *keylog)
{
    struct buf body = {0};
    char room[8192];
    FILE *file = fopen(keylog, "rb");
    assert_non_null(file);
    size_t len = fread(room, 1, sizeof room, file);
    fclose(file);
    put_number(&body, big, 0x544c534b, 4);
    put_number(&body, big, len, 4);
    buf_add(&body, (struct view){room, len});
    put_block(out, big, 10, buf_view(&body));
    buf_deinit(&body);
}

/* The frames of the wire's pcap file, in pcapng. */
static void put_frames(struct buf *out, bool big)
{
    struct view rest = view_skip(buf_view(&wire.bytes), 24);
    while (rest.len > 0) {
        uint32_t len;
        struct buf body = {0};
        memcpy(&len, rest.ptr + 8, sizeof len);
        put_number(&body, big, 0, 4);
        put_number(&body, big, 0, 8); /* its time */
        put_number(&body, big, len, 4);
        put_number(&body, big, len, 4);
        buf_add(&body, view_head(view_skip(rest, 16), len));
        put_block(out, big, 6, buf_view(&body));
        buf_deinit(&body);
        rest = view_skip(rest, 16 + len);
    }
}

static void pcapng_make(struct buf *out, bool big, bool secrets_last)
{
    struct buf section = {0}, interface = {0};
    put_number(&section, big, 0x1a2b3c4d, 4);
    put_number(&section, big, big ? 1 << 16 : 1, 4); /* version 1.0, two numbers of two bytes */
    put_number(&section, big, UINT64_MAX, 8);
    put_number(&interface, big, big ? LINK_ETHERNET_FILE << 16 : LINK_ETHERNET_FILE, 4);
    put_number(&interface, big, 262144, 4);
    put_block(out, big, 0x0a0d0d0a, buf_view(&section));
    if (!secrets_last)
        put_secrets(out, big, pair.keylog);
    put_block(out, big, 1, buf_view(&interface));
    put_frames(out, big);
    if (secrets_last)
        put_secrets(out, big, pair.keylog);
    buf_deinit(&section);
    buf_deinit(&interface);
}

/* As editcap --inject-secrets puts them there. */
static void keys_in_the_capture_itself_are_read(void **state)
{
    (void)state;
    tls_wire_open(&pair, (struct tls_wire_options){0});
    talk();
    struct buf pcap = wire.bytes;
    for (int i = 0; i < 4; i++) {
        struct buf pcapng = {0};
        wire.bytes = pcap;
        pcapng_make(&pcapng, i % 2 == 1, i >= 2);
        wire.bytes = pcapng;
        assert_int_equal(wire_read(&wire), 3);
        assert_int_equal(wire.counts.tls_read, 1);
        buf_deinit(&pcapng);
    }
    wire.bytes = pcap;
}

/* Each byte of the capture, one after the other, is another one: no crash, and nothing that nobody
 * said but in the clear. */
static void each_byte_of_tls_may_be_another_one(void **state)
{
    (void)state;
    for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++) {
        size_t begin = wire.bytes.len;
        tls_wire_open(&pair, (struct tls_wire_options){.version = version});
        talk();
        tls_wire_close(&pair);
        for (size_t i = begin; i < wire.bytes.len; i += 3) {
            wire.bytes.ptr[i] ^= (char)0xff;
            assert_in_range(tls_wire_read(&pair), 0, version == TLS1_2_VERSION ? 3 : 6);
            wire.bytes.ptr[i] ^= (char)0xff;
        }
    }
    assert_int_equal(tls_wire_read(&pair), 6);
}

static void without_memory_nothing_is_lost_in_silence(void **state)
{
    (void)state;
    bool failed = true;
    tls_wire_open(&pair, (struct tls_wire_options){0});
    talk();
    assert_int_equal(tls_wire_read(&pair), 3);
    for (uint64_t nth = 1; failed; nth++) {
        const struct capture_options options = {.keylog = pair.keylog};
        struct capture *capture = NULL;
        struct captured message;
        struct buf complaint = {0};
        uint64_t live = mem_live(), count = mem_count();
        mem_fail_at(nth, false);
        enum err err = capture_open(wire.path, &options, &capture, &complaint);
        while (err == ERR_OK && capture_next(capture, &message))
            continue;
        err = err == ERR_OK ? capture_failure(capture, NULL) : err;
        mem_fail_at(0, false);
        failed = mem_count() - count >= nth;
        capture_close(capture);
        buf_deinit(&complaint);
        assert_int_equal(mem_live(), live);
        assert_int_equal(err, failed ? ERR_MEMORY : ERR_OK);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_suite_is_read),
        TEST(a_client_that_is_asked_again_is_read),
        TEST(a_session_that_goes_on_is_read),
        TEST(early_data_is_read),
        TEST(keys_that_are_updated_are_followed),
        TEST(a_connection_that_is_renegotiated_is_followed),
        TEST(records_in_pieces_and_many_in_one_are_read),
        TEST(a_websocket_in_tls_is_called_wss),
        TEST(behind_a_gap_records_are_found_again),
        TEST(a_gap_may_have_new_keys_in_it),
        TEST(a_record_that_is_broken_costs_no_other),
        TEST(keys_that_fit_nothing_are_told),
        TEST(a_connection_from_the_middle_is_counted),
        TEST(keys_in_the_capture_itself_are_read),
        TEST(each_byte_of_tls_may_be_another_one),
        TEST(without_memory_nothing_is_lost_in_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
