#include "core/locate/locate_fixture.h"

#include "core/message/uri.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>

struct dns_fixture dns;

enum { ALL = 1u << PROTO_UDP | 1u << PROTO_TCP | 1u << PROTO_TLS, WORDS_MAX = 12 };

static const struct {
    const char *name;
    uint16_t type;
} types[] = {
    {"A",     DNS_A    },
    {"AAAA",  DNS_AAAA },
    {"SRV",   DNS_SRV  },
    {"NAPTR", DNS_NAPTR},
    {"CNAME", DNS_CNAME},
    {"SOA",   DNS_SOA  },
};

static uint16_t type_of(struct view name)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (view_equal(name, view_of(types[i].name)))
            return types[i].type;
    fail_msg("no such type: %.*s", VIEW_ARG(name));
    return 0;
}

static const char *type_text(uint16_t type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i].type == type)
            return types[i].name;
    return "?";
}

static size_t words_of(struct view line, struct view words[WORDS_MAX])
{
    size_t count = 0;
    while (line.len > 0 && count < WORDS_MAX) {
        size_t len = view_find_char(line, ' ');
        if (len > 0)
            words[count++] = view_head(line, len);
        line = view_skip(line, len + 1);
    }
    return count;
}

static uint16_t number(struct view word)
{
    uint64_t value;
    assert_true(view_to_uint(word, UINT16_MAX, &value));
    return (uint16_t)value;
}

/* "…" TTL=60 at the end; "''" is an empty word. */
static uint32_t ttl_take(struct view *words, size_t *count)
{
    struct view last = words[*count - 1];
    uint64_t ttl_s;
    if (!view_starts(last, V("TTL=")))
        return 0;
    assert_true(view_to_uint(view_skip(last, 4), UINT32_MAX, &ttl_s));
    --*count;
    return (uint32_t)ttl_s;
}

static struct view word_or_empty(struct view word)
{
    return view_equal(word, V("''")) ? V("") : word;
}

static void record_add(struct zone_name *name, struct view *words, size_t count)
{
    struct dns_record record = {.ttl_s = ttl_take(words, &count)};
    struct addr addr;
    record.type = type_of(words[1]);
    if (record.type == DNS_A || record.type == DNS_AAAA) {
        assert_int_equal(addr_ip_parse(words[2], &addr), ERR_OK);
        memcpy(record.ip, addr.ip, sizeof record.ip);
    } else if (record.type == DNS_SRV) {
        record.a = number(words[2]);
        record.b = number(words[3]);
        record.port = number(words[4]);
        record.name = words[5];
    } else if (record.type == DNS_NAPTR) {
        record.a = number(words[2]);
        record.b = number(words[3]);
        record.flags = word_or_empty(words[4]);
        record.service = words[5];
        record.name = words[6];
        record.regexp = count > 7 ? words[7] : V("");
    } else if (record.type == DNS_CNAME) {
        record.name = words[2];
    }
    assert_int_equal(zone_record_add(name, &record), ERR_OK);
}

static void line_add(struct view line)
{
    struct view words[WORDS_MAX];
    struct zone_name *name = NULL;
    size_t count = words_of(line, words);
    if (count < 2)
        return;
    name = (struct zone_name *)zone_find(&dns.zone, words[0]);
    if (name == NULL)
        assert_int_equal(zone_name_add(&dns.zone, words[0], &name), ERR_OK);
    if (view_equal(words[1], V("FAILS")))
        name->rcode = number(words[2]);
    else if (view_equal(words[1], V("SILENT")))
        name->silent = true;
    else
        record_add(name, words, count);
}

void dns_open(const char *text)
{
    struct locate_options options = {.rng = {7}};
    struct view rest = view_of(text);
    dns = (struct dns_fixture){.ip4 = ALL, .proto = PROTO_UDP};
    assert_int_equal(locate_create(&options, &dns.locate), ERR_OK);
    while (rest.len > 0) {
        size_t len = view_find_char(rest, '\n');
        line_add(view_head(rest, len));
        rest = view_skip(rest, len + 1);
    }
}

void dns_close(void)
{
    locate_destroy(dns.locate);
    zone_deinit(&dns.zone);
    arena_deinit(&dns.arena);
    buf_deinit(&dns.asked);
    assert_int_equal(mem_live(), 0);
}

void dns_clear_asked(void)
{
    buf_clear(&dns.asked);
}

void dns_expect_asked(const char *expected)
{
    struct view asked = buf_view(&dns.asked);
    if (!view_equal(asked, view_of(expected)))
        fail_msg("asked: %.*s", VIEW_ARG(asked));
}

enum err dns_begin(const char *text, struct handle *out)
{
    struct sip_uri uri;
    struct locate_ask ask = {.proto = dns.proto, .ip4 = dns.ip4, .ip6 = dns.ip6};
    assert_int_equal(sip_uri_parse(view_of(text), &dns.arena, &uri), ERR_OK);
    enum err err = locate_ask_uri(&uri, &ask);
    return err == ERR_OK ? locate_begin(dns.locate, dns.now_us, &ask, out) : err;
}

static void answer(const struct locate_question *question)
{
    static struct zone_reply reply;
    zone_ask(&dns.zone, question->name, question->type, &reply);
    buf_printf(&dns.asked, "%s%s %.*s", dns.asked.len == 0 ? "" : ", ", type_text(question->type),
               VIEW_ARG(question->name));
    struct packet packet = {
        .kind = PACKET_ANSWER,
        .query = question->number,
        .rcode = reply.rcode,
        .error = reply.silent ? NET_TIMEOUT : NET_OK,
        .records = reply.records,
        .record_count = reply.rcode == DNS_OK ? reply.record_count : 0,
    };
    assert_int_equal(locate_answer(dns.locate, dns.now_us, &packet), ERR_OK);
}

void dns_answer_all(void)
{
    struct locate_question question;
    while (locate_question(dns.locate, &question))
        answer(&question);
}

static void targets_write(struct handle lookup, struct buf *out)
{
    struct locate_target target;
    enum located located;
    while ((located = locate_take(dns.locate, lookup, &target)) == LOCATED) {
        buf_printf(out, "%s%s ", out->len == 0 ? "" : ", ", proto_text(target.proto));
        addr_write(out, &target.addr);
    }
    assert_int_equal(located, LOCATE_NONE);
}

void dns_expect(const char *uri, const char *expected)
{
    struct handle lookup;
    struct buf targets = {0};
    enum err err = dns_begin(uri, &lookup);
    if (err == ERR_OK) {
        dns_answer_all();
        targets_write(lookup, &targets);
        locate_end(dns.locate, lookup);
    } else {
        assert_int_equal(err, ERR_ABSENT);
        buf_add(&targets, V("absent"));
    }
    if (!view_equal(buf_view(&targets), view_of(expected)))
        fail_msg("%s: %.*s", uri, VIEW_ARG(buf_view(&targets)));
    buf_deinit(&targets);
}
