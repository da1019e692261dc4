#include "core/auth/verify.h"

#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define MINUTE_US (60 * US_PER_S)

static const struct sip_user users[] = {
    {{"bob", 3},   {"zanzibar", 8}},
    {{"alice", 5}, {"open", 4}    },
};

struct desk { /* a verifier, and what a client of it knows */
    struct verifier *verifier;
    struct arena arena;
    struct sip_row rows[VERIFY_ALGORITHMS_MAX];
    size_t row_count;
    uint64_t now_us;
};

static void desk_open(struct desk *desk, struct verifier_options options)
{
    *desk = (struct desk){0};
    options.realm = V("biloxi.com");
    options.users = users;
    options.user_count = 2;
    options.rng = (struct rng){7};
    assert_int_equal(verifier_create(&options, &desk->verifier), ERR_OK);
}

static void desk_close(struct desk *desk)
{
    verifier_destroy(desk->verifier);
    arena_deinit(&desk->arena);
}

static void challenge(struct desk *desk, bool stale)
{
    assert_int_equal(verifier_challenge(desk->verifier, desk->now_us, stale,
                                        SIP_HEADER_WWW_AUTHENTICATE, &desk->arena, desk->rows,
                                        &desk->row_count),
                     ERR_OK);
}

static struct sip_msg *message(const char *method, const char *rows, const char *body)
{
    char text[2048];
    struct sip_msg *msg;
    snprintf(text, sizeof text,
             "%s sip:biloxi.com SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nCall-ID: 1\r\nCSeq: 1 %s\r\n"
             "From: <sip:bob@biloxi.com>;tag=1\r\nTo: <sip:bob@biloxi.com>\r\n%s"
             "Content-Length: %zu\r\n\r\n%s",
             method, method, rows, strlen(body), body);
    struct blob *blob = blob_create(view_of(text));
    assert_non_null(blob);
    assert_int_equal(sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    blob_unref(blob);
    return msg;
}

struct proof { /* what a client sends; the rest is right */
    size_t row;
    const char *user, *password, *method, *body;
    uint32_t nc;
    enum sip_digest_qop qop;
};
static const struct proof good = {.user = "bob",
                                  .password = "zanzibar",
                                  .method = "REGISTER",
                                  .body = "",
                                  .nc = 1,
                                  .qop = SIP_QOP_AUTH};

/* "Authorization: Digest …" that meets the row of the challenge. */
static void credentials(struct desk *desk, const struct proof *proof, char *out, size_t size)
{
    char row[1024];
    struct sip_challenge met;
    struct buf buf = {0};
    snprintf(row, sizeof row, "WWW-Authenticate: %.*s\r\n", VIEW_ARG(desk->rows[proof->row].value));
    struct sip_msg *carrier = message("REGISTER", row, "");
    const struct sip_auth *auth = sip_msg_get(carrier, SIP_HEADER_WWW_AUTHENTICATE, 0);
    assert_int_equal(sip_challenge_read(auth, &desk->arena, &met), ERR_OK);
    struct sip_digest_answer answer = {.user = view_of(proof->user),
                                       .password = view_of(proof->password),
                                       .method = view_of(proof->method),
                                       .uri = V("sip:biloxi.com"),
                                       .body = view_of(proof->body),
                                       .cnonce = V("0a4f113b"),
                                       .nc = proof->nc,
                                       .qop = proof->qop};
    assert_int_equal(sip_digest_write(&buf, &met, &answer), ERR_OK);
    snprintf(out, size, "Authorization: %.*s\r\n", VIEW_ARG(buf_view(&buf)));
    buf_deinit(&buf);
    sip_msg_unref(carrier);
}

static struct sip_verified check_rows(struct desk *desk, const struct proof *proof,
                                      const char *rows)
{
    struct sip_verified who;
    struct sip_msg *request = message(proof->method, rows, proof->body);
    verifier_check(desk->verifier, desk->now_us, request, SIP_HEADER_AUTHORIZATION, &who);
    sip_msg_unref(request);
    return who;
}

static struct sip_verified check(struct desk *desk, const struct proof *proof)
{
    char row[1024];
    credentials(desk, proof, row, sizeof row);
    return check_rows(desk, proof, row);
}

static void the_right_password_is_good_and_names_its_user(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, (struct verifier_options){0});
    challenge(&desk, false);
    struct sip_verified who = check(&desk, &good);
    assert_int_equal(who.result, VERIFY_GOOD);
    assert_true(view_equal(who.user, V("bob")));
    desk_close(&desk);
}

