/* reliability.md B41: answers that fail, lie, loop, are too many, or never come; what is kept, and
 * for how long. */
#include "core/locate/locate_fixture.h"
#include "core/locate/srv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>

static void what_is_not_there_is_nowhere(void **state)
{
    (void)state;
    dns_open("broken.example FAILS 2\nsilent.example SILENT");
    dns_expect("sip:none.example", "");
    dns_expect("sip:broken.example", "");
    dns_expect("sip:silent.example:5060", "");
    dns_close();
}

static void a_failure_leads_to_the_next_question(void **state)
{
    (void)state;
    dns_open("_sip._udp.example.com SILENT\n_sip._tcp.example.com FAILS 5\n"
             "example.com A 192.0.2.1");
    dns_expect("sip:example.com", "udp 192.0.2.1:5060");
    dns_close();
}

static void cnames_are_followed_but_not_for_ever(void **state)
{
    (void)state;
    dns_open("a.example CNAME b.example\nb.example CNAME C.example.\nc.example A 192.0.2.1\n"
             "loop.example CNAME pool.example\npool.example CNAME loop.example\n"
             "self.example CNAME self.example\n"
             "_sip._udp.d.example CNAME _sip._udp.e.example\n"
             "_sip._udp.e.example SRV 0 0 5077 a.example");
    dns_expect("sip:a.example:5060", "udp 192.0.2.1:5060");
    dns_expect("sip:loop.example:5060", "");
    dns_expect("sip:self.example:5060", "");
    dns_expect("sip:d.example;transport=udp", "udp 192.0.2.1:5077");
    dns_close();
}

/* One CNAME an answer, as servers of different zones give them: each asks the next name. */
static void a_chain_over_many_answers_ends(void **state)
{
    (void)state;
    struct handle lookup;
    struct locate_question question;
    struct locate_target target;
    int asked = 0;
    dns_open("");
    assert_int_equal(dns_begin("sip:n0.example:5060", &lookup), ERR_OK);
    while (locate_question(dns.locate, &question)) {
        char next[32];
        snprintf(next, sizeof next, "n%d.example", ++asked);
        struct dns_record cname = {.type = DNS_CNAME, .ttl_s = 60, .name = view_of(next)};
        struct packet packet = {
            .kind = PACKET_ANSWER, .query = question.number, .records = &cname, .record_count = 1};
        assert_int_equal(locate_answer(dns.locate, 0, &packet), ERR_OK);
        assert_true(asked < 20);
    }
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATE_NONE);
    dns_close();
}

/* An answer that is not worth keeping leads by way of one that is back to itself. */
static void a_loop_through_an_answer_of_no_time_ends(void **state)
{
    (void)state;
    struct handle lookup;
    struct locate_question question;
    struct locate_target target;
    int asked = 0;
    dns_open("");
    dns.ip6 = dns.ip4; /* two questions for each name */
    assert_int_equal(dns_begin("sip:a.example:5060", &lookup), ERR_OK);
    while (locate_question(dns.locate, &question)) {
        bool first = view_equal(question.name, V("a.example"));
        struct dns_record cname = {.type = DNS_CNAME,
                                   .ttl_s = first ? 60 : 0,
                                   .name = first ? V("b.example") : V("a.example")};
        struct packet packet = {
            .kind = PACKET_ANSWER, .query = question.number, .records = &cname, .record_count = 1};
        assert_int_equal(locate_answer(dns.locate, 0, &packet), ERR_OK);
        assert_true(++asked < 20);
    }
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATE_NONE);
    dns_close();
}

static struct dns_record address(uint8_t last)
{
    return (struct dns_record){
        .type = DNS_A, .ip = {192, 0, 2, last}
    };
}

