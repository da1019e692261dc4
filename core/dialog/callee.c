#include "core/dialog/sides.h"

/* RFC 3261 §13.3, §12.3 and §15: an INVITE that we were sent. A BYE of ours before the ACK is only
 * sent by force; the 2xx is then repeated all the same. A re-INVITE that overtook the ACK is
 * answered as any other: the ACK of that 2xx confirms the call too. */
static const struct call_row rows[] = {
    {CALL_CALLING,   SENT_1XX,     CALL_EARLY,      0                          },
    {CALL_CALLING,   SENT_2XX,     CALL_ANSWERED,   CALL_REPEAT_2XX            },
    {CALL_CALLING,   SENT_FAILURE, CALL_TERMINATED, 0                          },
    {CALL_CALLING,   GOT_BYE,      CALL_TERMINATED, CALL_REJECT                },
    {CALL_EARLY,     SENT_1XX,     CALL_EARLY,      0                          },
    {CALL_EARLY,     SENT_2XX,     CALL_ANSWERED,   CALL_REPEAT_2XX            },
    {CALL_EARLY,     SENT_FAILURE, CALL_TERMINATED, 0                          },
    {CALL_EARLY,     GOT_BYE,      CALL_TERMINATED, CALL_REJECT                },
    {CALL_ANSWERED,  SENT_2XX,     CALL_ANSWERED,   CALL_REPEAT_2XX            },
    {CALL_ANSWERED,  GOT_ACK,      CALL_CONFIRMED,  CALL_STOP_2XX              },
    {CALL_ANSWERED,  NO_ACK,       CALL_ANSWERED,   CALL_STOP_2XX | CALL_BYE   },
    {CALL_ANSWERED,  BYE_SENT,     CALL_ENDING,     0                          },
    {CALL_ANSWERED,  GOT_BYE,      CALL_TERMINATED, CALL_STOP_2XX | CALL_REJECT},
    {CALL_CONFIRMED, GOT_2XX,      CALL_CONFIRMED,  CALL_ACK                   },
    {CALL_CONFIRMED, SENT_2XX,     CALL_CONFIRMED,  CALL_REPEAT_2XX            },
    {CALL_CONFIRMED, GOT_ACK,      CALL_CONFIRMED,  CALL_STOP_2XX              },
    {CALL_CONFIRMED, NO_ACK,       CALL_CONFIRMED,  CALL_STOP_2XX | CALL_BYE   },
    {CALL_CONFIRMED, BYE_SENT,     CALL_ENDING,     0                          },
    {CALL_CONFIRMED, GOT_BYE,      CALL_TERMINATED, CALL_STOP_2XX | CALL_REJECT},
    {CALL_ENDING,    GOT_2XX,      CALL_ENDING,     CALL_ACK                   },
    {CALL_ENDING,    GOT_ACK,      CALL_ENDING,     CALL_STOP_2XX              },
    {CALL_ENDING,    NO_ACK,       CALL_ENDING,     CALL_STOP_2XX              },
    {CALL_ENDING,    BYE_DONE,     CALL_TERMINATED, CALL_STOP_2XX              },
    {CALL_ENDING,    GOT_BYE,      CALL_TERMINATED, CALL_STOP_2XX | CALL_REJECT},
};

const struct call_side call_callee = {rows, sizeof rows / sizeof rows[0]};

const struct call_row *call_row_find(bool caller, uint8_t at, uint8_t on)
{
    const struct call_side *side = caller ? &call_caller : &call_callee;
    for (size_t i = 0; i < side->row_count; i++)
        if (side->rows[i].at == at && side->rows[i].on == on)
            return &side->rows[i];
    return NULL;
}
