/* The network's decisions: the same seed takes the same, a tape brings them back or forbids them.
 */
#include "mock/world_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

enum { MESSAGES = 200, CHOICES = 4096 };

static struct net_fixture net;

struct outcome {
    uint64_t digest, arrivals;
    struct choice choices[CHOICES]; /* those that were not benign */
    size_t count;
};

static void choices_collect(struct outcome *out)
{
    struct trace_event event;
    for (uint64_t seq = 1; trace_get(net.trace, seq, &event); seq++) {
        if (event.kind != TRACE_CHOICE || event.u.choice.choice.value == 0)
            continue;
        assert_true(out->count < CHOICES);
        out->choices[out->count++] = event.u.choice.choice;
    }
}

/* Two hundred messages over a bad link. What arrived, in order, makes the digest. */
static void play(const struct world_options *options, const struct net_link *link,
                 struct outcome *out)
{
    *out = (struct outcome){0};
    net_open_with(&net, options);
    uint32_t alice = net_wire(&net, V("alice")), bob = net_wire(&net, V("bob"));
    world_link(net.world, alice, bob, link);
    for (uint32_t i = 0; i < MESSAGES; i++) {
        char text[8] = "msg";
        memcpy(text + 4, &i, sizeof i);
        net_send(&net, alice, bob, (struct view){text, sizeof text});
        net_run(&net, (i + 1) * UINT64_C(300));
    }
    net_run(&net, NEVER);
    for (size_t i = 0; i < net.arrival_count; i++) {
        uint64_t what = view_hash(blob_view(net.arrivals[i].bytes));
        out->digest = rng_mix(out->digest ^ rng_mix(what + net.arrivals[i].at_us));
    }
    out->arrivals = net.arrival_count;
    choices_collect(out);
    net_close(&net);
}

static const struct net_link bad = {
    .latency_us = 1000,
    .jitter_us = 700,
    .loss_ppm = 200000,
    .duplicate_ppm = 100000,
    .reorder_ppm = 100000,
    .corrupt_ppm = 50000,
};
static struct outcome first, second;

static void the_same_seed_takes_the_same_decisions(void **state)
{
    (void)state;
    play(&(struct world_options){.rng = {7}}, &bad, &first);
    play(&(struct world_options){.rng = {7}}, &bad, &second);
    assert_int_equal(first.digest, second.digest);
    assert_true(first.count > 50);
    assert_int_equal(first.count, second.count);
    assert_memory_equal(first.choices, second.choices, first.count * sizeof *first.choices);
    play(&(struct world_options){.rng = {8}}, &bad, &second);
    assert_int_not_equal(first.digest, second.digest);
}

static void a_tape_brings_them_back_under_another_seed(void **state)
{
    (void)state;
    play(&(struct world_options){.rng = {7}}, &bad, &first);
    struct world_options options = {
        .rng = {99}, .choices = first.choices, .choice_count = first.count, .only_choices = true};
    play(&options, &bad, &second);
    assert_int_equal(second.digest, first.digest);
    assert_int_equal(second.count, first.count);
}

static void an_empty_tape_alone_is_a_perfect_network(void **state)
{
    (void)state;
    play(&(struct world_options){.rng = {7}, .only_choices = true}, &bad, &first);
    assert_int_equal(first.arrivals, MESSAGES);
    assert_int_equal(first.count, 0);
}

/* One choice less changes what it decided, and no other decision about the same messages. */
static void a_choice_taken_away_moves_no_other(void **state)
{
    (void)state;
    static const struct net_link lossy = {.latency_us = 1000, .loss_ppm = 200000};
    play(&(struct world_options){.rng = {7}}, &lossy, &first);
    struct world_options options = {.rng = {7},
                                    .choices = first.choices + 1,
                                    .choice_count = first.count - 1,
                                    .only_choices = true};
    play(&options, &lossy, &second);
    assert_int_equal(second.arrivals, first.arrivals + 1);
    assert_int_equal(second.count, first.count - 1);
    assert_memory_equal(second.choices, first.choices + 1, second.count * sizeof *second.choices);
}

static void a_tape_may_lose_on_a_link_without_loss(void **state)
{
    (void)state;
    static const struct net_link lossy = {.latency_us = 1000, .loss_ppm = 200000};
    static const struct net_link fine = {.latency_us = 1000};
    play(&(struct world_options){.rng = {7}}, &lossy, &first);
    struct world_options options = {
        .rng = {7}, .choices = first.choices, .choice_count = first.count};
    play(&options, &fine, &second);
    assert_int_equal(second.digest, first.digest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_takes_the_same_decisions),
        cmocka_unit_test(a_tape_brings_them_back_under_another_seed),
        cmocka_unit_test(an_empty_tape_alone_is_a_perfect_network),
        cmocka_unit_test(a_choice_taken_away_moves_no_other),
        cmocka_unit_test(a_tape_may_lose_on_a_link_without_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