static void a_hundred_records_are_too_many(void **state)
{
    (void)state;
    struct handle lookup;
    struct locate_question question;
    struct locate_target target;
    struct dns_record records[100];
    int count = 0;
    dns_open("");
    for (uint8_t i = 0; i < 100; i++)
        records[i] = address(i);
    assert_int_equal(dns_begin("sip:many.example:5060", &lookup), ERR_OK);
    assert_true(locate_question(dns.locate, &question));
    struct packet packet = {
        .kind = PACKET_ANSWER, .query = question.number, .records = records, .record_count = 100};
    assert_int_equal(locate_answer(dns.locate, 0, &packet), ERR_OK);
    while (locate_take(dns.locate, lookup, &target) == LOCATED)
        assert_int_equal(target.addr.ip[3], count++);
    assert_int_equal(count, 16);
    dns_close();
}

static void records_of_others_are_passed_over(void **state)
{
    (void)state;
    struct handle lookup;
    struct locate_question question;
    struct locate_target target;
    struct dns_record records[] = {address(1), address(2), address(3)};
    dns_open("");
    records[0].owner = V("evil.example");
    records[1].owner = V("GOOD.example.");
    records[2].type = DNS_AAAA;
    assert_int_equal(dns_begin("sip:good.example:5060", &lookup), ERR_OK);
    assert_true(locate_question(dns.locate, &question));
    struct packet packet = {
        .kind = PACKET_ANSWER, .query = question.number, .records = records, .record_count = 3};
    assert_int_equal(locate_answer(dns.locate, 0, &packet), ERR_OK);
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATED);
    assert_int_equal(target.addr.ip[3], 2);
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATE_NONE);
    dns_close();
}

static void an_answer_that_nobody_waits_for_does_nothing(void **state)
{
    (void)state;
    struct handle lookup;
    struct locate_target target;
    struct dns_record record = address(1);
    dns_open("a.example A 192.0.2.7");
    struct packet packet = {.kind = PACKET_ANSWER, .records = &record, .record_count = 1};
    assert_int_equal(dns_begin("sip:a.example:5060", &lookup), ERR_OK);
    for (packet.query = 0; packet.query < 100; packet.query++)
        if (packet.query != 1)
            assert_int_equal(locate_answer(dns.locate, 0, &packet), ERR_OK);
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATE_WAITS);
    dns_answer_all();
    packet.query = 1; /* and a second one */
    assert_int_equal(locate_answer(dns.locate, 0, &packet), ERR_OK);
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATED);
    assert_int_equal(target.addr.ip[3], 7);
    dns_close();
}

static void no_name_is_not_asked_for(void **state)
{
    (void)state;
    struct buf uri = {0};
    dns_open("");
    buf_printf(&uri, "sip:%064d.example:5060%c", 1, '\0');
    dns_expect(uri.ptr, "");
    buf_clear(&uri);
    buf_printf(&uri, "sip:%060d.%060d.%060d.%060d.%060d:5060%c", 1, 2, 3, 4, 5, '\0');
    dns_expect(uri.ptr, "");
    buf_deinit(&uri);
    dns_expect_asked("");
    dns_close();
}

static void answers_are_kept_as_long_as_their_ttl(void **state)
{
    (void)state;
    dns_open("a.example A 192.0.2.1 TTL=60\nb.example A 192.0.2.2");
    dns_expect("sip:a.example:5060", "udp 192.0.2.1:5060");
    dns_expect("sip:b.example:5060", "udp 192.0.2.2:5060");
    dns.now_us = 59 * US_PER_S;
    dns_expect("sip:A.example.:5060", "udp 192.0.2.1:5060");
    dns_expect("sip:b.example:5060", "udp 192.0.2.2:5060");
    dns.now_us = 60 * US_PER_S;
    dns_expect("sip:a.example:5060", "udp 192.0.2.1:5060");
    dns_expect_asked("A a.example, A b.example, A b.example, A a.example");
    dns_close();
}

