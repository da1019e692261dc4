#include "harness/calls/call_fixture.h"
#include "harness/replay/plan.h"
#include "harness/replay/player.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define A "10.0.0.1"
#define B "10.0.0.2"
#define UDP CARRIER_UDP
#define LINE(source, ...) script_add(&script, &(struct call_line){.from = source, __VA_ARGS__})

/* A refused call, its INVITE and its refusal sent twice. */
static struct call *refused(void)
{
    struct call_script script;
    script_begin(&script, NULL);
    LINE(A, B, UDP, "INVITE", A, "1", "a", "");
    LINE(A, B, UDP, "INVITE", A, "1", "a", "");
    LINE(B, A, UDP, "100 INVITE", A, "1", "a", "");
    LINE(B, A, UDP, "486 INVITE", A, "1", "a", "b");
    LINE(B, A, UDP, "486 INVITE", A, "1", "a", "b");
    LINE(A, B, UDP, "ACK", A, "1", "a", "b");
    struct call *call = script_call(&script);
    assert_non_null(call);
    script_end(&script);
    return call;
}

static void each_message_is_a_step_once(void **state)
{
    struct arena arena = {0};
    struct buf why = {0};
    struct plan plan;
    struct call *call = refused();
    (void)state;
    assert_int_equal(plan_make(call, 0, &arena, &plan), ERR_OK);
    assert_int_equal(plan.count, 4);
    assert_true(plan.steps[0].ours && !plan.steps[1].ours && plan.steps[3].ours);
    assert_true(plan.steps[1].optional && !plan.steps[2].optional);
    assert_int_equal(plan.steps[0].delay_us, 0);
    assert_int_equal(plan.steps[1].delay_us, 20000); /* the copy between them is none */
    assert_int_equal(plan.steps[1].peer, 1);
    assert_false(plan_refuses(&plan, &why));
    arena_deinit(&arena);
    call_destroy(call);
}

static void the_stack_makes_the_ack_of_a_refusal(void **state)
{
    struct arena arena = {0};
    struct plan plan;
    struct call *call = refused();
    (void)state;
    assert_int_equal(plan_make(call, 1, &arena, &plan), ERR_OK);
    assert_int_equal(plan.count, 4);
    assert_true(plan.steps[3].by_itself && !plan.steps[0].by_itself);
    assert_false(plan.steps[1].optional); /* ours goes out as it was captured */
    arena_deinit(&arena);
    call_destroy(call);
}

static void the_player_is_named_or_placed(void **state)
{
    static const struct {
        const char *play;
        int party; /* -1: nobody */
    } rows[] = {
        {"",              0 },
        {"caller",        0 },
        {"callee",        1 },
        {"alice",         0 },
        {"Bob",           1 },
        {"10.0.0.2",      1 },
        {"10.0.0.2:5060", 1 },
        {"10.0.0.2:5061", -1},
        {"10.0.0.3",      -1},
        {"carol",         -1},
    };
    struct call *call = refused();
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint16_t party = CALL_NONE;
        assert_int_equal(player_find(call, view_of(rows[i].play), &party), rows[i].party >= 0);
        assert_true(rows[i].party < 0 || party == rows[i].party);
    }
    call_destroy(call);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_is_a_step_once),
        cmocka_unit_test(the_stack_makes_the_ack_of_a_refusal),
        cmocka_unit_test(the_player_is_named_or_placed),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sip_msg_pool_drop();
    return failed;
}
