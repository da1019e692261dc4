/* Each state with each message, against what RFC 3261 §13.2.1 and §14, RFC 3262 §5 and RFC 3311 §5
 * say, written down by themselves. */
#include "core/sdp/offer_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { US = true, THEM = false, WITH = true, WITHOUT = false };

/* One line for each state, one word for each message in the order of enum sip_oa_event:
 *   INVITE 1xx reliable-1xx 2xx ACK PRACK 2xx-PRACK UPDATE 2xx-UPDATE INVITE-, PRACK-,
 * UPDATE-refused o offer, a answer, p preview, r rolled back, i ignored, m missing, x out of turn,
 * - nothing. */
struct expectation {
    struct sip_offer_answer at;
    const char *ours, *theirs; /* with a description, sent by us, by them */
    const char *bare;          /* without one, sent by them */
};

static const struct expectation expectations[] = {
  /* before anything: only an INVITE may offer */
    {{.state = OA_FREE},
     "o i i i i x i x i - - -", "o i i i i x i x i - - -",
     "- - - - - - - - - - - -"},
 /* an INVITE without an offer: the first reliable answer has it */
    {{.state = OA_FREE, .asked = true},
     "o i o o i x i x i - - -", "o i o o i x i x i - - -",
     "- - m m - - - - - - - -"},
 /* agreed: INVITE, PRACK and UPDATE may offer */
    {{.state = OA_FREE, .agreed = true},
     "o i i i i o i o i - - -", "o i i i i o i o i - - -",
     "- - - - - - - - - - - -"},
 /* our offer in an INVITE: answered by them, in a reliable message */
    {{.state = OA_IN_INVITE, .ours = true},
     "x x x x x x x x x r - -", "x p a a x x x x x r - -",
     "- - - m - - - - - r - -"},
    {{.state = OA_IN_INVITE},
     "x p a a x x x x x r - -", "x x x x x x x x x r - -",
     "- - - - - - - - - r - -"},
    {{.state = OA_IN_RELIABLE, .ours = true},
     "x x x x x x x x x r - -", "x x x x x a x x x r - -",
     "- - - - - m - - - r - -"},
    {{.state = OA_IN_FINAL, .ours = true},
     "x x x x x x x x x - - -", "x x x x a x x x x - - -",
     "- - - - m - - - - - - -"},
    {{.state = OA_IN_PRACK, .ours = true, .agreed = true},
     "x x x x x x x x x - r -", "x x x x x x a x x - r -",
     "- - - - - - m - - - r -"},
    {{.state = OA_IN_UPDATE, .ours = true, .agreed = true},
     "x x x x x x x x x - - r", "x x x x x x x x a - - r",
     "- - - - - - - - m - - r"},
    {{.state = OA_IN_UPDATE, .agreed = true},
     "x x x x x x x x a - - r", "x x x x x x x x x - - r",
     "- - - - - - - - - - - r"},
};

static char letter(uint32_t doing)
{
    static const char letters[] = "oaprimx";
    for (size_t i = 0; i < sizeof letters - 1; i++)
        if (doing == UINT32_C(1) << i)
            return letters[i];
    return doing == 0 ? '-' : '?';
}

static void walk(const struct expectation *e, const char *words, bool ours, bool described)
{
    for (int on = 0; on < OA_EVENT_COUNT; on++) {
        struct sip_offer_answer oa = e->at;
        char got = letter(sip_oa_step(&oa, (enum sip_oa_event)on, ours, described));
        if (got != words[2 * on])
            fail_msg("%s of %s, asked %d, on %s by %s, described %d: %c, and not %c",
                     sip_oa_state_text(e->at.state).ptr, e->at.ours ? "us" : "them", e->at.asked,
                     sip_oa_event_text((uint8_t)on).ptr, ours ? "us" : "them", described, got,
                     words[2 * on]);
        if (got == 'a' || got == 'r' || got == 'm')
            assert_int_equal(oa.state, OA_FREE);
        if (got == 'x')
            assert_memory_equal(&oa, &e->at, sizeof oa);
        if (got == 'o')
            assert_true(oa.state != OA_FREE && oa.ours == ours);
        if (got == 'a')
            assert_true(oa.agreed);
    }
}

static void each_state_takes_each_message_as_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        const struct expectation *e = &expectations[i];
        walk(e, e->ours, US, WITH);
        walk(e, e->theirs, THEM, WITH);
        walk(e, e->bare, THEM, WITHOUT);
    }
}

struct move {
    enum sip_oa_event on;
    bool ours, described;
    uint32_t doing;
};

static struct sip_offer_answer play(const struct move *moves, size_t count)
{
    struct sip_offer_answer oa = {0};
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sip_oa_step(&oa, moves[i].on, moves[i].ours, moves[i].described),
                         moves[i].doing);
    return oa;
}
#define PLAY(...)                                                                                  \
    play((const struct move[]){__VA_ARGS__},                                                       \
         sizeof((const struct move[]){__VA_ARGS__}) / sizeof(struct move))

