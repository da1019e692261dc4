#include "core/sdp/offer_answer.h"

enum by { ANYBODY, THE_OTHER /* than the one who made the open offer */ };
enum needs { NOTHING, AGREED, ASKED, NOT_AGREED, NOT_ASKED };

struct row { /* an arrow: at, on, by, with a description, needs, to, doing */
    uint8_t at, on, by, described, needs, to;
    uint16_t doing;
};

/* A refusal has no description that would count: both kinds of it stand here as one without. */
static const struct row rows[] = {
    {OA_FREE,        OA_INVITE,         ANYBODY,   true,  NOTHING,    OA_IN_INVITE,   OA_OFFER      },
    {OA_FREE,        OA_RELIABLE,       ANYBODY,   true,  ASKED,      OA_IN_RELIABLE, OA_OFFER      },
    {OA_FREE,        OA_RELIABLE,       ANYBODY,   false, ASKED,      OA_FREE,        OA_MISSING    },
    {OA_FREE,        OA_FINAL,          ANYBODY,   true,  ASKED,      OA_IN_FINAL,    OA_OFFER      },
    {OA_FREE,        OA_FINAL,          ANYBODY,   false, ASKED,      OA_FREE,        OA_MISSING    },
    {OA_FREE,        OA_PRACK,          ANYBODY,   true,  AGREED,     OA_IN_PRACK,    OA_OFFER      },
    {OA_FREE,        OA_UPDATE,         ANYBODY,   true,  AGREED,     OA_IN_UPDATE,   OA_OFFER      },
    {OA_FREE,        OA_PRACK,          ANYBODY,   true,  NOT_AGREED, OA_FREE,        OA_OUT_OF_TURN},
    {OA_FREE,        OA_UPDATE,         ANYBODY,   true,  NOT_AGREED, OA_FREE,        OA_OUT_OF_TURN},
 /* RFC 3261 §13.2.1: "MUST ignore any session descriptions in subsequent responses" */
    {OA_FREE,        OA_PROVISIONAL,    ANYBODY,   true,  NOTHING,    OA_FREE,        OA_IGNORED    },
    {OA_FREE,        OA_RELIABLE,       ANYBODY,   true,  NOT_ASKED,  OA_FREE,        OA_IGNORED    },
    {OA_FREE,        OA_FINAL,          ANYBODY,   true,  NOT_ASKED,  OA_FREE,        OA_IGNORED    },
    {OA_FREE,        OA_ACK,            ANYBODY,   true,  NOTHING,    OA_FREE,        OA_IGNORED    },
    {OA_FREE,        OA_PRACK_OK,       ANYBODY,   true,  NOTHING,    OA_FREE,        OA_IGNORED    },
    {OA_FREE,        OA_UPDATE_OK,      ANYBODY,   true,  NOTHING,    OA_FREE,        OA_IGNORED    },
    {OA_IN_INVITE,   OA_PROVISIONAL,    THE_OTHER, true,  NOTHING,    OA_IN_INVITE,   OA_PREVIEW    },
    {OA_IN_INVITE,   OA_RELIABLE,       THE_OTHER, true,  NOTHING,    OA_FREE,        OA_ANSWER     },
    {OA_IN_INVITE,   OA_FINAL,          THE_OTHER, true,  NOTHING,    OA_FREE,        OA_ANSWER     },
    {OA_IN_INVITE,   OA_FINAL,          THE_OTHER, false, NOTHING,    OA_FREE,        OA_MISSING    },
    {OA_IN_INVITE,   OA_INVITE_REFUSED, ANYBODY,   false, NOTHING,    OA_FREE,        OA_ROLL_BACK  },
    {OA_IN_RELIABLE, OA_PRACK,          THE_OTHER, true,  NOTHING,    OA_FREE,        OA_ANSWER     },
    {OA_IN_RELIABLE, OA_PRACK,          THE_OTHER, false, NOTHING,    OA_FREE,        OA_MISSING    },
    {OA_IN_RELIABLE, OA_INVITE_REFUSED, ANYBODY,   false, NOTHING,    OA_FREE,        OA_ROLL_BACK  },
    {OA_IN_FINAL,    OA_ACK,            THE_OTHER, true,  NOTHING,    OA_FREE,        OA_ANSWER     },
    {OA_IN_FINAL,    OA_ACK,            THE_OTHER, false, NOTHING,    OA_FREE,        OA_MISSING    },
    {OA_IN_PRACK,    OA_PRACK_OK,       THE_OTHER, true,  NOTHING,    OA_FREE,        OA_ANSWER     },
    {OA_IN_PRACK,    OA_PRACK_OK,       THE_OTHER, false, NOTHING,    OA_FREE,        OA_MISSING    },
    {OA_IN_PRACK,    OA_PRACK_REFUSED,  ANYBODY,   false, NOTHING,    OA_FREE,        OA_ROLL_BACK  },
    {OA_IN_UPDATE,   OA_UPDATE_OK,      THE_OTHER, true,  NOTHING,    OA_FREE,        OA_ANSWER     },
    {OA_IN_UPDATE,   OA_UPDATE_OK,      THE_OTHER, false, NOTHING,    OA_FREE,        OA_MISSING    },
    {OA_IN_UPDATE,   OA_UPDATE_REFUSED, ANYBODY,   false, NOTHING,    OA_FREE,        OA_ROLL_BACK  },
};

