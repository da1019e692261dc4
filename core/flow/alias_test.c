/* Requests by a connection that the other side opened: RFC 5923. */
#include "core/flow/driver_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct handle none;
static struct hand hand;

static int close_hand(void **state)
{
    (void)state;
    hand_close(&hand);
    return 0;
}

static void expect_log(const char *expected)
{
    assert_string_equal(hand_log(&hand), expected);
}

struct prover { /* a filter that passes bytes on, and knows whom the other side has proved to be */
    struct filter filter;
    struct buf out;
    bool opened, showing;
};
static const char *proved[3]; /* NULL ends them */

static enum err prover_from_user(struct filter *filter, uint64_t now_us, struct view bytes)
{
    struct prover *prover = (struct prover *)filter;
    (void)now_us;
    buf_add(&prover->out, bytes);
    return prover->out.failed;
}

static enum err prover_from_wire(struct filter *filter, uint64_t now_us, struct view bytes)
{
    (void)filter;
    (void)now_us;
    (void)bytes;
    return ERR_OK;
}

static bool prover_next(struct filter *filter, struct filter_out *out)
{
    struct prover *prover = (struct prover *)filter;
    bool first = !prover->opened;
    if (prover->showing)
        buf_clear(&prover->out);
    prover->opened = true;
    prover->showing = prover->out.len > 0;
    *out = (struct filter_out){.kind = first ? FILTER_OPEN : FILTER_TO_WIRE,
                               .bytes = buf_view(&prover->out)};
    return first || prover->showing;
}

static void prover_close(struct filter *filter)
{
    (void)filter;
}

static void prover_destroy(struct filter *filter)
{
    buf_deinit(&((struct prover *)filter)->out);
    mem_free(filter);
}

static bool prover_proved(const struct filter *filter, size_t nth, struct buf *out)
{
    (void)filter;
    buf_add(out, view_of(proved[nth]));
    return proved[nth] != NULL;
}

static enum err prover_make(void *ctx, const struct filter_ask *ask,
                            struct filter *out[FLOW_FILTERS_MAX], size_t *out_count)
{
    static const struct filter_ops ops = {prover_from_wire, prover_from_user, prover_next,
                                          prover_close,     prover_destroy,   prover_proved};
    struct prover *prover = mem_zalloc(sizeof *prover);
    (void)ctx;
    (void)ask;
    assert_non_null(prover);
    prover->filter.ops = &ops;
    out[0] = &prover->filter;
    *out_count = 1;
    return ERR_OK;
}

/* Somebody connects, and wants requests to be sent back to this port. */
static void accept_alias(enum proto proto, const char *first, const char *second)
{
    struct flow_options options = {
        .maker = {prover_make, NULL}
    };
    proved[0] = first;
    proved[1] = first == NULL ? NULL : second;
    hand_open(&hand, &options);
    hand.proto = proto;
    hand_accepted(&hand);
    assert_int_equal(flows_alias(hand.flows, hand.flow, hand.remote.port), ERR_OK);
    expect_log("(securing) (open) ");
}

/* RFC 5923 §8.2, §9.3: for what the certificate is for, and nothing else at that address. */
static void requests_go_back_to_whom_the_other_side_has_proved_to_be(void **state)
{
    (void)state;
    accept_alias(PROTO_TLS, "a.example", "b.example");
    hand_send_by(&hand, none, V("A.example"), V("request"));
    hand_send_by(&hand, none, V("b.example"), V("request"));
    expect_log("ready write ready write ");
    hand_send_by(&hand, none, V("c.example"), V("request"));
    expect_log("(opening) open ");
    hand.remote.port++;
    hand_send_by(&hand, none, V("a.example"), V("request"));
    expect_log("(opening) open ");
    assert_int_equal(flows_count(hand.flows), 3);
}

static void one_that_is_proved_to_be_its_address_needs_no_name(void **state)
{
    (void)state;
    accept_alias(PROTO_TLS, "192.0.2.7", "192.0.2.2");
    hand_send(&hand, V("request"));
    expect_log("ready write ");
}

/* Who opened a connection is not thereby who may be called back by it. */
static void requests_do_not_go_back_by_it_without_proof(void **state)
{
    (void)state;
    accept_alias(PROTO_TLS, NULL, NULL);
    hand_send(&hand, V("request"));
    expect_log("(opening) open ");
}

static void nor_over_another_transport(void **state)
{
    (void)state;
    accept_alias(PROTO_WSS, "192.0.2.2", NULL);
    hand_send(&hand, V("request"));
    expect_log("(opening) open ");
}

/* The last port that was named counts: whoever names many has one. */
static void an_alias_is_one_port(void **state)
{
    (void)state;
    accept_alias(PROTO_TLS, "192.0.2.2", NULL);
    assert_int_equal(flows_alias(hand.flows, hand.flow, 5070), ERR_OK);
    hand_send(&hand, V("request"));
    expect_log("(opening) open ");
    hand.remote.port = 5070;
    hand_send(&hand, V("request"));
    expect_log("ready write ");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_teardown(function, close_hand)
    const struct CMUnitTest tests[] = {
        TEST(requests_go_back_to_whom_the_other_side_has_proved_to_be),
        TEST(one_that_is_proved_to_be_its_address_needs_no_name),
        TEST(requests_do_not_go_back_by_it_without_proof),
        TEST(nor_over_another_transport),
        TEST(an_alias_is_one_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