static void a_challenge_lists_the_algorithms_in_order_with_one_nonce(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, (struct verifier_options){
                         .choices = {{SIP_DIGEST_SHA_256, false},
                                     {SIP_DIGEST_SHA_512_256, true},
                                     {SIP_DIGEST_MD5, false}},
                         .choice_count = 3
    });
    challenge(&desk, true);
    assert_int_equal(desk.row_count, 3);
    static const char *const algorithms[] = {"algorithm=SHA-256,", "algorithm=SHA-512-256-sess,",
                                             "algorithm=MD5,"};
    for (size_t i = 0; i < 3; i++) {
        struct proof proof = good;
        assert_true(view_find(desk.rows[i].value, view_of(algorithms[i])) < desk.rows[i].value.len);
        assert_true(view_find(desk.rows[i].value, V("stale=true")) < desk.rows[i].value.len);
        proof.row = i;
        proof.nc = (uint32_t)i + 1; /* the nonce is one, and so is its count */
        assert_int_equal(check(&desk, &proof).result, VERIFY_GOOD);
    }
    desk_close(&desk);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    struct desk desk;
    struct proof password = good, user = good, method = good, zero = good, integrity = good;
    password.password = "Zanzibar";
    user.user = "carol";
    zero.nc = 0;
    integrity.qop = SIP_QOP_AUTH_INT;
    desk_open(&desk, (struct verifier_options){0});
    challenge(&desk, false);
    assert_string_equal(check(&desk, &password).why, "the password is wrong");
    assert_string_equal(check(&desk, &user).why, "nobody of that name is known");
    assert_string_equal(check(&desk, &zero).why, "the nonce count is no number from 1 on");
    assert_string_equal(check(&desk, &integrity).why, "the qop is not one that was asked for");
    char row[1024];
    credentials(&desk, &good, row, sizeof row);
    method.method = "INVITE"; /* the proof was of a REGISTER */
    assert_string_equal(check_rows(&desk, &method, row).why, "the password is wrong");
    assert_int_equal(check_rows(&desk, &good, row).result, VERIFY_GOOD);
    desk_close(&desk);
}

static void without_credentials_of_this_realm_there_are_none(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, (struct verifier_options){0});
    static const char *const rows[] = {
        "",
        "Authorization: Basic Ym9iOnphbnppYmFy\r\n",
        ("Authorization: Digest username=\"bob\", realm=\"atlanta.com\", nonce=\"1\", "
         "uri=\"sip:biloxi.com\", response=\"6629fae49393a05397450978507c4ef1\"\r\n"),
        "Authorization: Digest realm=\"biloxi.com\"\r\n",
        "Authorization: Digest username=b, realm=\"\r\n",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(check_rows(&desk, &good, rows[i]).result, VERIFY_MISSING);
    desk_close(&desk);
}

/* Each row of another realm is passed over, RFC 3261 §22.3. */
static void the_row_of_this_realm_is_found_among_others(void **state)
{
    (void)state;
    struct desk desk;
    char row[1024], rows[2048];
    desk_open(&desk, (struct verifier_options){0});
    challenge(&desk, false);
    credentials(&desk, &good, row, sizeof row);
    snprintf(rows, sizeof rows,
             "Authorization: Digest username=\"bob\", realm=\"a\", nonce=\"1\", uri=\"sip:a\", "
             "response=\"6629fae49393a05397450978507c4ef1\"\r\n%s",
             row);
    assert_int_equal(check_rows(&desk, &good, rows).result, VERIFY_GOOD);
    desk_close(&desk);
}

static void a_count_is_good_once(void **state)
{
    (void)state;
    struct desk desk;
    struct proof next = good;
    desk_open(&desk, (struct verifier_options){0});
    challenge(&desk, false);
    assert_int_equal(check(&desk, &good).result, VERIFY_GOOD);
    struct sip_verified again = check(&desk, &good);
    assert_int_equal(again.result, VERIFY_STALE);
    assert_string_equal(again.why, "the nonce count was used before");
    next.nc = 3; /* gaps are fine: a request got lost */
    assert_int_equal(check(&desk, &next).result, VERIFY_GOOD);
    next.nc = 2;
    assert_int_equal(check(&desk, &next).result, VERIFY_STALE);
    desk_close(&desk);
}

