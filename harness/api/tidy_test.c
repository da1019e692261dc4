/* What is still up when a scenario has ended is ended: no flow sees it, the trace does. */
#include "harness/api/api.h"
#include "harness/scene/scene_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct scene_part *const parts[] = {&api_part, NULL};

/* The messages that were sent, without copies: "w:INVITE, a:180 INVITE". w is party 1, the agent
 * is 2. */
static const char *sent(struct scene_fixture *f)
{
    static char room[2000];
    struct buf buf = {.ptr = room, .size = sizeof room, .limit = sizeof room - 1};

    for (uint64_t seq = 1; seq <= trace_last(f->trace); seq++) {
        struct trace_event event;
        if (!trace_get(f->trace, seq, &event) || event.kind != TRACE_MESSAGE ||
            event.u.wire.side != SIDE_OUT || event.u.wire.copy_of != 0)
            continue;
        buf_printf(&buf, "%s%s:%.*s", buf.len > 0 ? ", " : "", event.u.wire.from == 1 ? "w" : "a",
                   VIEW_ARG(event.u.wire.label));
    }
    room[buf.len] = '\0';
    return room;
}

/* body: what happens until the scenario's end; messages: all that was sent. */
static void ends(const char *body, const char *messages)
{
    struct scene_fixture *f = scene_fixture_create(parts);
    char code[1000];
    snprintf(code, sizeof code,
             "scenario('x', { allow = { '*->>w: *' } }, function(t)\n"
             "  local w, alice = t:wire('w'), t:agent('alice')\n"
             "  %s\n"
             "  expect(1):equals(1)\n"
             "end)\n",
             body);
    assert_string_equal(scene_play(f, code), "pass");
    assert_string_equal(sent(f), messages);
    scene_fixture_destroy(f);
}

static void a_call_that_a_wire_began_is_acknowledged_and_ended(void **state)
{
    (void)state;
    ends("w:send(alice, { method = 'INVITE', uri = alice.uri })\n"
         "alice:expect_invite():answer()\n",
         "w:INVITE, a:200 INVITE, w:ACK, w:BYE, a:200 BYE");
}

static void a_call_that_is_up_is_ended(void **state)
{
    (void)state;
    ends("local invite = w:send(alice, { method = 'INVITE', uri = alice.uri })\n"
         "alice:expect_invite():answer()\n"
         "w:send(alice, sip.dialog(invite, w:expect(200)):ack())\n",
         "w:INVITE, a:200 INVITE, w:ACK, w:BYE, a:200 BYE");
}

static void a_call_that_rings_is_cancelled(void **state)
{
    (void)state;
    ends("w:send(alice, { method = 'INVITE', uri = alice.uri })\n"
         "alice:expect_invite():ring()\n",
         "w:INVITE, a:180 INVITE, w:CANCEL, a:200 CANCEL, a:487 INVITE, w:ACK");
}

/* RFC 3261 §8.2.2.2: the second is refused, the first rings. */
static void a_merged_invite_leaves_the_first_one_ringing(void **state)
{
    (void)state;
    ends("local ids = { method = 'INVITE', uri = alice.uri, branch = 'z9hG4bKone', from_tag = "
         "'88',\n"
         "              headers = { ['Call-ID'] = sip.call_id() } }\n"
         "ids.cseq = w:send(alice, ids).cseq.number\n"
         "alice:expect_invite():ring()\n"
         "ids.branch = 'z9hG4bKtwo'\n"
         "w:send(alice, sip.ack(w:send(alice, ids), w:expect('482', { skip = true })))\n",
         "w:INVITE, w:INVITE, a:180 INVITE, a:482 INVITE, w:ACK, w:CANCEL, a:200 CANCEL, "
         "a:487 INVITE, w:ACK");
}

/* RFC 4475 §3.1.2.7: there are devices that ring though the quote in To never ends. */
static void a_call_to_whom_nobody_can_read_is_cancelled(void **state)
{
    (void)state;
    ends("local v = t:wire('v')\n"
         "w:send(v, { method = 'INVITE', uri = v.uri, headers = { To = '\"Mr. J <sip:v@a>' } })\n"
         "v:reply(v:expect('INVITE'), 180)\n"
         "w:expect(180)\n",
         "w:INVITE, a:180 INVITE, a:480 INVITE, w:CANCEL, w:ACK");
}

static const char another_branch[] = "local call = alice:invite(w)\n"
                                     "local invite = w:expect('INVITE')\n"
                                     "local via = invite:header('Via'):gsub('branch=', '%0z')\n"
                                     "w:send(alice, sip.response(invite, 603, { to_tag = 'x',\n"
                                     "  headers = { Via = via } }))\n"
                                     "t:sleep('100ms')\n";