/* RFC 2308 §5: as long as the SOA says; without one not at all. */
static void what_is_not_there_is_kept_too(void **state)
{
    (void)state;
    struct dns_record soa = {.type = DNS_SOA, .ttl_s = 30, .owner = V("example")};
    dns_open("");
    for (int i = 0; i < 3; i++) {
        struct handle lookup;
        struct locate_question question;
        assert_int_equal(dns_begin("sip:none.example:5060", &lookup), ERR_OK);
        assert_int_equal(locate_question(dns.locate, &question), i != 1);
        struct packet packet = {.kind = PACKET_ANSWER,
                                .query = question.number,
                                .rcode = DNS_NXDOMAIN,
                                .records = &soa,
                                .record_count = 1};
        if (i != 1)
            assert_int_equal(locate_answer(dns.locate, dns.now_us, &packet), ERR_OK);
        dns.now_us += 15 * US_PER_S;
    }
    dns_close();
}

static void many_names_take_bounded_memory(void **state)
{
    (void)state;
    struct locate_options options = {.rng = {7}, .lookup_limit = 8, .question_limit = 8};
    dns_open("");
    locate_destroy(dns.locate);
    assert_int_equal(locate_create(&options, &dns.locate), ERR_OK);
    for (int i = 0; i < 100; i++) {
        char uri[64];
        snprintf(uri, sizeof uri, "sip:n%d.example:5060", i);
        dns_expect(uri, "");
        assert_true(locate_questions(dns.locate) <= 8);
    }
    struct handle lookup;
    for (int i = 0; i < 8; i++) {
        char uri[64];
        snprintf(uri, sizeof uri, "sip:m%d.example:5060", i);
        assert_int_equal(dns_begin(uri, &lookup), ERR_OK);
    }
    assert_int_equal(dns_begin("sip:m9.example:5060", &lookup), ERR_LIMIT);
    dns_close();
}

static void one_question_serves_all_who_ask(void **state)
{
    (void)state;
    struct handle lookups[3], ready;
    struct locate_owner owner;
    struct locate_target target;
    dns_open("a.example A 192.0.2.1");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(dns_begin("sip:a.example:5060", &lookups[i]), ERR_OK);
        assert_int_equal(locate_take(dns.locate, lookups[i], &target), LOCATE_WAITS);
    }
    locate_end(dns.locate, lookups[1]);
    locate_end(dns.locate, lookups[1]);
    dns_answer_all();
    dns_expect_asked("A a.example");
    assert_true(locate_ready(dns.locate, &ready, &owner) && handle_equal(ready, lookups[0]));
    assert_true(locate_ready(dns.locate, &ready, &owner) && handle_equal(ready, lookups[2]));
    assert_false(locate_ready(dns.locate, &ready, &owner));
    assert_int_equal(locate_take(dns.locate, lookups[1], &target), LOCATE_NONE);
    assert_int_equal(locate_take(dns.locate, lookups[2], &target), LOCATED);
    dns_close();
}

/* A server of the first priority is there at once, whatever is known of the second. */
static void a_slow_answer_holds_up_only_its_own_target(void **state)
{
    (void)state;
    struct handle lookup, ready;
    struct locate_owner owner;
    struct locate_question question, slow;
    struct locate_target target;
    dns_open("");
    struct dns_record srv[] = {
        {.type = DNS_SRV, .a = 1, .port = 5060, .name = V("a.example")},
        {.type = DNS_SRV, .a = 2, .port = 5060, .name = V("b.example")},
    };
    struct dns_record record = address(1);
    assert_int_equal(dns_begin("sip:example.com;transport=udp", &lookup), ERR_OK);
    assert_true(locate_question(dns.locate, &question));
    struct packet packet = {
        .kind = PACKET_ANSWER, .query = question.number, .records = srv, .record_count = 2};
    assert_int_equal(locate_answer(dns.locate, 0, &packet), ERR_OK);
    assert_true(locate_question(dns.locate, &question));
    assert_true(locate_question(dns.locate, &slow));
    packet = (struct packet){
        .kind = PACKET_ANSWER, .query = question.number, .records = &record, .record_count = 1};
    assert_int_equal(locate_answer(dns.locate, 0, &packet), ERR_OK);
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATED);
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATE_WAITS);
    packet = (struct packet){.kind = PACKET_ANSWER, .query = slow.number, .error = NET_TIMEOUT};
    assert_int_equal(locate_answer(dns.locate, 0, &packet), ERR_OK);
    assert_true(locate_ready(dns.locate, &ready, &owner) && handle_equal(ready, lookup));
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATE_NONE);
    dns_close();
}

