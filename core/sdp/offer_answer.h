/* Who may offer when, and which message answers: RFC 3264 §4 over RFC 3261 §13.2.1 (INVITE, 2xx,
 * ACK), RFC 3262 §5 (reliable 1xx, PRACK) and RFC 3311 §5 (UPDATE). One for each dialog.
 *
 *     struct sip_offer_answer oa = {0};
 *     uint32_t doing = sip_oa_step(&oa, OA_INVITE, true, true);       OA_OFFER
 *     doing = sip_oa_step(&oa, OA_RELIABLE, false, true);             OA_ANSWER
 */
#pragma once
#include "core/base.h"

enum sip_oa_state {
    OA_FREE, /* no offer is open */
    OA_IN_INVITE,
    OA_IN_RELIABLE, /* the offer stands in a reliable 1xx, and its answer in the PRACK */
    OA_IN_FINAL,    /* in the 2xx of an INVITE; its answer in the ACK */
    OA_IN_PRACK,
    OA_IN_UPDATE,
    OA_STATE_COUNT
};

enum sip_oa_event { /* a message that one side sends the other */
                    OA_INVITE,
                    OA_PROVISIONAL, /* 101-199 that nobody will repeat */
                    OA_RELIABLE,    /* RFC 3262 */
                    OA_FINAL,       /* 2xx of an INVITE, its first copy */
                    OA_ACK,         /* of a 2xx */
                    OA_PRACK,
                    OA_PRACK_OK, /* its 2xx */
                    OA_UPDATE,
                    OA_UPDATE_OK,
                    OA_INVITE_REFUSED, /* 300-699, or no answer at all */
                    OA_PRACK_REFUSED,
                    OA_UPDATE_REFUSED,
                    OA_EVENT_COUNT
};

enum sip_oa_doing {                         /* what the description in the message is */
                    OA_OFFER = 1 << 0,      /* opens an exchange */
                    OA_ANSWER = 1 << 1,     /* completes it */
                    OA_PREVIEW = 1 << 2,    /* the answer, ahead of the message that must have it */
                    OA_ROLL_BACK = 1 << 3,  /* none: the session is as before the offer */
                    OA_IGNORED = 1 << 4,    /* nothing: a description that has no meaning here */
                    OA_MISSING = 1 << 5,    /* absent, though the message must have one */
                    OA_OUT_OF_TURN = 1 << 6 /* an offer that may not be made now */
};

struct sip_offer_answer {
    uint8_t state; /* enum sip_oa_state */
    bool ours;     /* the open offer is of this side */
    bool agreed;   /* an exchange has been completed */
    bool asked; /* an INVITE without an offer is open: its first reliable answer has to have one */
    bool asked_by_us;
};

/* `ours`: this side sends the message; `described`: it has a session description. Gives what that
 * one is (enum sip_oa_doing), 0: nothing. Out of turn nothing changes. */
uint32_t sip_oa_step(struct sip_offer_answer *oa, enum sip_oa_event on, bool ours, bool described);
/* The same without a step. */
uint32_t sip_oa_look(const struct sip_offer_answer *oa, enum sip_oa_event on, bool ours,
                     bool described);
/* What refuses an INVITE, UPDATE or PRACK of theirs, in which they offer: 491 where we wait for an
 * answer, 500 where we owe one (RFC 3261 §14.2, RFC 3311 §5.2), 0: nothing does. An INVITE without
 * an offer wants one of us, so that it meets the same. */
uint16_t sip_oa_refusal(const struct sip_offer_answer *oa, enum sip_oa_event on, bool described);
struct view sip_oa_state_text(uint8_t state);
struct view sip_oa_event_text(uint8_t event);
