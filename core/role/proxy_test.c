/* A proxy under bad conditions: memory that ends at any point, and messages that nobody should
 * send. What it does in good ones is in scenarios/proxies. */
#include "core/base/alloc.h"
#include "core/base/oom_fixture.h"
#include "core/message/torture_fixture.h"
#include "core/role/proxy_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

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
    options.domains = &domain;
    options.domain_count = 1;
    options.routes = &route;
    options.route_count = 1;
    options.record_route = options.recurse = true;
    desk_open(desk, &options);
}

static void answer(struct desk *desk, size_t nth_invite, struct view status_line)
{
    size_t i = 0;
    while (i < desk->sent_count &&
           (!view_starts(blob_view(desk->sent[i]), V("INVITE ")) || nth_invite-- > 0))
        i++;
    if (i < desk->sent_count)
        desk_answer(desk, desk->sent[i], status_line);
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
    desk_receive(desk, sent->invite);
    answer(desk, 0, V("SIP/2.0 180 Ringing"));
    answer(desk, 0, V("SIP/2.0 401 Who"));
    answer(desk, 1, V("SIP/2.0 302 There")); /* to the Contact */
    desk_run(desk, desk->now_us + US_PER_S);
    desk_receive(desk, sent->cancel);
    answer(desk, 2, V("SIP/2.0 183 Late"));
    answer(desk, 2, V("SIP/2.0 200 Yes"));
    answer(desk, 2, V("SIP/2.0 200 Yes"));
    desk_receive(desk, sent->ack);
    desk_run(desk, desk->now_us + 400 * US_PER_S);
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
            desk_run(&desk, desk.now_us + 400 * US_PER_S);
            assert_int_equal(desk.role->ops->deadline(desk.role).at_us, NEVER);
            if (!desk.told && sip_stack_failure(desk.stack) == ERR_OK)
                assert_int_equal(desk_alive(&desk), 0);
            desk_close(&desk);
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
            desk_receive(&desk, bytes);
            desk_receive(&desk, bytes);
            answer(&desk, 0, V("SIP/2.0 180 Ringing"));
            answer(&desk, 0, V("SIP/2.0 603 No"));
            desk_run(&desk, 300 * US_PER_S);
            assert_int_equal(desk_alive(&desk), 0);
            desk_close(&desk);
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