/* Nonsense of every kind, by the seed: no answer brings it down, each lookup ends. */
static void random_answers_do_no_harm(void **state)
{
    (void)state;
    static const char *const names[] = {"",           ".",          "a.example",     "b.example",
                                        "..",         "192.0.2.77", "_sip._udp.b.b", "a.example.",
                                        "x\001y.com", "[::1]"};
    static const uint16_t types[] = {DNS_A, DNS_AAAA, DNS_SRV, DNS_NAPTR, DNS_CNAME, DNS_SOA, 99};
    static const char *const services[] = {"SIP+D2U", "SIPS+D2T", "sip+d2t", "", "SIP+D2X"};
    struct rng rng = {41};
    uint64_t n = 0;
    dns_open("");
    dns.ip6 = dns.ip4;
    for (int round = 0; round < 500; round++) {
        struct handle lookup;
        struct locate_question question;
        struct locate_target target;
        dns.now_us += rng_at(rng, V("time"), n++) % (90 * US_PER_S);
        if (dns_begin(round % 2 == 0 ? "sip:a.example" : "sips:b.example", &lookup) != ERR_OK)
            continue;
        while (locate_question(dns.locate, &question)) {
            struct dns_record records[12] = {0};
            size_t count = rng_at(rng, V("count"), n++) % 12;
            for (size_t i = 0; i < count; i++) {
                uint64_t draw = rng_at(rng, V("record"), n++);
                records[i] = (struct dns_record){
                    .type = draw % 3 == 0 ? types[draw / 3 % 7] : question.type,
                    .ttl_s = draw / 32 % 4 == 0 ? UINT32_MAX : (uint32_t)(draw / 128 % 100),
                    .a = (uint16_t)(draw >> 20 & 3),
                    .b = (uint16_t)(draw >> 24),
                    .port = (uint16_t)(draw >> 40),
                    .name = view_of(names[draw / 7 % 10]),
                    .flags = draw / 11 % 2 == 0 ? V("s") : V("u"),
                    .service = view_of(services[draw / 13 % 5]),
                };
                if (draw / 17 % 4 == 0)
                    records[i].owner = view_of(names[draw / 19 % 10]);
            }
            struct packet packet = {.kind = PACKET_ANSWER,
                                    .query = question.number,
                                    .rcode = (uint32_t)(rng_at(rng, V("rcode"), n++) % 6),
                                    .records = records,
                                    .record_count = count};
            assert_int_equal(locate_answer(dns.locate, dns.now_us, &packet), ERR_OK);
        }
        enum located located;
        int targets = 0;
        while ((located = locate_take(dns.locate, lookup, &target)) == LOCATED) {
            assert_true(++targets <= 32 * 16);
            assert_true(round % 2 == 0 || proto_secure(target.proto));
        }
        assert_int_equal(located, LOCATE_NONE);
        locate_end(dns.locate, lookup);
    }
    assert_int_equal(locate_count(dns.locate), 0);
    dns_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_there_is_nowhere),
        cmocka_unit_test(a_failure_leads_to_the_next_question),
        cmocka_unit_test(cnames_are_followed_but_not_for_ever),
        cmocka_unit_test(a_chain_over_many_answers_ends),
        cmocka_unit_test(a_loop_through_an_answer_of_no_time_ends),
        cmocka_unit_test(a_hundred_records_are_too_many),
        cmocka_unit_test(records_of_others_are_passed_over),
        cmocka_unit_test(an_answer_that_nobody_waits_for_does_nothing),
        cmocka_unit_test(no_name_is_not_asked_for),
        cmocka_unit_test(answers_are_kept_as_long_as_their_ttl),
        cmocka_unit_test(what_is_not_there_is_kept_too),
        cmocka_unit_test(many_names_take_bounded_memory),
        cmocka_unit_test(one_question_serves_all_who_ask),
        cmocka_unit_test(a_slow_answer_holds_up_only_its_own_target),
        cmocka_unit_test(random_answers_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
