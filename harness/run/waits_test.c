#include "harness/run/waits.h"
#include "harness/scene/waits.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void add(struct buf *body, enum scene_wait_kind kind, const char *who, const char *what,
                uint32_t line, uint64_t until_us)
{
    pack_uint(body, kind);
    pack_view(body, view_of(who));
    pack_view(body, view_of(what));
    pack_view(body, V("a.lua"));
    pack_uint(body, line);
    pack_uint(body, until_us);
}

/* At 2 s of its clock, of a scenario on the real network or a simulated one. */
static struct buf body_make(bool real)
{
    struct buf body = {0};

    pack_uint(&body, 2 * US_PER_S);
    pack_uint(&body, real);
    add(&body, SCENE_WAITS, "", "bob: waiting for ACK", 7, 5 * US_PER_S);
    add(&body, SCENE_WAITS, "", "t:all", 9, NEVER);
    add(&body, SCENE_TIMER, "alice", "Timer B of the INVITE client (calling)", 0, 9 * US_PER_S);
    add(&body, SCENE_TIMER, "bob", "Timer G of the INVITE server (completed)", 0, 90 * US_PER_S);
    add(&body, SCENE_TIMER, "bob", "Timer H of the INVITE server (completed)", 0, 23400000);
    return body;
}

static void check(const struct waits *waits, uint64_t now_us, const char *line)
{
    struct buf out = {0};

    waits_line(waits, now_us, &out);
    assert_true(view_equal(buf_view(&out), view_of(line)));
    buf_deinit(&out);
}

/* Real time goes on where the scenario's clock is real. */
static void a_line_is_the_first_wait_and_the_timer_that_ends_it(void **state)
{
    struct buf real = body_make(true), simulated = body_make(false);
    struct waits waits = {0};

    (void)state;
    check(&waits, 0, "");
    waits_take(&waits, buf_view(&real), 100 * US_PER_S);
    check(&waits, 101 * US_PER_S,
          "bob: waiting for ACK, 2.0 s left, Timer H in 20.4 s (and 1 more)");
    check(&waits, 200 * US_PER_S,
          "bob: waiting for ACK, 0.0 s left, Timer H in 0.0 s (and 1 more)");
    waits_take(&waits, buf_view(&simulated), 100 * US_PER_S);
    check(&waits, 200 * US_PER_S,
          "bob: waiting for ACK, 3.0 s left, Timer H in 21.4 s (and 1 more)");
    waits_clear(&waits);
    check(&waits, 0, "");
    waits_deinit(&waits);
    buf_deinit(&real);
    buf_deinit(&simulated);
}

static void all_of_them_have_their_lines(void **state)
{
    struct buf body = body_make(false), out = {0};
    struct waits waits = {0};

    (void)state;
    waits_take(&waits, buf_view(&body), 0);
    waits_write(&waits, 0, &out);
    assert_true(view_equal(buf_view(&out),
                           V("    bob: waiting for ACK, 3.0 s left   a.lua:7\n"
                             "    t:all   a.lua:9\n"
                             "    alice: Timer B of the INVITE client (calling) in 7.0 s\n"
                             "    bob: Timer G of the INVITE server (completed) in 88.0 s\n"
                             "    bob: Timer H of the INVITE server (completed) in 21.4 s\n")));
    buf_deinit(&out);
    waits_deinit(&waits);
    buf_deinit(&body);
}

/* A worker may have run wild: whatever it sends is read as far as it goes. */
static void what_is_cut_or_wild_is_read_as_far_as_it_goes(void **state)
{
    struct buf body = body_make(true), out = {0};
    struct waits waits = {0};

    (void)state;
    for (size_t len = 0; len < body.len; len++) {
        waits_take(&waits, view_head(buf_view(&body), len), 0);
        waits_line(&waits, NEVER, &out);
        waits_write(&waits, NEVER, &out);
    }
    memset(body.ptr + 16, 0xff, body.len - 16);
    waits_take(&waits, buf_view(&body), 0);
    buf_clear(&out);
    waits_write(&waits, 0, &out);
    assert_int_equal(out.len, 0);
    buf_deinit(&out);
    waits_deinit(&waits);
    buf_deinit(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_the_first_wait_and_the_timer_that_ends_it),
        cmocka_unit_test(all_of_them_have_their_lines),
        cmocka_unit_test(what_is_cut_or_wild_is_read_as_far_as_it_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
