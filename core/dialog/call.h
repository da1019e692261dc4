/* A call: the INVITE usage of one dialog, RFC 3261 §13 to §15. An INVITE that forks has one for
 * each To tag, its legs. What happens to it is a table for either side, as a transaction is.
 *
 *     const struct call_row *row = call_row_find(call->caller, call->state, GOT_2XX);
 *     if (row != NULL && row->doing & CALL_ACK)
 *         send_ack(call);
 */
#pragma once
#include "core/dialog/answer.h"
#include "core/dialog/dialog.h"
#include "core/dialog/refresh.h"
#include "core/dialog/reliable.h"
#include "core/dialog/session.h"

enum call_state {
    CALL_CALLING,   /* nothing has been said but the INVITE */
    CALL_EARLY,     /* an early dialog */
    CALL_ANSWERED,  /* 2xx, and no ACK so far */
    CALL_CONFIRMED, /* 2xx and ACK */
    CALL_ENDING,    /* our BYE is under way */
    CALL_TERMINATED,
    CALL_STATE_COUNT
};

enum call_event {
    GOT_1XX,      /* caller: 101-199 with a To tag */
    GOT_2XX,      /* caller: copies as well */
    GOT_FAILURE,  /* caller: 300-699, or none: timeout, transport error */
    ACK_SENT,     /* caller: the first one */
    ASKS_AGAIN,   /* caller: another INVITE takes the place of the one that was refused */
    FORK_OVER,    /* caller: 64*T1 after another leg's 2xx */
    SENT_1XX,     /* callee: 101-199 */
    SENT_2XX,     /* callee */
    SENT_FAILURE, /* callee: 300-699 */
    GOT_ACK,      /* callee */
    NO_ACK,       /* callee: for 64*T1 */
    BYE_SENT,
    BYE_DONE, /* its final response, or none */
    GOT_BYE,
    CALL_EVENT_COUNT
};

enum call_action {
    CALL_LEARN = 1 << 0,        /* the dialog from this response: RFC 3261 §12.1.2 */
    CALL_LEARN_ROUTES = 1 << 1, /* only its route set: §13.2.2.4 */
    CALL_ACK = 1 << 2,          /* this 2xx: §13.2.2.4 */
    CALL_REPEAT_2XX = 1 << 3,   /* until the ACK comes: §13.3.1.4 */
    CALL_STOP_2XX = 1 << 4,
    CALL_BYE = 1 << 5,    /* send one */
    CALL_REJECT = 1 << 6, /* answer the INVITE that is still open 487: §15.1.2 */
    CALL_FORGET = 1 << 7  /* the early dialog has ended with the INVITE: §12.3 */
};

struct call_row { /* at, on, to, doing */
    uint8_t at, on, to;
    uint16_t doing;
};
const struct call_row *call_row_find(bool caller, uint8_t at, uint8_t on); /* NULL: none */
struct view call_state_text(uint8_t state);
struct view call_event_text(uint8_t event);

struct sip_call {
    struct sip_dialog dialog;
    struct handle handle;
    uint8_t state; /* enum call_state */
    uint8_t ended; /* how: for the user of calls */
    uint16_t ended_status;
    bool caller;
    bool offered;           /* caller: the INVITE that made it has an offer */
    uint32_t manual;        /* what its user does himself */
    uint32_t invite_seq;    /* CSeq number of the latest INVITE of ours */
    struct handle initial;  /* transaction of the INVITE that made it */
    struct handle invite;   /* the one that has no final response yet: of either side, or none */
    struct handle update;   /* their newest UPDATE: a server transaction, or none */
    struct handle replaces; /* callee: the call that ends when this one is answered */
    bool unwanted;          /* a BYE goes out as soon as it may: behind its 2xx, behind its ACK */
    struct handle next_leg; /* of the same INVITE */
    struct view
        credentials;    /* owned: rows of the INVITE that its ACK repeats, RFC 3261 §13.2.2.4 */
    struct sip_out ack; /* caller: what goes out again for each copy of the 2xx */
    struct sip_hop ack_hop;
    uint32_t ack_seq;
    struct view packages;      /* owned: of INFO, that the other side takes, each with a comma */
    bool names_packages;       /* it has said so */
    struct sip_answer *answer; /* callee: the 2xx without ACK */
    struct sip_session session;
    struct sip_refresh *refresh;        /* RFC 4028; NULL: nobody has asked for it */
    struct sip_reliable *unacked;       /* reliable 1xx that have no PRACK, the newest first */
    uint32_t rseq, rseq_invite;         /* of the newest one sent, and CSeq number of its INVITE */
    uint32_t rseq_got, rseq_got_invite; /* likewise of the newest one that came in order */
    struct sip_timer linger;            /* TERMINATED: how long it is kept for what still comes */
    struct sip_call *next;              /* those to be freed */
};

struct sip_call *call_of_dialog(struct sip_dialog *dialog); /* NULL: it is of none */
struct sip_call *call_of_linger(struct sip_timer *timer);
void call_deinit(struct tx_layer *layer, struct sip_call *call);
