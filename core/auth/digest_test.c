#include "core/auth/digest.h"

#include "core/auth/hash.h"
#include "core/message/kind.h"
#include "core/message/scan.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_deinit(&arena);
    return 0;
}

static struct sip_auth auth_of(const char *value)
{
    struct sip_auth auth = {0};
    struct scan s = scan_begin(view_of(value), &arena);
    sip_auth_kind.parse(&s, &auth);
    assert_false(s.failed);
    return auth;
}

static struct sip_challenge challenge_of(const char *value)
{
    struct sip_auth auth = auth_of(value);
    struct sip_challenge challenge;
    assert_int_equal(sip_challenge_read(&auth, &arena, &challenge), ERR_OK);
    return challenge;
}

struct vector {
    const char *challenge, *user, *password, *method, *uri, *cnonce;
    enum sip_digest_qop qop;
    const char *response, *username; /* username: as it stands in the header */
};

#define NONCE_7616 "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
#define CNONCE_7616 "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
#define REALM_7616                                                                                 \
    "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", nonce=\"" NONCE_7616 "\", "
#define OPAQUE_7616 "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", "

/* RFC 2617 §3.5; RFC 7616 §3.9.1 twice. */
static const struct vector vectors[] = {
    {"Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
     "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
     "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"", "Mufasa", "Circle Of Life", "GET", "/dir/index.html", "0a4f113b",  SIP_QOP_AUTH,
     "6629fae49393a05397450978507c4ef1",                                                                                                                                      "Mufasa"},
    {REALM_7616 OPAQUE_7616 "algorithm=MD5",             "Mufasa", "Circle of Life", "GET", "/dir/index.html",
     CNONCE_7616,                                                                                                           SIP_QOP_AUTH, "8ca523f5e9506fed4657c9700eebdbec", "Mufasa"},
    {REALM_7616 OPAQUE_7616 "algorithm=SHA-256",         "Mufasa", "Circle of Life", "GET",
     "/dir/index.html",                                                                                        CNONCE_7616, SIP_QOP_AUTH,
     "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",                                                                                                      "Mufasa"},
};

static void the_vectors_of_the_rfcs_come_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const struct vector *v = &vectors[i];
        struct sip_challenge challenge = challenge_of(v->challenge);
        struct sip_digest_answer answer = {.user = view_of(v->user),
                                           .password = view_of(v->password),
                                           .method = view_of(v->method),
                                           .uri = view_of(v->uri),
                                           .cnonce = view_of(v->cnonce),
                                           .nc = 1,
                                           .qop = v->qop};
        struct buf buf = {0};
        assert_int_equal(sip_digest_write(&buf, &challenge, &answer), ERR_OK);
        buf_add_char(&buf, '\0');
        struct sip_auth auth = auth_of(buf.ptr);
        struct sip_credentials credentials;
        assert_int_equal(sip_credentials_read(&auth, &arena, &credentials), ERR_OK);
        assert_true(view_equal(credentials.response, view_of(v->response)));
        assert_true(view_equal(credentials.user, view_of(v->username)));
        bool proves = false;
        assert_int_equal(sip_digest_verify(&credentials, answer.user, answer.password,
                                           answer.method, answer.body, &proves),
                         ERR_OK);
        assert_true(proves);
        assert_int_equal(sip_digest_verify(&credentials, answer.user, V("wrong"), answer.method,
                                           answer.body, &proves),
                         ERR_OK);
        assert_false(proves);
        buf_deinit(&buf);
    }
}

/* RFC 7616 §3.9.2 prints 488869477b…, the first 32 bytes of a SHA-512, for this user and realm; the
 * algorithm that it names, SHA-512/256, begins from other values and gives 793263caab…. */
static void a_user_can_be_hashed(void **state)
{
    (void)state;
    struct hex hex;
    assert_int_equal(
        hash_joined(SIP_DIGEST_SHA_512_256,
                    (struct view[]){V("J\xc3\xa4s\xc3\xb8n Doe"), V("api@example.org")}, 2, &hex),
        ERR_OK);
    assert_true(view_equal(hex_view(&hex),
                           V("793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b")));
    struct sip_challenge challenge =
        challenge_of("Digest realm=\"api@example.org\", nonce=\"n\", qop=\"auth\", "
                     "algorithm=SHA-512-256, userhash=true");
    struct sip_digest_answer answer = {.user = V("J\xc3\xa4s\xc3\xb8n Doe"),
                                       .password = V("Secret, or not?"),
                                       .method = V("GET"),
                                       .uri = V("/doe.json"),
                                       .cnonce = V("c"),
                                       .nc = 1,
                                       .qop = SIP_QOP_AUTH};
    struct buf buf = {0};
    assert_int_equal(sip_digest_write(&buf, &challenge, &answer), ERR_OK);
    assert_true(view_find(buf_view(&buf), hex_view(&hex)) < buf.len);
    assert_true(view_find(buf_view(&buf), V("Doe")) == buf.len);
    buf_deinit(&buf);
}

