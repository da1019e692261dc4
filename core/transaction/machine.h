/* A transaction's state machine as data: the arrows of its figure, and the timers of its states.
 *
 *     const struct tx_row *row = tx_row_find(&tx_invite_client, CALLING, RECV_1XX);
 *     if (row != NULL)
 *         state = row->to;
 */
#pragma once
#include "core/base.h"

enum tx_state {
    TX_WAITING,
    CALLING,
    TRYING,
    PROCEEDING,
    COMPLETED,
    CONFIRMED,
    ACCEPTED,
    TERMINATED
};

/* What can happen to a transaction. Timers come first: the name of one is the event of its firing.
 */
#define TX_EVENT_LIST(X)                                                                           \
    X(TIMER_A, "A")                                                                                \
    X(TIMER_B, "B")                                                                                \
    X(TIMER_D, "D")                                                                                \
    X(TIMER_E, "E")                                                                                \
    X(TIMER_F, "F")                                                                                \
    X(TIMER_G, "G")                                                                                \
    X(TIMER_H, "H")                                                                                \
    X(TIMER_I, "I")                                                                                \
    X(TIMER_J, "J")                                                                                \
    X(TIMER_K, "K")                                                                                \
    X(TIMER_L, "L")                                                                                \
    X(TIMER_M, "M")                                                                                \
    X(TIMER_100, "100")       /* the user of a server transaction has said nothing so far */       \
    X(TIMER_CANCEL, "cancel") /* 64*T1 after CANCEL: RFC 3261 §9.1 */                             \
    X(RECV_1XX, "1xx")                                                                             \
    X(RECV_2XX, "2xx")                                                                             \
    X(RECV_300_699, "300-699")                                                                     \
    X(RECV_REQUEST, "copy of the request")                                                         \
    X(RECV_ACK, "ACK")                                                                             \
    X(USER_1XX, "1xx sent")                                                                        \
    X(USER_2XX, "2xx sent")                                                                        \
    X(USER_300_699, "300-699 sent")                                                                \
    X(TRANSPORT_ERR, "transport error")
enum tx_event {
#define TX_EVENT_ENUM(name, text) name,
    TX_EVENT_LIST(TX_EVENT_ENUM)
#undef TX_EVENT_ENUM
        TX_EVENT_COUNT
};
enum { TX_TIMER_COUNT = TIMER_CANCEL + 1, TX_STATE_COUNT = TERMINATED + 1, TX_TIMERS_AT_ONCE = 2 };

enum tx_action {                         /* what an arrow does */
                 RESEND = 1 << 0,        /* what was sent last, once more */
                 REARM_DOUBLED = 1 << 1, /* the timer that fired */
                 REARM_CAPPED = 1 << 2,  /* doubled, T2 at most */
                 REARM_T2 = 1 << 3,
                 SEND_ACK = 1 << 4,      /* to a 300-699: RFC 3261 §17.1.1.3 */
                 SEND_RESPONSE = 1 << 5, /* the user's */
                 STOP_100 = 1 << 6,
                 /* what follows is for the user of the transaction: sip_tx_step gives it back */
                 TELL_USER = 1 << 7,
                 TELL_TIMEOUT = 1 << 8,
                 TELL_ERROR = 1 << 9,
                 SEND_100 = 1 << 10
};

/* The event (enum tx_event) of a response of that status: it has come, or its user sends it. */
uint8_t tx_event_received(uint16_t status);
uint8_t tx_event_sent(uint16_t status);

struct tx_row { /* an arrow: at, on, to, doing */
    uint8_t at, on, to;
    uint16_t doing;
};

struct tx_wait { /* the timers that run in a state */
    uint8_t at;
    uint8_t timers[TX_TIMERS_AT_ONCE];
    uint8_t timer_count;
};

struct tx_machine {
    struct view name; /* "INVITE client" */
    bool client, invite;
    uint8_t first; /* state */
    const struct tx_row *rows;
    size_t row_count;
    const struct tx_wait *waits;
    size_t wait_count;
};

extern const struct tx_machine tx_invite_client;     /* RFC 3261 Figure 5 */
extern const struct tx_machine tx_non_invite_client; /* Figure 6 */
extern const struct tx_machine tx_invite_server;     /* Figure 7 */
extern const struct tx_machine tx_non_invite_server; /* Figure 8 */

const struct tx_row *tx_row_find(const struct tx_machine *machine, uint8_t at,
                                 uint8_t on); /* NULL: none */
const struct tx_wait *tx_wait_find(const struct tx_machine *machine,
                                   uint8_t at); /* NULL: no timers */
struct view tx_state_text(uint8_t state);
struct view tx_event_text(uint8_t event);
