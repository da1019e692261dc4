/* Memory may end at any point of a call, and so may room: nothing crashes, nothing leaks, and
 * somebody is told. */
#include "core/base/alloc.h"
#include "core/base/oom_fixture.h"
#include "core/stack/stack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB, QUEUE = 64 };

struct pair { /* two stacks and the datagrams between them */
    struct sip_stack *stacks[2];
    struct addr addrs[2];
    struct order order;
    struct trace *trace;
    uint64_t now_us;
    enum err err; /* the first */
    struct {
        int to;
        struct blob *bytes;
    } queue[QUEUE];
    size_t head, tail;
    struct handle asked, leg; /* the latest request that bob was asked about */
    struct handle fork;
};

static void note(struct pair *pair, enum err err)
{
    pair->err = pair->err == ERR_OK ? err : pair->err;
}

static void drain(struct pair *pair)
{
    struct effect effect;
    for (int i = 0; i < 2; i++) {
        while (sip_stack_next(pair->stacks[i], &effect)) {
            if (effect.kind == TELL && i == BOB && effect.tell.what == SIP_TELL_REQUEST) {
                pair->asked = effect.tell.object;
                pair->leg = effect.tell.call;
            } else if (effect.kind == DO_DATAGRAM && pair->tail < QUEUE) {
                pair->queue[pair->tail].to = 1 - i;
                pair->queue[pair->tail++].bytes = effect.bytes;
            } else {
                effect_deinit(&effect);
            }
        }
        note(pair, sip_stack_failure(pair->stacks[i]));
        sip_stack_reap(pair->stacks[i]);
    }
}

static void deliver(struct pair *pair)
{
    drain(pair);
    while (pair->head < pair->tail) {
        int to = pair->queue[pair->head].to;
        struct blob *bytes = pair->queue[pair->head++].bytes;
        struct packet packet = {
            .kind = PACKET_DATAGRAM,
            .link = {(uint32_t)to, 1},
            .local = pair->addrs[to],
            .remote = pair->addrs[1 - to],
            .bytes = bytes
        };
        pair->now_us += US_PER_MS;
        note(pair, sip_stack_receive(pair->stacks[to], pair->now_us, &packet));
        blob_unref(bytes);
        drain(pair);
    }
    pair->head = pair->tail = 0;
}

static void expire_until(struct pair *pair, uint64_t until_us)
{
    for (int i = 0; i < 2;) {
        uint64_t at_us = sip_stack_deadline(pair->stacks[i]).at_us;
        if (at_us > until_us) {
            i++;
            continue;
        }
        pair->now_us = at_us > pair->now_us ? at_us : pair->now_us;
        sip_stack_expire(pair->stacks[i], pair->now_us);
        deliver(pair);
        i = 0;
    }
    pair->now_us = until_us;
}

static struct handle request(struct pair *pair, int who, struct view method, struct handle call,
                             struct handle *out_call)
{
    struct handle request = {0};
    struct sip_request_options options = {
        .method = method,
        .call = call,
        .force = true,
        .again = SIP_AGAIN_FOLLOW | SIP_AGAIN_RETRY,
        .body = V("v=0\r\n"),
        .uri = handle_none(call) ? V("sip:bob@192.0.2.2;a-parameter=to-make-it-longer")
                                 : (struct view){0}};
    note(pair, sip_request_send(pair->stacks[who], pair->now_us, &options, &request, out_call));
    deliver(pair);
    return request;
}

static void respond(struct pair *pair, struct handle transaction, uint16_t status)
{
    struct sip_response_options options = {.status = status};
    enum err err = sip_respond(pair->stacks[BOB], pair->now_us, transaction, &options);
    note(pair, err == ERR_GONE || err == ERR_STATE ? ERR_OK : err);
    deliver(pair);
}

static void refuse(struct pair *pair, uint16_t status, struct view name, struct view value)
{
    struct sip_row row = {.name = name, .value = value};
    struct sip_response_options options = {.status = status, .rows = &row, .row_count = 1};
    enum err err = sip_respond(pair->stacks[BOB], pair->now_us, pair->asked, &options);
    note(pair, err == ERR_GONE || err == ERR_STATE ? ERR_OK : err);
    deliver(pair);
}

