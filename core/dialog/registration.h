/* A registration, RFC 3261 §10.2: the usage that REGISTER makes. It has no dialog, but a Call-ID
 * and numbers of its own. What happens to it is a table.
 *
 *     const struct reg_row *row = reg_row_find(reg->state, REG_GRANTED);
 *     if (row != NULL)
 *         reg->state = row->to;
 */
#pragma once
#include "core/dialog/route.h"
#include "core/dialog/rows.h"
#include "core/transaction/timers.h"

enum reg_state { REG_ASKING, REG_REGISTERED, REG_FAILED, REG_UNREGISTERED, REG_STATE_COUNT };

enum reg_event {
    REG_GRANTED, /* a 2xx that lists our contacts */
    REG_REMOVED, /* a 2xx that does not */
    REG_REFUSED, /* 300 to 699, or no answer at all */
    REG_EXPIRED  /* nobody made it longer */
};

struct reg_row { /* at, on, to */
    uint8_t at, on, to;
};
const struct reg_row *reg_row_find(uint8_t at, uint8_t on); /* NULL: nothing changes */
struct view reg_state_text(uint8_t state);
struct view reg_event_text(uint8_t event);

struct sip_reg {
    struct handle handle;
    uint8_t state; /* enum reg_state */
    uint16_t ended_status;
    struct view uri, from, from_tag, to, call_id; /* owned */
    struct rows contacts;                         /* one Contact row each; none: a fetch */
    struct rows rows;                             /* the user's, for each REGISTER */
    struct addr remote; /* next hop, where it was given; family 0: by the URI */
    enum proto proto;
    uint32_t seq;       /* CSeq number of the latest REGISTER */
    uint32_t expires_s; /* what it asks for */
    uint32_t account, spaces, again;
    uint8_t gruu;                    /* enum sip_gruu: what it asks for */
    struct view pub_gruu, temp_gruu; /* owned: what it got */
    bool refreshes;                  /* by itself */
    bool ending;                     /* the latest REGISTER takes the contacts away */
    struct handle request;           /* the latest REGISTER */
    uint64_t until_us;               /* NEVER: nothing is registered */
    struct sip_timer timer;
    struct handle flow; /* RFC 5626: what it counts on, and keeps alive; none: no connection */
    uint32_t keep_s;    /* how often, at least */
    uint32_t failures;  /* to register, since the last success */
    bool recovers;      /* FAILED, but it tries again when its timer fires */
    struct sip_timer keep;
};

void reg_deinit(struct tx_layer *layer, struct sip_reg *reg);
