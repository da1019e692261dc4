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
    if (strcmp(text, wanted) != 0)
        assert_true(secrets_may_be(secrets, view_of(own)));
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

static void without_any_a_proof_is_one_all_the_same(void **state)
{
    (void)state;
    struct secrets secrets = secrets_of("", "");
    becomes(&secrets, "response=\"" MD5 "\"", "response=\"" STARS "\"");
    becomes(&secrets, "cnonce=\"" MD5_OTHER "\"", "cnonce=\"" MD5_OTHER "\"");
    secrets_deinit(&secrets);
}

static void it_may_stand_in_hex_or_base64(void **state)
{
    (void)state;
    struct secrets secrets = secrets_of("hunter2", "abc");
    becomes(&secrets, "68756e74657232, aHVudGVyMg==, YWJj 616263",
            "**************, *********g==, YWJj 616263");
    becomes(&secrets, "aHVudGVyMjM=", "*********jM=");
    secrets_deinit(&secrets);
}

#define KEY "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR"
#define KEY_STARS "****************************************"

static void a_shape_tells_a_secret(void **state)
{
    static const struct {
        const char *text, *wanted;
    } rows[] = {
        {"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|2^20|1:32\r\n",
         "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_STARS "|2^20|1:32\r\n"                                   },
        {"a=crypto:1 X INLINE:" KEY,                                        "a=crypto:1 X INLINE:" KEY_STARS       },
        {"\"inline:" KEY "\\r\\n\"",                                        "\"inline:" KEY_STARS "\\r\\n\""       },
        {"a=key-mgmt:mikey AQAF+g/M\r\nm=",                                 "a=key-mgmt:mikey ********\r\nm="      },
        {"k=clear:sesame\r\n",                                              "k=clear:******\r\n"                   },
        {"a=ice-pwd:YH75Fviy6338Vbrhrlp8\n",                                "a=ice-pwd:********************\n"     },
        {"Authorization: Basic QWxhZGRpbg==\r\n",                           "Authorization: Basic ************\r\n"},
        {"proxy-authorization:  bearer a.b-c",                              "proxy-authorization:  bearer *****"   },
        {"Authorization: Digest realm=\"x\"",                               "Authorization: Digest realm=\"x\""    },
        {"<sip:alice:s3cret@host:5060;lr>",                                 "<sip:alice:******@host:5060;lr>"      },
        {"SIPS:a%20b:p%40ss@[::1]",                                         "SIPS:a%20b:******@[::1]"              },
        {"https://u:pw@host/x",                                             "https://u:**@host/x"                  },
        {"sip:alice@host:5060, sip:bob@host",                               "sip:alice@host:5060, sip:bob@host"    },
        {"sip:host:5060;transport=tcp <sip:b@c>",                           "sip:host:5060;transport=tcp <sip:b@c>"},
        {"sip:a:5060,sip:b@c",                                              "sip:a:5060,sip:b@c"                   },
        {"sip:host:5060",                                                   "sip:host:5060"                        },
        {"sip:",                                                            "sip:"                                 },
        {"inline:",                                                         "inline:"                              },
        {"Authorization: Basic",                                            "Authorization: Basic"                 },
        {"a=key-mgmt:",                                                     "a=key-mgmt:"                          },
        {"::::",                                                            "::::"                                 },
    };
    (void)state;
    struct secrets secrets = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        becomes(&secrets, rows[i].text, rows[i].wanted);
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
        cmocka_unit_test(without_any_a_proof_is_one_all_the_same),
        cmocka_unit_test(it_may_stand_in_hex_or_base64),
        cmocka_unit_test(a_shape_tells_a_secret),
        cmocka_unit_test(what_a_digest_proves_is_one),
        cmocka_unit_test(and_wherever_it_stands_from_then_on),
        cmocka_unit_test(tells_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
