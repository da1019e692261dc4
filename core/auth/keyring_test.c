#include "core/auth/keyring.h"

#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct sip_challenge challenge_of(const char *realm, const char *nonce)
{
    return (struct sip_challenge){
        .realm = view_of(realm), .nonce = view_of(nonce), .offers_auth = true};
}

static uint32_t account(struct keyring *keyring, const char *user, const char *realm, bool shared)
{
    struct sip_account given = {view_of(user), V("secret"), view_of(realm)};
    uint32_t number;
    assert_int_equal(keyring_add(keyring, &given, shared, &number), ERR_OK);
    return number;
}

static enum err meet(struct keyring *keyring, const char *realm, const char *nonce)
{
    uint32_t space;
    struct sip_challenge challenge = challenge_of(realm, nonce);
    return keyring_meet(keyring, 0, &challenge, false, &space);
}

static const struct keyring_request request = {
    .method = {"REGISTER", 8},
      .uri = {"sip:a",    5},
      .cnonce = {"c",        1}
};

static bool says(struct keyring *keyring, uint32_t space, const char *what)
{
    struct buf buf = {0};
    assert_int_equal(keyring_answer(keyring, space, &request, &buf), ERR_OK);
    bool found = view_find(buf_view(&buf), view_of(what)) < buf.len;
    buf_deinit(&buf);
    return found;
}

/* CVE-2021-41158: an answer to a realm of somebody else's is a hash for him to try passwords on. */
static void a_foreign_realm_gets_no_answer(void **state)
{
    (void)state;
    struct keyring keyring = {0};
    account(&keyring, "bob", "biloxi.com", true);
    assert_int_equal(meet(&keyring, "atlanta.com", "1"), ERR_ABSENT);
    assert_int_equal(meet(&keyring, "Biloxi.com", "1"), ERR_ABSENT);
    assert_int_equal(meet(&keyring, "biloxi.com", "1"), ERR_OK);
    keyring_deinit(&keyring);
}

static void an_account_without_a_realm_is_for_the_first_that_asks(void **state)
{
    (void)state;
    struct keyring keyring = {0};
    account(&keyring, "bob", NULL, true);
    assert_int_equal(meet(&keyring, "biloxi.com", "1"), ERR_OK);
    assert_int_equal(meet(&keyring, "atlanta.com", "1"), ERR_ABSENT);
    assert_int_equal(meet(&keyring, "biloxi.com", "2"), ERR_OK);
    keyring_deinit(&keyring);
}

static void each_realm_gets_its_own_user(void **state)
{
    (void)state;
    uint32_t space;
    struct keyring keyring = {0};
    account(&keyring, "any", NULL, true);
    account(&keyring, "bob", "biloxi.com", true);
    struct sip_challenge biloxi = challenge_of("biloxi.com", "1"), other = challenge_of("x", "1");
    assert_int_equal(keyring_meet(&keyring, 0, &biloxi, false, &space), ERR_OK);
    assert_true(says(&keyring, space, "username=\"bob\""));
    assert_int_equal(keyring_meet(&keyring, 0, &other, false, &space), ERR_OK);
    assert_true(says(&keyring, space, "username=\"any\""));
    keyring_deinit(&keyring);
}

static void what_is_not_shared_is_for_who_names_it(void **state)
{
    (void)state;
    uint32_t space;
    struct keyring keyring = {0};
    struct sip_challenge challenge = challenge_of("biloxi.com", "1");
    uint32_t own = account(&keyring, "carol", NULL, false);
    assert_int_equal(keyring_meet(&keyring, 0, &challenge, false, &space), ERR_ABSENT);
    assert_int_equal(keyring_meet(&keyring, own, &challenge, false, &space), ERR_OK);
    assert_false(keyring_find(&keyring, 0, challenge.realm, false, &space));
    assert_true(keyring_find(&keyring, own, challenge.realm, false, &space));
    keyring_deinit(&keyring);
}

/* sofia-sip 54981e1: the count begins anew with a new nonce, whether it is said to be stale or not.
 */
