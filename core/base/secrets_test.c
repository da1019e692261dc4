#include "core/base/secrets.h"

#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MD5 "0123456789abcdef0123456789ABCDEF"
#define MD5_OTHER "ffffffffffffffffffffffffffffffff"
#define STARS "********************************"

static struct secrets secrets_of(const char *a, const char *b)
{
    struct secrets secrets = {0};
    assert_int_equal(secrets_add(&secrets, view_of(a)), ERR_OK);
    assert_int_equal(secrets_add(&secrets, view_of(b)), ERR_OK);
    return secrets;
}

static void becomes(struct secrets *secrets, const char *text, const char *wanted)
{
    char own[300];
    snprintf(own, sizeof own, "%s", text);
    secrets_black_out(secrets, view_of(own));
    assert_string_equal(own, wanted);
}

static void one_may_be_a_part_of_another(void **state)
{
    (void)state;
    struct secrets secrets = secrets_of("1234", "123456");
    becomes(&secrets, "123456 1234 12345 123", "****** **** ****5 123");
    secrets_deinit(&secrets);
}

static void it_may_stand_in_quotes_or_in_a_uri(void **state)
{
    (void)state;
    struct secrets secrets = secrets_of("a\"b\\c d", "hunter2@home");
    becomes(&secrets, "got \"a\\\"b\\\\c d\", not a\"b\\c d", "got \"*********\", not *******");
    becomes(&secrets, "sip:a:a%22b%5Cc%20d@b, sip:a:hunter2%40home@b",
            "sip:a:*************@b, sip:a:**************@b");
    secrets_deinit(&secrets);
}

static void it_may_have_been_cut_off(void **state)
{
    (void)state;
    struct secrets secrets = secrets_of("hunter2", "hunting");
    becomes(&secrets, "got \"xhunter…\", \"hunt…\", \"hun…\", \"huntin…\", hunter, hunt…",
            "got \"x******…\", \"****…\", \"hun…\", \"******…\", hunter, ****…");
    becomes(&secrets, "hunt…", "****…");
    becomes(&secrets, "…", "…");
    secrets_deinit(&secrets);
}

static void without_any_nothing_is_done(void **state)
{
    (void)state;
    struct secrets secrets = secrets_of("", "");
    becomes(&secrets, "response=\"" MD5 "\"", "response=\"" MD5 "\"");
    secrets_deinit(&secrets);
}

static void what_a_digest_proves_is_one(void **state)
{
    (void)state;
    struct secrets secrets = secrets_of("hunter2", "");
    becomes(&secrets, "a " MD5_OTHER " b", "a " MD5_OTHER " b"); /* a nonce, as far as we know */
    becomes(&secrets, "Authorization: Digest nonce=\"" MD5_OTHER "\", response=\"" MD5 "\", nc=1",
            "Authorization: Digest nonce=\"" MD5_OTHER "\", response=\"" STARS "\", nc=1");
    becomes(&secrets, "Response = " MD5 MD5, "Response = " STARS STARS);
    becomes(&secrets, "rspauth=\"" MD5_OTHER "\"", "rspauth=\"" STARS "\"");
    becomes(&secrets, "got \"Digest response=\\\"" MD5_OTHER "\\\"\"",
            "got \"Digest response=\\\"" STARS "\\\"\"");
    secrets_deinit(&secrets);
}

static void and_wherever_it_stands_from_then_on(void **state)
{
    (void)state;
    struct secrets secrets = secrets_of("hunter2", "");
    becomes(&secrets, "expected 1, got \"" MD5 "\"", "expected 1, got \"" MD5 "\"");
    becomes(&secrets, "response=\"" MD5 "\"", "response=\"" STARS "\"");
    becomes(&secrets, "expected 1, got \"" MD5 "\"", "expected 1, got \"" STARS "\"");
    becomes(&secrets, MD5, STARS);
    becomes(&secrets, MD5 "a", MD5 "a"); /* another number */
    for (unsigned i = 0; i < 2 * PROOFS_KNOWN; i++) {
        char text[80];
        snprintf(text, sizeof text, "response=%032x", i);
        becomes(&secrets, text, "response=" STARS);
    }
    becomes(&secrets, MD5, MD5); /* of a long load the newest are known */
    secrets_deinit(&secrets);
}

static enum err make_and_drop(void *ctx)
{
    struct secrets secrets = {0};
    enum err err = ERR_OK;
    (void)ctx;
    for (int i = 0; i < 9 && err == ERR_OK; i++)
        err = secrets_add(&secrets, V("word"));
    secrets_deinit(&secrets);
    return err;
}

static void tells_when_there_is_no_memory(void **state)
{
    (void)state;
    test_each_oom(make_and_drop, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_may_be_a_part_of_another),
        cmocka_unit_test(it_may_stand_in_quotes_or_in_a_uri),
        cmocka_unit_test(it_may_have_been_cut_off),
        cmocka_unit_test(without_any_nothing_is_done),
        cmocka_unit_test(what_a_digest_proves_is_one),
        cmocka_unit_test(and_wherever_it_stands_from_then_on),
        cmocka_unit_test(tells_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
