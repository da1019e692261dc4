#include "core/transaction/machine.h"

/* RFC 3261 Figure 6. Timer E, once running, goes on over the move to Proceeding; its next wait is
 * then T2, RFC 3261 §17.1.2.2. */
static const struct tx_row rows[] = {
    {TRYING,     TIMER_E,       TRYING,     RESEND | REARM_CAPPED},
    {TRYING,     TIMER_F,       TERMINATED, TELL_TIMEOUT         },
    {TRYING,     TRANSPORT_ERR, TERMINATED, TELL_ERROR           },
    {TRYING,     RECV_1XX,      PROCEEDING, TELL_USER            },
    {TRYING,     RECV_2XX,      COMPLETED,  TELL_USER            },
    {TRYING,     RECV_300_699,  COMPLETED,  TELL_USER            },
    {PROCEEDING, TIMER_E,       PROCEEDING, RESEND | REARM_T2    },
    {PROCEEDING, TIMER_F,       TERMINATED, TELL_TIMEOUT         },
    {PROCEEDING, TRANSPORT_ERR, TERMINATED, TELL_ERROR           },
    {PROCEEDING, RECV_1XX,      PROCEEDING, TELL_USER            },
    {PROCEEDING, RECV_2XX,      COMPLETED,  TELL_USER            },
    {PROCEEDING, RECV_300_699,  COMPLETED,  TELL_USER            },
    {COMPLETED,  TIMER_K,       TERMINATED, 0                    },
};

static const struct tx_wait waits[] = {
    {TRYING,     {TIMER_E, TIMER_F}, 2},
    {PROCEEDING, {TIMER_E, TIMER_F}, 2},
    {COMPLETED,  {TIMER_K},          1},
};

const struct tx_machine tx_non_invite_client = {
    .name = {"client", 6},
    .client = true,
    .first = TRYING,
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
    .waits = waits,
    .wait_count = sizeof waits / sizeof waits[0],
};
