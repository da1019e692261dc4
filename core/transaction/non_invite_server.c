#include "core/transaction/machine.h"

/* RFC 3261 Figure 8 with RFC 4320 §4.1 (a 100 by itself, and only when the client's Timer E has
 * come to T2) and RFC 6026 §8.8 (a transport error ends nothing). */
static const struct tx_row rows[] = {
    {TRYING,     TIMER_100,     PROCEEDING, SEND_100     },
    {TRYING,     RECV_REQUEST,  TRYING,     0            },
    {TRYING,     USER_1XX,      PROCEEDING, SEND_RESPONSE},
    {TRYING,     USER_2XX,      COMPLETED,  SEND_RESPONSE},
    {TRYING,     USER_300_699,  COMPLETED,  SEND_RESPONSE},
    {PROCEEDING, RECV_REQUEST,  PROCEEDING, RESEND       },
    {PROCEEDING, USER_1XX,      PROCEEDING, SEND_RESPONSE},
    {PROCEEDING, USER_2XX,      COMPLETED,  SEND_RESPONSE},
    {PROCEEDING, USER_300_699,  COMPLETED,  SEND_RESPONSE},
    {PROCEEDING, TRANSPORT_ERR, PROCEEDING, TELL_ERROR   },
    {COMPLETED,  RECV_REQUEST,  COMPLETED,  RESEND       },
    {COMPLETED,  TRANSPORT_ERR, COMPLETED,  TELL_ERROR   },
    {COMPLETED,  TIMER_J,       TERMINATED, 0            },
};

static const struct tx_wait waits[] = {
    {TRYING,    {TIMER_100}, 1},
    {COMPLETED, {TIMER_J},   1},
};

const struct tx_machine tx_non_invite_server = {
    .name = {"server", 6},
    .first = TRYING,
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
    .waits = waits,
    .wait_count = sizeof waits / sizeof waits[0],
};
