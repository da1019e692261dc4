#include "core/dialog/refresh.h"

#include <stddef.h>

static uint32_t seconds_of(struct sip_msg *msg, enum sip_header_id id)
{
    const struct sip_number *number = sip_msg_get(msg, id, 0);
    if (number == NULL)
        return 0;
    return number->value > UINT32_MAX ? UINT32_MAX : (uint32_t)number->value;
}

static uint8_t refresher_of(struct sip_msg *msg)
{
    const struct sip_number *number = sip_msg_get(msg, SIP_HEADER_SESSION_EXPIRES, 0);
    struct view value;
    if (number == NULL || !sip_param_find(&number->params, V("refresher"), &value))
        return SIP_REFRESHER_ANY;
    if (view_equal_nocase(value, V("uac")))
        return SIP_REFRESHER_UAC;
    return view_equal_nocase(value, V("uas")) ? SIP_REFRESHER_UAS : SIP_REFRESHER_ANY;
}

struct refresh_asked refresh_read(struct sip_msg *msg)
{
    uint32_t interval_s = seconds_of(msg, SIP_HEADER_SESSION_EXPIRES);
    return (struct refresh_asked){
        .interval_s = interval_s,
        .min_se_s = seconds_of(msg, SIP_HEADER_MIN_SE),
        .refresher = refresher_of(msg),
        .given = sip_msg_get(msg, SIP_HEADER_SESSION_EXPIRES, 0) != NULL,
        .supported = sip_msg_lists(msg, SIP_HEADER_SUPPORTED, V("timer")),
    };
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t least_of(const struct sip_refresh_options *own)
{
    return larger(own->min_se_s, REFRESH_MIN_S);
}

uint32_t refresh_refusal(const struct sip_refresh_options *own, const struct refresh_asked *asked)
{
    uint32_t least_s = least_of(own);
    return asked->given && asked->supported && asked->interval_s < least_s ? least_s : 0;
}

/* §9: never more than was asked for, and not less than Min-SE. What is below the least of all and
 * could not be refused is no interval. */
static uint32_t interval_of(const struct sip_refresh_options *own, const struct sip_refresh *now,
                            const struct refresh_asked *asked)
{
    uint32_t least_s = larger(asked->min_se_s, REFRESH_MIN_S);
    uint32_t running_s = now == NULL ? 0 : now->interval_s;
    if (!asked->given && running_s == 0 && own->expires_s == 0)
        return 0;
    if (!asked->given)
        return larger(running_s != 0 ? running_s : own->expires_s, least_s);
    if (asked->interval_s < REFRESH_MIN_S)
        return 0;
    if (own->expires_s == 0 || own->expires_s >= asked->interval_s)
        return asked->interval_s;
    uint32_t reduced_s = larger(own->expires_s, least_s);
    return reduced_s < asked->interval_s ? reduced_s : asked->interval_s;
}

/* Table 2; where both can, whoever does it now goes on. */
static uint8_t refresher_for(const struct sip_refresh_options *own, const struct sip_refresh *now,
                             const struct refresh_asked *asked)
{
    if (!asked->supported)
        return SIP_REFRESHER_UAS;
    if (asked->refresher != SIP_REFRESHER_ANY)
        return asked->refresher;
    if (now != NULL && now->interval_s != 0)
        return now->ours ? SIP_REFRESHER_UAS : SIP_REFRESHER_UAC;
    return own->refresher == SIP_REFRESHER_UAS ? SIP_REFRESHER_UAS : SIP_REFRESHER_UAC;
}

struct refresh_terms refresh_grant(const struct sip_refresh_options *own,
                                   const struct sip_refresh *now, const struct refresh_asked *asked)
{
    struct refresh_terms terms = {.interval_s = interval_of(own, now, asked)};
    if (terms.interval_s == 0)
        return terms;
    terms.refresher = refresher_for(own, now, asked);
    terms.require = asked->supported;
    return terms;
}

void refresh_accept(struct sip_refresh *refresh, const struct refresh_asked *answer)
{
    if (answer->given && answer->interval_s > 0) {
        refresh->interval_s = answer->interval_s;
        refresh->ours = answer->refresher != SIP_REFRESHER_UAS;
        refresh->alone = false;
    } else if (refresh->interval_s == 0 && refresh->own.expires_s != 0) {
        /* "as if the Session-Expires header field were in the 2xx" */
        refresh->interval_s = larger(refresh->own.expires_s, refresh->min_se_s);
        refresh->ours = refresh->alone = true;
    } else if (!refresh->alone) {
        refresh->interval_s = 0;
    }
}

static uint64_t interval_us(const struct sip_refresh *refresh)
{
    return refresh->interval_s * US_PER_S;
}

uint64_t refresh_due_us(const struct sip_refresh *refresh)
{
    return timer_sum(refresh->since_us, interval_us(refresh) / 2);
}

uint64_t refresh_end_us(const struct sip_refresh *refresh)
{
    uint64_t third_us = interval_us(refresh) / 3, most_us = 32 * US_PER_S;
    uint64_t early_us = third_us < most_us ? third_us : most_us;
    return timer_sum(refresh->since_us, interval_us(refresh) - (refresh->ours ? 0 : early_us));
}

struct sip_refresh *refresh_of_timer(struct sip_timer *timer)
{
    return (struct sip_refresh *)((char *)timer - offsetof(struct sip_refresh, timer));
}