static enum err begin(struct pair *pair)
{
    static const struct view names[] = {
        {"alice", 5},
        {"bob",   3}
    };
    struct trace_options trace_options = {0};
    enum err err = trace_create(&trace_options, &pair->trace);
    for (uint32_t i = 0; i < 2 && err == ERR_OK; i++) {
        struct sip_stack_options options = {
            .party = i + 1, .order = &pair->order, .trace = pair->trace, .name = names[i]};
        pair->addrs[i] = (struct addr){
            .family = 4, .ip = {192, 0, 2, (uint8_t)(i + 1)},
                 .port = 5060
        };
        err = sip_stack_create(&options, &pair->stacks[i]);
        if (err == ERR_OK)
            err =
                sip_stack_bound(pair->stacks[i], (struct handle){i, 1}, PROTO_UDP, &pair->addrs[i]);
    }
    return err;
}

static void play(struct pair *pair)
{
    struct handle call = {0}, other = {0}, transaction = {0};
    request(pair, ALICE, V("OPTIONS"), (struct handle){0}, NULL);
    request(pair, ALICE, V("INVITE"), (struct handle){0}, &call);
    struct handle first = pair->asked;
    expire_until(pair, pair->now_us + 250 * US_PER_MS); /* 100 */
    enum err err = sip_call_fork(pair->stacks[BOB], pair->now_us, pair->leg, &other, &transaction);
    note(pair, err == ERR_GONE || err == ERR_STATE ? ERR_OK : err);
    respond(pair, first, 180);
    respond(pair, transaction, 183);
    respond(pair, first, 200);
    respond(pair, transaction, 200);
    request(pair, ALICE, V("INVITE"), call, NULL);
    respond(pair, pair->asked, 486);
    request(pair, BOB, V("BYE"), pair->leg, NULL);
    struct handle cancelled = request(pair, ALICE, V("INVITE"), (struct handle){0}, &call);
    respond(pair, pair->asked, 180);
    err = sip_request_cancel(pair->stacks[ALICE], pair->now_us, cancelled, NULL, NULL);
    note(pair, err == ERR_GONE || err == ERR_STATE ? ERR_OK : err);
    deliver(pair);
    struct sip_request_options lost = {.method = V("INVITE"), .uri = V("sip:nobody@192.0.2.99")};
    struct handle nobody = {0};
    note(pair, sip_request_send(pair->stacks[ALICE], pair->now_us, &lost, &nobody, NULL));
    drain(pair);
    while (pair->tail > 0) /* it never arrives */
        blob_unref(pair->queue[--pair->tail].bytes);
    expire_until(pair, pair->now_us + 200 * US_PER_S);
}

/* A request that goes out once more, and then again. */
static void play_again(struct pair *pair)
{
    struct handle call = {0};
    request(pair, ALICE, V("INVITE"), (struct handle){0}, &call);
    refuse(pair, 302, V("Contact"), V("<sip:bob@192.0.2.2;way=another?Subject=moved>;q=0.5"));
    refuse(pair, 422, V("Min-SE"), V("1800"));
    respond(pair, pair->asked, 200);
    request(pair, ALICE, V("INVITE"), call, NULL);
    respond(pair, pair->asked, 491);
    expire_until(pair, pair->now_us + 5 * US_PER_S);
    respond(pair, pair->asked, 200);
    request(pair, ALICE, V("BYE"), call, NULL);
    expire_until(pair, pair->now_us + 200 * US_PER_S);
}

/* A reliable response, an UPDATE, and a session that is refreshed. */
static void play_session(struct pair *pair)
{
    static const struct sip_refresh_options refresh = {.expires_s = 90};
    struct sip_request_options invite = {.method = V("INVITE"),
                                         .uri = V("sip:bob@192.0.2.2"),
                                         .body = V("v=0\r\n"),
                                         .refresh = &refresh};
    struct sip_response_options ringing = {.status = 183, .reliable = true, .body = V("v=0\r\n")};
    struct handle call = {0}, first = {0};
    note(pair, sip_request_send(pair->stacks[ALICE], pair->now_us, &invite, &first, &call));
    deliver(pair);
    enum err err = sip_respond(pair->stacks[BOB], pair->now_us, pair->asked, &ringing);
    note(pair, err == ERR_GONE || err == ERR_STATE ? ERR_OK : err);
    struct handle asked = pair->asked;
    deliver(pair);
    request(pair, ALICE, V("UPDATE"), call, NULL);
    respond(pair, pair->asked, 488);
    respond(pair, asked, 200);
    expire_until(pair, pair->now_us + 46 * US_PER_S);
    refuse(pair, 422, V("Min-SE"), V("1800"));
    respond(pair, pair->asked, 200);
    expire_until(pair, pair->now_us + 2000 * US_PER_S);
}

