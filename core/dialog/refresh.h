/* Session timers, RFC 4028: how long a session lasts unless it is refreshed, and who does that.
 * What the two sides agree on is a function of what they say; the rest is one timer.
 *
 *     struct refresh_asked asked = refresh_read(request);
 *     if (refresh_refusal(&own, &asked) != 0)
 *         answer(422);
 *     struct refresh_terms terms = refresh_grant(&own, call->refresh, &asked);
 */
#pragma once
#include "core/message/msg.h"
#include "core/transaction/timers.h"

enum { REFRESH_MIN_S = 90 }; /* RFC 4028 §4: the least there is */

enum sip_refresher { /* as in Session-Expires: who sent the request, or who answered it */
                     SIP_REFRESHER_ANY,
                     SIP_REFRESHER_UAC,
                     SIP_REFRESHER_UAS
};
enum sip_refresh_by { SIP_REFRESH_BY_EITHER, SIP_REFRESH_BY_UPDATE, SIP_REFRESH_BY_INVITE };

struct sip_refresh_options { /* what one side wants; all 0: what the other one asks for */
    uint32_t expires_s;      /* 0: asks for no timer */
    uint32_t min_se_s;       /* 422 to less; 0: 90, and not said in requests */
    uint8_t refresher;       /* enum sip_refresher */
    uint8_t by; /* enum sip_refresh_by; EITHER: UPDATE where the other side allows it */
    bool idle;  /* refreshes nothing */
};

struct refresh_asked { /* what a request or a 2xx says */
    uint32_t interval_s;
    uint32_t min_se_s; /* 0: not said */
    uint8_t refresher;
    bool given;     /* there is a Session-Expires */
    bool supported; /* "timer" in Supported */
};

struct refresh_wish { /* what a request of ours says; 0, each: it does not */
    uint32_t expires_s, min_se_s;
    uint8_t refresher;
};

struct refresh_terms {   /* of a 2xx */
    uint32_t interval_s; /* 0: the session does not expire */
    uint8_t refresher;
    bool require; /* the other side has to know */
};

struct sip_call;
struct sip_refresh { /* of one call */
    struct sip_timer timer;
    struct sip_call *call;
    struct sip_refresh_options own;
    uint64_t since_us;   /* the last 2xx */
    uint32_t interval_s; /* 0: it does not expire */
    uint32_t min_se_s;   /* the largest that a 422 or a request in the dialog had: §7.4 */
    bool ours;           /* we refresh */
    bool alone;          /* the other side has never said Session-Expires: §7.2 */
    bool last;           /* what the timer ends is the session */
    bool updates;        /* the other side allows UPDATE */
};

struct refresh_asked refresh_read(struct sip_msg *msg);
/* The Min-SE that a 422 has to say; 0: the interval is long enough, or its sender would not
 * understand (§9). */
uint32_t refresh_refusal(const struct sip_refresh_options *own, const struct refresh_asked *asked);
/* §9 and its Table 2. now: what holds so far; NULL: nothing. */
struct refresh_terms refresh_grant(const struct sip_refresh_options *own,
                                   const struct sip_refresh *now,
                                   const struct refresh_asked *asked);
/* What a 2xx to a request of ours means, §7.2: from now on, or no more. */
void refresh_accept(struct sip_refresh *refresh, const struct refresh_asked *answer);
/* Who refreshes does so at half of the interval, and it ends with it; for the other side it ends 32
 * seconds or a third of it earlier (§10). */
uint64_t refresh_due_us(const struct sip_refresh *refresh);
uint64_t refresh_end_us(const struct sip_refresh *refresh);
struct sip_refresh *refresh_of_timer(struct sip_timer *timer);