/* RFC 3261 §13.2.1: the two exchanges that every user agent must support. */
static void invite_and_2xx_or_2xx_and_ack(void **state)
{
    (void)state;
    struct sip_offer_answer oa =
        PLAY({OA_INVITE, US, WITH, OA_OFFER}, /**/
             {OA_PROVISIONAL, THEM, WITH, OA_PREVIEW}, {OA_FINAL, THEM, WITH, OA_ANSWER});
    assert_true(oa.agreed && oa.state == OA_FREE);
    oa = PLAY({OA_INVITE, US, WITHOUT, 0}, {OA_PROVISIONAL, THEM, WITH, OA_IGNORED},
              {OA_FINAL, THEM, WITH, OA_OFFER}, {OA_ACK, US, WITH, OA_ANSWER});
    assert_true(oa.agreed && oa.state == OA_FREE && !oa.asked);
}

/* RFC 3262 §5: three more, and what is in later responses does not count. */
static void reliable_1xx_and_prack(void **state)
{
    (void)state;
    PLAY({OA_INVITE, US, WITH, OA_OFFER}, {OA_RELIABLE, THEM, WITH, OA_ANSWER},
         {OA_PRACK, US, WITH, OA_OFFER}, {OA_PRACK_OK, THEM, WITH, OA_ANSWER},
         {OA_FINAL, THEM, WITH, OA_IGNORED});
    PLAY({OA_INVITE, US, WITHOUT, 0}, {OA_RELIABLE, THEM, WITH, OA_OFFER},
         {OA_PRACK, US, WITH, OA_ANSWER}, {OA_PRACK_OK, THEM, WITHOUT, 0},
         {OA_FINAL, THEM, WITHOUT, 0});
    PLAY({OA_INVITE, US, WITHOUT, 0}, {OA_RELIABLE, THEM, WITHOUT, OA_MISSING},
         {OA_FINAL, THEM, WITH, OA_OFFER});
}

/* RFC 3311 §5.1: either side, once the first exchange is done in an early dialog. */
static void update_in_an_early_dialog(void **state)
{
    (void)state;
    PLAY({OA_INVITE, US, WITH, OA_OFFER}, {OA_UPDATE, US, WITH, OA_OUT_OF_TURN},
         {OA_RELIABLE, THEM, WITH, OA_ANSWER}, {OA_PRACK, US, WITHOUT, 0},
         {OA_UPDATE, THEM, WITH, OA_OFFER}, {OA_UPDATE, US, WITH, OA_OUT_OF_TURN},
         {OA_UPDATE_OK, US, WITH, OA_ANSWER}, {OA_FINAL, THEM, WITHOUT, 0});
}

/* RFC 3261 §14.1, RFC 3311 §5.3: as if no offer had been made. */
static void a_refused_offer_leaves_the_session_as_it_was(void **state)
{
    (void)state;
    struct sip_offer_answer oa =
        PLAY({OA_INVITE, US, WITH, OA_OFFER}, {OA_FINAL, THEM, WITH, OA_ANSWER},
             {OA_INVITE, THEM, WITH, OA_OFFER}, {OA_INVITE_REFUSED, US, WITHOUT, OA_ROLL_BACK},
             {OA_UPDATE, US, WITH, OA_OFFER}, {OA_UPDATE_REFUSED, THEM, WITH, OA_ROLL_BACK},
             {OA_INVITE, THEM, WITHOUT, 0}, {OA_INVITE_REFUSED, US, WITHOUT, 0});
    assert_true(oa.agreed && oa.state == OA_FREE && !oa.asked);
}

/* RFC 3311 §5.2: 491 where our offer is open, 500 where theirs is. */
static void offers_that_cross_are_refused(void **state)
{
    (void)state;
    struct sip_offer_answer oa = {.state = OA_IN_UPDATE, .ours = true, .agreed = true};
    assert_int_equal(sip_oa_refusal(&oa, OA_UPDATE, true), 491);
    assert_int_equal(sip_oa_refusal(&oa, OA_INVITE, false), 491);
    assert_int_equal(sip_oa_refusal(&oa, OA_UPDATE, false), 0);
    oa.ours = false;
    assert_int_equal(sip_oa_refusal(&oa, OA_UPDATE, true), 500);
    oa = (struct sip_offer_answer){.asked = true};
    assert_int_equal(sip_oa_refusal(&oa, OA_UPDATE, true), 491);
    oa = (struct sip_offer_answer){.agreed = true};
    assert_int_equal(sip_oa_refusal(&oa, OA_UPDATE, true), 0);
    assert_int_equal(sip_oa_refusal(&oa, OA_INVITE, true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_takes_each_message_as_written),
        cmocka_unit_test(invite_and_2xx_or_2xx_and_ack),
        cmocka_unit_test(reliable_1xx_and_prack),
        cmocka_unit_test(update_in_an_early_dialog),
        cmocka_unit_test(a_refused_offer_leaves_the_session_as_it_was),
        cmocka_unit_test(offers_that_cross_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