static bool is_met(const struct sip_offer_answer *oa, uint8_t needs)
{
    switch (needs) {
    case AGREED:
        return oa->agreed;
    case NOT_AGREED:
        return !oa->agreed;
    case ASKED:
        return oa->asked;
    case NOT_ASKED:
        return !oa->asked;
    default:
        return true;
    }
}

static bool is_refusal(uint8_t on)
{
    return on == OA_INVITE_REFUSED || on == OA_PRACK_REFUSED || on == OA_UPDATE_REFUSED;
}

static const struct row *find(const struct sip_offer_answer *oa, uint8_t on, bool ours,
                              bool described)
{
    described = described && !is_refusal(on);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        if (row->at == oa->state && row->on == on && row->described == described &&
            (row->by == ANYBODY || oa->ours != ours) && is_met(oa, row->needs))
            return row;
    }
    return NULL;
}

/* Without an arrow: a description would be another offer, or a second answer. */
static uint32_t doing_of(const struct row *row, uint8_t on, bool described)
{
    if (row != NULL)
        return row->doing;
    return described && !is_refusal(on) ? OA_OUT_OF_TURN : 0;
}

uint32_t sip_oa_look(const struct sip_offer_answer *oa, enum sip_oa_event on, bool ours,
                     bool described)
{
    return doing_of(find(oa, (uint8_t)on, ours, described), (uint8_t)on, described);
}

/* Whether the INVITE that is open wants an offer of whoever answers it. */
static void ask(struct sip_offer_answer *oa, uint8_t on, bool ours, bool described)
{
    if (on == OA_INVITE) {
        oa->asked = !described;
        oa->asked_by_us = ours;
    } else if (on == OA_FINAL || on == OA_INVITE_REFUSED || (on == OA_RELIABLE && described)) {
        oa->asked = false;
    }
}

uint32_t sip_oa_step(struct sip_offer_answer *oa, enum sip_oa_event on, bool ours, bool described)
{
    const struct row *row = find(oa, (uint8_t)on, ours, described);
    uint32_t doing = doing_of(row, (uint8_t)on, described);
    if (doing == OA_OUT_OF_TURN)
        return doing;
    if (row != NULL)
        oa->state = row->to;
    if ((doing & OA_OFFER) != 0)
        oa->ours = ours;
    if ((doing & OA_ANSWER) != 0)
        oa->agreed = true;
    ask(oa, (uint8_t)on, ours, described);
    return doing;
}

uint16_t sip_oa_refusal(const struct sip_offer_answer *oa, enum sip_oa_event on, bool described)
{
    if (!described && on != OA_INVITE)
        return 0;
    if (oa->state != OA_FREE)
        return oa->ours ? 491 : 500;
    /* Their INVITE waits for our offer: it is as if that one were on its way. */
    return on != OA_INVITE && !oa->agreed ? 491 : 0;
}

struct view sip_oa_state_text(uint8_t state)
{
    static const char *const texts[OA_STATE_COUNT] = {"no offer",       "offer in INVITE",
                                                      "offer in 1xx",   "offer in 2xx",
                                                      "offer in PRACK", "offer in UPDATE"};
    ASSERT(state < OA_STATE_COUNT);
    return view_of(texts[state]);
}

struct view sip_oa_event_text(uint8_t event)
{
    static const char *const texts[OA_EVENT_COUNT] = {
        "INVITE",        "1xx",           "reliable 1xx", "2xx",        "ACK",
        "PRACK",         "2xx PRACK",     "UPDATE",       "2xx UPDATE", "INVITE refused",
        "PRACK refused", "UPDATE refused"};
    ASSERT(event < OA_EVENT_COUNT);
    return view_of(texts[event]);
}
