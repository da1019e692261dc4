/* A proxy under bad conditions: memory that ends at any point, and messages that nobody should
 * send. What it does in good ones is in scenarios/proxies. */
#include "core/base/alloc.h"
#include "core/base/oom_fixture.h"
#include "core/message/torture_fixture.h"
#include "core/role/proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { KEPT = 64 };

struct desk { /* a proxy, and what it sent last */
    struct sip_stack *stack;
    struct role *role;
    struct order order;
    uint64_t now_us;
    struct blob *sent[KEPT];
    size_t sent_count;
    bool told; /* the stack has said that it could not do something: then the loop ends the run */
};

static const struct proxy_target targets[] = {
    {{"sip:bob@192.0.2.2", 17}, 1000},
    {{"sip:bob@192.0.2.3", 17}, 500 },
    {{"sip:bob@192.0.2.4", 17}, 500 },
};
static const struct proxy_route route = {
    {"bob", 3},
    targets, 3
};
static const struct view domain = {"example.com", 11};

static void open_desk(struct desk *desk, struct proxy_options options)
{
    *desk = (struct desk){0};
    struct sip_stack_options stack = {.order = &desk->order,
                                      .name = V("proxy"),
                                      .forwards = options.mode == PROXY_STATELESS
                                                      ? SIP_FORWARDS_STATELESS
                                                      : SIP_FORWARDS_STATEFUL};
    struct addr addr = {
        .family = 4, .ip = {192, 0, 2, 1},
             .port = 5060
    };
    options.order = &desk->order;
    options.domains = &domain;
    options.domain_count = 1;
    options.routes = &route;
    options.route_count = 1;
    options.record_route = options.recurse = true;
    assert_int_equal(sip_stack_create(&stack, &desk->stack), ERR_OK);
    assert_int_equal(sip_stack_bound(desk->stack, (struct handle){1, 1}, PROTO_UDP, &addr), ERR_OK);
    assert_int_equal(proxy_create(&options, &desk->role), ERR_OK);
}

static void close_desk(struct desk *desk)
{
    desk->role->ops->destroy(desk->role);
    sip_stack_destroy(desk->stack);
    for (size_t i = 0; i < desk->sent_count; i++)
        blob_unref(desk->sent[i]);
    sip_msg_pool_drop();
}

static void drain(struct desk *desk)
{
    struct effect effect;
    while (sip_stack_next(desk->stack, &effect)) {
        if (effect.kind == TELL)
            desk->role->ops->tell(desk->role, desk->stack, desk->now_us, &effect.tell);
        else if (effect.kind == DO_DATAGRAM && desk->sent_count < KEPT)
            desk->sent[desk->sent_count++] = effect.bytes;
        else
            effect_deinit(&effect);
    }
    sip_stack_reap(desk->stack);
}

static void receive(struct desk *desk, struct blob *bytes)
{
    struct packet packet = {
        .kind = PACKET_DATAGRAM,
        .link = {1,                     1           },
        .remote = { .family = 4, .ip = {192, 0, 2, 9}, .port = 5060},
        .bytes = bytes
    };
    if (bytes == NULL)
        return;
    if (sip_stack_receive(desk->stack, desk->now_us, &packet) != ERR_OK)
        desk->told = true;
    drain(desk);
}

static void run(struct desk *desk, uint64_t until_us)
{
    for (;;) {
        struct moment stack = sip_stack_deadline(desk->stack);
        struct moment role = desk->role->ops->deadline(desk->role);
        bool role_first = moment_before(role, stack);
        uint64_t at_us = role_first ? role.at_us : stack.at_us;
        if (at_us > until_us)
            break;
        desk->now_us = at_us > desk->now_us ? at_us : desk->now_us;
        if (role_first)
            desk->role->ops->expire(desk->role, desk->stack, desk->now_us);
        else
            sip_stack_expire(desk->stack, desk->now_us);
        drain(desk);
    }
    desk->now_us = until_us;
}

/* A response is a request with another start line: Via, From, To, Call-ID and CSeq are the same. */
static void answer(struct desk *desk, size_t nth_invite, const char *status_line)
{
    for (size_t i = 0; i < desk->sent_count; i++) {
        struct view text = blob_view(desk->sent[i]);
        if (!view_starts(text, V("INVITE ")) || nth_invite-- > 0)
            continue;
        struct buf buf = {0};
        buf_add(&buf, view_of(status_line));
        buf_add(&buf, view_skip(text, view_find_char(text, '\r')));
        struct blob *bytes = buf.failed == ERR_OK ? blob_create(buf_view(&buf)) : NULL;
        buf_deinit(&buf);
        receive(desk, bytes);
        blob_unref(bytes);
        return;
    }
}