typedef void play_fn(struct pair *);

static enum err live(void *ctx)
{
    struct pair pair = {0};
    enum err err = begin(&pair);
    if (err == ERR_OK) {
        (*(play_fn *const *)ctx)(&pair);
        err = trace_cut(pair.trace) && pair.err == ERR_OK ? ERR_MEMORY : pair.err;
    }
    for (int i = 0; i < 2; i++)
        sip_stack_destroy(pair.stacks[i]);
    trace_destroy(pair.trace);
    sip_msg_pool_drop();
    /* what was refused for want of memory may make later commands impossible */
    return err == ERR_OK ? ERR_OK : ERR_MEMORY;
}

static void memory_may_end_at_any_point_of_a_call(void **state)
{
    (void)state;
    static play_fn *const plays[] = {play, play_again, play_session};
    for (size_t i = 0; i < sizeof plays / sizeof plays[0]; i++)
        test_each_oom(live, (void *)&plays[i]);
}

static void limits_are_kept_and_told(void **state)
{
    (void)state;
    struct order order = {0};
    struct sip_stack *stack;
    struct sip_stack_options options = {
        .order = &order, .name = V("a"), .transaction_limit = 10, .effect_limit = 64};
    struct addr addr = {
        .family = 4, .ip = {192, 0, 2, 1},
             .port = 5060
    };
    struct handle request;
    assert_int_equal(sip_stack_create(&options, &stack), ERR_OK);
    assert_int_equal(sip_stack_bound(stack, (struct handle){0, 1}, PROTO_UDP, &addr), ERR_OK);
    struct sip_request_options send = {.method = V("OPTIONS"), .uri = V("sip:x@192.0.2.9")};
    for (int i = 0; i < 10; i++)
        assert_int_equal(sip_request_send(stack, 0, &send, &request, NULL), ERR_OK);
    assert_int_equal(sip_request_send(stack, 0, &send, &request, NULL), ERR_LIMIT);
    for (uint64_t at_us = 0; at_us < 30 * US_PER_S; at_us = sip_stack_deadline(stack).at_us)
        sip_stack_expire(stack, at_us); /* nobody drains */
    assert_int_equal(sip_stack_failure(stack), ERR_LIMIT);
    sip_stack_destroy(stack);
}

/* Whatever nobody answers ends by itself, and all at its own instant. */
/* B50 */
static void a_crowd_of_unanswered_requests_ends_and_leaves_nothing(void **state)
{
    (void)state;
    enum { CROWD = 100000 };
    uint64_t live = mem_live();
    struct order order = {0};
    struct sip_stack *stack;
    struct sip_stack_options options = {.order = &order, .name = V("a")};
    struct addr addr = {
        .family = 4, .ip = {192, 0, 2, 1},
             .port = 5060
    };
    struct effect effect;
    struct handle request;
    uint64_t sent = 0, timeouts = 0;
    assert_int_equal(sip_stack_create(&options, &stack), ERR_OK);
    assert_int_equal(sip_stack_bound(stack, (struct handle){0, 1}, PROTO_UDP, &addr), ERR_OK);
    struct sip_request_options send = {.method = V("OPTIONS"), .uri = V("sip:x@192.0.2.9")};
    for (uint64_t i = 0; i < CROWD; i++)
        assert_int_equal(sip_request_send(stack, i, &send, &request, NULL), ERR_OK);
    for (;;) {
        while (sip_stack_next(stack, &effect)) {
            sent += effect.kind == DO_DATAGRAM;
            timeouts += effect.kind == TELL && effect.tell.generated;
            effect_deinit(&effect);
        }
        sip_stack_reap(stack);
        uint64_t at_us = sip_stack_deadline(stack).at_us;
        if (at_us == NEVER)
            break;
        assert_true(at_us <= 32 * US_PER_S + CROWD);
        sip_stack_expire(stack, at_us);
    }
    assert_int_equal(sent, 11 * CROWD);
    assert_int_equal(timeouts, CROWD);
    struct sip_stack_counts counts;
    sip_stack_counts(stack, &counts);
    assert_int_equal(counts.client_transactions + counts.timers, 0);
    sip_stack_destroy(stack);
    sip_msg_pool_drop();
    assert_int_equal(mem_live(), live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_may_end_at_any_point_of_a_call),
        cmocka_unit_test(limits_are_kept_and_told),
        cmocka_unit_test(a_crowd_of_unanswered_requests_ends_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
