/* Questions to a DNS server on loopback, through c-ares; B41 of reliability.md. */
#include "core/transport/dns_fixture.h"
#include "core/transport/dns_parse.h"
#include "core/transport/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

enum { ALICE = 1, STEP_US = 1000, PATIENCE_US = 10000000, SHORT_US = 20000 };

static struct driver *driver;
static struct dns_server server;

static int open_with(uint64_t patience_us)
{
    dns_server_open(&server);
    assert_int_equal(transport_create(&driver), ERR_OK);
    assert_int_equal(transport_resolver_set(driver, &server.addr, patience_us), ERR_OK);
    return 0;
}

static int open_both(void **state)
{
    (void)state;
    return open_with(0);
}

static int open_impatient(void **state)
{
    (void)state;
    return open_with(SHORT_US);
}

static int close_both(void **state)
{
    (void)state;
    driver->ops->destroy(driver);
    dns_server_close(&server);
    assert_int_equal(mem_live(), 0);
    return 0;
}

static void ask(uint32_t number, struct view name, uint16_t type)
{
    struct effect effect = {.kind = DO_QUERY, .query = number, .name = name, .type = type};
    driver->ops->perform(driver, ALICE, &effect);
}

/* The driver and the server take turns in one process. */
static struct packet answer(void)
{
    struct packet packet;
    uint32_t party;
    uint64_t now_us = driver->ops->now(driver), end_us = now_us + PATIENCE_US;
    while (now_us < end_us) {
        dns_server_serve(&server);
        struct moment until = {now_us + STEP_US, UINT64_MAX};
        if (!driver->ops->wait(driver, until, &now_us, &party, &packet))
            continue;
        assert_int_equal(packet.kind, PACKET_ANSWER);
        assert_int_equal(party, ALICE);
        return packet;
    }
    fail_msg("no answer");
    return packet;
}

static struct dns_record address(uint8_t last)
{
    return (struct dns_record){
        .type = DNS_A, .ttl_s = 60, .ip = {192, 0, 2, last}
    };
}

static void records_of_each_type_are_read(void **state)
{
    (void)state;
    struct dns_record a = address(1), aaaa = {
                                          .type = DNS_AAAA, .ttl_s = 30, .ip = {0x20, 1}
    };
    struct dns_record srv = {
        .type = DNS_SRV, .a = 10, .b = 20, .port = 5070, .name = V("a.example.com")};
    struct dns_record naptr = {.type = DNS_NAPTR,
                               .a = 50,
                               .b = 60,
                               .flags = V("s"),
                               .service = V("SIP+D2T"),
                               .regexp = V(""),
                               .name = V("_sip._tcp.example.com")};
    dns_server_add(&server, V("a.example.com"), &a);
    dns_server_add(&server, V("a.example.com"), &aaaa);
    dns_server_add(&server, V("_sip._udp.example.com"), &srv);
    dns_server_add(&server, V("example.com"), &naptr);

    ask(7, V("A.example.com"), DNS_A);
    struct packet packet = answer();
    assert_int_equal(packet.query, 7);
    assert_int_equal(packet.error, NET_OK);
    assert_int_equal(packet.rcode, DNS_OK);
    assert_true(view_equal(packet.name, V("A.example.com")));
    assert_int_equal(packet.type, DNS_A);
    assert_int_equal(packet.record_count, 1);
    assert_int_equal(packet.records[0].ttl_s, 60);
    assert_memory_equal(packet.records[0].ip, a.ip, 4);
    assert_true(view_equal_nocase(packet.records[0].owner, V("a.example.com")));

    ask(8, V("a.example.com"), DNS_AAAA);
    packet = answer();
    assert_int_equal(packet.record_count, 1);
    assert_memory_equal(packet.records[0].ip, aaaa.ip, 16);

    ask(9, V("_sip._udp.example.com"), DNS_SRV);
    packet = answer();
    assert_int_equal(packet.record_count, 1);
    assert_int_equal(packet.records[0].a, 10);
    assert_int_equal(packet.records[0].b, 20);
    assert_int_equal(packet.records[0].port, 5070);
    assert_true(view_equal(packet.records[0].name, V("a.example.com")));

    ask(10, V("example.com"), DNS_NAPTR);
    packet = answer();
    assert_int_equal(packet.record_count, 1);
    assert_int_equal(packet.records[0].a, 50);
    assert_int_equal(packet.records[0].b, 60);
    assert_true(view_equal(packet.records[0].flags, V("s")));
    assert_true(view_equal(packet.records[0].service, V("SIP+D2T")));
    assert_int_equal(packet.records[0].regexp.len, 0);
    assert_true(view_equal(packet.records[0].name, V("_sip._tcp.example.com")));
}

