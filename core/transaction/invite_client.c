#include "core/transaction/machine.h"

/* RFC 3261 Figure 5 as RFC 6026 §8.4 replaces it (Accepted, Timer M). An arrow is at, on, to,
 * doing. In Proceeding no timer bounds the wait, but for the one that runs once a CANCEL has gone
 * out. */
static const struct tx_row rows[] = {
    {CALLING,    TIMER_A,       CALLING,    RESEND | REARM_DOUBLED},
    {CALLING,    TIMER_B,       TERMINATED, TELL_TIMEOUT          },
    {CALLING,    TRANSPORT_ERR, TERMINATED, TELL_ERROR            },
    {CALLING,    RECV_1XX,      PROCEEDING, TELL_USER             },
    {CALLING,    RECV_2XX,      ACCEPTED,   TELL_USER             },
    {CALLING,    RECV_300_699,  COMPLETED,  SEND_ACK | TELL_USER  },
    {PROCEEDING, RECV_1XX,      PROCEEDING, TELL_USER             },
    {PROCEEDING, RECV_2XX,      ACCEPTED,   TELL_USER             },
    {PROCEEDING, RECV_300_699,  COMPLETED,  SEND_ACK | TELL_USER  },
    {PROCEEDING, TIMER_CANCEL,  TERMINATED, TELL_TIMEOUT          }, /* RFC 3261 §9.1 */
    {COMPLETED,  RECV_300_699,  COMPLETED,  SEND_ACK              },
    {COMPLETED,  TRANSPORT_ERR, TERMINATED, TELL_ERROR            },
    {COMPLETED,  TIMER_D,       TERMINATED, 0                     },
    {ACCEPTED,   RECV_2XX,      ACCEPTED,   TELL_USER             },
    {ACCEPTED,   TIMER_M,       TERMINATED, 0                     },
};

static const struct tx_wait waits[] = {
    {CALLING,   {TIMER_A, TIMER_B}, 2},
    {COMPLETED, {TIMER_D},          1},
    {ACCEPTED,  {TIMER_M},          1},
};

const struct tx_machine tx_invite_client = {
    .name = {"INVITE client", 13},
    .client = true,
    .invite = true,
    .first = CALLING,
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
    .waits = waits,
    .wait_count = sizeof waits / sizeof waits[0],
};