static void a_nonce_is_over_after_its_life_or_when_forgotten(void **state)
{
    (void)state;
    struct desk desk;
    struct proof next = good;
    desk_open(&desk, (struct verifier_options){.nonce_life_us = MINUTE_US});
    challenge(&desk, false);
    desk.now_us = MINUTE_US - 1;
    assert_int_equal(check(&desk, &good).result, VERIFY_GOOD);
    next.nc = 2;
    desk.now_us = MINUTE_US;
    assert_string_equal(check(&desk, &next).why, "the nonce is over");
    challenge(&desk, true);
    assert_int_equal(check(&desk, &good).result, VERIFY_GOOD);
    verifier_forget(desk.verifier);
    assert_int_equal(check(&desk, &next).result, VERIFY_STALE);
    desk_close(&desk);
}

/* With the wrong password nothing is learnt of the nonce, and no count is used up. */
static void only_a_right_proof_is_stale_or_counted(void **state)
{
    (void)state;
    struct desk desk;
    struct proof proof = good;
    desk_open(&desk, (struct verifier_options){0});
    challenge(&desk, false);
    proof.password = "wrong";
    assert_int_equal(check(&desk, &proof).result, VERIFY_WRONG);
    assert_int_equal(check(&desk, &good).result, VERIFY_GOOD);
    verifier_forget(desk.verifier);
    assert_int_equal(check(&desk, &proof).result, VERIFY_WRONG);
    desk_close(&desk);
}

static void more_nonces_than_are_kept_push_out_the_oldest(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, (struct verifier_options){.nonce_limit = 100});
    challenge(&desk, false);
    struct sip_row oldest = desk.rows[0];
    for (int i = 0; i < 99; i++)
        challenge(&desk, false);
    struct sip_row newest = desk.rows[0];
    desk.rows[0] = oldest;
    assert_int_equal(check(&desk, &good).result, VERIFY_GOOD);
    challenge(&desk, false);
    desk.rows[0] = oldest;
    assert_string_equal(check(&desk, &good).why, "the nonce is over");
    desk.rows[0] = newest;
    assert_int_equal(check(&desk, &good).result, VERIFY_GOOD);
    desk_close(&desk);
}

/* RFC 8760 §2.6: the hash is of the body, and of "" where there is none. */
static void with_auth_int_the_body_counts(void **state)
{
    (void)state;
    struct desk desk;
    char row[1024];
    struct proof proof = good, changed;
    desk_open(&desk, (struct verifier_options){.auth_int = true});
    challenge(&desk, false);
    proof.qop = SIP_QOP_AUTH_INT;
    assert_int_equal(check(&desk, &proof).result, VERIFY_GOOD);
    proof.nc = 2;
    proof.body = "hello";
    credentials(&desk, &proof, row, sizeof row);
    changed = proof;
    changed.body = "hallo";
    assert_int_equal(check_rows(&desk, &changed, row).result, VERIFY_WRONG);
    assert_int_equal(check_rows(&desk, &proof, row).result, VERIFY_GOOD);
    proof.nc = 3;
    proof.qop = SIP_QOP_AUTH;
    assert_string_equal(check(&desk, &proof).why, "the qop is not one that was asked for");
    desk_close(&desk);
}

static enum err all_of_it(void *ctx)
{
    struct desk desk = {0};
    struct verifier_options options = {.realm = V("biloxi.com"), .users = users, .user_count = 2};
    (void)ctx;
    enum err err = verifier_create(&options, &desk.verifier);
    if (err == ERR_OK)
        err = verifier_challenge(desk.verifier, 0, false, SIP_HEADER_WWW_AUTHENTICATE, &desk.arena,
                                 desk.rows, &desk.row_count);
    desk_close(&desk);
    return err;
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    test_each_oom(all_of_it, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_password_is_good_and_names_its_user),
        cmocka_unit_test(a_challenge_lists_the_algorithms_in_order_with_one_nonce),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(without_credentials_of_this_realm_there_are_none),
        cmocka_unit_test(the_row_of_this_realm_is_found_among_others),
        cmocka_unit_test(a_count_is_good_once),
        cmocka_unit_test(a_nonce_is_over_after_its_life_or_when_forgotten),
        cmocka_unit_test(only_a_right_proof_is_stale_or_counted),
        cmocka_unit_test(more_nonces_than_are_kept_push_out_the_oldest),
        cmocka_unit_test(with_auth_int_the_body_counts),
        cmocka_unit_test(without_memory_it_says_so),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sip_msg_pool_drop();
    return failed;
}
