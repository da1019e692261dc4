#include "harness/target/target.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena arena;
static struct buf complaint;

static int teardown(void **state)
{
    (void)state;
    arena_deinit(&arena);
    buf_deinit(&complaint);
    return 0;
}

static void a_uri_says_where_and_how(void **state)
{
    static const struct {
        const char *uri, *addr;
        enum proto proto;
    } rows[] = {
        {"sip:100@127.0.0.1:5070",                     "127.0.0.1:5070", PROTO_UDP},
        {"sip:127.0.0.1",                              "127.0.0.1:5060", PROTO_UDP},
        {"sip:a@[::1]:5070",                           "[::1]:5070",     PROTO_UDP},
        {"sip:a@127.0.0.1;transport=tcp",              "127.0.0.1:5060", PROTO_TCP},
        {"sips:a@127.0.0.1",                           "127.0.0.1:5061", PROTO_TLS},
        {"sip:a@127.0.0.1:7;transport=carrier-pigeon", "127.0.0.1:7",    PROTO_UDP},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct target target = {0};
        char room[ADDR_TEXT_MAX];
        assert_int_equal(target_uri_set(&target, view_of(rows[i].uri), &arena, &complaint), ERR_OK);
        assert_true(view_equal(target.uri, view_of(rows[i].uri)));
        assert_true(view_equal(addr_text(&target.addr, room), view_of(rows[i].addr)));
        assert_int_equal(target.proto, rows[i].proto);
    }
}

static void what_is_no_target_is_refused(void **state)
{
    static const char *const uris[] = {"",
                                       "sip:",
                                       "100@127.0.0.1",
                                       "tel:+1234",
                                       "http://127.0.0.1",
                                       "sip:a@phone.example.com",
                                       "sip:a@127.0.0.1:99999"};

    (void)state;
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        struct target target = {0};
        buf_clear(&complaint);
        assert_int_equal(target_uri_set(&target, view_of(uris[i]), &arena, &complaint), ERR_SYNTAX);
        assert_true(complaint.len > 0);
    }
}

static void what_it_does_not_claim_it_lacks(void **state)
{
    static const struct view roles[] =
        {
            {"uas", 3}
    },
                             supports[] = {{"udp", 3}, {"100rel", 6}};
    struct target target = {
        .claims = true, .roles = roles, .role_count = 1, .supports = supports, .support_count = 2};

    (void)state;
    assert_true(target_supports(&target, V("uas")));
    assert_true(target_supports(&target, V("100REL")));
    assert_false(target_supports(&target, V("uac")));
    assert_false(target_supports(&target, V("trigger:call")));
    assert_false(target_supports(&target, V("auto_answer")));
    target.auto_answer = true;
    assert_true(target_supports(&target, V("auto_answer")));
    assert_true(target_supports(&target, V("trigger:answer")));
    assert_true(target_supports(&(struct target){0}, V("uac")));
    assert_false(target_supports(&(struct target){0}, V("trigger:call")));
}

static void an_agent_listens_where_it_was_told_to(void **state)
{
    struct target_bind binds[2] = {{.agent = V("")}, {.agent = V("reg")}};
    struct target target = {.binds = binds, .bind_count = 2};

    (void)state;
    assert_int_equal(addr_parse(V("127.0.0.1"), &binds[0].addr), ERR_OK);
    assert_int_equal(addr_parse(V("127.0.0.2:5080"), &binds[1].addr), ERR_OK);
    assert_int_equal(target_bind_of(&target, V("reg")).port, 5080);
    assert_int_equal(target_bind_of(&target, V("alice")).ip[3], 1);
    assert_int_equal(target_bind_of(&(struct target){0}, V("alice")).family, 0);
}

static void the_clock_is_the_targets_or_the_usual_one(void **state)
{
    struct target target = {.tolerance_us = 1000, .patience_us = 2000};

    (void)state;
    assert_true(target_clock(NULL).real);
    assert_int_equal(target_clock(NULL).tolerance_us, 20000);
    assert_int_equal(target_clock(NULL).tolerance_ppm, 50000);
    assert_int_equal(target_clock(NULL).patience_us, 32000000);
    assert_int_equal(target_clock(&target).tolerance_us, 1000);
    assert_int_equal(target_clock(&target).tolerance_ppm, 0);
    assert_int_equal(target_clock(&target).patience_us, 2000);
}

static void what_is_excluded_has_a_reason(void **state)
{
    (void)state;
    static const struct target_exclude excludes[] = {
        {{"UAS-005", 7}, {"ticket 17", 9}}
    };
    static const struct target_account accounts[] = {
        {{"1001", 4}, {"u", 1}, {"p", 1}}
    };
    struct target target = {
        .excludes = excludes, .exclude_count = 1, .accounts = accounts, .account_count = 1};
    assert_true(view_equal(target_excludes(&target, V("UAS-005")), V("ticket 17")));
    assert_null(target_excludes(&target, V("UAS-006")).ptr);
    assert_true(view_equal(target_account_find(&target, V("1001"))->user, V("u")));
    assert_null(target_account_find(&target, V("1002")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_uri_says_where_and_how, teardown),
        cmocka_unit_test_teardown(what_is_no_target_is_refused, teardown),
        cmocka_unit_test(what_it_does_not_claim_it_lacks),
        cmocka_unit_test(an_agent_listens_where_it_was_told_to),
        cmocka_unit_test(the_clock_is_the_targets_or_the_usual_one),
        cmocka_unit_test(what_is_excluded_has_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
