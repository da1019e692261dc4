#include "harness/capture/keylog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define RANDOM_A "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F"
#define RANDOM_B "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define SECRET_32 "a00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define SECRET_48 SECRET_32 "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"

static const unsigned char random_a[KEYLOG_RANDOM] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                                      11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                                      22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

static void lines_of_one_connection_are_one_session(void **state)
{
    (void)state;
    struct keylog keylog = {0};
    assert_int_equal(keylog_add(&keylog, V("# a comment\n"
                                           "CLIENT_RANDOM " RANDOM_A " " SECRET_48 "\r\n"
                                           "EXPORTER_SECRET " RANDOM_B " " SECRET_48 "\n"
                                           "SERVER_TRAFFIC_SECRET_0 " RANDOM_A " " SECRET_32)),
                     ERR_OK);
    assert_int_equal(keylog.count, 1);
    const struct secret *secrets = keylog_find(&keylog, random_a);
    assert_non_null(secrets);
    assert_int_equal(secrets[KEYLOG_MASTER].len, 48);
    assert_int_equal(secrets[KEYLOG_MASTER].bytes[0], 0xa0);
    assert_int_equal(secrets[KEYLOG_MASTER].bytes[47], 0xcf);
    assert_int_equal(secrets[KEYLOG_SERVER_TRAFFIC].len, 32);
    assert_int_equal(secrets[KEYLOG_CLIENT_TRAFFIC].len, 0);
    keylog_deinit(&keylog);
}

static void what_is_no_secret_is_passed_over(void **state)
{
    static const char *const lines[] = {
        "CLIENT_RANDOM",
        "CLIENT_RANDOM " RANDOM_A,
        "CLIENT_RANDOM " RANDOM_A " ",
        "CLIENT_RANDOM " RANDOM_A " abcd",            /* shorter than any hash */
        "CLIENT_RANDOM " RANDOM_A " " SECRET_48 "00", /* longer than all */
        "CLIENT_RANDOM " RANDOM_A " " SECRET_32 "0",  /* half a byte */
        "CLIENT_RANDOM " RANDOM_A "00 " SECRET_48,
        "CLIENT_RANDOM " SECRET_48 " " SECRET_48,
        "CLIENT_RANDOMS " RANDOM_A " " SECRET_48,
        "CLIENT_RANDOM " RANDOM_A " x" SECRET_48,
        "",
        " ",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct keylog keylog = {0};
        assert_int_equal(keylog_add(&keylog, view_of(lines[i])), ERR_OK);
        if (keylog.count != 0)
            fail_msg("taken: %s", lines[i]);
        keylog_deinit(&keylog);
    }
}

static void reads(struct view text, enum err expected, const char *sentence, uint32_t sessions)
{
    char path[] = "/tmp/sipwright-keylog-XXXXXX";
    struct keylog keylog = {0};
    struct buf complaint = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.ptr, text.len), (ssize_t)text.len);
    close(fd);
    assert_int_equal(keylog_read(&keylog, path, &complaint), expected);
    struct view said = buf_view(&complaint);
    if (view_find(said, view_of(sentence)) == said.len && *sentence != '\0')
        fail_msg("expected \"%s\" in \"%.*s\"", sentence, VIEW_ARG(said));
    assert_int_equal(keylog.count, sessions);
    keylog_deinit(&keylog);
    buf_deinit(&complaint);
    unlink(path);
}

static void what_is_no_key_log_is_called_what_it_is(void **state)
{
    (void)state;
    reads(V(""), ERR_SYNTAX, "it is empty", 0);
    reads(V("\x0a\x0d\x0d\x0a"), ERR_SYNTAX, "it is a capture", 0);
    reads(V("-----BEGIN PRIVATE KEY-----\n"), ERR_SYNTAX, "it is a certificate or its key", 0);
    reads(V("hello\n"), ERR_SYNTAX, "no line of it is one like 'CLIENT_RANDOM", 0);
    struct keylog keylog = {0};
    struct buf complaint = {0};
    assert_int_equal(keylog_read(&keylog, "/nowhere/keys.log", &complaint), ERR_IO);
    assert_true(view_starts(buf_view(&complaint), V("/nowhere/keys.log: ")));
    buf_deinit(&complaint);
}

/* Lines stand across the pieces in which a file is read, and its last one may have no end. */
static void a_long_file_is_read_line_by_line(void **state)
{
    (void)state;
    struct buf text = {0};
    for (unsigned i = 0; i < 1000; i++)
        buf_printf(&text, "CLIENT_RANDOM %08x%.56s %s\n", i, RANDOM_A, SECRET_48);
    buf_printf(&text, "CLIENT_RANDOM %s %s", RANDOM_B, SECRET_48);
    reads(buf_view(&text), ERR_OK, "", 1001);
    buf_clear(&text);
    for (unsigned i = 0; i < 100000; i++) /* a line without an end is no reason to keep it */
        buf_add_char(&text, 'x');
    buf_printf(&text, "\nCLIENT_RANDOM %s %s", RANDOM_B, SECRET_48);
    reads(buf_view(&text), ERR_OK, "", 1);
    buf_deinit(&text);
}

static void without_memory_nothing_is_lost_in_silence(void **state)
{
    (void)state;
    bool failed = true;
    for (uint64_t nth = 1; failed; nth++) {
        struct keylog keylog = {0};
        uint64_t live = mem_live(), count = mem_count();
        mem_fail_at(nth, false);
        enum err err = keylog_add(&keylog, V("CLIENT_RANDOM " RANDOM_A " " SECRET_48 "\n"
                                             "CLIENT_RANDOM " RANDOM_B " " SECRET_48));
        mem_fail_at(0, false);
        failed = mem_count() - count >= nth;
        assert_int_equal(err, failed ? ERR_MEMORY : ERR_OK);
        keylog_deinit(&keylog);
        assert_int_equal(mem_live(), live);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_one_connection_are_one_session),
        cmocka_unit_test(what_is_no_secret_is_passed_over),
        cmocka_unit_test(what_is_no_key_log_is_called_what_it_is),
        cmocka_unit_test(a_long_file_is_read_line_by_line),
        cmocka_unit_test(without_memory_nothing_is_lost_in_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