static void aliases_come_with_what_they_lead_to(void **state)
{
    (void)state;
    struct dns_record a = address(1), cname = {.type = DNS_CNAME, .name = V("host.example.com")};
    dns_server_add(&server, V("www.example.com"), &cname);
    dns_server_add(&server, V("host.example.com"), &a);
    ask(1, V("www.example.com"), DNS_A);
    struct packet packet = answer();
    assert_int_equal(packet.record_count, 2);
    assert_int_equal(packet.records[0].type, DNS_CNAME);
    assert_true(view_equal(packet.records[0].name, V("host.example.com")));
    assert_true(view_equal(packet.records[1].owner, V("host.example.com")));
}

/* With the SOA that says for how long. */
static void what_is_not_there_is_told(void **state)
{
    (void)state;
    dns_server_add(&server, V("empty.example.com"), NULL);
    ask(1, V("none.example.com"), DNS_A);
    struct packet packet = answer();
    assert_int_equal(packet.rcode, DNS_NXDOMAIN);
    assert_int_equal(packet.record_count, 1);
    assert_int_equal(packet.records[0].type, DNS_SOA);
    assert_int_equal(packet.records[0].ttl_s, 50);
    ask(2, V("empty.example.com"), DNS_A);
    packet = answer();
    assert_int_equal(packet.rcode, DNS_OK);
    assert_int_equal(packet.records[0].type, DNS_SOA);
}

static void failures_of_the_server_are_told(void **state)
{
    (void)state;
    struct zone_name *name;
    assert_int_equal(zone_name_add(&server.zone, V("bad.example.com"), &name), ERR_OK);
    name->rcode = DNS_SERVFAIL;
    ask(1, V("bad.example.com"), DNS_A);
    struct packet packet = answer();
    assert_int_equal(packet.error, NET_OK);
    assert_int_equal(packet.rcode, DNS_SERVFAIL);
}

/* Many records: over UDP they are cut, over TCP all are there. */
static void a_hundred_records_come_over_tcp(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < 100; i++) {
        struct dns_record record = address(i);
        dns_server_add(&server, V("many.example.com"), &record);
    }
    server.how = DNS_TRUNCATED;
    ask(1, V("many.example.com"), DNS_A);
    struct packet packet = answer();
    assert_int_equal(packet.record_count, 100);
    for (uint8_t i = 0; i < 100; i++)
        assert_int_equal(packet.records[i].ip[3], i);
    assert_int_equal(server.asked_tcp, 1);
}

static void a_forged_answer_is_not_taken(void **state)
{
    (void)state;
    struct dns_record a = address(1);
    dns_server_add(&server, V("a.example.com"), &a);
    server.how = DNS_FORGED_FIRST;
    ask(1, V("a.example.com"), DNS_A);
    struct packet packet = answer();
    assert_int_equal(packet.record_count, 1);
    assert_int_equal(packet.records[0].ip[3], 1);
}

static void nonsense_is_a_failure(void **state)
{
    (void)state;
    static const enum dns_how ways[] = {DNS_LOOP, DNS_CUT, DNS_NOISE};
    struct dns_record a = address(1);
    dns_server_add(&server, V("a.example.com"), &a);
    for (uint32_t i = 0; i < 3; i++) {
        server.how = ways[i];
        ask(i + 1, V("a.example.com"), DNS_A);
        struct packet packet = answer();
        assert_int_equal(packet.query, i + 1);
        assert_true(packet.error != NET_OK || packet.rcode == DNS_SERVFAIL);
        assert_int_equal(packet.record_count, 0);
    }
}

static void who_says_nothing_times_out(void **state)
{
    (void)state;
    server.how = DNS_SILENT;
    ask(1, V("a.example.com"), DNS_A);
    struct packet packet = answer();
    assert_int_equal(packet.error, NET_TIMEOUT);
    assert_int_equal(server.asked, 2);
}