static void each_nonce_is_counted_from_1_on(void **state)
{
    (void)state;
    uint32_t space;
    struct keyring keyring = {0};
    account(&keyring, "bob", NULL, true);
    struct sip_challenge challenge = challenge_of("biloxi.com", "1");
    assert_int_equal(keyring_meet(&keyring, 0, &challenge, false, &space), ERR_OK);
    assert_true(says(&keyring, space, "nc=00000001"));
    assert_true(says(&keyring, space, "nc=00000002"));
    assert_int_equal(keyring_meet(&keyring, 0, &challenge, false, &space), ERR_OK);
    assert_true(says(&keyring, space, "nc=00000003"));
    challenge.nonce = V("2");
    assert_int_equal(keyring_meet(&keyring, 0, &challenge, false, &space), ERR_OK);
    assert_true(says(&keyring, space, "nc=00000001"));
    keyring_deinit(&keyring);
}

static void a_proxy_of_the_realm_is_another_space(void **state)
{
    (void)state;
    uint32_t server, proxy;
    struct keyring keyring = {0};
    account(&keyring, "bob", NULL, true);
    struct sip_challenge challenge = challenge_of("biloxi.com", "1");
    assert_int_equal(keyring_meet(&keyring, 0, &challenge, false, &server), ERR_OK);
    assert_int_equal(keyring_meet(&keyring, 0, &challenge, true, &proxy), ERR_OK);
    assert_int_not_equal(server, proxy);
    assert_true(keyring_proxy(&keyring, proxy));
    assert_false(keyring_proxy(&keyring, server));
    keyring_deinit(&keyring);
}

static void a_qop_is_sent_where_one_was_offered(void **state)
{
    (void)state;
    uint32_t space;
    struct keyring keyring = {0};
    account(&keyring, "bob", NULL, true);
    struct sip_challenge challenge = challenge_of("biloxi.com", "1");
    challenge.offers_auth_int = true;
    assert_int_equal(keyring_meet(&keyring, 0, &challenge, false, &space), ERR_OK);
    assert_true(says(&keyring, space, "qop=auth,"));
    challenge.offers_auth = false;
    assert_int_equal(keyring_meet(&keyring, 0, &challenge, false, &space), ERR_OK);
    assert_true(says(&keyring, space, "qop=auth-int,"));
    challenge.offers_auth_int = false;
    assert_int_equal(keyring_meet(&keyring, 0, &challenge, false, &space), ERR_OK);
    assert_false(says(&keyring, space, "qop="));
    keyring_deinit(&keyring);
}

/* B63 */
static void a_nonce_of_64_KiB_and_a_33rd_realm_are_refused(void **state)
{
    (void)state;
    struct keyring keyring = {0};
    size_t len = 65536;
    char *nonce = calloc(1, len + 1), realm[] = "realm A";
    memset(nonce, 'n', len);
    account(&keyring, "bob", NULL, true);
    assert_int_equal(meet(&keyring, "x", nonce), ERR_LIMIT);
    keyring.any_realm = true;
    for (int i = 0; i < KEYRING_SPACES_MAX; i++, realm[6]++)
        assert_int_equal(meet(&keyring, realm, "1"), ERR_OK);
    assert_int_equal(meet(&keyring, realm, "1"), ERR_LIMIT);
    free(nonce);
    keyring_deinit(&keyring);
}

static enum err all_of_it(void *ctx)
{
    struct keyring keyring = {0};
    struct sip_account given = {V("bob"), V("secret"), {0}};
    struct buf buf = {0};
    uint32_t number, space;
    struct sip_challenge challenge = challenge_of("biloxi.com", "1");
    (void)ctx;
    enum err err = keyring_add(&keyring, &given, true, &number);
    if (err == ERR_OK)
        err = keyring_meet(&keyring, 0, &challenge, false, &space);
    if (err == ERR_OK)
        err = keyring_answer(&keyring, space, &request, &buf);
    buf_deinit(&buf);
    keyring_deinit(&keyring);
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
        cmocka_unit_test(a_foreign_realm_gets_no_answer),
        cmocka_unit_test(an_account_without_a_realm_is_for_the_first_that_asks),
        cmocka_unit_test(each_realm_gets_its_own_user),
        cmocka_unit_test(what_is_not_shared_is_for_who_names_it),
        cmocka_unit_test(each_nonce_is_counted_from_1_on),
        cmocka_unit_test(a_proxy_of_the_realm_is_another_space),
        cmocka_unit_test(a_qop_is_sent_where_one_was_offered),
        cmocka_unit_test(a_nonce_of_64_KiB_and_a_33rd_realm_are_refused),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