#define REQUEST(method)                                                                            \
    method " sip:bob@example.com SIP/2.0\r\n"                                                      \
           "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKone\r\n"                                      \
           "From: <sip:a@example.org>;tag=a\r\nTo: <sip:bob@example.com>\r\n"                      \
           "Call-ID: one\r\nCSeq: 1 " method "\r\nContact: <sip:192.0.2.5>\r\n"                    \
           "Max-Forwards: 9\r\n\r\n"

struct sent {
    struct blob *invite, *cancel, *ack;
};

static void call(struct desk *desk, const struct sent *sent)
{
    receive(desk, sent->invite);
    answer(desk, 0, "SIP/2.0 180 Ringing");
    answer(desk, 0, "SIP/2.0 401 Who");
    answer(desk, 1, "SIP/2.0 302 There"); /* to the Contact */
    run(desk, desk->now_us + US_PER_S);
    receive(desk, sent->cancel);
    answer(desk, 2, "SIP/2.0 183 Late");
    answer(desk, 2, "SIP/2.0 200 Yes");
    answer(desk, 2, "SIP/2.0 200 Yes");
    receive(desk, sent->ack);
    run(desk, desk->now_us + 400 * US_PER_S);
}

static uint32_t alive(const struct desk *desk)
{
    struct sip_stack_counts counts;
    sip_stack_counts(desk->stack, &counts);
    return counts.client_transactions + counts.server_transactions;
}

static void whatever_allocation_fails_nothing_stays_and_nothing_leaks(void **state)
{
    (void)state;
    static const struct proxy_options options[] = {
        {.fork = PROXY_PARALLEL}, {.fork = PROXY_SERIAL}, {.mode = PROXY_STATELESS}};
    struct sent sent = {blob_create(V(REQUEST("INVITE"))), blob_create(V(REQUEST("CANCEL"))),
                        blob_create(V(REQUEST("ACK")))};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        uint64_t needed = 1;
        for (uint64_t nth = 1; nth <= needed; nth++) {
            struct desk desk;
            open_desk(&desk, options[i]);
            uint64_t before = mem_count();
            mem_fail_at(nth, nth % 2 == 0);
            call(&desk, &sent);
            mem_fail_at(0, false);
            needed = nth == 1 ? 400 : needed;
            if (mem_count() - before < nth)
                needed = nth; /* it was through before the failure */
            run(&desk, desk.now_us + 400 * US_PER_S);
            assert_int_equal(desk.role->ops->deadline(desk.role).at_us, NEVER);
            if (!desk.told && sip_stack_failure(desk.stack) == ERR_OK)
                assert_int_equal(alive(&desk), 0);
            close_desk(&desk);
        }
    }
    blob_unref(sent.invite);
    blob_unref(sent.cancel);
    blob_unref(sent.ack);
}

static void torture(const struct proxy_options *options, size_t cut_step)
{
    for (size_t i = 0; i < torture_count; i++) {
        struct view text = torture_read(&torture_rows[i]);
        for (size_t len = text.len; len > 0; len = len > cut_step ? len - cut_step : 0) {
            struct desk desk;
            struct blob *bytes = blob_create(view_head(text, len));
            open_desk(&desk, *options);
            receive(&desk, bytes);
            receive(&desk, bytes);
            answer(&desk, 0, "SIP/2.0 180 Ringing");
            answer(&desk, 0, "SIP/2.0 603 No");
            run(&desk, 300 * US_PER_S);
            assert_int_equal(alive(&desk), 0);
            close_desk(&desk);
            blob_unref(bytes);
        }
    }
}

static void torture_messages_do_no_harm(void **state)
{
    (void)state;
    static const struct proxy_options options[] = {
        {.mode = PROXY_STATEFUL}, {.mode = PROXY_STATELESS}, {.mode = PROXY_REDIRECT}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        torture(&options[i], 37);
}

static enum err create(void *ctx)
{
    struct order order = {0};
    struct role *role;
    struct proxy_options options = {.order = &order,
                                    .domains = &domain,
                                    .domain_count = 1,
                                    .routes = &route,
                                    .route_count = 1,
                                    .registrar = V("sip:192.0.2.7")};
    (void)ctx;
    enum err err = proxy_create(&options, &role);
    if (err == ERR_OK)
        role->ops->destroy(role);
    return err;
}

static void creation_survives_failing_allocations(void **state)
{
    (void)state;
    test_each_oom(create, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_allocation_fails_nothing_stays_and_nothing_leaks),
        cmocka_unit_test(torture_messages_do_no_harm),
        cmocka_unit_test(creation_survives_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