static void nobody_there_is_a_failure(void **state)
{
    (void)state;
    close(server.udp);
    ask(1, V("a.example.com"), DNS_A);
    server.udp = -1;
    assert_int_equal(answer().error, NET_REFUSED);
}

static void many_questions_are_told_apart(void **state)
{
    (void)state;
    bool seen[50] = {false};
    char name[32];
    for (uint8_t i = 0; i < 50; i++) {
        struct dns_record record = address(i);
        snprintf(name, sizeof name, "n%u.example.com", i);
        dns_server_add(&server, view_of(name), &record);
        ask(i + 1U, view_of(name), DNS_A);
    }
    for (int i = 0; i < 50; i++) {
        struct packet packet = answer();
        assert_in_range(packet.query, 1, 50);
        assert_int_equal(packet.record_count, 1);
        assert_int_equal(packet.records[0].ip[3], packet.query - 1);
        assert_false(seen[packet.query - 1]);
        seen[packet.query - 1] = true;
    }
}

static void questions_may_be_open_at_the_end(void **state)
{
    (void)state;
    struct dns_record a = address(1);
    dns_server_add(&server, V("a.example.com"), &a);
    ask(1, V("a.example.com"), DNS_A);
    ask(2, V("b.example.com"), DNS_SRV);
    (void)answer();
    ask(3, V("c.example.com"), DNS_SRV);
}

/* Each prefix, and each byte turned round: it is read or refused, and nothing beyond it is touched
 * (the copy is as long as what it holds). */
static void any_bytes_may_come(void **state)
{
    (void)state;
    static struct dns_message message;
    static struct zone_reply reply;
    struct dns_record naptr = {.type = DNS_NAPTR,
                               .flags = V("s"),
                               .service = V("SIP+D2U"),
                               .regexp = V("!a!b!"),
                               .name = V("_sip._udp.b.example.com"),
                               .owner = V("example.com")};
    struct buf bytes = {0};
    reply = (struct zone_reply){.record_count = 2};
    reply.records[0] = reply.records[1] = naptr;
    reply.records[1].type = DNS_SRV;
    dns_answer_write(&bytes, 1, V("example.com"), DNS_NAPTR, &reply);
    assert_int_equal(dns_parse(buf_view(&bytes), &message), ERR_OK);
    assert_int_equal(message.record_count, 2);
    for (size_t len = 0; len <= bytes.len; len++) {
        for (int way = 0; way < 3; way++) {
            char *copy = malloc(len == 0 ? 1 : len);
            memcpy(copy, bytes.ptr, len);
            if (len > 0 && way > 0)
                copy[len - 1] = (char)(way == 1 ? ~copy[len - 1] : 0xc0);
            enum err err = dns_parse((struct view){copy, len}, &message);
            assert_true(err == ERR_OK || (err == ERR_SYNTAX && message.record_count == 0));
            free(copy);
        }
    }
    for (size_t i = 0; i < bytes.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes.ptr[i] = (char)(bytes.ptr[i] ^ (1 << bit));
            enum err err = dns_parse(buf_view(&bytes), &message);
            assert_true(err == ERR_OK || err == ERR_SYNTAX);
            bytes.ptr[i] = (char)(bytes.ptr[i] ^ (1 << bit));
        }
    }
    dns_message_deinit(&message);
    buf_deinit(&bytes);
    assert_int_equal(mem_live(), 0);
}

int main(void)
{
#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, open_both, close_both)
    const struct CMUnitTest tests[] = {
        WITH_SERVER(records_of_each_type_are_read),
        WITH_SERVER(aliases_come_with_what_they_lead_to),
        WITH_SERVER(what_is_not_there_is_told),
        WITH_SERVER(failures_of_the_server_are_told),
        WITH_SERVER(a_hundred_records_come_over_tcp),
        WITH_SERVER(a_forged_answer_is_not_taken),
        cmocka_unit_test_setup_teardown(nonsense_is_a_failure, open_impatient, close_both),
        cmocka_unit_test_setup_teardown(who_says_nothing_times_out, open_impatient, close_both),
        WITH_SERVER(nobody_there_is_a_failure),
        WITH_SERVER(many_questions_are_told_apart),
        WITH_SERVER(questions_may_be_open_at_the_end),
        cmocka_unit_test(any_bytes_may_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
