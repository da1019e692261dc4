#include "core/net/zone.h"

#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct zone zone;
static struct zone_reply reply;

static int close_zone(void **state)
{
    (void)state;
    zone_deinit(&zone);
    assert_int_equal(mem_live(), 0);
    return 0;
}

static struct zone_name *add(struct view name)
{
    struct zone_name *added;
    assert_int_equal(zone_name_add(&zone, name, &added), ERR_OK);
    return added;
}

static void add_address(struct zone_name *name, uint8_t last)
{
    struct dns_record record = {
        .type = DNS_A, .ip = {192, 0, 2, last}
    };
    assert_int_equal(zone_record_add(name, &record), ERR_OK);
}

static void add_alias(struct view name, struct view target)
{
    struct dns_record record = {.type = DNS_CNAME, .name = target};
    assert_int_equal(zone_record_add(add(name), &record), ERR_OK);
}

/* RFC 4343; a dot at the end says that the name is whole. */
static void a_name_is_the_same_in_any_case_and_with_a_dot(void **state)
{
    (void)state;
    add_address(add(V("Host.Example.com.")), 1);
    zone_ask(&zone, V("hOST.example.COM"), DNS_A, &reply);
    assert_int_equal(reply.rcode, DNS_OK);
    assert_int_equal(reply.record_count, 1);
    assert_int_equal(reply.records[0].ip[3], 1);
    assert_true(view_equal(reply.records[0].owner, V("host.example.com")));
    assert_non_null(zone_find(&zone, V("host.example.com.")));
    zone_name_remove(&zone, V("HOST.example.com"));
    zone_ask(&zone, V("host.example.com"), DNS_A, &reply);
    assert_int_equal(reply.rcode, DNS_NXDOMAIN);
}

static void what_is_no_name_is_refused(void **state)
{
    static char large[254];
    struct zone_name *name;
    (void)state;
    memset(large, 'a', sizeof large);
    assert_int_equal(zone_name_add(&zone, V(""), &name), ERR_SYNTAX);
    assert_int_equal(zone_name_add(&zone, V("."), &name), ERR_SYNTAX);
    assert_int_equal(zone_name_add(&zone, (struct view){large, 254}, &name), ERR_SYNTAX);
    assert_int_equal(zone_name_add(&zone, (struct view){large, 253}, &name), ERR_OK);
}

static void a_name_that_is_added_again_is_a_new_one(void **state)
{
    (void)state;
    add_address(add(V("a.example")), 1);
    add_address(add(V("b.example")), 2);
    add_address(add(V("a.example")), 3);
    zone_ask(&zone, V("a.example"), DNS_A, &reply);
    assert_int_equal(reply.record_count, 1);
    assert_int_equal(reply.records[0].ip[3], 3);
    const struct zone_name *name = zone_next(&zone, NULL);
    assert_true(view_equal(name->name, V("b.example")));
    assert_null(zone_next(&zone, zone_next(&zone, name)));
}

static void a_name_without_such_records_exists_all_the_same(void **state)
{
    (void)state;
    add_address(add(V("a.example")), 1);
    zone_ask(&zone, V("a.example"), DNS_AAAA, &reply);
    assert_int_equal(reply.rcode, DNS_OK);
    assert_int_equal(reply.record_count, 0);
}

/* RFC 1034 §4.3.2 */
static void aliases_come_with_what_they_lead_to(void **state)
{
    (void)state;
    add_alias(V("www.example"), V("web.example"));
    add_alias(V("web.example"), V("host.example"));
    add_address(add(V("host.example")), 7);
    zone_ask(&zone, V("www.example"), DNS_A, &reply);
    assert_int_equal(reply.record_count, 3);
    assert_int_equal(reply.records[0].type, DNS_CNAME);
    assert_true(view_equal(reply.records[1].owner, V("web.example")));
    assert_int_equal(reply.records[2].ip[3], 7);
    zone_ask(&zone, V("www.example"), DNS_CNAME, &reply);
    assert_int_equal(reply.record_count, 1);
}

static void aliases_in_a_circle_end(void **state)
{
    (void)state;
    add_alias(V("a.example"), V("b.example"));
    add_alias(V("b.example"), V("a.example"));
    zone_ask(&zone, V("a.example"), DNS_A, &reply);
    assert_int_equal(reply.rcode, DNS_OK);
    assert_true(reply.record_count > 0 && reply.record_count < ZONE_RECORDS_MAX);
    assert_int_equal(reply.records[reply.record_count - 1].type, DNS_CNAME);
}

/* Of those on the way the first that fails decides; what it takes is added up. */
static void delays_failures_and_silence_are_told(void **state)
{
    (void)state;
    add_alias(V("www.example"), V("host.example"));
    ((struct zone_name *)zone_find(&zone, V("www.example")))->delay_us = 100;
    struct zone_name *host = add(V("host.example"));
    add_address(host, 1);
    host->delay_us = 50;
    zone_ask(&zone, V("www.example"), DNS_A, &reply);
    assert_int_equal(reply.delay_us, 150);
    assert_int_equal(reply.record_count, 2);
    host->rcode = DNS_SERVFAIL;
    zone_ask(&zone, V("www.example"), DNS_A, &reply);
    assert_int_equal(reply.rcode, DNS_SERVFAIL);
    host->rcode = DNS_OK;
    host->silent = true;
    zone_ask(&zone, V("www.example"), DNS_A, &reply);
    assert_true(reply.silent);
}

static void records_of_a_name_are_bounded(void **state)
{
    struct dns_record record = {.type = DNS_A};
    struct zone_name *name = add(V("a.example"));
    (void)state;
    for (int i = 0; i < ZONE_RECORDS_MAX; i++)
        add_address(name, (uint8_t)i);
    assert_int_equal(zone_record_add(name, &record), ERR_LIMIT);
    zone_ask(&zone, V("a.example"), DNS_A, &reply);
    assert_int_equal(reply.record_count, ZONE_RECORDS_MAX);
}

static enum err fill(void *ctx)
{
    struct zone own = {0};
    struct zone_name *name;
    struct dns_record record = {.type = DNS_NAPTR,
                                .name = V("_sip._udp.example"),
                                .flags = V("s"),
                                .service = V("SIP+D2U"),
                                .regexp = V("")};
    (void)ctx;
    enum err err = zone_name_add(&own, V("example"), &name);
    if (err == ERR_OK)
        err = zone_record_add(name, &record);
    zone_deinit(&own);
    return err;
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    test_each_oom(fill, NULL);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_teardown(function, close_zone)
    const struct CMUnitTest tests[] = {
        TEST(a_name_is_the_same_in_any_case_and_with_a_dot),
        TEST(what_is_no_name_is_refused),
        TEST(a_name_that_is_added_again_is_a_new_one),
        TEST(a_name_without_such_records_exists_all_the_same),
        TEST(aliases_come_with_what_they_lead_to),
        TEST(aliases_in_a_circle_end),
        TEST(delays_failures_and_silence_are_told),
        TEST(records_of_a_name_are_bounded),
        TEST(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
