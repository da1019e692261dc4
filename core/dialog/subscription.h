/* A subscription, RFC 6665: a usage of a dialog, which it may share with a call and with others
 * (RFC 5057). What happens to it is a table for either side, as with a call.
 *
 *     const struct sub_row *row = sub_row_find(sub->notifier, sub->state, SUB_GOT_ACTIVE);
 *     if (row != NULL)
 *         sub->state = row->to;
 */
#pragma once
#include "core/dialog/dialog.h"
#include "core/dialog/rows.h"
#include "core/transaction/timers.h"

enum sub_state {
    SUB_WAIT, /* notify_wait at the subscriber, resp_wait at the notifier */
    SUB_PENDING,
    SUB_ACTIVE,
    SUB_TERMINATED,
    SUB_STATE_COUNT
};

enum sub_event {
    SUB_GOT_PENDING,     /* subscriber: a NOTIFY that says so */
    SUB_GOT_ACTIVE,      /* subscriber */
    SUB_GOT_TERMINATED,  /* subscriber */
    SUB_NO_NOTIFY,       /* subscriber: Timer N */
    SUB_SENT_PENDING,    /* notifier: a NOTIFY that says so */
    SUB_SENT_ACTIVE,     /* notifier */
    SUB_SENT_TERMINATED, /* notifier */
    SUB_REFUSED,         /* the request that would have made it */
    SUB_LOST,            /* a later one, for good: the other side knows it no more */
    SUB_EXPIRED,         /* subscriber: its time is over, and nobody made it longer */
    SUB_EVENT_COUNT
};

struct sub_row { /* at, on, to */
    uint8_t at, on, to;
};
const struct sub_row *sub_row_find(bool notifier, uint8_t at, uint8_t on); /* NULL: none */
struct view sub_state_text(bool notifier, uint8_t state);
struct view sub_event_text(uint8_t event);

struct sip_sub {
    struct sip_dialog *dialog;
    struct sip_sub *next;       /* in the same dialog */
    struct sip_sub *next_freed; /* of those to be freed */
    struct handle handle;
    struct view event, id;         /* owned; id absent: none */
    struct index_entry by_attempt; /* subscriber: by Call-ID and tag of ours, while it may fork */
    struct sip_timer notify;       /* subscriber: Timer N; notifier: the NOTIFY that it owes */
    struct sip_timer expire;       /* subscriber: time to refresh, or over; notifier: over */
    uint64_t until_us;             /* when it expires; NEVER: not said so far */
    struct handle request;         /* subscriber: its latest SUBSCRIBE or REFER */
    struct rows rows;              /* subscriber: the user's, for each SUBSCRIBE */
    struct view body, type;        /* notifier: owned; the state as it was last said */
    struct view reason;            /* owned; why it was terminated, as a NOTIFY said */
    uint32_t retry_after_s;        /* likewise; 0: not said */
    uint32_t seq;                  /* CSeq number of the request that made it */
    uint32_t wanted_s;             /* subscriber: the Expires that it asks for */
    uint32_t granted_s, limit_s;   /* notifier: by the latest 2xx; the most it ever grants */
    uint16_t ended_status;
    uint8_t state; /* enum sub_state */
    uint8_t ended; /* how: for the user of subscriptions */
    bool notifier;
    bool refer;     /* made by REFER: RFC 3515 §2.4.4 */
    bool first;     /* of the REFERs in its dialog, which needs no id: RFC 3515 §2.4.6 */
    bool refreshes; /* subscriber: by itself */
    bool accepted;  /* notifier: by a 2xx of ours */
    bool heard;     /* subscriber: a NOTIFY came since its latest SUBSCRIBE */
    bool freed;     /* at the end of the turn */
};

/* RFC 6665 §8.2.1: package and id, byte by byte, and nothing else. RFC 3515 §2.4.6: a REFER's may
 * have its CSeq number as id, and the first one in a dialog need not. */
bool sub_event_fits(const struct sip_sub *sub, const struct sip_token_params *event);
struct view sub_event_id(const struct sip_token_params *event); /* absent: none */
void sub_join(struct sip_sub *sub, struct sip_dialog *dialog);  /* the last of its usages */
void sub_leave(struct sip_sub *sub);
void sub_deinit(struct tx_layer *layer, struct sip_sub *sub); /* it has left its dialog */

/* RFC 6665 §4.1.2.2 and §4.2.2: final responses to SUBSCRIBE or NOTIFY that end the subscription;
 * RFC 5057 §5.1: those of them that end all usages of the dialog. */
bool sub_status_fatal(uint16_t status);
bool dialog_status_fatal(uint16_t status);
