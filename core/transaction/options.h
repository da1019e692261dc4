/* How long the transactions of a stack wait, and the rules that they are told to break.
 *
 *     struct sip_timers timers = sip_timers_default;
 *     timers.t1_us = 100 * US_PER_MS;
 */
#pragma once
#include "core/base.h"

/* RFC 3261 Table 4, RFC 6026, RFC 4320. All others derive from these: B, F, H, J, L, M = 64*T1. */
struct sip_timers {
    uint64_t t1_us, t2_us, t4_us, d_us, c_us,
        hundred_us; /* 500 ms, 4 s, 5 s, 32 s, 180 s, 200 ms */
};
extern const struct sip_timers sip_timers_default;

/* Rules that the stack is told to break. */
enum sip_mutant {
    SIP_MUTANT_TIMER_A_CAPPED = 1 << 0,    /* Timer A never exceeds T2 */
    SIP_MUTANT_NO_ACK = 1 << 1,            /* never ACKs a 2xx */
    SIP_MUTANT_BRANCH_PER_COPY = 1 << 2,   /* each retransmission has a branch of its own */
    SIP_MUTANT_CSEQ_FROZEN = 1 << 3,       /* every request of a dialog has the first one's CSeq */
    SIP_MUTANT_LENGTH_OFF_BY_ONE = 1 << 4, /* Content-Length is one too large */
    SIP_MUTANT_NO_TAG = 1 << 28,           /* its final responses have no To tag */
    SIP_MUTANT_BRANCH_REUSED = 1 << 29,    /* a user agent's requests have one branch */
    SIP_MUTANT_ANSWERS_TWICE = 1 << 30,    /* another final response behind each one */
    /* inside a session */
    SIP_MUTANT_RSEQ_FROZEN = 1 << 5,   /* every reliable response has the first one's RSeq */
    SIP_MUTANT_NO_PRACK = 1 << 6,      /* never acknowledges a reliable response */
    SIP_MUTANT_RACK_WRONG = 1 << 7,    /* RAck names a response that was never sent */
    SIP_MUTANT_NO_REFRESH = 1 << 13,   /* never refreshes a session, though it has said so */
    SIP_MUTANT_ANSWER_SHORT = 1 << 15, /* answers with one m-line less than was offered */
    SIP_MUTANT_NO_EXPIRY = 1 << 14,    /* keeps a session that nobody has refreshed */
    /* of those who are challenged */
    SIP_MUTANT_NC_FROZEN = 1 << 8,        /* the count of a nonce does not go up */
    SIP_MUTANT_REALM_ANY = 1 << 9,        /* answers challenges of foreign realms */
    SIP_MUTANT_CNONCE_REUSED = 1 << 10,   /* the same cnonce each time */
    SIP_MUTANT_AUTH_CSEQ_KEPT = 1 << 11,  /* CSeq does not go up after a challenge */
    SIP_MUTANT_NEVER_REFRESHES = 1 << 12, /* lets its registrations expire */
    /* of those who forward */
    SIP_MUTANT_MAX_FORWARDS_KEPT = 1 << 16, /* does not count Max-Forwards down */
    SIP_MUTANT_BRANCH_BARE = 1 << 17,       /* its branches lack the magic cookie */
    SIP_MUTANT_RECORD_ROUTE_LOST = 1 << 18, /* takes Record-Route out of responses */
    SIP_MUTANT_100_FORWARDED = 1 << 19,     /* forwards 100 like any provisional response */
    SIP_MUTANT_LOSERS_KEPT = 1 << 20,       /* does not CANCEL the branches that lost */
    SIP_MUTANT_FIRST_FINAL = 1 << 21,       /* forwards the first final response, not the best */
    /* of notifiers */
    SIP_MUTANT_NO_NOTIFY = 1 << 24, /* a subscription that is accepted gets no NOTIFY by itself */
    SIP_MUTANT_NO_SUB_STATE = 1 << 25,    /* NOTIFY without Subscription-State */
    SIP_MUTANT_REFER_ID = 1 << 26,        /* a NOTIFY of a REFER has another one's id */
    SIP_MUTANT_EXPIRED_NOTIFIED = 1 << 27 /* an expired subscription goes on */
};