/* Every algorithm, session form and qop proves itself, and no other password, method or body does.
 */
static void every_form_verifies_itself_only(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SIP_DIGEST_ALGORITHM_COUNT * 2 * 3; i++) {
        struct sip_challenge challenge = {.algorithm = (enum sip_digest_algorithm)(i / 6),
                                          .session = i / 3 % 2,
                                          .realm = V("re\"alm"),
                                          .nonce = V("abc"),
                                          .offers_auth = true};
        struct sip_digest_answer answer = {.user = V("bob"),
                                           .password = V("pw"),
                                           .method = V("INVITE"),
                                           .uri = V("sip:x"),
                                           .body = V("v=0"),
                                           .cnonce = V("c"),
                                           .nc = 0x1f,
                                           .qop = (enum sip_digest_qop)(i % 3)};
        struct buf buf = {0};
        assert_int_equal(sip_digest_write(&buf, &challenge, &answer), ERR_OK);
        buf_add_char(&buf, '\0');
        struct sip_auth auth = auth_of(buf.ptr);
        struct sip_credentials c;
        assert_int_equal(sip_credentials_read(&auth, &arena, &c), ERR_OK);
        assert_true(view_equal(c.realm, challenge.realm));
        bool proves = false;
        assert_int_equal(sip_digest_verify(&c, V("bob"), V("pw"), V("INVITE"), V("v=0"), &proves),
                         ERR_OK);
        assert_true(proves);
        assert_int_equal(sip_digest_verify(&c, V("bob"), V("pw"), V("BYE"), V("v=0"), &proves),
                         ERR_OK);
        assert_false(proves);
        assert_int_equal(sip_digest_verify(&c, V("bob"), V("pw"), V("INVITE"), V("v=1"), &proves),
                         ERR_OK);
        assert_int_equal(proves, answer.qop != SIP_QOP_AUTH_INT);
        buf_deinit(&buf);
    }
}

static void a_challenge_is_written_and_read_again(void **state)
{
    (void)state;
    struct sip_challenge challenge = {.algorithm = SIP_DIGEST_SHA_256,
                                      .realm = V("a\\b\"c"),
                                      .nonce = V("n"),
                                      .opaque = V(""),
                                      .offers_auth = true,
                                      .offers_auth_int = true,
                                      .stale = true};
    struct buf buf = {0};
    sip_challenge_write(&buf, &challenge);
    buf_add_char(&buf, '\0');
    struct sip_challenge again = challenge_of(buf.ptr);
    assert_true(view_equal(again.realm, challenge.realm));
    assert_true(again.opaque.ptr != NULL && again.stale && again.offers_auth_int);
    assert_int_equal(again.algorithm, SIP_DIGEST_SHA_256);
    buf_deinit(&buf);
}

/* RFC 8760 §2.4: what is not known is passed over; a lone quote or an empty value reads nothing
 * beyond. */
static void what_cannot_be_met_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        enum err err;
    } cases[] = {
        {"Basic realm=\"x\"",                                ERR_UNSUPPORTED},
        {"Digest realm=\"x\", nonce=\"n\", algorithm=SHA-1", ERR_UNSUPPORTED},
        {"Digest realm=\"x\", nonce=\"n\", qop=\"token\"",   ERR_UNSUPPORTED},
        {"Digest realm=\"x\"",                               ERR_SYNTAX     },
        {"Digest nonce=\"n\", authz_server=x",               ERR_SYNTAX     },
        {"Digest realm=x, nonce=n",                          ERR_OK         },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sip_auth auth = auth_of(cases[i].value);
        struct sip_challenge challenge;
        assert_int_equal(sip_challenge_read(&auth, &arena, &challenge), cases[i].err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_rfcs_come_out),
        cmocka_unit_test(a_user_can_be_hashed),
        cmocka_unit_test(every_form_verifies_itself_only),
        cmocka_unit_test(a_challenge_is_written_and_read_again),
        cmocka_unit_test(what_cannot_be_met_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