static void what_was_refused_by_another_branch_is_refused(void **state)
{
    (void)state;
    ends(another_branch, "a:INVITE, w:603 INVITE, w:480 INVITE, a:ACK");
}

static void what_is_accepted_behind_such_a_refusal_is_ended(void **state)
{
    char body[600];

    (void)state;
    snprintf(body, sizeof body,
             "%s"
             "w:reply(invite, 200, { to_tag = 'w', contact = w.uri })\n"
             "w:expect('ACK')\n",
             another_branch);
    ends(body, "a:INVITE, w:603 INVITE, w:200 INVITE, a:ACK, a:BYE, w:200 BYE");
}

static void a_refusal_is_acknowledged(void **state)
{
    (void)state;
    ends("w:send(alice, { method = 'INVITE', uri = alice.uri })\n"
         "alice:expect_invite():reject(486)\n",
         "w:INVITE, a:486 INVITE, w:ACK");
}

static void what_a_wire_has_not_answered_it_refuses(void **state)
{
    (void)state;
    ends("alice:invite(w)\n", "a:INVITE, w:480 INVITE, a:ACK");
}

static void a_wire_answers_the_bye_of_a_caller(void **state)
{
    (void)state;
    ends("local call = alice:invite(w)\n"
         "w:expect_request('INVITE'):respond(200)\n"
         "call:wait('confirmed')\n",
         "a:INVITE, w:200 INVITE, a:ACK, a:BYE, w:200 BYE");
}

/* 64*T1 is more than there is time for over real sockets: what comes after calls would not be. */
static void a_leg_that_lost_is_not_waited_for(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(parts);
    assert_string_equal(scene_play(f,
                                   "scenario('x', function(t)\n"
                                   "  local w, alice = t:wire('w'), t:agent('alice')\n"
                                   "  local call = alice:invite(w)\n"
                                   "  local invite = w:expect('INVITE')\n"
                                   "  w:reply(invite, 180, { to_tag = 'lost' })\n"
                                   "  call:expect(180)\n"
                                   "  w:reply(invite, 200, { to_tag = 'won', contact = w.uri })\n"
                                   "  w:expect('ACK')\n"
                                   "end)\n"),
                        "pass");
    assert_string_equal(sent(f), "a:INVITE, w:180 INVITE, w:200 INVITE, a:ACK, a:BYE, w:200 BYE");
    struct trace_event last;
    assert_true(trace_get(f->trace, trace_last(f->trace), &last));
    assert_true(last.time_us < 10 * US_PER_S);
    scene_fixture_destroy(f);
}

static void what_has_ended_is_left_alone(void **state)
{
    (void)state;
    ends("local invite = w:send(alice, { method = 'INVITE', uri = alice.uri })\n"
         "local leg = alice:expect_invite()\n"
         "leg:answer()\n"
         "local dialog = sip.dialog(invite, w:expect(200))\n"
         "w:send(alice, dialog:ack())\n"
         "w:send(alice, dialog:request('BYE'))\n"
         "leg:wait('terminated')\n",
         "w:INVITE, a:200 INVITE, w:ACK, w:BYE, a:200 BYE");
}

static void each_leg_of_a_fork_gets_its_own(void **state)
{
    (void)state;
    ends("w:send(alice, { method = 'INVITE', uri = alice.uri })\n"
         "local leg = alice:expect_invite()\n"
         "local other = leg:fork()\n"
         "leg:answer() other:answer()\n",
         "w:INVITE, a:200 INVITE, a:200 INVITE, w:ACK, w:BYE, w:ACK, w:BYE, a:200 BYE, a:200 BYE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_a_wire_began_is_acknowledged_and_ended),
        cmocka_unit_test(a_call_that_is_up_is_ended),
        cmocka_unit_test(a_call_that_rings_is_cancelled),
        cmocka_unit_test(a_merged_invite_leaves_the_first_one_ringing),
        cmocka_unit_test(a_call_to_whom_nobody_can_read_is_cancelled),
        cmocka_unit_test(what_was_refused_by_another_branch_is_refused),
        cmocka_unit_test(what_is_accepted_behind_such_a_refusal_is_ended),
        cmocka_unit_test(a_refusal_is_acknowledged),
        cmocka_unit_test(what_a_wire_has_not_answered_it_refuses),
        cmocka_unit_test(a_wire_answers_the_bye_of_a_caller),
        cmocka_unit_test(a_leg_that_lost_is_not_waited_for),
        cmocka_unit_test(what_has_ended_is_left_alone),
        cmocka_unit_test(each_leg_of_a_fork_gets_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
