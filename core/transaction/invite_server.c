#include "core/transaction/machine.h"

/* RFC 3261 Figure 7 as RFC 6026 §8.6 replaces it (Accepted, Timer L; a transport error ends
 * nothing). A copy of the INVITE in Accepted is absorbed in silence, and an ACK there is the
 * user's. */
static const struct tx_row rows[] = {
    {PROCEEDING, TIMER_100,     PROCEEDING, SEND_100                },
    {PROCEEDING, RECV_REQUEST,  PROCEEDING, RESEND                  },
    {PROCEEDING, USER_1XX,      PROCEEDING, SEND_RESPONSE | STOP_100},
    {PROCEEDING, USER_2XX,      ACCEPTED,   SEND_RESPONSE           },
    {PROCEEDING, USER_300_699,  COMPLETED,  SEND_RESPONSE           },
    {PROCEEDING, TRANSPORT_ERR, PROCEEDING, TELL_ERROR              },
    {COMPLETED,  TIMER_G,       COMPLETED,  RESEND | REARM_CAPPED   },
    {COMPLETED,  TIMER_H,       TERMINATED, TELL_TIMEOUT            },
    {COMPLETED,  RECV_REQUEST,  COMPLETED,  RESEND                  },
    {COMPLETED,  RECV_ACK,      CONFIRMED,  0                       },
    {COMPLETED,  TRANSPORT_ERR, COMPLETED,  TELL_ERROR              },
    {CONFIRMED,  RECV_ACK,      CONFIRMED,  0                       },
    {CONFIRMED,  RECV_REQUEST,  CONFIRMED,  0                       },
    {CONFIRMED,  TIMER_I,       TERMINATED, 0                       },
    {ACCEPTED,   RECV_REQUEST,  ACCEPTED,   0                       },
    {ACCEPTED,   RECV_ACK,      ACCEPTED,   TELL_USER               },
    {ACCEPTED,   USER_2XX,      ACCEPTED,   SEND_RESPONSE           },
    {ACCEPTED,   TRANSPORT_ERR, ACCEPTED,   TELL_ERROR              },
    {ACCEPTED,   TIMER_L,       TERMINATED, 0                       },
};

static const struct tx_wait waits[] = {
    {PROCEEDING, {TIMER_100},        1},
    {COMPLETED,  {TIMER_G, TIMER_H}, 2},
    {CONFIRMED,  {TIMER_I},          1},
    {ACCEPTED,   {TIMER_L},          1},
};

const struct tx_machine tx_invite_server = {
    .name = {"INVITE server", 13},
    .invite = true,
    .first = PROCEEDING,
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
    .waits = waits,
    .wait_count = sizeof waits / sizeof waits[0],
};
