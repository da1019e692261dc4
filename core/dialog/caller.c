#include "core/dialog/sides.h"

/* RFC 3261 §13.2, §12.3 and §15: one leg of an INVITE that we sent. A 2xx is ACKed in every state,
 * also when BYE or the end came first: whoever sent it goes on until he has his ACK. From Confirmed
 * on either side may have sent the INVITE (§14), so that both tables are alike there. */
static const struct call_row rows[] = {
    {CALL_CALLING,    GOT_1XX,     CALL_EARLY,      CALL_LEARN                  },
    {CALL_CALLING,    GOT_2XX,     CALL_ANSWERED,   CALL_LEARN | CALL_ACK       },
    {CALL_CALLING,    GOT_FAILURE, CALL_TERMINATED, 0                           },
    {CALL_CALLING,    FORK_OVER,   CALL_TERMINATED, 0                           },
    {CALL_EARLY,      GOT_1XX,     CALL_EARLY,      0                           },
    {CALL_EARLY,      ASKS_AGAIN,  CALL_CALLING,    CALL_FORGET                 },
    {CALL_EARLY,      GOT_2XX,     CALL_ANSWERED,   CALL_LEARN_ROUTES | CALL_ACK},
    {CALL_EARLY,      GOT_FAILURE, CALL_TERMINATED, 0                           },
    {CALL_EARLY,      FORK_OVER,   CALL_TERMINATED, 0                           },
    {CALL_EARLY,      BYE_SENT,    CALL_ENDING,     0                           },
    {CALL_EARLY,      GOT_BYE,     CALL_TERMINATED, 0                           },
    {CALL_ANSWERED,   GOT_2XX,     CALL_ANSWERED,   CALL_ACK                    },
    {CALL_ANSWERED,   ACK_SENT,    CALL_CONFIRMED,  0                           },
    {CALL_ANSWERED,   BYE_SENT,    CALL_ENDING,     0                           },
    {CALL_ANSWERED,   GOT_BYE,     CALL_TERMINATED, 0                           },
    {CALL_CONFIRMED,  GOT_2XX,     CALL_CONFIRMED,  CALL_ACK                    },
    {CALL_CONFIRMED,  SENT_2XX,    CALL_CONFIRMED,  CALL_REPEAT_2XX             },
    {CALL_CONFIRMED,  GOT_ACK,     CALL_CONFIRMED,  CALL_STOP_2XX               },
    {CALL_CONFIRMED,  NO_ACK,      CALL_CONFIRMED,  CALL_STOP_2XX | CALL_BYE    },
    {CALL_CONFIRMED,  BYE_SENT,    CALL_ENDING,     0                           },
    {CALL_CONFIRMED,  GOT_BYE,     CALL_TERMINATED, CALL_STOP_2XX | CALL_REJECT },
    {CALL_ENDING,     GOT_2XX,     CALL_ENDING,     CALL_ACK                    },
    {CALL_ENDING,     GOT_ACK,     CALL_ENDING,     CALL_STOP_2XX               },
    {CALL_ENDING,     NO_ACK,      CALL_ENDING,     CALL_STOP_2XX               },
    {CALL_ENDING,     BYE_DONE,    CALL_TERMINATED, CALL_STOP_2XX               },
    {CALL_ENDING,     GOT_BYE,     CALL_TERMINATED, CALL_STOP_2XX | CALL_REJECT },
    {CALL_TERMINATED, GOT_2XX,     CALL_TERMINATED, CALL_ACK                    },
};

const struct call_side call_caller = {rows, sizeof rows / sizeof rows[0]};
